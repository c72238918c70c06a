"""MaxSim over words: what a question and passages are to it, and the maximum itself."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index.encoder import Vectors

Scores = NDArray[np.float32]

_CLIP = 0.15
"""Words with a lower cosine have nothing to do with each other."""
_POWER = 1.5


@dataclass(frozen=True, slots=True)
class QueryWords:
    """The words of one question, and which words of the passages are like them."""

    vectors: Vectors
    """`(words of question, d) float32`."""
    is_number: NDArray[np.bool_]
    """Whether each word of the question is a number, `(words of question,)`."""
    is_near: NDArray[np.bool_]
    """Whether each word of the passages may be like a word of the question at all, `(words of passages,)`."""
    like: NDArray[np.int64]
    """The numbers of the words of the passages that may translate one of the question, `(like,)`, ascending."""
    cosines: Scores
    """Theirs, `(like, words of question)`."""
    weights: Scores
    """How telling each word of the question is, `(words of question,)`, in shares of 1."""


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


def max_sim(cosines: Scores, weights: Scores, rows: NDArray[np.int32], owners: NDArray[np.int32], count: int) -> Scores:
    """For each word of a question the nearest word of each passage, weighted and summed, `(count,) float32`.

    `cosines` is `(words, words of question)`; a passage's words are those `rows` of it whose `owners` is the passage,
    ascending. Cosines are shaped to leave chance likeness out; a word without any row is like nothing.
    """
    nearest = np.zeros((len(weights), count), dtype=np.float32)
    firsts = np.flatnonzero(np.diff(owners, prepend=np.int32(-1)))
    if len(firsts):
        found = owners[firsts]
        # Word by word: maxima within one long row are found several times faster than across many short ones.
        for word, of_word in enumerate(np.ascontiguousarray(cosines.T)):
            nearest[word, found] = np.maximum.reduceat(of_word[rows], firsts)
    scores: Scores = weights @ shaped(nearest)
    return scores


def shaped(cosines: Scores) -> Scores:
    """Cosines with chance likeness left out, 0 to 1."""
    raised: Scores = (np.clip((cosines - _CLIP) / (1 - _CLIP), 0, 1) ** _POWER).astype(np.float32)
    return raised
