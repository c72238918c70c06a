"""Late interaction and translated terms over one table of word vectors.

A static encoder gives each word one vector, the same in every passage. So a snapshot keeps each distinct word once,
and for each passage the numbers of its words. Few of all words are like a word of a question: the signs of their
vectors tell which may be, and only those are compared with it, from which both signals are read. People ask with the
same words again and again, so what the last words were like is remembered.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from corpus.document import Language
from index.dense import SignIndex, signs_of
from index.encoder import WordEncoder
from index.errors import SnapshotDamaged
from index.interaction import CLIP, NearWords, PassageWords, QueryWords, Scores, max_sim, shaped
from index.lexical.analysis import stop_words, words
from index.lexical.bm25 import LexicalIndex, Translation, Translations
from index.lexical.folded import FoldedPassages
from index.passage import LANGUAGE_CODES
from index.pieces import Sequences
from index.remembered import Remembered
from index.word_vectors import WordVectors

_NEAR = 0.25
"""Words are compared when so few of their signs differ as at this cosine, or fewer."""
_SAME = 0.999
"""From this cosine on two words are one."""
_STOP = frozenset().union(*(stop_words(language) for language in Language))
_NEIGHBOURS = 6
_LIKE = 0.45
"""The least cosine of a translation."""
_SMALLEST = np.float32(1e-12)
_PASSAGES_AT_ONCE = 65_536
_REMEMBERED = 2048
"""Of so many words of questions it is remembered what they are like; thousands of words at most, so some 30 MB."""


class WordIndex:
    """The distinct words of all passages with their vectors, and which passage has which words."""

    def __init__(
        self,
        vectors: NDArray[np.int8],
        lengths: NDArray[np.float32],
        signs: NDArray[np.uint8],
        frequencies: NDArray[np.int32],
        of_passages: Sequences,
        terms: Mapping[Language, NDArray[np.int32]],
    ) -> None:
        """Hold the arrays; see `build` and `open`.

        `vectors` is `(words, d)`, `lengths` are their Euclidean lengths, `signs` see `index.dense.signs_of`;
        `of_passages` are the words of each passage; `terms` gives, for each language, the number of each word's BM25
        term, -1 for a word that no passage of the language has.
        """
        self._vectors = vectors
        self._lengths = lengths
        self._signs = SignIndex(signs, vectors.shape[1])
        self._frequencies = frequencies
        self._of_passages = of_passages
        self._terms = terms
        self._remembered: Remembered[str, _Known] = Remembered(_REMEMBERED)

    @classmethod
    def build(cls, folded: FoldedPassages, lexical: LexicalIndex, vectors: WordVectors) -> WordIndex:
        """Index the words of passages, whose vectors these are; a passage's number is its position."""
        telling = _telling(folded)
        frequencies = np.bincount(telling.numbers, minlength=len(folded.forms)).astype(np.int32)
        used = np.flatnonzero(frequencies)
        renumbered = np.zeros(len(folded.forms), np.int32)
        renumbered[used] = np.arange(len(used), dtype=np.int32)
        forms = [folded.forms[number] for number in used]
        of_words = vectors.chosen(used)
        return cls(
            of_words.rounded,
            of_words.lengths,
            signs_of(of_words.rounded),
            frequencies[used],
            Sequences(renumbered[telling.numbers], telling.starts),
            {language: lexical.term_numbers(forms, language) for language in folded.present()},
        )

    def save(self, folder: Path) -> None:
        """Write the arrays into a new folder."""
        folder.mkdir()
        arrays: dict[str, NDArray[Any]] = {
            "vectors": self._vectors,
            "lengths": self._lengths,
            "signs": signs_of(self._vectors),
            "frequencies": self._frequencies,
            "starts": self._of_passages.starts,
            "of_passages": self._of_passages.numbers,
        }
        for name, array in (arrays | {f"{language}.terms": terms for language, terms in self._terms.items()}).items():
            np.save(folder / f"{name}.npy", array, allow_pickle=False)

    @classmethod
    def open(cls, folder: Path) -> WordIndex:
        """Map the arrays into memory; raise SnapshotDamaged when they are none."""

        def load(name: str) -> NDArray[Any]:
            loaded: NDArray[Any] = np.load(folder / f"{name}.npy", mmap_mode="r", allow_pickle=False)
            return np.asarray(loaded)  # still mapped, without the cost of memmap's own indexing

        try:
            terms = {
                language: load(f"{language}.terms")
                for language in Language
                if (folder / f"{language}.terms.npy").exists()
            }
            return cls(
                load("vectors"),
                load("lengths"),
                load("signs"),
                load("frequencies"),
                Sequences(load("of_passages"), load("starts")),
                terms,
            )
        except (OSError, ValueError) as error:
            raise SnapshotDamaged(f"{folder.name} is no table of words: build the index anew.") from error

    @property
    def languages(self) -> tuple[Language, ...]:
        """The languages of the passages."""
        return tuple(self._terms)

    def look_up(self, query: str, encoder: WordEncoder) -> QueryWords | None:
        """Compare the words of a question with those of the passages; None when it has no telling word."""
        asked = list(dict.fromkeys(word for word in words(query) if word not in _STOP))
        if not asked or not len(self._vectors):
            return None
        known = self._known(asked, encoder)
        return QueryWords(tuple(one.near for one in known), self._weights(known), tuple(one.terms for one in known))

    def of_passages(self, passages: NDArray[np.int64]) -> PassageWords:
        """The words of these passages, as `interaction` wants them."""
        chosen = self._of_passages.chosen(passages)
        return PassageWords(chosen.numbers, chosen.owners(), len(passages))

    def interaction(self, asked: QueryWords, passages: PassageWords) -> Scores:
        """MaxSim of a question with passages, `(passages,) float32`, 0 to 1.

        For each word of the question the nearest word of the passage (Khattab & Zaharia 2020, over words instead of
        contextual tokens), its cosine shaped to leave chance likeness out, weighted by how telling the word is. Words
        that `asked` does not find near count as like nothing.
        """
        return max_sim(asked, passages, len(self._vectors))

    def translations(self, asked: QueryWords, language: Language) -> Translations:
        """For each word of a question the BM25 terms of a language that may translate it, with probabilities.

        Probabilistic structured queries (Darwish & Oard 2003), the probabilities being shaped cosines that are scaled
        to sum to the best of them, so that a word without a near translation counts little.
        """
        return [terms[language] for terms in asked.terms if language in terms]

    def _known(self, asked: Sequence[str], encoder: WordEncoder) -> list[_Known]:
        """What is known of words of a question, from before or found now."""
        known = self._remembered.found(asked)
        new = [word for word in asked if word not in known]
        if new:
            # Rounded as the passages' words are, so that a word's cosine with itself is 1.
            vectors = WordVectors.of(new, encoder)
            found = dict(zip(new, map(self._found, new, vectors.rounded, vectors.lengths), strict=True))
            self._remembered.keep(found)
            known |= found
        return [known[word] for word in asked]

    def _found(self, word: str, rounded: NDArray[np.int8], length: np.float32) -> _Known:
        near = self._compared(word, rounded, length)
        like = np.flatnonzero(near.cosines >= _LIKE)
        like = like[np.argsort(-near.cosines[like], kind="stable")]
        nearest = NearWords(near.numbers[like], near.cosines[like])
        terms = {language: self._translated(nearest, language) for language in self._terms}
        frequency = int(self._frequencies[nearest.numbers[0]]) if len(like) else 0
        return _Known(near, frequency, {language: found for language, found in terms.items() if len(found[0])})

    def _translated(self, nearest: NearWords, language: Language) -> Translation:
        """The terms of the nearest words that a language has, given the nearest of all first."""
        of_words = self._terms[language][nearest.numbers]
        known = np.flatnonzero(of_words >= 0)[:_NEIGHBOURS]
        likely = shaped(nearest.cosines[known])
        return of_words[known], likely * (likely.max(initial=0) / max(likely.sum(), _SMALLEST))

    def _compared(self, word: str, rounded: NDArray[np.int8], length: np.float32) -> NearWords:
        """The words of the passages that are like this one, those whose likeness may be chance left out."""
        numbers = self._signs.alike(signs_of(rounded[None]), self._signs.differing(_NEAR))
        numbers.sort()
        # `take` and one copy: a row at a time, as indexing has it, takes twice as long.
        cosines = self._vectors.take(numbers, axis=0).astype(np.float32) @ (rounded.astype(np.float32) / length)
        cosines /= self._lengths[numbers]
        if word[0].isdigit():  # a number means nothing but itself, however alike its neighbours are
            cosines = (cosines > _SAME).astype(np.float32)
        kept = cosines > CLIP
        return NearWords(numbers[kept].astype(np.int32), cosines[kept])

    def _weights(self, known: Sequence[_Known]) -> Scores:
        """How telling each word of a question is: inverse frequency of its nearest word here, shares of 1."""
        frequencies = np.asarray([one.frequency for one in known], dtype=np.float64)
        passages = len(self._of_passages)
        rarities = np.log1p((passages - frequencies + 0.5) / (frequencies + 0.5))
        weights: Scores = (rarities / rarities.sum()).astype(np.float32)
        return weights


@dataclass(frozen=True, slots=True)
class _Known:
    """What is known of a word that was asked for."""

    near: NearWords
    frequency: int
    """In how many passages the nearest word stands; 0 when none is like it."""
    terms: Mapping[Language, Translation]


def _telling(folded: FoldedPassages) -> Sequences:
    """The distinct words of each passage without the stop words of its language, by number."""
    stop = np.zeros((len(LANGUAGE_CODES), len(folded.forms)), dtype=bool)
    for language, code in LANGUAGE_CODES.items():
        unsaid = stop_words(language)
        stop[code] = np.fromiter((form in unsaid for form in folded.forms), bool, len(folded.forms))
    parts = []
    for first in range(0, len(folded.words), _PASSAGES_AT_ONCE):
        rows = np.arange(first, min(first + _PASSAGES_AT_ONCE, len(folded.words)))
        words = folded.words.chosen(rows)
        kept = ~stop[folded.languages[rows][words.owners()], words.numbers]
        ends = np.concatenate([[0], np.cumsum(kept)])[words.starts]
        numbers = words.numbers[kept]
        found = csr_array((np.ones(len(numbers), np.int8), numbers, ends), shape=(len(rows), len(folded.forms)))
        found.sum_duplicates()  # and sorts them
        parts.append(Sequences(found.indices.astype(np.int32), found.indptr.astype(np.int64)))
    return Sequences.joined(parts)
