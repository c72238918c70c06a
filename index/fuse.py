"""Several signals → one score."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from corpus.document import Language
from index.settings import FusionSettings

Scores = NDArray[np.float32]


def scale(scores: Scores) -> Scores:
    """Scale to 0…1 over the candidates (min–max), so that signals of different ranges can be added."""
    low, high = (float(scores.min()), float(scores.max())) if scores.size else (0.0, 0.0)
    return (scores - low) / (high - low) if high > low else np.zeros_like(scores)


def fuse(
    bm25: Scores, dense: Scores, same_language: NDArray[np.bool_], query: Language, settings: FusionSettings
) -> Scores:
    """The fused score of each candidate, `(n,) float32`, higher is better.

    BM25 weighs 1; the dense signal weighs what the settings say for the pair of the question's and the
    passage's language. An encoder that knows little of a language must weigh little there. Of two passages that
    fit alike, the one in the visitor's language goes first.
    """
    weight = np.where(same_language, settings.dense_same_language[query], settings.dense_across_languages)
    prior = np.where(same_language, settings.same_language_prior, 0.0)
    return (scale(bm25) + weight * scale(dense) + prior).astype(np.float32)
