from __future__ import annotations

import json
import re
import sqlite3
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from bot.answer import Answer, AnswerStatus
from bot.errors import FeedbackError
from bot.feedback import Action, FeedbackLog, Reason, RightPassage, Selection, Show, Verdict, Vote
from corpus.document import Language
from tests.bot.web.standin import answered, not_found
from tests.conftest import COAST


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "kept" / "feedback.sqlite3"


def test_an_answer_comes_back_as_it_was_shown(path: Path) -> None:
    quote = "The work cost EUR 3.2 million."
    answer = answered("What did it cost?", Language.ENGLISH, (COAST[0], quote))
    with FeedbackLog.open(path) as log:
        logged = log.find(log.record(answer))
    assert logged is not None
    assert (logged.question, logged.language, logged.status) == ("What did it cost?", "en", AnswerStatus.ANSWERED)
    assert logged.answer == answer
    assert COAST[0].text[logged.citations[0].start : logged.citations[0].end] == quote
    assert datetime.now(UTC) - logged.asked_at < timedelta(minutes=1)


def test_the_newest_come_first_in_pages(path: Path) -> None:
    with FeedbackLog.open(path) as log:
        for n in range(5):
            log.record(not_found(f"question {n}", Language.ENGLISH))
        assert [one.question for one in log.recent(2)] == ["question 4", "question 3"]
        assert [one.question for one in log.recent(2, offset=4)] == ["question 0"]
        assert log.find("nowhere") is None


def test_it_is_still_there_after_a_restart(path: Path) -> None:
    with FeedbackLog.open(path) as log:
        log.record(not_found("first", Language.FRENCH))
    with FeedbackLog.open(path) as log:
        log.record(not_found("second", Language.FRENCH))
        assert [one.question for one in log.recent()] == ["second", "first"]


def test_what_is_forgotten_is_in_no_file(path: Path) -> None:
    with FeedbackLog.open(path) as log:
        log.record(not_found("a telling question", Language.ENGLISH))
        later = datetime.now(UTC)
        kept = log.record(not_found("a kept question", Language.ENGLISH))
        assert log.forget(later - timedelta(days=1)) == 0
        assert log.forget(later) == 1
        assert [one.public_id for one in log.recent()] == [kept]
        words = b"".join(file.read_bytes() for file in path.parent.iterdir())
    assert b"a kept question" in words
    assert b"a telling question" not in words


def test_many_threads_may_write_at_once(path: Path) -> None:
    with FeedbackLog.open(path) as log:

        def write() -> None:
            for _ in range(20):
                log.record(not_found("?", Language.ENGLISH))

        threads = [threading.Thread(target=write) for _ in range(5)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(log.recent(1000)) == 100


def test_half_a_surrogate_pair_is_kept_as_a_question_mark(path: Path) -> None:
    with FeedbackLog.open(path) as log:
        logged = log.find(log.record(Answer("a \ud800 b", Language.ENGLISH, AnswerStatus.NO_ANSWER)))
    assert logged is not None
    assert logged.question == "a ? b"


def test_another_file_is_left_alone_and_named(tmp_path: Path) -> None:
    words = tmp_path / "words.txt"
    words.write_text("no database at all, but words " * 100)
    with pytest.raises(FeedbackError, match=r"words\.txt"):
        FeedbackLog.open(words)
    assert words.read_text().startswith("no database")
    other = tmp_path / "other.sqlite3"
    connection = sqlite3.connect(other)
    connection.execute("CREATE TABLE mine (a)")
    connection.commit()
    connection.close()
    with pytest.raises(FeedbackError, match="no log of questions"):
        FeedbackLog.open(other)


def test_a_folder_in_the_way_is_an_error_of_ours(tmp_path: Path) -> None:
    with pytest.raises(FeedbackError, match="cannot be used"):
        FeedbackLog.open(tmp_path)


def test_public_ids_cannot_be_guessed_and_stand_in_an_address(path: Path) -> None:
    with FeedbackLog.open(path) as log:
        found = {log.record(not_found("?", Language.ENGLISH)) for _ in range(50)}
    assert len(found) == 50
    assert all(re.fullmatch(r"\w[\w-]{21}", public_id, re.ASCII) for public_id in found)


def test_a_second_vote_replaces_the_first_and_a_long_comment_is_cut(path: Path) -> None:
    with FeedbackLog.open(path) as log:
        public_id = log.record(not_found("?", Language.ENGLISH))
        assert log.vote(public_id, Vote.DOWN, Reason.OUTDATED, "old \ud800" + "x" * 2000)
        logged = log.find(public_id)
        assert logged is not None
        assert logged.voted is not None
        assert (logged.voted.vote, logged.voted.reason) == (Vote.DOWN, Reason.OUTDATED)
        assert logged.voted.comment.startswith("old ?x")
        assert len(logged.voted.comment) == 1000
        assert log.vote(public_id, Vote.UP)
        logged = log.find(public_id)
        assert logged is not None
        assert logged.voted is not None
        assert (logged.voted.vote, logged.voted.reason, logged.voted.comment) == (Vote.UP, None, "")
        assert not log.vote("nowhere", Vote.UP)


FIRST_FORMAT = """
CREATE TABLE answer (id INTEGER PRIMARY KEY AUTOINCREMENT, asked_at TEXT NOT NULL, record TEXT NOT NULL) STRICT;
CREATE INDEX answer_by_time ON answer (asked_at);
PRAGMA application_id = 1869768550;
PRAGMA user_version = 1;
"""


def test_a_log_of_the_first_format_is_migrated_in_place(path: Path) -> None:
    path.parent.mkdir()
    record = {
        "question": "What did it cost?", "language": "en", "status": "answered",
        "statements": [{"text": "EUR 3.2 million.", "citations": [1]}],
        "citations": [{"n": 1, "doc_id": "lights", "revision": 2, "start": 5, "end": 21, "quote": "EUR 3.2 million."}],
        "message": "", "probability": 0.8, "snapshot": "s",
    }  # fmt: skip
    connection = sqlite3.connect(path)
    connection.executescript(FIRST_FORMAT)
    for day in ("2026-01-01", "2026-01-02"):
        moment = f"{day}T10:00:00.000000+00:00"
        connection.execute("INSERT INTO answer (asked_at, record) VALUES (?, ?)", (moment, json.dumps(record)))
    connection.commit()
    connection.close()
    for _ in range(2):  # the second time there is nothing left to migrate
        with FeedbackLog.open(path) as log:
            newest, oldest = log.recent()
            assert (newest.asked_at.day, oldest.asked_at.day) == (2, 1)
            assert log.find(newest.public_id) == newest
            assert newest.statements[0].text == "EUR 3.2 million."
            citation = newest.citations[0]
            assert (citation.doc_id, citation.revision, citation.start, citation.end) == ("lights", 2, 5, 21)
            assert citation.stored_link == "/documents/lights?revision=2&start=5&end=21#quote"
            assert [one.public_id for one in log.recent(selection=Selection(doc_id="lights"))]


def test_a_log_of_a_later_format_is_refused(path: Path) -> None:
    FeedbackLog.open(path).close()
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA user_version = 99")
    connection.close()
    with pytest.raises(FeedbackError, match="log format 99"):
        FeedbackLog.open(path)


def asked_on(log: FeedbackLog, answer: Answer, day: str) -> str:
    public_id = log.record(answer)
    log._connection.execute(
        "UPDATE answer SET asked_at = ? WHERE public_id = ?", (f"{day}T23:59:59.000000+00:00", public_id)
    )
    return public_id


@pytest.fixture
def mixed(path: Path) -> Iterator[FeedbackLog]:
    """Three questions on three days."""
    cost = answered("What did the pharé cost?", Language.ENGLISH, (COAST[0], "The work cost EUR 3.2 million."))
    with FeedbackLog.open(path) as log:
        asked_on(log, not_found("Où est le PHARE ?", Language.FRENCH), "2026-01-01")
        log.vote(asked_on(log, cost, "2026-01-02"), Vote.DOWN, Reason.WRONG)
        asked_on(log, replace(cost, question="100% sure_?", probability=0.35), "2026-01-04")
        yield log


@pytest.mark.parametrize(
    ("selection", "days"),
    [
        (Selection(), [4, 2, 1]),
        (Selection(Show.UNANSWERED), [1]),
        (Selection(Show.VOTED_DOWN), [2]),
        (Selection(Show.UNSURE), [4]),
        (Selection(language=Language.FRENCH), [1]),
        (Selection(since=date(2026, 1, 2), until=date(2026, 1, 3)), [2]),
        (Selection(until=date(2026, 1, 1)), [1]),
        (Selection(doc_id="lighthouse-2021"), [4, 2]),
        (Selection(doc_id="lighthouse"), []),
        (Selection(words="phare"), [2, 1]),
        (Selection(words="PHARÉ  ou"), [1]),
        (Selection(words="%"), [4]),
        (Selection(words="_"), [4]),
        (Selection(words="' OR 1=1 --"), []),
        (Selection(Show.VOTED_DOWN, language=Language.FRENCH), []),
    ],
)
def test_selections(mixed: FeedbackLog, selection: Selection, days: list[int]) -> None:
    assert [one.asked_at.day for one in mixed.recent(selection=selection)] == days
    assert [one.asked_at.day for one in mixed.each(selection)] == days
    assert mixed.count(selection) == len(days)


def test_totals_have_no_gap_between_days(mixed: FeedbackLog) -> None:
    sums = mixed.totals(Selection())
    assert [(day.day.day, day.questions, day.answered) for day in sums.days] == [
        (1, 1, 0), (2, 1, 1), (3, 0, 0), (4, 1, 1),
    ]  # fmt: skip
    assert (sums.questions, sums.answered) == (3, 2)
    assert sums.votes == {Vote.UP: 0, Vote.DOWN: 1}
    assert sums.reasons[Reason.WRONG] == 1
    assert sums.documents == (("lighthouse-2021", 2),)
    assert mixed.totals(Selection(words="nothing")).days == ()


def test_a_judgement_outlives_the_answer_until_it_is_withdrawn(mixed: FeedbackLog) -> None:
    (logged,) = mixed.recent(selection=Selection(Show.VOTED_DOWN))
    passage = RightPassage("lighthouse-2021", 1, 0, 5, "The C")
    with pytest.raises(ValueError, match="cannot be judged should_have"):
        mixed.judgements.judge(logged, Verdict.SHOULD_HAVE, "ada")
    mixed.judgements.mark(logged, [passage, passage], "ada")
    assert mixed.count(Selection(Show.UNJUDGED)) == 3
    mixed.judgements.judge(logged, Verdict.WRONG, "ada")
    mixed.judgements.judge(logged, Verdict.PARTLY, "ben")
    assert mixed.count(Selection(Show.UNJUDGED)) == 2
    mixed.forget(datetime.now(UTC))
    (judgement,) = mixed.judgements.all()
    assert judgement == mixed.judgements.of(logged.public_id)
    assert (judgement.verdict, judgement.judged_by, judgement.passages) == (Verdict.PARTLY, "ben", (passage,))
    assert (judgement.question, judgement.cited) == ("What did the pharé cost?", ("lighthouse-2021",))
    assert mixed.judgements.unmark(logged.public_id, passage)
    assert not mixed.judgements.unmark(logged.public_id, passage)
    assert mixed.judgements.withdraw(logged.public_id)
    assert mixed.judgements.all() == []
    words = b"".join(file.read_bytes() for file in mixed.path.parent.iterdir())
    assert "pharé".encode() not in words


def test_what_staff_did_is_kept_in_order(path: Path) -> None:
    with FeedbackLog.open(path) as log:
        log.actions.note("ada", Action.SIGNED_IN)
        log.actions.note("ada", Action.EXPORTED, "csv")
    with FeedbackLog.open(path) as log:
        assert [(one.user, one.action, one.about) for one in log.actions.recent()] == [
            ("ada", Action.EXPORTED, "csv"),
            ("ada", Action.SIGNED_IN, ""),
        ]
