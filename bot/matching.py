"""How well the words of a question are met by the words of a text."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz, process

from bot.understand import Understanding
from corpus.document import Language
from index.encoder import WordEncoder
from index.lexical.analysis import analyser
from index.search import Index

Matches = NDArray[np.float32]
"""`(terms,)` or more, 0 (not met) to 1 (the same word), for the terms of a question in their order."""

_NAME_WEIGHT = 1.5
_LIKE_LETTERS = 0.78
"""Words at least this alike in letters are taken for a typing error or the same name in another language."""
_MIN_LETTERS = 5
_ALTERNATIVE = 0.9
"""How well another word for the same is taken to meet a term."""
_LIKE_MEANING = 0.3
"""Words at least this alike by vector are taken for related."""


class Matcher:
    """Compares the terms of one question with texts: same stem, like letters, or near by word vector."""

    def __init__(self, understanding: Understanding, index: Index) -> None:
        """Weigh the terms of a question by how telling they are in the corpus."""
        self.terms = understanding.terms
        self._language = understanding.language
        self._encoder = index.encoder if isinstance(index.encoder, WordEncoder) else None
        self._concepts = [
            (concept, np.asarray([term in concept for term in self.terms])) for concept in understanding.concepts
        ]
        self._columns: dict[Language, dict[str, int]] = {}
        self._known: dict[Language, Matches] = {}
        weights = [index.term_weight(term, understanding.language) for term in self.terms]
        self.weights = np.asarray(
            [
                weight * (_NAME_WEIGHT if term in understanding.names or term in understanding.years else 1.0)
                for term, weight in zip(self.terms, weights, strict=True)
            ],
            dtype=np.float32,
        )

    def learn(self, texts: Iterable[tuple[Language, Iterable[str]]]) -> None:
        """Compare the terms with the folded words of texts, each with its language; once, before `match`."""
        by_language: dict[Language, set[str]] = defaultdict(set)
        for language, of_text in texts:
            by_language[language].update(of_text)
        for language, distinct in by_language.items():
            of_language = sorted(distinct)
            self._columns[language] = {word: column for column, word in enumerate(of_language)}
            self._known[language] = self._compared(of_language, language)

    def match(self, texts: Sequence[Collection[str]], language: Language) -> Matches:
        """How well each term is met by each text, `(texts, terms)`, of the words that `learn` has seen."""
        columns = self._columns[language]
        known = [[columns[word] for word in text if word in columns] for text in texts]
        met = np.zeros((len(texts), len(self.terms)), dtype=np.float32)
        filled = [row for row, of_text in enumerate(known) if of_text]
        if filled and self.terms:
            starts = np.cumsum([0, *(len(known[row]) for row in filled[:-1])])
            words = np.concatenate([known[row] for row in filled])
            met[filled] = np.maximum.reduceat(self._known[language][:, words], starts, axis=1).T
        return met

    def _compared(self, words: list[str], language: Language) -> Matches:
        """`(terms, words)`: how well each word meets each term."""
        if not words or not self.terms:
            return np.zeros((len(self.terms), len(words)), dtype=np.float32)
        matches = self._by_letters(words)
        if self._encoder is not None:
            matches = np.maximum(matches, self._by_meaning(words, self._encoder))
        if language == self._language:
            stems = analyser(language).word_terms([*words, *self.terms])
            for row, term in enumerate(stems[len(words) :]):
                if term is not None:
                    matches[row, [column for column, stem in enumerate(stems[: len(words)]) if stem == term]] = 1.0
        for concept, rows in self._concepts:
            columns = np.asarray([word in concept for word in words])
            here = np.ix_(rows, columns)
            matches[here] = np.maximum(matches[here], _ALTERNATIVE)
        return matches

    def coverage(self, matches: Matches) -> Matches:
        """For each text (see `match`) the share of the question that is met, 0 to 1, its terms weighted."""
        total = float(self.weights.sum())
        return matches @ self.weights / total if total > 0 else np.zeros(len(matches), dtype=np.float32)

    def unmet(self, matches: Matches) -> Matches:
        """For each text the weight of the most telling term as far as it is not met, over the most telling one's."""
        most = float(self.weights.max(initial=0))
        if most <= 0:
            return np.zeros(len(matches), dtype=np.float32)
        unmet: Matches = (self.weights * (1 - matches)).max(axis=1) / most
        return unmet

    def _by_letters(self, words: list[str]) -> NDArray[np.float32]:
        """`(terms, words)`: 1 for the same word, the likeness of letters for long words that differ little."""
        likeness = process.cdist(self.terms, words, scorer=fuzz.ratio, dtype=np.float32) / 100
        long_enough = np.outer(
            [len(term) >= _MIN_LETTERS and not term.isdigit() for term in self.terms],
            [len(word) >= _MIN_LETTERS and not word.isdigit() for word in words],
        )
        kept = (likeness >= 0.999) | (long_enough & (likeness >= _LIKE_LETTERS))
        return np.where(kept, likeness, 0).astype(np.float32)

    def _by_meaning(self, words: list[str], encoder: WordEncoder) -> NDArray[np.float32]:
        """`(terms, words)`: the shaped cosine of word vectors; a number means nothing but itself."""
        cosines = encoder.word_vectors(self.terms) @ encoder.word_vectors(words).T
        shaped = np.clip((cosines - _LIKE_MEANING) / (1 - _LIKE_MEANING), 0, 1)
        numbers = np.logical_or.outer([term.isdigit() for term in self.terms], [word.isdigit() for word in words])
        return np.where(numbers, 0, shaped).astype(np.float32)
