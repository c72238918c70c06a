"""Texts cut at blanks: the same few pieces make up most of all text, so that what is costly is done once for each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np
from numpy.typing import NDArray

_AT_ONCE = 65_536
"""Sequences copied at a time: the places of their numbers take four times as much memory as they do."""


@dataclass(frozen=True, slots=True)
class Sequences:
    """Sequences of numbers, one after the other."""

    numbers: NDArray[np.int32]
    starts: NDArray[np.int64]
    """Sequence `i` is `numbers[starts[i]:starts[i + 1]]`."""

    @classmethod
    def of(cls, lists: Sequence[Sequence[int]]) -> Sequences:
        """Those of lists."""
        starts = np.cumsum([0, *map(len, lists)], dtype=np.int64)
        return cls(np.fromiter(chain.from_iterable(lists), np.int32, count=int(starts[-1])), starts)

    @classmethod
    def joined(cls, parts: Sequence[Sequences]) -> Sequences:
        """The sequences of each part, one part after the other."""
        numbers = [np.zeros(0, np.int32), *(part.numbers for part in parts)]
        counts = [np.zeros(1, np.int64), *(np.diff(part.starts) for part in parts)]
        return cls(np.concatenate(numbers), np.cumsum(np.concatenate(counts), dtype=np.int64))

    def __len__(self) -> int:
        """How many sequences these are."""
        return len(self.starts) - 1

    def owners(self) -> NDArray[np.int32]:
        """The sequence that each number stands in."""
        return np.repeat(np.arange(len(self), dtype=np.int32), np.diff(self.starts))

    def chosen(self, rows: NDArray[np.integer]) -> Sequences:
        """The sequences of these rows, in their order."""
        firsts = self.starts[rows]
        starts = np.concatenate([[0], np.cumsum(self.starts[rows + 1] - firsts)])
        numbers = np.empty(starts[-1], np.int32)
        for first in range(0, len(rows), _AT_ONCE):
            ends = starts[first : first + _AT_ONCE + 1]
            # The place of each number: where its sequence begins, and how far into it it is.
            shifts = firsts[first : first + _AT_ONCE] - ends[:-1]
            numbers[ends[0] : ends[-1]] = self.numbers[np.repeat(shifts, np.diff(ends)) + np.arange(ends[0], ends[-1])]
        return Sequences(numbers, starts)

    def spelt_out(self, parts: Sequences) -> Sequences:
        """The same sequences with each number replaced by the sequence of that number in `parts`."""
        spelt = parts.chosen(self.numbers)
        return Sequences(spelt.numbers, spelt.starts[self.starts])


def cut(texts: Iterable[str]) -> tuple[list[str], Sequences]:
    """The distinct pieces of texts between spaces and line ends, and which of them each text is made of, in order."""
    known: defaultdict[str, int] = defaultdict()
    known.default_factory = known.__len__
    numbers: list[int] = []
    starts = [0]
    for text in texts:
        numbers += map(known.__getitem__, text.replace("\n", " ").split(" "))
        starts.append(len(numbers))
    return list(known), Sequences(np.asarray(numbers, np.int32), np.asarray(starts, np.int64))
