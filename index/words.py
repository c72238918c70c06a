"""Late interaction and translated terms over one table of word vectors.

A static encoder gives each word one vector, the same in every passage. So a snapshot keeps each distinct word once,
and for each passage the numbers of its words; a question's words are compared with all distinct words in one product,
from which both signals are read.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from corpus.document import Language
from index.encoder import WordEncoder
from index.errors import SnapshotDamaged
from index.lexical.analysis import stop_words, words
from index.lexical.bm25 import LexicalIndex, Translations
from index.passage import Passage

Scores = NDArray[np.float32]

_CLIP = 0.15
"""Words with a lower cosine have nothing to do with each other."""
_POWER = 1.5
_SAME = 0.999
"""From this cosine on two words are one."""
_STOP = frozenset().union(*(stop_words(language) for language in Language))
_NEIGHBOURS = 6
_LIKE = 0.45
"""The least cosine of a translation."""


@dataclass(frozen=True, slots=True)
class QueryWords:
    """The words of one question, compared with all words of the passages."""

    cosines: Scores
    """`(words of passages, words of question) float32`."""
    weights: Scores
    """How telling each word of the question is, `(words of question,)`, in shares of 1."""


class WordIndex:
    """The distinct words of all passages with their vectors, and which passage has which words."""

    def __init__(
        self,
        vectors: NDArray[np.float16],
        frequencies: NDArray[np.int32],
        starts: NDArray[np.int64],
        of_passages: NDArray[np.int32],
        terms: Mapping[Language, tuple[NDArray[np.int32], NDArray[np.int32]]],
    ) -> None:
        """Hold the arrays; see `build` and `open`.

        `vectors` is `(words, d)`; the words of passage `p` are `of_passages[starts[p]:starts[p + 1]]`; `terms` gives,
        for each language, the numbers of its words and of their BM25 terms.
        """
        # Products in half precision are slow on a CPU: the table is widened once.
        self._vectors = np.asarray(vectors, dtype=np.float32)
        self._frequencies = frequencies
        self._starts = starts
        self._of_passages = of_passages
        self._terms = terms

    @classmethod
    def build(cls, passages: Sequence[Passage], lexical: LexicalIndex, encoder: WordEncoder) -> WordIndex:
        """Index the words of passages, each with its headline; a passage's number is its position."""
        numbers: dict[str, int] = {}
        lists = []
        of_language: dict[Language, set[int]] = {}
        for passage in passages:
            stop = stop_words(passage.language)
            kept = {word for word in words(f"{passage.title} {passage.text}") if word not in stop}
            found = sorted(numbers.setdefault(word, len(numbers)) for word in kept)
            lists.append(found)
            of_language.setdefault(passage.language, set()).update(found)
        of_passages = np.asarray([number for found in lists for number in found], dtype=np.int32)
        starts = np.concatenate([[0], np.cumsum([len(found) for found in lists], dtype=np.int64)])
        forms = list(numbers)
        terms = {
            language: lexical.term_numbers(sorted(rows), forms, language) for language, rows in of_language.items()
        }
        return cls(
            encoder.word_vectors(forms).astype(np.float16),
            np.bincount(of_passages, minlength=len(forms)).astype(np.int32),
            starts,
            of_passages,
            terms,
        )

    def save(self, folder: Path) -> None:
        """Write the arrays into a new folder."""
        folder.mkdir()
        arrays = {
            "vectors": self._vectors.astype(np.float16),
            "frequencies": self._frequencies,
            "starts": self._starts,
            "of_passages": self._of_passages,
        }
        for language, (rows, terms) in self._terms.items():
            arrays |= {f"{language}.rows": rows, f"{language}.terms": terms}
        for name, array in arrays.items():
            np.save(folder / f"{name}.npy", np.asarray(array), allow_pickle=False)

    @classmethod
    def open(cls, folder: Path) -> WordIndex:
        """Map the arrays into memory; raise SnapshotDamaged when they are none."""

        def load(name: str) -> NDArray[np.int32]:
            loaded: NDArray[np.int32] = np.load(folder / f"{name}.npy", mmap_mode="r", allow_pickle=False)
            return loaded

        try:
            terms = {
                language: (load(f"{language}.rows"), load(f"{language}.terms"))
                for language in Language
                if (folder / f"{language}.rows.npy").exists()
            }
            starts = np.asarray(load("starts"), dtype=np.int64)
            vectors = np.asarray(load("vectors"), dtype=np.float16)
            return cls(vectors, load("frequencies"), starts, load("of_passages"), terms)
        except (OSError, ValueError) as error:
            raise SnapshotDamaged(f"{folder.name} is no table of words: build the index anew.") from error

    @property
    def languages(self) -> tuple[Language, ...]:
        """The languages of the passages."""
        return tuple(self._terms)

    def look_up(self, query: str, encoder: WordEncoder) -> QueryWords | None:
        """Compare the words of a question with all words of the passages; None when it has no telling word."""
        asked = list(dict.fromkeys(word for word in words(query) if word not in _STOP))
        if not asked or not len(self._vectors):
            return None
        cosines = self._vectors @ encoder.word_vectors(asked).T
        # A number means nothing but itself, however alike its neighbours are.
        for column, word in enumerate(asked):
            if word[0].isdigit():
                cosines[:, column] = cosines[:, column] > _SAME
        return QueryWords(cosines, self._weights(cosines))

    def interaction(self, asked: QueryWords, passages: NDArray[np.int64]) -> Scores:
        """MaxSim of a question with passages, `(passages,) float32`, 0 to 1.

        For each word of the question the nearest word of the passage (Khattab & Zaharia 2020, over words instead of
        contextual tokens), its cosine shaped to leave chance likeness out, weighted by how telling the word is.
        """
        lengths = self._starts[passages + 1] - self._starts[passages]
        scores = np.zeros(len(passages), dtype=np.float32)
        filled = np.flatnonzero(lengths)
        if not len(filled):
            return scores
        firsts = np.concatenate([[0], np.cumsum(lengths[filled])[:-1]])
        within = np.arange(int(lengths.sum())) - np.repeat(firsts, lengths[filled])
        rows = self._of_passages[np.repeat(self._starts[passages[filled]], lengths[filled]) + within]
        nearest = np.maximum.reduceat(asked.cosines[rows], firsts, axis=0)
        scores[filled] = _shaped(nearest) @ asked.weights
        return scores

    def translations(self, asked: QueryWords, language: Language) -> Translations:
        """For each word of a question the BM25 terms of a language that may translate it, with probabilities.

        Probabilistic structured queries (Darwish & Oard 2003), the probabilities being shaped cosines that are scaled
        to sum to the best of them, so that a word without a near translation counts little.
        """
        rows, terms = self._terms[language]
        cosines = asked.cosines[rows]
        depth = min(_NEIGHBOURS, len(rows))
        found: Translations = []
        for column in range(cosines.shape[1]):
            nearest = np.argpartition(-cosines[:, column], depth - 1)[:depth]
            nearest = nearest[cosines[nearest, column] >= _LIKE]
            likely = _shaped(cosines[nearest, column])
            if len(nearest):
                found.append((terms[nearest], likely * (likely.max() / likely.sum())))
        return found

    def _weights(self, cosines: Scores) -> Scores:
        """How telling each word of a question is: inverse frequency of its nearest word here, shares of 1."""
        nearest = cosines.argmax(axis=0)
        near = cosines[nearest, np.arange(cosines.shape[1])] >= _LIKE
        frequencies = np.where(near, self._frequencies[nearest], 0)
        passages = len(self._starts) - 1
        rarities = np.log1p((passages - frequencies + 0.5) / (frequencies + 0.5))
        weights: Scores = (rarities / rarities.sum()).astype(np.float32)
        return weights


def _shaped(cosines: Scores) -> Scores:
    shaped: Scores = (np.clip((cosines - _CLIP) / (1 - _CLIP), 0, 1) ** _POWER).astype(np.float32)
    return shaped
