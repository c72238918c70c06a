"""`orgbot privacy erase`: what is erased is in no file, also while a server has the log open; the rest stays."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.feedback import Action, FeedbackLog, RightPassage, Verdict, Vote
from bot.settings import Settings
from corpus.document import Language
from tests.bot.test_cli import orgbot, said
from tests.bot.web.standin import not_found
from tests.conftest import COAST

QUESTIONS = ("Where is the lighthouse?", "Où sont les phares égarés ?", "¿Cuántos puertos?")
TODAY = datetime.now(UTC).date()


@pytest.fixture
def log(tmp_path: Path) -> Iterator[FeedbackLog]:
    with FeedbackLog.open(Settings(data=tmp_path).feedback_path) as log:
        yield log


@pytest.fixture
def ids(log: FeedbackLog) -> list[str]:
    """Three answers, each voted on with a comment and judged by staff, a passage of the first marked as right."""
    ids = [log.record(not_found(question, Language.ENGLISH, COAST[0])) for question in QUESTIONS]
    for n, public_id in enumerate(ids):
        log.vote(public_id, Vote.DOWN, comment=f"remark number {n}")
        logged = log.find(public_id)
        assert logged is not None
        log.judgements.judge(logged, Verdict.CORRECT, "ada")
        log.judgements.mark(logged, [RightPassage("lighthouse-2021", 1, 0, 9, f"passage {n}")], "ada")
    return ids


def erased(data: Path, *arguments: str) -> tuple[int, int]:
    record = json.loads(orgbot(data, "privacy", "erase", *arguments, "--yes", "--json").stdout)
    return record["answers"], record["judgements"]


def written(data: Path) -> str:
    return b"".join(file.read_bytes() for file in data.iterdir()).decode("utf-8", "replace")


def test_an_answer_goes_with_its_vote_and_its_judgement(tmp_path: Path, log: FeedbackLog, ids: list[str]) -> None:
    assert erased(tmp_path, ids[1]) == (1, 1)
    assert log.find(ids[1]) is None
    assert log.judgements.of(ids[1]) is None
    assert [one.question for one in log.recent()] == [QUESTIONS[2], QUESTIONS[0]]
    assert len(log.judgements.all()) == 2
    text = written(tmp_path)
    assert "remark number 0" in text
    for gone in ("phares", "remark number 1", "passage 1", ids[1]):
        assert gone not in text


def test_an_id_of_an_older_version_may_begin_with_a_hyphen(
    tmp_path: Path, log: FeedbackLog, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.feedback.database._new_id", lambda: "-k_dqUv4pirLkBKMCGSLIw")
    public_id = log.record(not_found(QUESTIONS[0], Language.ENGLISH, COAST[0]))
    data = orgbot(tmp_path, "privacy", "erase", "--yes", "--json", "--", public_id).stdout
    assert json.loads(data) == {"answers": 1, "judgements": 0}
    assert not log.recent()


def test_words_are_found_without_case_and_accents_and_in_comments(
    tmp_path: Path, log: FeedbackLog, ids: list[str]
) -> None:
    assert erased(tmp_path, "--words", "EGARES phares") == (1, 1)
    assert erased(tmp_path, "--words", "remark 2") == (1, 1)
    assert [one.public_id for one in log.recent()] == [ids[0]]
    assert [one.public_id for one in log.judgements.all()] == [ids[0]]
    assert erased(tmp_path, "--words", "nowhere") == (0, 0)


def test_a_period_is_of_whole_days(tmp_path: Path, log: FeedbackLog, ids: list[str]) -> None:
    yesterday, tomorrow = str(TODAY - timedelta(days=1)), str(TODAY + timedelta(days=1))
    assert erased(tmp_path, "--until", yesterday) == (0, 0)
    assert erased(tmp_path, "--since", tomorrow) == (0, 0)
    assert erased(tmp_path, "--since", yesterday, "--until", tomorrow, "--words", "puertos") == (1, 1)
    assert erased(tmp_path, "--since", yesterday, "--until", tomorrow) == (2, 2)
    assert not log.recent()
    assert ids


def test_all_goes_and_the_action_is_logged_without_words(tmp_path: Path, log: FeedbackLog, ids: list[str]) -> None:
    assert erased(tmp_path, "--all") == (3, 3)
    assert not log.judgements.all()
    text = written(tmp_path)
    assert not [word for word in (*ids, *QUESTIONS, "remark", "passage 0") if word in text]
    action = log.actions.recent()[0]
    assert (action.user, action.action, action.about) == ("orgbot privacy", Action.ERASED, "3 + 3")


def test_a_judgement_outlives_its_answer_and_is_erased_all_the_same(
    tmp_path: Path, log: FeedbackLog, ids: list[str]
) -> None:
    assert log.forget(datetime.now(UTC) + timedelta(seconds=1)) == 3
    assert len(log.judgements.all()) == 3
    assert "remark number" not in written(tmp_path)
    assert erased(tmp_path, "--words", "lighthouse") == (0, 1)
    assert erased(tmp_path, ids[1], ids[2]) == (0, 2)
    assert not [question for question in QUESTIONS if question in written(tmp_path)]


def test_a_judgement_of_a_masked_question_is_masked(tmp_path: Path, log: FeedbackLog) -> None:
    public_id = log.record(not_found("Write to someone@mail.example.org", Language.ENGLISH))
    logged = log.find(public_id)
    assert logged is not None
    log.judgements.judge(replace(logged), Verdict.CORRECT, "ada")
    assert log.judgements.all()[0].question == "Write to [e-mail]"
    assert "someone@" not in written(tmp_path)


def test_nothing_is_erased_by_mistake(tmp_path: Path, log: FeedbackLog, ids: list[str]) -> None:
    assert "Name what to erase" in said(orgbot(tmp_path, "privacy", "erase", "--yes"))
    assert "Name what to erase" in said(orgbot(tmp_path, "privacy", "erase", "--words", "  ", "--yes"))
    assert "Name what to erase" in said(orgbot(tmp_path, "privacy", "erase", ids[0], "--all", "--yes"))
    assert orgbot(tmp_path, "privacy", "erase", "--all").exit_code == 1  # nobody answers the question
    assert erased(tmp_path, "--words", "\u0301") == (0, 0)
    assert "no log of questions" in said(orgbot(tmp_path / "elsewhere", "privacy", "erase", "--all", "--yes"))
    assert len(log.recent()) == 3
