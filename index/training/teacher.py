"""Near synonyms of English words, by the judgement of a sentence encoder that has read far more English.

A dictionary says what "drought" is in Spanish, not that it has to do with rain, nor that "fled" is of "flee". What an
encoder holds to be near is read as one more translation, from English to English; the words of the other languages
follow their translations (after Reimers & Gurevych 2020, with neighbours in place of the vectors themselves).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np

from corpus.document import Language
from index.encoder import Encoder, Vectors
from index.lexical.analysis import fold, stop_words
from index.training.parallel import Pair
from index.training.settings import TrainingSettings

_SHORTEST = 3
_BLOCK = 1024


def synonyms(encoder: Encoder, pairs: Sequence[Pair], settings: TrainingSettings) -> list[Pair]:
    """Each English word of the pairs with those nearest to it, as terms "translated" to English."""
    words = _english_words(pairs, settings.taught_from)
    if len(words) <= 1:
        return []
    vectors = encoder.encode_passages(words)
    # Centred, so that most words are unlike most others.
    vectors = vectors - vectors.mean(0)
    vectors /= np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-6)
    return [
        Pair(words[one], words[other], Language.ENGLISH, True)
        for one, other in _neighbours(vectors, settings.neighbours, settings.least_likeness)
    ]


def _english_words(pairs: Sequence[Pair], least: int) -> list[str]:
    """The telling words of the English side that are a term of a dictionary or occur `least` times, by the alphabet."""
    counts: Counter[str] = Counter()
    for pair in pairs:
        words = pair.english.casefold().split()
        counts.update(dict.fromkeys(words, least) if pair.is_term and len(words) == 1 else words)
    stops = stop_words(Language.ENGLISH)
    return sorted(
        word
        for word, count in counts.items()
        if count >= least and len(word) >= _SHORTEST and word.isalpha() and fold(word) not in stops
    )


def _neighbours(vectors: Vectors, most: int, least: float) -> list[tuple[int, int]]:
    """The numbers of each row and of its `most` nearest others whose cosine is at least `least`."""
    found: list[tuple[int, int]] = []
    for start in range(0, len(vectors), _BLOCK):
        block = np.arange(start, min(start + _BLOCK, len(vectors)))
        cosines = vectors[block] @ vectors.T
        cosines[np.arange(len(block)), block] = -1
        depth = min(most, len(vectors) - 1)
        nearest = np.sort(np.argpartition(-cosines, depth - 1, axis=1)[:, :depth], axis=1)
        likely = np.take_along_axis(cosines, nearest, axis=1) >= least
        rows, columns = np.nonzero(likely)
        found += zip(block[rows].tolist(), nearest[rows, columns].tolist(), strict=True)
    return found
