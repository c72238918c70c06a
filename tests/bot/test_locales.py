from __future__ import annotations

import re
from pathlib import Path

import pytest

import bot.web
from bot.answer import AnswerStatus
from bot.locales import format_partial_date, own_name, texts
from corpus.document import DocumentKind, Language, PartialDate

WEB = Path(bot.web.__file__).parent
FIELDS = re.compile(r"\{(\w+)\}")


@pytest.mark.parametrize("language", list(Language))
def test_every_language_has_the_same_texts_with_the_same_fields(language: Language) -> None:
    french, own = texts(Language.FRENCH).entries, texts(language).entries
    assert own.keys() == french.keys()
    assert {key: FIELDS.findall(own[key]) for key in own} == {key: FIELDS.findall(french[key]) for key in french}
    assert all(text.strip() for text in own.values())


def test_every_status_and_kind_has_its_texts() -> None:
    keys = texts(Language.FRENCH).entries.keys()
    assert {f"status_{status}" for status in AnswerStatus} <= keys
    assert {f"kind_{kind}" for kind in DocumentKind} <= keys
    assert {status.value for status in AnswerStatus if not status.has_statements} <= keys


def test_the_templates_hold_no_words_of_their_own() -> None:
    for template in (WEB / "templates").glob("*.html"):
        bare = re.sub(
            r"(?s)\{% block body_class %\}[\w ]+|\{%.*?%\}|\{\{.*?\}\}|<script.*?</script>|<[^>]*>",
            " ",
            template.read_text("utf-8"),
        )
        assert not re.findall(r"[^\W\d_]{2,}", bare), template.name
        spoken = re.findall(r'(?<!\w)(?:aria-label|title|placeholder|alt)="([^"{]+)"', template.read_text("utf-8"))
        assert not spoken, template.name


def test_the_templates_use_texts_that_are_there_and_the_code_uses_all() -> None:
    used = " ".join(
        path.read_text("utf-8") for pattern in ("templates/*.html", "*.py") for path in WEB.glob(pattern)
    ) + (WEB.parent / "locales" / "__init__.py").read_text("utf-8")
    keys = texts(Language.FRENCH).entries.keys()
    assert set(re.findall(r"\bt\(['\"](\w+)['\"](?! ~)", used)) <= keys
    built = re.compile(
        "(status|kind|reason|filter)_|(answer_missing|not_found|withdrawn|unavailable|page_missing|page_refused|page_unreadable)_title"
        "|staff_too_many|staff_wrong|staff_(action|expected|problem|show|verdict|vote)_"
    )
    statuses = set(AnswerStatus)
    unused = {key for key in keys if f'"{key}"' not in used and f"'{key}'" not in used}
    assert {key for key in unused if not built.match(key) and key not in statuses} == set()


@pytest.mark.parametrize(
    ("written", "language", "shown"),
    [
        ("2024-04-30", Language.FRENCH, "30 avril 2024"),
        ("2024-04-30", Language.ENGLISH, "30 April 2024"),
        ("2024-04-30", Language.SPANISH, "30 de abril de 2024"),
        ("2024-04", Language.FRENCH, "avril 2024"),
        ("2024", Language.SPANISH, "2024"),
        ("--04-30", Language.FRENCH, "30 avril, année non précisée par la page"),
        ("--04-30", Language.ENGLISH, "30 April, year not stated by the page"),
        ("--02-29", Language.SPANISH, "29 de febrero, año no indicado por la página"),
        ("--04", Language.ENGLISH, "April, year not stated by the page"),
    ],
)
def test_only_the_stated_parts_of_a_date_are_shown(written: str, language: Language, shown: str) -> None:
    assert format_partial_date(PartialDate.parse(written), language) == shown


def test_each_language_has_its_own_name() -> None:
    assert [own_name(language) for language in Language] == ["Français", "English", "Español"]
