"""The words of the parallel text and what each is made of: itself, its stem, its parts."""

from __future__ import annotations

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array, diags_array

from corpus.document import Language
from index.lexical.analysis import fold, words
from index.training.parallel import Pair
from index.training.settings import TrainingSettings
from index.training.stems import stem
from index.training.tokens import frequent_parts, word_tokenizer

_LETTERS = re.compile(r"[^\W\d_]+")
_WORDS_OF_A_TEXT = 100
_PART_SHARE = 0.25
_PART_SHARE_OF_WHOLE = 0.15
_COMMON_LANGUAGE = 0.2
"""A word is stemmed by the rules of a language that makes up at least this share of its occurrences."""


@dataclass(frozen=True, slots=True)
class Side:
    """One side of all pairs: the word numbers of text `i` are `words[starts[i]:starts[i + 1]]`."""

    starts: NDArray[np.int64]
    words: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Words, and the features whose sum each of them is: parts first, then stems, then words of their own."""

    words: list[str]
    """The folded words, the most frequent first."""
    counts: Counter[str]
    parts: list[str]
    stems: list[str]
    weights: NDArray[np.float32]
    """`(words,)` inverse document frequency over the sentences, scaled to about 1."""
    composition: csr_array
    """`(words, features)`: how much of each feature is in a word."""
    english: Side
    translation: Side

    @property
    def numbers(self) -> dict[str, int]:
        """The number of each word."""
        return {word: number for number, word in enumerate(self.words)}

    @property
    def weighted(self) -> csr_array:
        """The composition, each word multiplied by its weight."""
        return csr_array(diags_array(self.weights) @ self.composition)

    @property
    def rarest_weight(self) -> float:
        """The weight of a word that no sentence has."""
        return float(self.weights.max())


def build_lexicon(pairs: Sequence[Pair], settings: TrainingSettings) -> Lexicon:
    """Number the words of all pairs and say what each is made of."""
    english = [words(pair.english)[:_WORDS_OF_A_TEXT] for pair in pairs]
    translation = [words(pair.translation)[:_WORDS_OF_A_TEXT] for pair in pairs]
    counts = Counter(word for side in (english, translation) for text in side for word in text)
    ordered = sorted(counts, key=lambda word: (-counts[word], word))
    numbers = {word: number for number, word in enumerate(ordered)}
    several = {word: counts[word] for word in ordered if word.isalpha() and counts[word] > 1}
    parts = frequent_parts(several, settings.pieces)
    stems = _stems(pairs)
    composition, stem_names = _composition(ordered, counts, parts, stems, settings.own_vector_from)
    return Lexicon(
        words=ordered,
        counts=counts,
        parts=parts,
        stems=stem_names,
        weights=_weights(ordered, pairs, english, translation),
        composition=composition,
        english=_side(english, numbers),
        translation=_side(translation, numbers),
    )


def _stems(pairs: Sequence[Pair]) -> dict[str, list[str]]:
    """The folded stems of each folded word, by the rules of each language it is common in.

    Snowball wants the accents, which folding takes: the commonest spelling stands for all.
    """
    spellings: dict[Language, Counter[str]] = {language: Counter() for language in Language}
    for pair in pairs:
        spellings[Language.ENGLISH].update(_spelled(pair.english))
        spellings[pair.language].update(_spelled(pair.translation))
    found: dict[str, dict[Language, tuple[str, int]]] = {}
    for language, counts in spellings.items():
        for spelling, count in counts.most_common():
            by_language = found.setdefault(fold(spelling), {})
            commonest, total = by_language.get(language, (spelling, 0))
            by_language[language] = commonest, total + count
    stems = {}
    for word, by_language in found.items():
        enough = _COMMON_LANGUAGE * sum(count for _, count in by_language.values())
        stems[word] = sorted(
            {stem(spelling, language) for language, (spelling, count) in by_language.items() if count >= enough}
        )
    return stems


def _spelled(text: str) -> list[str]:
    return _LETTERS.findall(unicodedata.normalize("NFC", text.casefold()))


def _composition(
    ordered: Sequence[str], counts: Counter[str], parts: Sequence[str], stems: dict[str, list[str]], own_from: int
) -> tuple[csr_array, list[str]]:
    """`(words, features)` shares, and the stems in the order of their features."""
    stem_numbers: dict[str, int] = {}
    for word in ordered:
        for root in stems.get(word, ()):
            stem_numbers.setdefault(root, len(stem_numbers))
    own = len(parts) + len(stem_numbers)
    entries: list[tuple[int, int, float]] = []
    split = word_tokenizer(["[UNK]", *parts]).encode_batch(list(ordered), add_special_tokens=False)
    for number, (word, encoding) in enumerate(zip(ordered, split, strict=True)):
        pieces = [piece - 1 for piece in encoding.ids if piece > 0]
        share = _PART_SHARE_OF_WHOLE if len(pieces) == 1 and word.isalpha() else _PART_SHARE
        entries += [(number, piece, share) for piece in pieces]
        of_word = stems.get(word, ())
        entries += [(number, len(parts) + stem_numbers[root], 1 / len(of_word)) for root in of_word]
        if counts[word] >= own_from or not (pieces or of_word):
            entries.append((number, own, 1.0))
            own += 1
    rows, columns, shares = zip(*entries, strict=True)
    return csr_array((np.asarray(shares, np.float32), (rows, columns)), shape=(len(ordered), own)), list(stem_numbers)


def _weights(
    ordered: Sequence[str], pairs: Sequence[Pair], english: list[list[str]], translation: list[list[str]]
) -> NDArray[np.float32]:
    sentences = [text for i, pair in enumerate(pairs) if not pair.is_term for text in (english[i], translation[i])]
    frequency = Counter(word for text in sentences for word in set(text))
    rarest = math.log(1 + max(1, len(sentences)))
    return np.asarray(
        [math.log(1 + max(1, len(sentences)) / (1 + frequency[word])) / rarest for word in ordered], np.float32
    )


def _side(texts: list[list[str]], numbers: dict[str, int]) -> Side:
    starts = np.cumsum([0, *map(len, texts)])
    return Side(starts, np.asarray([numbers[word] for text in texts for word in text], np.int64))
