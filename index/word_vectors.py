"""The vectors of words as a snapshot keeps them: in bytes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index.encoder import Vectors, WordEncoder

_SMALLEST = np.float32(1e-12)
_AT_ONCE = 65_536
"""Words encoded at a time: as floats they take four times as much memory as in bytes."""


@dataclass(frozen=True, slots=True)
class WordVectors:
    """Vectors in bytes, each scaled so that its greatest component is 127."""

    rounded: NDArray[np.int8]
    """`(words, d)`."""
    lengths: NDArray[np.float32]
    """Their Euclidean lengths, `(words,)`."""

    @classmethod
    def none(cls, dimensions: int) -> WordVectors:
        """Those of no word."""
        return cls(np.zeros((0, dimensions), np.int8), np.zeros(0, np.float32))

    @classmethod
    def of(cls, forms: Sequence[str], encoder: WordEncoder) -> WordVectors:
        """Encode folded words."""
        return cls.none(encoder.dimensions).extended([], forms, encoder)

    def chosen(self, numbers: NDArray[np.int64]) -> WordVectors:
        """The vectors of the words of these numbers."""
        return WordVectors(self.rounded[numbers], self.lengths[numbers])

    def extended(self, known: Sequence[str], forms: Sequence[str], encoder: WordEncoder) -> WordVectors:
        """The vectors of `forms`, these being those of the `known` words; only what is new is encoded."""
        numbers = dict(zip(known, range(len(known)), strict=True))
        places = np.asarray([numbers.get(form, -1) for form in forms], np.int64)
        rounded = np.empty((len(forms), encoder.dimensions), np.int8)
        lengths = np.empty(len(forms), np.float32)
        old, new = np.flatnonzero(places >= 0), np.flatnonzero(places < 0)
        rounded[old], lengths[old] = self.rounded[places[old]], self.lengths[places[old]]
        for first in range(0, len(new), _AT_ONCE):
            rows = new[first : first + _AT_ONCE]
            found = _rounded(encoder.word_vectors([forms[row] for row in rows]))
            rounded[rows], lengths[rows] = found.rounded, found.lengths
        return WordVectors(rounded, lengths)


def _rounded(vectors: Vectors) -> WordVectors:
    greatest = np.abs(vectors).max(axis=1, keepdims=True, initial=0)
    rounded = np.round(vectors * (127 / np.maximum(greatest, _SMALLEST))).astype(np.int8)
    lengths = np.linalg.norm(rounded.astype(np.float32), axis=1)
    return WordVectors(rounded, np.maximum(lengths, 1).astype(np.float32))
