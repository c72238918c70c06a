"""The highest of many scores are those that sorting finds, however they lie."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from index.highest import highest

CHANCE = np.random.default_rng(7)
MANY = 200_000


def one_in(many: int) -> NDArray[np.float32]:
    scores = CHANCE.random(MANY, dtype=np.float32)
    scores[CHANCE.integers(0, many, MANY) > 0] = 0
    return scores


def bunched() -> NDArray[np.float32]:
    """The highest all lie between two scores of an even sample, or in one place."""
    scores = CHANCE.random(MANY, dtype=np.float32) / 2
    scores[1001:1007] += 1
    scores[5::12][:200] += 1
    return scores


SCORES = {
    "one in one": one_in(1),
    "one in ten": one_in(10),
    "one in ten thousand": one_in(10_000),
    "rising": np.linspace(0, 1, MANY, dtype=np.float32),
    "falling": np.linspace(1, 0, MANY, dtype=np.float32),
    "bunched": bunched(),
    "negative": -one_in(1),
    "few values": np.round(one_in(1) * 4),
    "all alike": np.ones(MANY, np.float32),
    "none": np.zeros(MANY, np.float32),
    "short": one_in(2)[:50],
    "empty": np.zeros(0, np.float32),
}


@pytest.mark.parametrize("count", [1, 10, 200, 5000])
@pytest.mark.parametrize("scores", SCORES.values(), ids=SCORES)
def test_they_are_those_that_sorting_finds(scores: NDArray[np.float32], count: int) -> None:
    found = highest(scores, count)
    assert len(set(found.tolist())) == len(found)
    expected = np.sort(scores[scores > 0])[::-1][:count]
    assert np.array_equal(np.sort(scores[found])[::-1], expected)
