"""BM25 with an index, a stemmer and document frequencies for each language."""

from __future__ import annotations

import json
import logging
import math
from collections.abc import Mapping, Sequence
from pathlib import Path

import bm25s
import numpy as np
from numpy.typing import NDArray

from corpus.document import Language
from index.errors import SnapshotDamaged
from index.lexical.analysis import analyser
from index.passage import Passage

# bm25s reports each step at debug level on a handler of its own.
logging.getLogger("bm25s").setLevel(logging.WARNING)

Scores = NDArray[np.float32]
Translations = list[tuple[NDArray[np.int32], NDArray[np.float32]]]
"""For each word of a question, the numbers of the terms that may translate it, and their probabilities."""


class LexicalIndex:
    """BM25 (Robertson & Zaragoza 2009, as bm25s' "lucene" variant) over passages of several languages.

    Passages of different languages never share document frequencies: "for" is rare in French.
    """

    def __init__(self, parts: dict[Language, tuple[bm25s.BM25, NDArray[np.int32]]], passages: int) -> None:
        """Hold, for each language, its BM25 index and the numbers of its passages; see `build` and `open`."""
        self._parts = parts
        self._passages = passages

    @classmethod
    def build(cls, passages: Sequence[Passage]) -> LexicalIndex:
        """Index passages, each with its headline; a passage's number is its position."""
        parts = {}
        for language in sorted({passage.language for passage in passages}):
            numbers = [number for number, passage in enumerate(passages) if passage.language == language]
            terms = [_terms(passages[number]) for number in numbers]
            index = bm25s.BM25(k1=1.2, b=0.75)
            # An empty vocabulary is an error to bm25s: passages of stop words alone still make an index.
            index.index(terms if any(terms) else [["∅"] for _ in terms], show_progress=False)
            parts[language] = index, np.asarray(numbers, dtype=np.int32)
        return cls(parts, len(passages))

    def save(self, folder: Path) -> None:
        """Write the index as plain arrays and JSON into a new folder."""
        folder.mkdir()
        for language, (index, numbers) in self._parts.items():
            index.save(folder / language, show_progress=False)
            np.save(folder / language / "passages.npy", numbers, allow_pickle=False)
        (folder / "languages.json").write_text(json.dumps({"languages": list(self._parts), "passages": self._passages}))

    @classmethod
    def open(cls, folder: Path) -> LexicalIndex:
        """Map a written index into memory; raise SnapshotDamaged when it is none."""
        try:
            described = json.loads((folder / "languages.json").read_text())
            parts = {
                Language(name): (
                    bm25s.BM25.load(folder / name, mmap=True, show_progress=False, verbosity=0),
                    np.load(folder / name / "passages.npy", allow_pickle=False),
                )
                for name in described["languages"]
            }
        except (OSError, ValueError, KeyError) as error:
            raise SnapshotDamaged(f"{folder.name} is no word index: build the index anew.") from error
        return cls(parts, described["passages"])

    def scores(self, query: str, language: Language) -> Scores:
        """The BM25 score of every passage, `(passages,) float32`, 0 where no term is shared."""
        scores = np.zeros(self._passages, dtype=np.float32)
        for passage_language, (index, numbers) in self._parts.items():
            terms = analyser(passage_language).query_terms(query, language)
            known = [term for term in terms if term in index.vocab_dict]
            if known:
                # In units of a term that no passage has: else a language with more passages would score higher.
                scores[numbers] = index.get_scores(known) / _inverse_frequency(len(numbers), 0)
        return scores

    def term_numbers(
        self, rows: Sequence[int], forms: Sequence[str], language: Language
    ) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
        """For the words `forms[row]` of a language: the rows that have a term, and the numbers of their terms."""
        vocabulary = self._parts[language][0].vocab_dict
        analyse = analyser(language).passage_terms
        pairs = [(row, vocabulary[term]) for row in rows for term in analyse(forms[row]) if term in vocabulary]
        kept = np.asarray(pairs, dtype=np.int32).reshape(-1, 2)
        return kept[:, 0].copy(), kept[:, 1].copy()

    def translated_scores(self, translations: Mapping[Language, Translations]) -> Scores:
        """BM25 over translated terms: each word's terms count with their probabilities, `(passages,) float32`."""
        scores = np.zeros(self._passages, dtype=np.float32)
        for language, of_words in translations.items():
            index, numbers = self._parts[language]
            postings, indices, data = index.scores["indptr"], index.scores["indices"], index.scores["data"]
            here = np.zeros(len(numbers), dtype=np.float32)
            for terms, probabilities in of_words:
                for term, probability in zip(terms, probabilities, strict=True):
                    of_term = slice(int(postings[term]), int(postings[term + 1]))
                    here[indices[of_term]] += probability * data[of_term]
            scores[numbers] = here / _inverse_frequency(len(numbers), 0)
        return scores

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
        index, numbers = self._parts[language]
        # bm25s keeps the postings of term t at indptr[t]:indptr[t + 1].
        term = index.vocab_dict.get(terms[0])
        postings = index.scores["indptr"]
        frequency = 0 if term is None else int(postings[term + 1] - postings[term])
        return _inverse_frequency(len(numbers), frequency) / _inverse_frequency(len(numbers), 0)


def _inverse_frequency(passages: int, frequency: int) -> float:
    return math.log(1 + (passages - frequency + 0.5) / (frequency + 0.5))


def _terms(passage: Passage) -> list[str]:
    terms = analyser(passage.language)
    return terms.passage_terms(passage.title) + terms.passage_terms(passage.text)
