"""The scores of all passages by words, of which few are ever looked at."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from corpus.document import Language
from index.highest import highest
from index.passage import LANGUAGE_CODES

Scores = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Places:
    """Where each passage stands among those of its language."""

    numbers: Mapping[Language, NDArray[np.int32]]
    """The numbers of the passages of each language, ascending."""
    codes: NDArray[np.int8]
    """The language of each passage, `(passages,)`."""
    places: NDArray[np.int32]
    """Its position in `numbers`, `(passages,)`."""

    @classmethod
    def of(cls, numbers: Mapping[Language, NDArray[np.int32]], passages: int) -> Places:
        """Those of so many passages, which are numbered from 0."""
        codes, places = np.zeros(passages, np.int8), np.zeros(passages, np.int32)
        for language, here in numbers.items():
            codes[here] = LANGUAGE_CODES[language]
            places[here] = np.arange(len(here), dtype=np.int32)
        return cls(numbers, codes, places)


@dataclass(frozen=True, slots=True)
class PassageScores:
    """A score for each passage, kept by language as they were summed: to bring them in one order would take longer."""

    places: Places
    of_language: Mapping[Language, Scores]
    """The scores of the passages of a language, in their order; all are 0 where a language is missing."""

    def at(self, passages: NDArray[np.int64]) -> Scores:
        """The scores of these passages, `(len(passages),)`."""
        scores = np.zeros(len(passages), np.float32)
        codes = self.places.codes[passages]
        for language, scored in self.of_language.items():
            here = np.flatnonzero(codes == LANGUAGE_CODES[language])
            scores[here] = scored[self.places.places[passages[here]]]
        return scores

    def highest_of_each(self, count: int) -> list[NDArray[np.int64]]:
        """For each language the numbers of the `count` passages with the highest scores above 0, in no order."""
        return [self._highest(language, count)[0] for language in self.of_language]

    def highest(self, count: int) -> NDArray[np.int64]:
        """The numbers of the `count` passages of all languages with the highest scores above 0, in no order."""
        found = [self._highest(language, count) for language in self.of_language]
        if not found:
            return np.zeros(0, np.int64)
        numbers, scores = (np.concatenate(parts) for parts in zip(*found, strict=True))
        return numbers[highest(scores, count)]

    def _highest(self, language: Language, count: int) -> tuple[NDArray[np.int64], Scores]:
        scored = self.of_language[language]
        best = highest(scored, count)
        return self.places.numbers[language][best].astype(np.int64), scored[best]
