from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from bot.answer import Question
from bot.newer import is_later
from bot.pipeline import Pipeline
from bot.settings import Settings
from corpus.document import Document, PartialDate
from index.build import build_snapshot
from index.search import Index
from tests.bot.conftest import NAMES
from tests.conftest import WordHashEncoder, make_document

TITLE = "Wardens of the coast"
OLD = make_document(
    "staff-2019",
    "The Coast Agency employs 300 wardens on the coast.",
    TITLE,
    date=PartialDate(2019, 3),
)
NEW = make_document(
    "staff-2022", "The Coast Agency employs 450 wardens on the coast.", TITLE, date=PartialDate(2022, 6, 1)
)
QUESTION = "How many wardens does the Coast Agency employ on the coast?"


def newer(tmp_path: Path, *documents: Document, question: str = QUESTION) -> list[str]:
    settings = Settings(data=tmp_path, organisation=NAMES, answer={"min_probability": 0})  # type: ignore[arg-type]
    encoder = WordHashEncoder()
    build_snapshot([(one, 1) for one in documents], settings.snapshots_path, encoder, settings.index)
    pipeline = Pipeline(Index.open(settings.snapshots_path, encoder, settings.index), settings)
    answer = pipeline.answer(Question(question))
    assert answer.statements, "the question must be answered"
    assert answer.citations[0].doc_id == "staff-2019", "from the older document"
    for one in answer.newer:
        assert one.n == len(answer.citations) + 1
    return [one.quote for one in answer.newer]


OTHER_NEW = [
    replace(NEW, text="In 2015 the Coast Agency employed 450 wardens on the coast."),
    replace(NEW, text="The Coast Agency employs 450 wardens on the coast of Sablonne."),
    replace(NEW, text="The Coast Agency employs 450 divers on the coast."),
    replace(NEW, text="There are 450 wardens on the coast."),
    replace(NEW, text="The Coast Agency employs 300 wardens on the coast."),
    replace(NEW, text="The Coast Agency employs 450 wardens on the coast, with 20 wardens in training."),
    replace(NEW, text="The Coast Agency has many wardens on the coast."),
    replace(NEW, date=PartialDate(2018)),
    replace(NEW, date=PartialDate(None, 6, 1)),
    replace(NEW, date=None),
]


@pytest.fixture
def older_first(monkeypatch: pytest.MonkeyPatch) -> None:
    """The older document answers first, as it does when more speaks for it than its age against it."""
    import bot.pipeline

    best_first = bot.pipeline.best_first

    def older_first(*given: object) -> object:
        return sorted(best_first(*given), key=lambda one: one.document.doc_id != "staff-2019")  # type: ignore[arg-type]

    monkeypatch.setattr(bot.pipeline, "best_first", older_first)
    # The newer sentence says nearly the same: it must not be stated beside the older one.
    choose = bot.pipeline.choose
    monkeypatch.setattr(bot.pipeline, "choose", lambda *given: choose(*given)[:1])


@pytest.mark.usefixtures("older_first")
def test_a_newer_figure_is_quoted(tmp_path: Path) -> None:
    assert newer(tmp_path, OLD, NEW) == [NEW.text]


@pytest.mark.usefixtures("older_first")
@pytest.mark.parametrize("other", OTHER_NEW, ids=lambda one: f"{one.date} {one.text}")
def test_what_may_be_another_thing_is_not(tmp_path: Path, other: Document) -> None:
    assert newer(tmp_path, OLD, other) == []


@pytest.mark.usefixtures("older_first")
def test_the_newest_of_several_is_quoted(tmp_path: Path) -> None:
    newest = replace(NEW, doc_id="staff-2024", text=NEW.text.replace("450", "500"), date=PartialDate(2024))
    assert newer(tmp_path, OLD, NEW, newest) == [newest.text]


@pytest.mark.usefixtures("older_first")
def test_another_edition_of_the_same_release_is_no_newer_document(tmp_path: Path) -> None:
    one, other = replace(OLD, edition_group="wardens"), replace(NEW, edition_group="wardens")
    assert newer(tmp_path, one, other) == []


@pytest.mark.parametrize(
    ("one", "other", "later"),
    [
        ("2022", "2021", True),
        ("2022-03", "2022-02", True),
        ("2022-03-04", "2022-03-03", True),
        ("2022", "2022", False),
        ("2022", "2022-01", False),
        ("2022-03", "2022", False),
        ("--03-04", "2021", False),
        ("2021", "2022", False),
    ],
)
def test_only_what_is_certainly_later_is_later(one: str, other: str, later: bool) -> None:
    assert is_later(PartialDate.parse(one), PartialDate.parse(other)) is later
    assert not is_later(None, PartialDate.parse(other))
