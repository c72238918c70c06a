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

from index.settings import FusionSettings

Scores = NDArray[np.float32]
Codes = NDArray[np.int8]

_SHRINKAGE = 10.0
"""A language with few background passages borrows from all: as if it had this many of the average kind more."""
_LEAST_DEVIATION = 1e-6


def standardise(scores: Scores, codes: Codes, background: Scores, background_codes: Codes) -> Scores:
    """Deviations of candidates from the background passages of their language, `(candidates,) float32`.

    `codes` are the languages of the candidates, `background` the scores of ordinary passages. Mean and variance of a
    language are shrunk towards those of all passages by its number of background passages.
    """
    standardised = np.zeros(len(scores), dtype=np.float32)
    mean, variance = float(background.mean()), float(background.var())
    for code in np.unique(codes):
        own = background[background_codes == code]
        share = len(own) / (len(own) + _SHRINKAGE)
        own_mean, own_variance = (float(own.mean()), float(own.var())) if len(own) else (0.0, 0.0)
        centre = share * own_mean + (1 - share) * mean
        deviation = max(np.sqrt(share * own_variance + (1 - share) * variance), _LEAST_DEVIATION)
        here = codes == code
        standardised[here] = (scores[here] - centre) / deviation
    return standardised


def fuse(signals: Mapping[str, Scores], same_language: NDArray[np.bool_], settings: FusionSettings) -> Scores:
    """The weighted sum of standardised signals, `(candidates,) float32`, higher is better.

    A signal that is not there (an encoder without word vectors has no interaction) counts nothing.
    """
    fused = np.where(same_language, settings.same_language_prior, 0.0)
    for name, scores in signals.items():
        weights = np.where(same_language, settings.same_language[name], settings.across_languages[name])
        fused = fused + weights * scores
    return fused.astype(np.float32)
