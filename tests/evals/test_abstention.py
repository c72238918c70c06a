"""What the probability of an answer is worth, on judgements made by hand."""

from __future__ import annotations

from dataclasses import replace

import pytest

from evals.abstention import abstention, aurc, calibration, risk_coverage
from tests.evals.judgements import ABSENT, FOOLED, RIGHT, SHY, WRONG


def test_risk_is_the_share_of_wrong_answers_among_those_given() -> None:
    found = abstention([RIGHT, WRONG, SHY, ABSENT, FOOLED])
    assert found.coverage == 0.6
    assert found.risk == pytest.approx(2 / 3, abs=1e-4)
    # The four likeliest are RIGHT, FOOLED, WRONG and SHY, which would be right if it were answered.
    assert found.risk_at_80 == 0.5
    # Of the six pairs of an answerable and an unanswerable question, four are in order.
    assert found.auroc == pytest.approx(4 / 6, abs=1e-4)


def test_the_curve_answers_the_likeliest_first() -> None:
    curve = risk_coverage([RIGHT, WRONG, SHY, ABSENT, FOOLED])
    assert curve.coverage.tolist() == pytest.approx([0.2, 0.4, 0.6, 0.8, 1.0])
    assert curve.risk.tolist() == pytest.approx([0, 1 / 2, 2 / 3, 2 / 4, 3 / 5])
    assert aurc(curve) == pytest.approx((0 + 1 / 2 + 2 / 3 + 1 / 2 + 3 / 5) / 5, abs=1e-4)


def test_equal_probabilities_flatter_no_order() -> None:
    even = replace(WRONG, probability=RIGHT.probability)
    assert risk_coverage([RIGHT, even]).risk.tolist() == risk_coverage([even, RIGHT]).risk.tolist() == [1.0, 0.5]


def test_no_figure_of_what_is_not_reached() -> None:
    silent = replace(SHY, would_answer=False)
    found = abstention([RIGHT, silent, silent])
    assert (found.auroc, found.risk, found.risk_at_80, found.aurc) == (None, 0.0, None, 0.0)
    assert abstention([silent]).aurc is None
    assert calibration([silent]) is None


def test_calibration_compares_the_probability_with_how_often_it_came_true() -> None:
    sure = replace(RIGHT, probability=1.0)
    unlucky = replace(WRONG, probability=0.62)
    lucky = replace(RIGHT, probability=0.68)
    found = calibration([sure, sure, unlucky, lucky, replace(SHY, would_answer=False)])
    assert found is not None
    assert found.probability.tolist() == pytest.approx([0.65, 1.0])
    assert found.frequency.tolist() == pytest.approx([0.5, 1.0])
    assert found.questions.tolist() == [2, 2]
    # Half of the questions are .15 off, the other half are not.
    assert found.error == pytest.approx(0.075)
