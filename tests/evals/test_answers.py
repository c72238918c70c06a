"""Answers judged: what is right, what abstains, and what the probability is worth."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from bot.answer import AnswerStatus
from bot.settings import Settings
from corpus.document import Language
from evals.answers import Judgement, abstention, figures, holds, shares
from evals.run import evaluate_sets
from evals.testset import Topic, load_set
from tests.conftest import WordHashEncoder
from tests.evals.conftest import write_set

RIGHT = Judgement(
    topic=Topic("q", "How many?", Language.ENGLISH, answers=("12",)),
    status=AnswerStatus.ANSWERED,
    probability=0.9,
    in_first=True,
    in_answer=True,
    cites_judged=True,
    citations=2,
    verbatim=2,
    would_answer=True,
    would_be_right=True,
)
WRONG = replace(RIGHT, probability=0.6, in_first=False, in_answer=False, cites_judged=False, would_be_right=False)
SHY = replace(RIGHT, status=AnswerStatus.NO_ANSWER, probability=0.4, in_first=False, in_answer=False, citations=0,
              verbatim=0, cites_judged=False)  # fmt: skip
ABSENT = replace(
    SHY,
    topic=Topic("n", "Who?", Language.FRENCH, expected=AnswerStatus.NO_ANSWER),
    probability=0.1,
    would_be_right=False,
)
FOOLED = replace(ABSENT, status=AnswerStatus.ANSWERED, probability=0.7, citations=1, verbatim=1)


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("En 2018, 4\u202f592 personnes sont mortes.", "4\u00a0592 personnes"),
        ("L’agence a planté des oyats.", "l'agence"),
        ("Elle parle d’« une avancée ».", 'd\'" une avancée "'),
        ("THE COST WAS 3.2 million.", "3.2 Million"),
        ("It cost 12.", "12"),
        ("Le 30 avril 2024, 12 phares", "12"),
    ],
)
def test_a_short_answer_is_found_however_it_is_typed(text: str, answer: str) -> None:
    assert holds(text, [answer])


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("It cost 4592 euros.", "592"),
        ("It cost 2\u00a0592 euros.", "592"),
        ("It cost 12,500 euros.", "12"),
        ("It cost 12 500 euros.", "12"),
        ("It cost 1.4 million.", "4 million"),
        ("The lighthouses", "house"),
        ("Anything", ""),
    ],
)
def test_a_part_of_a_number_or_word_is_not_the_answer(text: str, answer: str) -> None:
    assert not holds(text, [answer] if answer else [])


def test_shares_count_answerable_and_unanswerable_questions_apart() -> None:
    found = shares([RIGHT, WRONG, SHY, ABSENT, FOOLED])
    assert (found.answerable, found.unanswerable) == (3, 2)
    assert found.answered == pytest.approx(2 / 3, abs=1e-4)
    assert found.in_answer == found.in_first == found.cites_judged == pytest.approx(1 / 3, abs=1e-4)
    assert (found.abstained, found.expected_status) == (0.5, 0.5)
    assert (found.citations, found.verbatim) == (5, 1.0)


def test_risk_is_the_share_of_wrong_answers_among_those_given() -> None:
    found = abstention([RIGHT, WRONG, SHY, ABSENT, FOOLED])
    assert found.coverage == 0.6
    assert found.risk == pytest.approx(2 / 3, abs=1e-4)
    # The four likeliest are RIGHT, FOOLED, WRONG and SHY, which would be right if it were answered.
    assert found.risk_at_80 == 0.5
    # Of the six pairs of an answerable and an unanswerable question, four are in order.
    assert found.auroc == pytest.approx(4 / 6, abs=1e-4)


def test_no_auroc_without_both_kinds_and_no_risk_at_a_coverage_that_is_not_reached() -> None:
    silent = replace(SHY, would_answer=False)
    found = abstention([RIGHT, silent, silent])
    assert (found.auroc, found.risk, found.risk_at_80) == (None, 0.0, None)


def test_figures_are_given_by_language_and_across() -> None:
    across = replace(RIGHT, topic=replace(RIGHT.topic, across=True, language=Language.SPANISH, split="test"))
    found = figures([across, WRONG], [across, WRONG, ABSENT])
    assert found.across is not None
    assert found.across.in_answer == 1.0
    assert found.by_language[Language.ENGLISH].in_answer == 0.0
    assert found.by_split["test"].answerable == 1
    assert found.abstention.questions == 3


def test_the_pipeline_is_judged_on_a_set(
    tmp_path: Path, set_dir: Path, settings: Settings, encoder: WordHashEncoder
) -> None:
    queries = [{"_id": "n1", "text": "Who won the football cup in 1998?", "metadata": {"expected": "out_of_scope"}}]
    none = write_set(tmp_path / "none", queries=queries, qrels=None)
    coast, empty = evaluate_sets([load_set(set_dir), load_set(none)], settings, encoder, answers=True)
    assert coast.answers is not None
    assert empty.answers is not None
    assert coast.answers.shares.answerable == 3
    assert coast.answers.shares.verbatim in (1.0, None)
    assert empty.answers.shares.unanswerable == 1
    # Both sets are over one corpus: abstention is judged on their questions together.
    assert coast.answers.abstention == empty.answers.abstention
    assert coast.answers.abstention.questions == 4
