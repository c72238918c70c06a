"""The folded words of all passages, found once for every index that is made of words."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from corpus.document import Language
from index.lexical.analysis import numbered_words
from index.passage import LANGUAGE_CODES, Passage
from index.pieces import Sequences

_AT_ONCE = 16_384
"""Passages that share what is known of their pieces; more would take more memory and little less time."""
DIGEST_BYTES = 16


@dataclass(frozen=True, slots=True)
class FoldedPassages:
    """Each passage as the numbers of its folded words, its headline first."""

    forms: list[str]
    """The distinct words in alphabetical order, so that the same passages always get the same numbers."""
    words: Sequences
    """The words of each passage, in its order."""
    digests: list[bytes]
    """By which a passage's words are found again at the next build."""
    languages: NDArray[np.int8]
    """The language of each passage, as `index.passage.LANGUAGE_CODES` has it."""

    @classmethod
    def none(cls) -> FoldedPassages:
        """Of no passage."""
        return cls([], Sequences.of([]), [], np.zeros(0, np.int8))

    @classmethod
    def of(cls, passages: Sequence[Passage], known: FoldedPassages | None = None) -> FoldedPassages:
        """Fold passages; those that are among the `known` ones are not read again."""
        known = known or cls.none()
        digests = [_digest(passage) for passage in passages]
        rows = dict(zip(known.digests, range(len(known.digests)), strict=True))
        places = np.asarray([rows.get(digest, -1) for digest in digests], np.int64)
        numbers = dict(zip(known.forms, range(len(known.forms)), strict=True))
        old, new = np.flatnonzero(places >= 0), np.flatnonzero(places < 0)
        parts = [known.words.chosen(places[old])]
        for first in range(0, len(new), _AT_ONCE):
            texts = [_text(passages[row]) for row in new[first : first + _AT_ONCE]]
            parts.append(numbered_words(texts, numbers))
        words = Sequences.joined(parts).chosen(np.argsort(np.concatenate([old, new])))
        forms, words = _in_order(list(numbers), words)
        codes = np.asarray([LANGUAGE_CODES[passage.language] for passage in passages], np.int8)
        return cls(forms, words, digests, codes)

    def of_language(self, language: Language) -> NDArray[np.int64]:
        """The numbers of the passages of a language."""
        return np.flatnonzero(self.languages == LANGUAGE_CODES[language])

    def present(self) -> list[Language]:
        """The languages of the passages, in alphabetical order."""
        return sorted(language for language, code in LANGUAGE_CODES.items() if (self.languages == code).any())


def _in_order(forms: list[str], words: Sequences) -> tuple[list[str], Sequences]:
    """The words that are in use in alphabetical order, and the passages in their new numbers."""
    used = np.flatnonzero(np.bincount(words.numbers, minlength=len(forms)))
    order = sorted(used.tolist(), key=forms.__getitem__)
    renumbered = np.zeros(len(forms), np.int32)
    renumbered[order] = np.arange(len(order), dtype=np.int32)
    return [forms[number] for number in order], Sequences(renumbered[words.numbers], words.starts)


def _text(passage: Passage) -> str:
    return f"{passage.title}\n{passage.text}"


def _digest(passage: Passage) -> bytes:
    return hashlib.blake2b(_text(passage).encode("utf-8", "surrogatepass"), digest_size=DIGEST_BYTES).digest()
