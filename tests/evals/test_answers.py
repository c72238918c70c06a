"""Answers judged: what is right, and what is cited."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from bot.pipeline import Pipeline
from bot.settings import Settings
from corpus.document import Language
from evals.answers import evaluate_answers, holds
from evals.run import built_index, evaluate_sets
from evals.shares import figures, shares
from evals.testset import load_set
from tests.conftest import WordHashEncoder
from tests.evals.conftest import write_set
from tests.evals.judgements import ABSENT, FOOLED, RIGHT, SHY, WRONG


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


def test_citation_precision_counts_every_citation_and_recall_every_answerable_question() -> None:
    found = shares([RIGHT, WRONG, SHY, ABSENT, FOOLED])
    # One citation of RIGHT's two is relevant; WRONG gave two and FOOLED one.
    assert found.citation_precision == pytest.approx(1 / 5, abs=1e-4)
    assert found.citation_recall == pytest.approx(1 / 3, abs=1e-4)
    assert shares([FOOLED]).citation_precision == 0.0
    assert shares([FOOLED]).citation_recall is None
    assert shares([SHY]).citation_precision is None


def test_figures_are_given_by_slice_and_together() -> None:
    across = replace(RIGHT, topic=replace(RIGHT.topic, across=True, language=Language.SPANISH, split="test"))
    found = figures([across, WRONG], [across, WRONG, ABSENT, FOOLED])
    assert found.slices["across"]["across"].in_answer == 1.0
    assert found.slices["language"]["en"].in_answer == 0.0
    assert found.slices["split"]["test"].answerable == 1
    assert found.abstention.questions == 4
    assert found.abstention_by_language["fr"].questions == 2
    assert (found.shares.citations, found.together.citations) == (4, 5)


def test_an_edition_of_a_judged_release_is_recalled_though_it_is_not_judged_itself(
    tmp_path: Path, settings: Settings, encoder: WordHashEncoder
) -> None:
    documents = [
        {"_id": f"dunes-{language}", "text": text, "metadata": {"language": language, "edition_group": "dunes"}}
        for language, text in [
            ("fr", "L’Agence du littoral a planté 9 000 oyats sur les dunes de Sablonne en mars 2020."),
            ("en", "The Coast Agency planted 9,000 marram grasses on the dunes of Sablonne in March 2020."),
        ]
    ]
    queries = [{"_id": "q", "text": "Combien d'oyats l'agence a-t-elle plantés sur les dunes de Sablonne en 2020 ?"}]
    question_set = load_set(write_set(tmp_path / "set", documents, queries, "q\tdunes-en\t1"))
    with built_index(question_set, settings, encoder) as built:
        eager = Pipeline(built.index, settings.model_copy(update={
            "answer": settings.answer.model_copy(update={"min_probability": 0.0})}))  # fmt: skip
        (found,) = evaluate_answers(question_set, eager, eager)
    assert found.answered
    assert (found.cites_judged, found.cites_release, found.relevant) == (False, True, 0)
    assert found.verbatim == found.citations > 0


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
