"""BM25 with an index, a stemmer and document frequencies for each language."""

from __future__ import annotations

import json
import logging
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import bm25s
import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csc_array, csr_array

from corpus.document import Language
from index.errors import SnapshotDamaged
from index.lexical.analysis import analyser
from index.lexical.folded import FoldedPassages
from index.lexical.scored import PassageScores, Places, Scores
from index.pieces import Sequences

# bm25s reports each step at debug level on a handler of its own.
logging.getLogger("bm25s").setLevel(logging.WARNING)

_K1, _B = 1.2, 0.75
_AT_ONCE = 1 << 22
"""Occurrences scored at a time."""

Translation = tuple[NDArray[np.int32], NDArray[np.float32]]
"""The numbers of the terms that may translate a word, and their probabilities."""
Translations = list[Translation]
"""That of each word of a question."""


@dataclass(frozen=True)
class _Part:
    """The passages of one language: their BM25 index, and their numbers among all passages."""

    bm25: bm25s.BM25
    numbers: NDArray[np.int32]

    @cached_property
    def postings(self) -> tuple[NDArray[np.int64], NDArray[np.int32], Scores]:
        """Where those of each term begin, `(terms + 1,)`; their passages and scores. They stay mapped."""
        starts, passages, scores = (np.asarray(self.bm25.scores[name]) for name in ("indptr", "indices", "data"))
        return starts, passages, scores

    def summed(self, terms: NDArray[np.int32], weights: Scores) -> Scores:
        """The scores of terms, by their numbers, times their weights, summed for each passage of the language.

        It is in units of a term that no passage has: else a language with more passages would score higher.
        """
        starts, passages, scores = self.postings
        # Slices of mapped arrays: a sparse matrix finds its columns several times slower, but sums them faster.
        here = [slice(*bounds) for bounds in zip(starts[terms].tolist(), starts[1:][terms].tolist(), strict=True)]
        ends = np.cumsum([0, *(one.stop - one.start for one in here)], dtype=np.int32)
        postings = np.concatenate([scores[one] for one in here]), np.concatenate([passages[one] for one in here]), ends
        units = weights / np.float32(_inverse_frequency(len(self.numbers), 0))
        summed: Scores = csc_array(postings, shape=(len(self.numbers), len(terms))) @ units
        return summed


class LexicalIndex:
    """BM25 (Robertson & Zaragoza 2009, as bm25s' "lucene" variant) over passages of several languages.

    Passages of different languages never share document frequencies: "for" is rare in French.
    """

    def __init__(self, parts: Mapping[Language, _Part], passages: int) -> None:
        """Hold the part of each language; see `build` and `open`."""
        self._parts = parts
        self._passages = passages
        self._places = Places.of({language: part.numbers for language, part in parts.items()}, passages)

    @classmethod
    def build(cls, folded: FoldedPassages) -> LexicalIndex:
        """Index passages, each with its headline; a passage's number is its position."""
        parts = {}
        for language in folded.present():
            numbers = folded.of_language(language)
            parts[language] = _part(folded.forms, folded.words.chosen(numbers), numbers.astype(np.int32), language)
        return cls(parts, len(folded.words))

    def save(self, folder: Path) -> None:
        """Write the index as plain arrays and JSON into a new folder."""
        folder.mkdir()
        for language, part in self._parts.items():
            part.bm25.save(folder / language, show_progress=False)
            np.save(folder / language / "passages.npy", part.numbers, allow_pickle=False)
        (folder / "languages.json").write_text(json.dumps({"languages": list(self._parts), "passages": self._passages}))

    @classmethod
    def open(cls, folder: Path) -> LexicalIndex:
        """Map a written index into memory; raise SnapshotDamaged when it is none."""
        try:
            described = json.loads((folder / "languages.json").read_text())
            parts = {
                Language(name): _Part(
                    bm25s.BM25.load(folder / name, mmap=True, show_progress=False, verbosity=0),
                    np.load(folder / name / "passages.npy", allow_pickle=False),
                )
                for name in described["languages"]
            }
        except (OSError, ValueError, KeyError) as error:
            raise SnapshotDamaged(f"{folder.name} is no word index: build the index anew.") from error
        return cls(parts, described["passages"])

    def scores(self, query: str, language: Language) -> PassageScores:
        """The BM25 score of every passage, 0 where no term is shared."""
        scores = {}
        for passage_language, part in self._parts.items():
            terms = analyser(passage_language).query_terms(query, language)
            known = [part.bm25.vocab_dict[term] for term in terms if term in part.bm25.vocab_dict]
            if known:
                terms_of_query = np.asarray(known, np.int32)
                scores[passage_language] = part.summed(terms_of_query, np.ones(len(known), np.float32))
        return PassageScores(self._places, scores)

    def term_numbers(self, forms: Sequence[str], language: Language) -> NDArray[np.int32]:
        """The number of the term of each folded word, `(len(forms),) int32`, -1 where no passage has it."""
        vocabulary = self._parts[language].bm25.vocab_dict
        terms = analyser(language).word_terms(forms)
        return np.asarray([-1 if term is None else vocabulary.get(term, -1) for term in terms], np.int32)

    def translated_scores(self, translations: Mapping[Language, Translations]) -> PassageScores:
        """BM25 over translated terms: each word's terms count with their probabilities."""
        scores = {}
        for language, of_words in translations.items():
            if of_words:
                part = self._parts[language]
                terms, probabilities = zip(*of_words, strict=True)
                scores[language] = part.summed(np.concatenate(terms), np.concatenate(probabilities))
        return PassageScores(self._places, scores)

    def term_weight(self, word: str, language: Language) -> float:
        """How telling a folded word is among the passages of a language, 0 to 1.

        The inverse document frequency log(1 + (N - n + 0.5) / (n + 0.5)) over its value for n = 0; a stop word
        weighs 0.
        A language without passages has no frequencies: there each word weighs 1.
        """
        terms = analyser(language).passage_terms(word)
        if not terms:
            return 0.0
        if language not in self._parts:
            return 1.0
        return self.frequency_weight(terms[0], language)

    def frequency_weight(self, term: str, language: Language) -> float:
        """The same for a term of a language that has passages."""
        part = self._parts[language]
        # bm25s keeps the postings of term t at indptr[t]:indptr[t + 1].
        number = part.bm25.vocab_dict.get(term)
        postings = part.bm25.scores["indptr"]
        frequency = 0 if number is None else int(postings[number + 1] - postings[number])
        return _inverse_frequency(len(part.numbers), frequency) / _inverse_frequency(len(part.numbers), 0)


def _inverse_frequency(passages: int, frequency: int) -> float:
    return math.log(1 + (passages - frequency + 0.5) / (frequency + 0.5))


def _part(forms: Sequence[str], words: Sequences, numbers: NDArray[np.int32], language: Language) -> _Part:
    """The index of the passages of one language, as `bm25s.BM25.index` makes it, by arrays instead of lists."""
    vocabulary: dict[str, int] = {}
    terms = np.full(len(forms), -1, np.int32)
    present = np.flatnonzero(np.bincount(words.numbers, minlength=len(forms)))
    stems = analyser(language).word_terms([forms[number] for number in present.tolist()])
    terms[present] = [-1 if stem is None else vocabulary.setdefault(stem, len(vocabulary)) for stem in stems]
    of_words = terms[words.numbers]
    ends = np.concatenate([[0], np.cumsum(of_words >= 0)])[words.starts]
    of_words = of_words[of_words >= 0]
    shape = len(numbers), max(1, len(vocabulary))  # an empty vocabulary is an error to bm25s
    counts = csr_array((np.ones(len(of_words), np.float32), of_words, ends), shape=shape).tocsc()
    counts.sum_duplicates()
    index = bm25s.BM25(k1=_K1, b=_B)
    index.scores = {
        "data": _scores(counts, np.diff(ends)),
        "indices": counts.indices.astype(np.int32),
        "indptr": counts.indptr.astype(np.int64),
        "num_docs": len(numbers),
    }
    index.nonoccurrence_array = None  # of other variants
    vocabulary.setdefault("", len(vocabulary))  # as bm25s has it, for passages without a term
    index.vocab_dict = vocabulary
    index.unique_token_ids_set = set(vocabulary.values())
    return _Part(index, numbers)


def _scores(counts: csc_array, lengths: NDArray[np.int64]) -> Scores:
    """The score of each occurrence of a term in a passage, in the order of the matrix and in bm25s' precision."""
    frequencies = np.diff(counts.indptr)
    rarities = np.log(1 + (counts.shape[0] - frequencies + 0.5) / (frequencies + 0.5)).astype(np.float32)
    norms = _K1 * ((1 - _B) + _B * lengths / max(lengths.mean(), 1e-9))
    scores = np.empty(counts.nnz, np.float32)
    of_terms = np.repeat(rarities, frequencies)
    for first in range(0, counts.nnz, _AT_ONCE):
        here = slice(first, first + _AT_ONCE)
        occurrences = counts.data[here]
        scores[here] = of_terms[here] * (occurrences / (norms[counts.indices[here]] + occurrences))
    return scores
