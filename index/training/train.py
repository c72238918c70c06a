"""Lexicon in, learnt features out."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from index.training.learning import Rows, translation_loss
from index.training.lexicon import Lexicon, Side
from index.training.parallel import Pair
from index.training.settings import TrainingSettings

Floats = NDArray[np.float32]
Numbers = NDArray[np.int64]

_logger = logging.getLogger(__name__)

_FIRST_DEVIATION = 0.1
_OWN_SHARE = 0.1
_WHOLE_BELOW = 4
"""A text of fewer words is never halved."""
_STEPS_BETWEEN_REPORTS = 100


@dataclass(frozen=True, slots=True)
class Batch:
    """Pairs that are read together: their numbers, and whether half of each text's words are left out."""

    pairs: Numbers
    halved: NDArray[np.bool_]


def train(lexicon: Lexicon, pairs: Sequence[Pair], settings: TrainingSettings) -> Floats:
    """`(features, dimensions)`: the vectors whose sums are the words'. The same input gives the same vectors."""
    rng = np.random.default_rng(settings.seed)
    features = lexicon.composition.shape[1]
    rows = Rows.random(features, settings.dimensions, _FIRST_DEVIATION, settings.seed)
    rows.vectors[len(lexicon.parts) + len(lexicon.stems) :] *= _OWN_SHARE
    sums = _Sums(lexicon)
    batches = [batch for _ in range(settings.epochs) for batch in _epoch(lexicon, pairs, settings, rng)]
    recent: list[float] = []
    for step, batch in enumerate(batches):
        english = _drawn(lexicon.english, batch, settings.sentence_words, rng)
        translation = _drawn(lexicon.translation, batch, settings.sentence_words, rng)
        touched, composition, (one, other) = sums.of(english, translation)
        vectors = composition @ rows.vectors[touched]
        loss, one_slope, other_slope = translation_loss(one @ vectors, other @ vectors, settings.scale)
        gradient = composition.T @ (one.T @ one_slope + other.T @ other_slope)
        rows.move(touched, gradient, settings.learning_rate * (1 - step / len(batches)))
        recent.append(loss)
        if len(recent) == _STEPS_BETWEEN_REPORTS:
            _logger.info("step %d of %d, loss %.3f", step + 1, len(batches), float(np.mean(recent)))
            recent.clear()
    return rows.vectors


def _epoch(
    lexicon: Lexicon, pairs: Sequence[Pair], settings: TrainingSettings, rng: np.random.Generator
) -> Iterator[Batch]:
    """Sentences whole and once more halved, terms several times."""
    readable = (np.diff(lexicon.english.starts) > 0) & (np.diff(lexicon.translation.starts) > 0)
    terms = np.asarray([pair.is_term for pair in pairs])
    sentences = np.flatnonzero(readable & ~terms)
    rounds = [np.flatnonzero(readable & terms)] * settings.term_rounds
    read = np.concatenate([sentences, sentences, *rounds])
    halved = np.arange(len(read)) < len(sentences)
    order = rng.permutation(len(read))
    for part in np.array_split(order, max(1, len(order) // settings.batch)):
        yield Batch(read[part], halved[part])


def _drawn(side: Side, batch: Batch, most: int, rng: np.random.Generator) -> tuple[Numbers, Numbers, int]:
    """Word numbers, the text of the batch each belongs to, and the number of texts."""
    starts = side.starts[batch.pairs]
    lengths = side.starts[batch.pairs + 1] - starts
    text = np.repeat(np.arange(len(starts)), lengths)
    within = np.arange(len(text)) - np.repeat(np.cumsum(lengths) - lengths, lengths)
    left_out = np.maximum(
        np.where(batch.halved & (lengths >= _WHOLE_BELOW), 0.5, 0.0), 1 - most / np.maximum(lengths, most)
    )
    kept = rng.random(len(text)) >= left_out[text]
    return side.words[starts[text] + within][kept], text[kept], len(starts)


class _Sums:
    """Sums of features by word, and of words by text, over no more than a batch touches."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._composition = lexicon.weighted
        self._position = np.zeros(max(self._composition.shape), np.int64)

    def of(self, *sides: tuple[Numbers, Numbers, int]) -> tuple[Numbers, csr_array, list[csr_array]]:
        """The touched features, `(words, touched)` composition, and for each side `(texts, words)` counts."""
        used = self._distinct(np.concatenate([words for words, _, _ in sides]))
        of_words = self._composition[used]
        self._position[used] = np.arange(len(used))
        counts = [
            csr_array((np.ones(len(words), np.float32), (text, self._position[words])), shape=(size, len(used)))
            for words, text, size in sides
        ]
        touched = self._distinct(of_words.indices.astype(np.int64))
        self._position[touched] = np.arange(len(touched))
        columns = self._position[of_words.indices]
        composition = csr_array((of_words.data, columns, of_words.indptr), shape=(len(used), len(touched)))
        return touched, composition, counts

    @staticmethod
    def _distinct(numbers: Numbers) -> Numbers:
        return np.flatnonzero(np.bincount(numbers))
