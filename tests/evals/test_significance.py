"""Differences between two systems, against values worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest

from evals.significance import difference, differences, holm, mcnemar, randomisation, wilson

NONE = np.zeros(10)
ALL = np.ones(10)


def test_mcnemar_counts_only_the_questions_on_which_the_systems_differ() -> None:
    # Five gained, none lost: two-sided sign test, 2 · (1/2)^5.
    a, b = np.array([1, 0, 0, 0, 0, 0.0]), np.ones(6)
    assert mcnemar(a, b) == mcnemar(b, a) == pytest.approx(2 / 32)
    assert mcnemar(ALL, ALL) == 1.0


def test_randomisation_flips_the_sign_of_every_difference() -> None:
    # Of the 2^4 ways to flip, two are as far from 0 as what was seen.
    a, b = np.array([0.1, 0.2, 0.3, 0.4]), np.array([0.2, 0.4, 0.6, 0.8])
    assert randomisation(a, b) == pytest.approx(2 / 16)
    assert randomisation(a, a) == 1.0


def test_a_difference_has_its_direction_and_an_interval_around_it() -> None:
    generator = np.random.default_rng(1)
    a = generator.uniform(0, 0.5, 60)
    found = difference("nDCG@10", a, a + generator.uniform(0, 0.4, 60), binary=False)
    assert found.difference == pytest.approx(found.mean_b - found.mean_a)
    assert 0 < found.low < found.difference < found.high
    assert found.p < 0.001
    assert found.test == "randomisation"
    backwards = difference("nDCG@10", a + 0.1, a, binary=False)
    assert (backwards.low, backwards.high) == (pytest.approx(-0.1), pytest.approx(-0.1))


def test_scores_are_paired_by_question_and_those_of_one_system_alone_are_left_out() -> None:
    first = {"right": {"q1": 1.0, "q2": 0.0, "gone": 1.0}, "answered": {"q1": 1.0}}
    second = {"right": {"q2": 1.0, "q1": 1.0}, "abstained": {"q1": 1.0}}
    (found,) = differences(first, second, frozenset({"right"}))
    assert (found.score, found.questions, found.mean_a, found.mean_b) == ("right", 2, 0.5, 1.0)
    assert found.test == "McNemar"


def test_holm_multiplies_the_smallest_most_and_never_turns_the_order() -> None:
    assert holm([0.04, 0.01, 0.03]) == pytest.approx([0.06, 0.03, 0.06])
    assert holm([0.5, 0.9]) == [1.0, 1.0]
    assert holm([]) == []


def test_the_interval_of_a_share_stays_within_0_and_1() -> None:
    low, high = wilson(8, 10)
    assert (low, high) == (pytest.approx(0.4902, abs=1e-3), pytest.approx(0.9433, abs=1e-3))
    assert wilson(0, 5)[0] == pytest.approx(0)
    assert wilson(5, 5)[1] == pytest.approx(1)
