"""Going on with an encoder that is there: its table moved by an organisation's own translated text."""

from __future__ import annotations

import logging
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from index.static import StaticEncoder
from index.training.editions import Texts
from index.training.errors import TrainingError
from index.training.learning import Rows, translation_loss
from index.training.settings import FurtherSettings

Floats = NDArray[np.float32]
_logger = logging.getLogger(__name__)
_FEWEST = 20
"""Fewer pairs teach nothing."""


def train_further(encoder: StaticEncoder, pairs: Sequence[Texts], settings: FurtherSettings) -> Floats:
    """The `(tokens, dimensions)` table of `encoder`, moved so that translations find each other among all others.

    The tokens stay the same; those that the text does not have stay where they are. The length of a row, which is what
    the token weighs in a text, is kept. The same input gives the same table. Raises TrainingError for too few pairs.
    """
    if len(pairs) < _FEWEST:
        raise TrainingError(
            f"The corpus has {len(pairs)} pairs of translated sentences, {_FEWEST} are needed: "
            "add releases in several languages and link their editions (edition_group)."
        )
    rows = Rows.of(encoder.table())
    lengths = np.linalg.norm(rows.vectors, axis=1, keepdims=True)
    sides = [encoder.tokens([pair[side] for pair in pairs]) for side in (0, 1)]
    rng = np.random.default_rng(settings.seed)
    batches = [
        part
        for _ in range(settings.epochs)
        for part in np.array_split(rng.permutation(len(pairs)), -(-len(pairs) // settings.batch))
    ]
    for step, batch in enumerate(batches):
        touched, counts = _counts([[side[number] for number in batch] for side in sides])
        vectors = rows.vectors[touched]
        loss, *slopes = translation_loss(counts[0] @ vectors, counts[1] @ vectors, settings.scale)
        gradient = counts[0].T @ slopes[0] + counts[1].T @ slopes[1]
        rows.move(touched, gradient, settings.learning_rate * (1 - step / len(batches)))
    _logger.info("%d batches, last loss %.3f", len(batches), loss)
    moved = np.maximum(np.linalg.norm(rows.vectors, axis=1, keepdims=True), 1e-12)
    return np.asarray(rows.vectors * (lengths / moved), dtype=np.float32)


def found_first(encoder: StaticEncoder, table: Floats, pairs: Sequence[Texts]) -> float:
    """The share of texts, both ways, whose translation is the nearest among all of `pairs`, 0 to 1."""
    ones, others = (_encoded(encoder, table, [pair[side] for pair in pairs]) for side in (0, 1))
    cosines = ones @ others.T
    own = np.arange(len(pairs))
    return float(np.mean([cosines.argmax(axis=1) == own, cosines.argmax(axis=0) == own]))


def _encoded(encoder: StaticEncoder, table: Floats, texts: list[str]) -> Floats:
    touched, (counts,) = _counts([encoder.tokens(texts)])
    sums = counts @ table[touched]
    return np.asarray(sums / np.maximum(np.linalg.norm(sums, axis=1, keepdims=True), 1e-12), dtype=np.float32)


def _counts(sides: Sequence[Sequence[NDArray[np.int64]]]) -> tuple[NDArray[np.int64], list[csr_array]]:
    """The tokens of texts, and for each side `(texts, touched)`, how often a text has each."""
    touched = np.unique(np.concatenate([tokens for side in sides for tokens in side]))
    counts = []
    for side in sides:
        ends = np.cumsum([0, *map(len, side)])
        columns = np.searchsorted(touched, np.concatenate(list(side)))
        counts.append(csr_array((np.ones(len(columns), np.float32), columns, ends), shape=(len(side), len(touched))))
    return touched, counts
