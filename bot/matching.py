"""How well the words of a question are met by the words of a text."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz, process

from bot.understand import Understanding
from corpus.document import Language
from index.encoder import WordEncoder
from index.lexical.analysis import analyser
from index.search import Index

Matches = NDArray[np.float32]
"""`(terms,) float32`, 0 (not met) to 1 (the same word), for the terms of a question in their order."""

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
        self._known: dict[tuple[Language, str], Matches] = {}
        weights = [index.term_weight(term, understanding.language) for term in self.terms]
        self.weights = np.asarray(
            [
                weight * (_NAME_WEIGHT if term in understanding.names or term in understanding.years else 1.0)
                for term, weight in zip(self.terms, weights, strict=True)
            ],
            dtype=np.float32,
        )

    def learn(self, words: Iterable[str], language: Language) -> None:
        """Compare the terms with the folded words of texts in a language, all at once."""
        new = sorted({word for word in words if (language, word) not in self._known})
        if not new or not self.terms:
            return
        matches = self._by_letters(new)
        if self._encoder is not None:
            matches = np.maximum(matches, self._by_meaning(new, self._encoder))
        if language == self._language:
            stem = analyser(language).passage_terms
            stems = {term: stem(term) for term in self.terms}
            for column, word in enumerate(new):
                of_word = stem(word)
                for row, term in enumerate(self.terms):
                    if of_word and of_word == stems[term]:
                        matches[row, column] = 1.0
        for column, word in enumerate(new):
            for concept, rows in self._concepts:
                if word in concept:
                    matches[rows, column] = np.maximum(matches[rows, column], _ALTERNATIVE)
            self._known[language, word] = matches[:, column]

    def match(self, words: Iterable[str], language: Language) -> Matches:
        """How well each term is met by words that `learn` has seen."""
        met = [self._known[language, word] for word in words if (language, word) in self._known]
        return np.max(met, axis=0) if met else np.zeros(len(self.terms), dtype=np.float32)

    def coverage(self, matches: Matches) -> float:
        """The share of the question that is met, 0 to 1, its terms weighted."""
        total = float(self.weights.sum())
        return float(self.weights @ matches) / total if total > 0 else 0.0

    def unmet(self, matches: Matches) -> float:
        """The weight of the most telling term as far as it is not met, in units of the most telling one's, 0 to 1."""
        most = float(self.weights.max(initial=0))
        return float((self.weights * (1 - matches)).max()) / most if most > 0 else 0.0

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
