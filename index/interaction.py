"""MaxSim over words: what a question and passages are to it, and the maximum itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from corpus.document import Language
from index.lexical.bm25 import Translation

Scores = NDArray[np.float32]

CLIP = 0.15
"""Words with a lower cosine have nothing to do with each other."""
_POWER = 1.5


@dataclass(frozen=True, slots=True)
class NearWords:
    """The words of the passages that are like one word of a question."""

    numbers: NDArray[np.int32]
    """Their numbers, ascending."""
    cosines: Scores
    """Theirs with that word."""


@dataclass(frozen=True, slots=True)
class QueryWords:
    """The telling words of one question."""

    near: tuple[NearWords, ...]
    """What each of them is like."""
    weights: Scores
    """How telling each of them is, `(words of question,)`, in shares of 1."""
    terms: tuple[Mapping[Language, Translation], ...]
    """The terms of each language that may translate it."""


@dataclass(frozen=True, slots=True)
class PassageWords:
    """The words of some passages, one passage after the other."""

    numbers: NDArray[np.int32]
    """The number of each word."""
    owners: NDArray[np.int32]
    """The position, among these passages, of the one that each word stands in, ascending."""
    count: int
    """How many passages these are; some may have no word."""

    @classmethod
    def none(cls, count: int) -> PassageWords:
        """So many passages without a word."""
        return cls(np.zeros(0, dtype=np.int32), np.zeros(0, dtype=np.int32), count)

    def followed_by(self, others: PassageWords) -> PassageWords:
        """These passages and then the others."""
        return PassageWords(
            np.concatenate([self.numbers, others.numbers]),
            np.concatenate([self.owners, others.owners + np.int32(self.count)]),
            self.count + others.count,
        )


def max_sim(asked: QueryWords, passages: PassageWords, words: int) -> Scores:
    """For each word of a question the nearest word of each passage, weighted and summed, `(passages,) float32`.

    Cosines are shaped to leave chance likeness out; what is not near is like nothing. `words` is how many words there
    are in all.
    """
    is_near = np.zeros(words, dtype=bool)
    for word in asked.near:
        is_near[word.numbers] = True
    kept = np.flatnonzero(is_near[passages.numbers])
    numbers, owners = passages.numbers[kept], passages.owners[kept]
    nearest = np.zeros((len(asked.near), passages.count), dtype=np.float32)
    firsts = np.flatnonzero(np.diff(owners, prepend=np.int32(-1)))
    if len(firsts):
        found = owners[firsts]
        cosines = np.zeros(words, dtype=np.float32)
        for row, word in zip(nearest, asked.near, strict=True):
            cosines[word.numbers] = word.cosines
            row[found] = np.maximum.reduceat(cosines[numbers], firsts)
            cosines[word.numbers] = 0
    scores: Scores = asked.weights @ shaped(nearest)
    return scores


def shaped(cosines: Scores) -> Scores:
    """Cosines with chance likeness left out, 0 to 1."""
    raised: Scores = (np.clip((cosines - CLIP) / (1 - CLIP), 0, 1) ** _POWER).astype(np.float32)
    return raised
