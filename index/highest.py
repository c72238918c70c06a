"""The highest of many scores, without sorting the others."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

_SAMPLE = 16_384
"""Scores, evenly spread, from which a floor is read."""
_SPARE, _LEAST_RANK = 8, 16
"""So many times as many as are wanted shall be above the floor, and so many of the sample at least."""


def highest(scores: NDArray[np.float32], count: int) -> NDArray[np.int64]:
    """The positions of the `count` highest scores above 0, in no order; fewer when there are not so many."""
    above = np.flatnonzero(scores > max(0.0, _likely_floor(scores, count)))
    if len(above) < count:  # the sample was not like the rest
        above = np.flatnonzero(scores > 0)
    if len(above) > count:
        above = above[np.argpartition(scores[above], -count)[-count:]]
    return above.astype(np.int64)


def _likely_floor(scores: NDArray[np.float32], count: int) -> float:
    """A score that is likely to have more than `count` above it, and few of the others."""
    step = len(scores) // _SAMPLE
    if step < 2:
        return 0.0
    sample = scores[::step]
    rank = min(max(_LEAST_RANK, _SPARE * count // step), len(sample))
    return float(np.partition(sample, -rank)[-rank])
