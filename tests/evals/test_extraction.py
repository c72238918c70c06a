"""Extraction stays above its marks on the set of our own pages."""

from __future__ import annotations

import pytest

from corpus.document import Language
from evals.extraction.measure import SET, WANTED, PageFigures, mean, measure, word_f1
from evals.extraction.render import render_pages

MARKS = {"body": 0.97, "headline": 0.98, "date": 0.97, "language": 1.0}


@pytest.fixture(scope="module")
def pages() -> list[PageFigures]:
    return measure()


def test_the_set_is_in_step_with_the_bundled_pages() -> None:
    rendered = list(render_pages())
    lines = "".join(wanted.to_json() + "\n" for wanted, _ in rendered)
    assert (SET / WANTED).read_text("utf-8") == lines, "run `python -m evals.extraction --write`"
    for wanted, content in rendered:
        assert (SET / wanted.page).read_bytes() == content, "run `python -m evals.extraction --write`"


def test_the_set_has_enough_pages_templates_and_languages(pages: list[PageFigures]) -> None:
    assert len(pages) >= 60
    assert len({page.wanted.template for page in pages}) >= 8
    assert {page.wanted.language for page in pages} == set(Language)


@pytest.mark.parametrize("measure", MARKS)
def test_no_measure_is_below_its_mark(pages: list[PageFigures], measure: str) -> None:
    found = getattr(mean(pages), measure)
    assert found >= MARKS[measure], f"{measure} is {found:.3f}"


@pytest.mark.parametrize(
    ("found", "wanted", "f1"),
    [("The ferry runs", "the ferry runs", 1.0), ("a a b", "a b b c", 4 / 7), ("a", "b", 0.0), ("", "", 1.0)],
)
def test_word_f1_counts_words_as_often_as_they_stand(found: str, wanted: str, f1: float) -> None:
    assert word_f1(found, wanted) == pytest.approx(f1)
