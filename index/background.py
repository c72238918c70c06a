"""The passages against which a score is measured, with what of them no question changes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index.dense import DenseIndex
from index.encoder import Vectors
from index.interaction import PassageWords
from index.words import WordIndex


@dataclass(frozen=True, slots=True)
class Background:
    """Ordinary passages of each language, read once: every question is compared with the same ones."""

    numbers: NDArray[np.int64]
    codes: NDArray[np.int8]
    """Their languages."""
    vectors: Vectors
    words: PassageWords
    """None of them when the snapshot has no words."""

    @classmethod
    def read(cls, languages: NDArray[np.int8], most: int, dense: DenseIndex, words: WordIndex | None) -> Background:
        """Choose up to `most` passages of each language, evenly spread over the snapshot, and read them."""
        numbers = _spread(languages, most)
        of_passages = PassageWords.none(len(numbers)) if words is None else words.of_passages(numbers)
        return cls(numbers, languages[numbers], dense.vectors(numbers), of_passages)


def _spread(languages: NDArray[np.int8], most: int) -> NDArray[np.int64]:
    spread = [np.zeros(0, dtype=np.int64)]  # all there is of an empty snapshot
    for code in np.unique(languages):
        here = np.flatnonzero(languages == code)
        spread.append(here[np.unique(np.linspace(0, len(here) - 1, min(most, len(here)), dtype=np.int64))])
    return np.concatenate(spread).astype(np.int64)
