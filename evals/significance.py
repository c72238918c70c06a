"""Whether two systems differ on the same questions by more than chance (scipy does the tests)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

RESAMPLES = 9999
CONFIDENCE = 0.95
_SEED = 0
_NEGLIGIBLE = 1e-12

Values = NDArray[np.float64]
"""`(n,) float64`: a score of each of n questions."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One score of two systems, A and B, over the same questions."""

    score: str
    questions: int
    mean_a: float
    mean_b: float
    difference: float
    """B less A: above 0 where B scores higher."""
    low: float
    high: float
    """The 95 % interval of the difference."""
    test: str
    p: float
    """Two-sided."""
    p_holm: float
    """The same, corrected for all scores that were compared."""


def differences(
    first: Mapping[str, Mapping[str, float]], second: Mapping[str, Mapping[str, float]], binary: frozenset[str]
) -> list[Difference]:
    """Each score that both systems have, over the questions that both have it for, with Holm's correction.

    `first` and `second` hold scores by name and query id; the scores in `binary` are 0 or 1.
    """
    found = []
    for score in first:
        query_ids = [query_id for query_id in first[score] if query_id in second.get(score, {})]
        if query_ids:
            a = np.array([first[score][query_id] for query_id in query_ids])
            b = np.array([second[score][query_id] for query_id in query_ids])
            found.append(difference(score, a, b, score in binary))
    corrected = holm([one.p for one in found])
    return [replace(one, p_holm=p) for one, p in zip(found, corrected, strict=True)]


def difference(score: str, a: Values, b: Values, binary: bool) -> Difference:
    """One score, compared: McNemar's exact test where it is binary, otherwise the paired randomisation test.

    The interval is that of the percentile bootstrap over questions (Sakai, SIGIR 2006).
    """
    low, high = _interval(b - a)
    p = mcnemar(a, b) if binary else randomisation(a, b)
    return Difference(
        score=score,
        questions=len(a),
        mean_a=float(a.mean()),
        mean_b=float(b.mean()),
        difference=float((b - a).mean()),
        low=low,
        high=high,
        test="McNemar" if binary else "randomisation",
        p=p,
        p_holm=p,
    )


def mcnemar(a: Values, b: Values) -> float:
    """The two-sided p of McNemar's exact test: a sign test on the questions on which only one system scores."""
    from scipy.stats import binomtest

    gained, lost = int(np.sum(b > a)), int(np.sum(b < a))
    return float(binomtest(gained, gained + lost).pvalue) if gained + lost else 1.0


def randomisation(a: Values, b: Values) -> float:
    """The two-sided p of Fisher's paired randomisation test (Smucker, Allan and Carterette, CIKM 2007)."""
    from scipy.stats import permutation_test

    if np.all(np.abs(b - a) < _NEGLIGIBLE):
        return 1.0
    test = permutation_test(
        (b, a),
        lambda x, y, axis: np.mean(x - y, axis=axis),
        permutation_type="samples",
        vectorized=True,
        n_resamples=RESAMPLES,
        rng=np.random.default_rng(_SEED),
    )
    return float(test.pvalue)


def holm(ps: Sequence[float]) -> list[float]:
    """p-values corrected for their number, in the given order (Holm, 1979)."""
    corrected = [0.0] * len(ps)
    highest = 0.0
    for smaller, place in enumerate(sorted(range(len(ps)), key=lambda place: ps[place])):
        highest = max(highest, min(1.0, (len(ps) - smaller) * ps[place]))
        corrected[place] = highest
    return corrected


def wilson(successes: int, n: int) -> tuple[float, float]:
    """The 95 % interval of a share (Wilson, 1927); n must be above 0."""
    from scipy.stats import binomtest

    interval = binomtest(successes, n).proportion_ci(CONFIDENCE, method="wilson")
    return float(interval.low), float(interval.high)


def _interval(gains: Values) -> tuple[float, float]:
    from scipy.stats import bootstrap

    if len(gains) < 2 or np.ptp(gains) < _NEGLIGIBLE:
        return float(gains.mean()), float(gains.mean())
    found = bootstrap(
        (gains,),
        np.mean,
        n_resamples=RESAMPLES,
        confidence_level=CONFIDENCE,
        method="percentile",
        rng=np.random.default_rng(_SEED),
    ).confidence_interval
    return float(found.low), float(found.high)
