"""Selective prediction: what the probability of an answer is worth (El-Yaniv and Wiener, JMLR 2010).

Coverage is the share of questions that get an answer, risk the share of those answers that are wrong. Answerable and
unanswerable questions are taken together: any answer to an unanswerable one is wrong.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from evals.answers import Judgement

COVERAGE = 0.8
"""The share of questions answered at which risk is compared between systems."""
BINS = 10
"""Bins of equal width over the probability, for calibration."""

Shares = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Abstention:
    """How well a system knows when to answer; None where it cannot be said."""

    questions: int
    auroc: float | None
    """How well the probability tells answerable from unanswerable: 0.5 is chance, 1 is perfect."""
    coverage: float
    risk: float | None
    risk_at_80: float | None
    """Risk when the 80 % of the questions with the highest probability are answered; None if fewer can be."""
    aurc: float | None
    """Area under the risk–coverage curve; lower is better: see `aurc`."""


@dataclass(frozen=True, slots=True)
class RiskCoverage:
    """Risk as more and more questions are answered, the likeliest first."""

    coverage: Shares
    """`(n,) float64`, ascending; n is the number of questions that would be answered without a threshold."""
    risk: Shares
    """`(n,) float64`: the risk at each coverage."""


@dataclass(frozen=True, slots=True)
class Calibration:
    """The mean probability of the questions in each bin that has any, and how often it came true."""

    probability: Shares
    frequency: Shares
    questions: NDArray[np.int64]
    error: float
    """Expected calibration error: |probability - frequency|, weighed by questions (Naeini et al., AAAI 2015)."""


def abstention(judgements: Sequence[Judgement]) -> Abstention:
    """Coverage and risk at the threshold in force and at 80 % coverage, the AUROC of the probability, and the AURC."""
    from sklearn.metrics import roc_auc_score

    answerable = [judgement.topic.expected is None for judgement in judgements]
    right = [judgement.right for judgement in judgements if judgement.answered]
    curve = risk_coverage(judgements)
    covered = round(COVERAGE * len(judgements))
    auroc = None
    if len(set(answerable)) == 2:
        auroc = round(float(roc_auc_score(answerable, [judgement.probability for judgement in judgements])), 4)
    return Abstention(
        questions=len(judgements),
        auroc=auroc,
        coverage=round(len(right) / len(judgements), 4),
        risk=round(1 - sum(right) / len(right), 4) if right else None,
        risk_at_80=round(float(curve.risk[covered - 1]), 4) if 0 < covered <= len(curve.risk) else None,
        aurc=aurc(curve),
    )


def risk_coverage(judgements: Sequence[Judgement]) -> RiskCoverage:
    """The curve over the questions that would be answered without a threshold, as shares of all questions.

    Among equal probabilities the wrong answers come first, so that their order flatters no system.
    """
    answered = sorted(
        (judgement for judgement in judgements if judgement.would_answer),
        key=lambda judgement: (-judgement.probability, judgement.would_be_right),
    )
    wrong = np.array([not judgement.would_be_right for judgement in answered], dtype=np.float64)
    counts = np.arange(1, len(answered) + 1)
    return RiskCoverage(counts / max(1, len(judgements)), np.cumsum(wrong) / counts)


def aurc(curve: RiskCoverage) -> float | None:
    """The mean risk over the coverages that are reached (Geifman, Uziel and El-Yaniv, ICLR 2019); None of no curve.

    It is the area divided by the highest coverage, so that a system that can answer less is not the better for it.
    """
    return round(float(curve.risk.mean()), 4) if len(curve.risk) else None


def calibration(judgements: Sequence[Judgement]) -> Calibration | None:
    """How the probability agrees with how often the first statement is from a document judged to answer.

    Over the questions that would be answered without a threshold; None when there is none.
    """
    answered = [judgement for judgement in judgements if judgement.would_answer]
    if not answered:
        return None
    probability = np.array([judgement.probability for judgement in answered])
    supported = np.array([judgement.would_be_supported for judgement in answered], dtype=np.float64)
    bins = np.minimum((probability * BINS).astype(np.int64), BINS - 1)
    counts = np.bincount(bins, minlength=BINS)
    filled = counts > 0
    mean_probability = np.bincount(bins, probability, BINS)[filled] / counts[filled]
    frequency = np.bincount(bins, supported, BINS)[filled] / counts[filled]
    error = float(np.average(np.abs(mean_probability - frequency), weights=counts[filled]))
    return Calibration(mean_probability, frequency, counts[filled], round(error, 4))
