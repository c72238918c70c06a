"""What the pages under tests/fixtures/pages become, against a reviewed file of expectations."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from corpus.document import Document
from corpus.extract import extract
from corpus.page import Page
from corpus.settings import CorpusSettings
from corpus.sources.folder import read_pages

FIXTURES = Path(__file__).parents[1] / "fixtures"
GOLDEN: dict[str, dict[str, Any]] = json.loads((FIXTURES / "pages.golden.json").read_text(encoding="utf-8"))
SETTINGS = CorpusSettings()


def read(name: str) -> Document:
    (page,) = read_pages([FIXTURES / "pages" / name], SETTINGS)
    assert isinstance(page, Page)
    return extract(page, SETTINGS)


def test_every_page_has_an_expectation() -> None:
    assert sorted(GOLDEN) == sorted(path.name for path in (FIXTURES / "pages").iterdir())
    assert len(GOLDEN) >= 50


@pytest.mark.parametrize("name", sorted(GOLDEN))
def test_page(name: str) -> None:
    document, expected = read(name), GOLDEN[name]
    found = {
        "title": document.title,
        "kind": document.kind,
        "language": document.language,
        "places": list(document.places),
        "date": str(document.date) if document.date else None,
        "paragraphs": len(document.paragraphs),
        "first": document.paragraphs[0],
        "last": document.paragraphs[-1],
        "contact": document.contact,
    }
    assert found == expected


def test_a_year_is_taken_only_from_the_same_day_and_month() -> None:
    assert str(read("fr-phare-dated-footer.txt").date) == "2024-04-30"  # the line "30 avril 2024" by the headline
    assert str(read("fr-dunes-glued-menu.txt").date) == "--03-12"  # 1974 and 2035 stand on the page, but not this date


def test_hidden_and_script_text_never_enters() -> None:
    document = read("html-drupal-fr.html")
    assert "caché" not in document.text
    assert "invisible" not in document.text


def test_sub_headings_and_lists_stay_in_the_body() -> None:
    paragraphs = read("fr-phare-dated-footer.txt").paragraphs
    assert "Ce que les visiteurs verront" in paragraphs
    assert [line for line in paragraphs if line.startswith("- ")] == [
        "- la vie des gardiens",
        "- les naufrages de 1911",
        "- la reconstruction",
    ]


def test_characters_stay_as_the_page_has_them() -> None:
    text = read("html-drupal-fr.html").text
    assert "«\u00a0Le silence surprend plus que la vitesse\u00a0»" in text
    assert "qu’un mur" in read("fr-dunes-glued-menu.txt").text
