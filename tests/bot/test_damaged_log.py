"""Flipped bits in the log of questions: each is told, or changes nothing of what is read."""

from __future__ import annotations

import os
import random
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from bot.errors import FeedbackError
from bot.feedback import Action, Erasure, FeedbackLog, Reason, RightPassage, Verdict, Vote
from bot.feedback.database import FORMAT_VERSION
from bot.settings import Settings
from bot.verify import findings
from corpus.document import Language
from corpus.integrity import file_problems
from corpus.store import CorpusStore
from tests.bot.test_cli import orgbot
from tests.bot.web.standin import answered, not_found
from tests.conftest import COAST
from tests.index.test_flipped_bits import flipped

FLIPS = int(os.environ.get("ORGBOT_TEST_FLIPS", "100"))
QUOTE = "The work cost EUR 3.2 million."
ANSWER = answered("What did it cost?", Language.ENGLISH, (COAST[0], QUOTE))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "feedback.sqlite3"


def fill(path: Path) -> str:
    """One of everything; return the id of an answer."""
    with FeedbackLog.open(path) as log:
        for n in range(8):
            log.record(not_found(f"question {n}", Language.FRENCH, COAST[2]))
        public_id = log.record(ANSWER)
        log.vote(public_id, Vote.DOWN, Reason.WRONG, "It was more.")
        logged = log.find(public_id)
        assert logged is not None
        log.judgements.judge(logged, Verdict.WRONG, "ada")
        log.judgements.mark(logged, [RightPassage(COAST[0].doc_id, 1, 50, 80, QUOTE)], "ada")
        log.actions.note("ada", Action.JUDGED, public_id)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    return public_id


def everything(log: FeedbackLog) -> tuple[object, ...]:
    return log.recent(100), log.judgements.all(), log.actions.recent(), sorted(log.cited())


def change(path: Path, statement: str) -> None:
    """As the disk would: past the log, which would seal the row anew."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        assert connection.execute(statement).rowcount == 1


def test_a_flipped_bit_in_the_log_is_told_or_changes_nothing(path: Path) -> None:
    fill(path)
    with FeedbackLog.open(path) as log:
        wanted = everything(log)
        assert log.damaged() == []
    whole, rng, told = path.read_bytes(), random.Random(24), 0
    for trial in range(FLIPS):
        folder = path.parent / str(trial)
        folder.mkdir()
        broken = folder / path.name
        broken.write_bytes(flipped(whole, rng))
        try:
            problems = file_problems(broken)
            with FeedbackLog.open(broken) as log:
                problems += log.damaged()
                kept = everything(log)
        except FeedbackError:
            told += 1
        else:
            told += bool(problems)
            assert problems or kept == wanted
        shutil.rmtree(folder)
    assert told > 0
    print(f"\n{told} of {FLIPS} flipped bits were told, the others changed nothing")


def test_a_changed_word_is_told_and_shown_to_nobody(path: Path) -> None:
    public_id = fill(path)
    with CorpusStore.open(path.parent / "corpus.sqlite3", create=True) as store:
        store.add(COAST[0], origin=COAST[0].url)
    change(path, "UPDATE answer SET record = replace(record, '3.2 million', '9.2 million') WHERE id = 9")
    settings = Settings(data=path.parent)
    assert [one for one in findings(settings) if "row 9 of the table answer" in one]
    assert "row 9 of the table answer" in orgbot(path.parent, "doctor").output
    with FeedbackLog.open(path) as log:
        assert len(log.recent(100)) == 8
        with pytest.raises(FeedbackError, match=f"{public_id} .* is damaged .*orgbot privacy erase"):
            log.find(public_id)
        with pytest.raises(FeedbackError, match="is damaged"):
            log.vote(public_id, Vote.UP)
        assert log.erase(Erasure(public_ids=(public_id,))).answers == 1
        assert log.damaged() == []


def test_what_is_damaged_can_be_erased_though_it_is_no_text_any_more(path: Path) -> None:
    public_id = fill(path)
    change(path, "UPDATE answer SET folded = CAST(x'ff41' AS TEXT), asked_at = 'never' WHERE id = 9")
    with FeedbackLog.open(path) as log:
        assert log.erase(Erasure(public_ids=(public_id,))).answers == 1
        assert log.damaged() == []


def test_a_damaged_judgement_makes_no_test_question(path: Path) -> None:
    fill(path)
    change(path, "UPDATE judgement SET verdict = 'correct'")
    with FeedbackLog.open(path) as log:
        assert log.judgements.all() == []
        assert log.damaged() == ["The row 1 of the table judgement"]


def test_a_log_of_the_second_format_is_sealed_in_place(path: Path) -> None:
    public_id = fill(path)
    with FeedbackLog.open(path) as log:
        wanted = everything(log)
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        for table in ("answer", "cited", "judgement", "right_passage", "staff_action"):
            connection.execute(f"ALTER TABLE {table} DROP COLUMN digest")
        connection.execute("PRAGMA user_version = 2")
    for _ in range(2):
        with FeedbackLog.open(path) as log:
            assert everything(log) == wanted
            assert log.damaged() == []
            assert log.vote(public_id, Vote.UP)
            assert log.vote(public_id, Vote.DOWN, Reason.WRONG, "It was more.")
    change(path, "UPDATE staff_action SET user = 'eva'")
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA user_version").fetchone() == (FORMAT_VERSION,)
    with FeedbackLog.open(path) as log:
        assert log.damaged() == ["The row 1 of the table staff_action"]
