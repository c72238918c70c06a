from __future__ import annotations

import sqlite3
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.answer import Answer, AnswerStatus
from bot.errors import FeedbackError
from bot.feedback import FeedbackLog
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
        logged = log.get(log.record(answer))
    assert logged is not None
    assert (logged.question, logged.language, logged.status) == ("What did it cost?", "en", AnswerStatus.ANSWERED)
    assert logged.statements == answer.statements
    (citation,) = logged.citations
    assert (citation.doc_id, citation.revision, citation.quote) == ("lighthouse-2021", 1, quote)
    assert COAST[0].text[citation.start : citation.end] == quote
    assert datetime.now(UTC) - logged.asked_at < timedelta(minutes=1)


def test_the_newest_come_first_in_pages(path: Path) -> None:
    with FeedbackLog.open(path) as log:
        for n in range(5):
            log.record(not_found(f"question {n}", Language.ENGLISH))
        assert [one.question for one in log.recent(2)] == ["question 4", "question 3"]
        assert [one.question for one in log.recent(2, offset=4)] == ["question 0"]
        assert log.get(99) is None


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
        assert [one.id for one in log.recent()] == [kept]
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
        logged = log.get(log.record(Answer("a \ud800 b", Language.ENGLISH, AnswerStatus.NO_ANSWER)))
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
