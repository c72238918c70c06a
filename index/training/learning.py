"""What is learnt from a batch: losses with their gradients, and the rows they move."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

_SMALLEST = 1e-6


@dataclass(slots=True)
class Rows:
    """Vectors moved by Adam (Kingma & Ba 2015), only those that a batch touches: a batch holds few of all words."""

    vectors: Floats
    mean: Floats
    square: Floats
    moves: NDArray[np.int32]

    @classmethod
    def random(cls, count: int, dimensions: int, deviation: float, seed: int) -> Rows:
        """Rows of normally distributed numbers."""
        vectors = np.random.default_rng(seed).standard_normal((count, dimensions), dtype=np.float32)
        vectors *= deviation
        return cls.of(vectors)

    @classmethod
    def of(cls, vectors: Floats) -> Rows:
        """Rows that have not moved yet; `vectors` is moved in place."""
        return cls(vectors, np.zeros_like(vectors), np.zeros_like(vectors), np.zeros(len(vectors), np.int32))

    def move(self, rows: NDArray[np.int64], gradient: Floats, rate: float) -> None:
        """One step of Adam for the `rows`, each corrected by the number of its own steps."""
        first, second = 0.9, 0.99
        self.moves[rows] += 1
        steps = self.moves[rows][:, None].astype(np.float32)
        mean = first * self.mean[rows] + (1 - first) * gradient
        square = second * self.square[rows] + (1 - second) * gradient**2
        self.mean[rows], self.square[rows] = mean, square
        self.vectors[rows] -= rate * (mean / (1 - first**steps)) / (np.sqrt(square / (1 - second**steps)) + 1e-8)


def translation_loss(one: Floats, other: Floats, scale: float) -> tuple[float, Floats, Floats]:
    """How badly the rows of one side find their translations on the other, both ways, and the gradients of both.

    The softmax over a batch of van den Oord et al. (2018), of cosines times `scale`.
    """
    (first, first_lengths), (second, second_lengths) = _unit(one), _unit(other)
    likely = np.exp(scale * (first @ second.T) - scale)
    there, back = likely / likely.sum(1, keepdims=True), likely / likely.sum(0, keepdims=True)
    loss = -float(np.log(np.diag(there) + 1e-12).mean() + np.log(np.diag(back) + 1e-12).mean()) / 2
    slope = there + back
    slope[np.diag_indices(len(one))] -= 2
    slope *= np.float32(scale / 2 / len(one))
    return (
        loss,
        _through_unit(slope @ second, first, first_lengths),
        _through_unit(slope.T @ first, second, second_lengths),
    )


def _unit(rows: Floats) -> tuple[Floats, Floats]:
    lengths = np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), _SMALLEST)
    return rows / lengths, lengths


def _through_unit(gradient: Floats, unit: Floats, lengths: Floats) -> Floats:
    """The gradient of rows from that of the same rows at length 1."""
    moved: Floats = (gradient - unit * (unit * gradient).sum(1, keepdims=True)) / lengths
    return moved
