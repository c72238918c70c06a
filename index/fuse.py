"""Several signals → one score, without a bias towards the language of the question.

A question meets exact words in its own language and mere translations in the others, so raw scores of passages in
different languages cannot be compared: near misses of one's own language would bury the right passage in another.
Each signal is therefore measured in deviations from what it is for an ordinary passage of the same language, and
then weighed by whether question and passage share their language.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from index.settings import PairWeights

Scores = NDArray[np.float32]
Codes = NDArray[np.int8]

SIGNALS = ("bm25", "translated", "interaction", "dense")
"""The names of the signals, as `PairWeights` has them."""

_SHRINKAGE = 10.0
"""A language with few background passages borrows from all: as if it had this many of the average kind more."""
_LEAST_DEVIATION = 0.02
"""Of a word that no ordinary passage has, any deviation would else be endless, and no other signal would count."""


def standardise(scores: Scores, codes: Codes, background: Scores, background_codes: Codes) -> Scores:
    """Deviations of candidates from the background passages of their language, `(…, candidates) float32`.

    `codes` are the languages of the candidates, `background` the scores of ordinary passages, both `(…, passages)`:
    several signals may be given at once. Mean and variance of a language are shrunk towards those of all passages by
    its number of background passages.
    """
    standardised = np.zeros(scores.shape, dtype=np.float32)
    mean, variance = _moments(background)
    for code in np.unique(codes):
        own = background[..., background_codes == code]
        share = own.shape[-1] / (own.shape[-1] + _SHRINKAGE)
        own_mean, own_variance = _moments(own)
        centre = share * own_mean + (1 - share) * mean
        deviation = np.maximum(np.sqrt(share * own_variance + (1 - share) * variance), _LEAST_DEVIATION)
        here = codes == code
        standardised[..., here] = (scores[..., here] - centre) / deviation
    return standardised


def _moments(scores: Scores) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Mean and variance of each row, `(…, 1)`; 0 where it has no score."""
    if not scores.shape[-1]:
        zero = np.zeros((*scores.shape[:-1], 1))
        return zero, zero
    mean, variance = scores.mean(axis=-1, keepdims=True), scores.var(axis=-1, keepdims=True)
    return mean.astype(np.float64), variance.astype(np.float64)


def fuse(signals: Mapping[str, Scores], weights: Mapping[int, PairWeights], codes: Codes) -> Scores:
    """The weighted sum of standardised signals, `(candidates,) float32`, higher is better.

    `weights` holds those of each language of passages, by its code; `codes` are the languages of the candidates. A
    signal that is not there (an encoder without word vectors has no interaction) counts nothing.
    """
    fused = np.zeros(len(codes), dtype=np.float32)
    for code in np.unique(codes):
        here = codes == code
        pair = weights[int(code)]
        fused[here] = pair.prior + sum(pair.of(name) * scores[here] for name, scores in signals.items())
    return fused
