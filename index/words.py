"""Late interaction and translated terms over one table of word vectors.

A static encoder gives each word one vector, the same in every passage. So a snapshot keeps each distinct word once,
and for each passage the numbers of its words. Few of all words are like a word of a question: the signs of their
vectors tell which may be, and only those are compared with it, from which both signals are read.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from corpus.document import Language
from index.dense import SignIndex, signs_of
from index.encoder import Vectors, WordEncoder
from index.errors import SnapshotDamaged
from index.interaction import PassageWords, QueryWords, Scores, max_sim, shaped
from index.lexical.analysis import stop_words, words
from index.lexical.bm25 import LexicalIndex, Translations
from index.passage import Passage

_NEAR = 0.25
"""Words are compared when so few of their signs differ as at this cosine, or fewer."""
_MAY_TRANSLATE = 0.37
"""The same for translations: less than _LIKE, since the number of differing signs varies."""
_SAME = 0.999
"""From this cosine on two words are one."""
_STOP = frozenset().union(*(stop_words(language) for language in Language))
_NEIGHBOURS = 6
_LIKE = 0.45
"""The least cosine of a translation."""
_SMALLEST = np.float32(1e-12)


class WordIndex:
    """The distinct words of all passages with their vectors, and which passage has which words."""

    def __init__(
        self,
        vectors: NDArray[np.int8],
        lengths: NDArray[np.float32],
        signs: NDArray[np.uint8],
        frequencies: NDArray[np.int32],
        starts: NDArray[np.int64],
        of_passages: NDArray[np.int32],
        terms: Mapping[Language, NDArray[np.int32]],
    ) -> None:
        """Hold the arrays; see `build` and `open`.

        `vectors` is `(words, d)`, `lengths` are their Euclidean lengths, `signs` see `index.dense.signs_of`; the words
        of passage `p` are `of_passages[starts[p]:starts[p + 1]]`; `terms` gives, for each language, the number of each
        word's BM25 term, -1 for a word that no passage of the language has.
        """
        self._vectors = vectors
        self._lengths = lengths
        self._signs = SignIndex(signs, vectors.shape[1])
        self._frequencies = frequencies
        self._starts = starts
        self._of_passages = of_passages
        self._terms = terms

    @classmethod
    def build(cls, passages: Sequence[Passage], lexical: LexicalIndex, encoder: WordEncoder) -> WordIndex:
        """Index the words of passages, each with its headline; a passage's number is its position."""
        numbers: dict[str, int] = {}
        lists = []
        for passage in passages:
            stop = stop_words(passage.language)
            kept = {word for word in words(f"{passage.title} {passage.text}") if word not in stop}
            lists.append(np.sort([numbers.setdefault(word, len(numbers)) for word in kept]).astype(np.int32))
        starts = np.concatenate([[0], np.cumsum([len(found) for found in lists], dtype=np.int64)])
        of_passages = np.concatenate(lists)
        forms = list(numbers)
        vectors, lengths = _quantised(encoder.word_vectors(forms))
        languages = sorted({passage.language for passage in passages})
        return cls(
            vectors,
            lengths,
            signs_of(vectors),
            np.bincount(of_passages, minlength=len(forms)).astype(np.int32),
            starts,
            of_passages,
            {language: lexical.term_numbers(forms, language) for language in languages},
        )

    def save(self, folder: Path) -> None:
        """Write the arrays into a new folder."""
        folder.mkdir()
        arrays: dict[str, NDArray[Any]] = {
            "vectors": self._vectors,
            "lengths": self._lengths,
            "signs": signs_of(self._vectors),
            "frequencies": self._frequencies,
            "starts": self._starts,
            "of_passages": self._of_passages,
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
                load("starts"),
                load("of_passages"),
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
        # Rounded as the passages' words are, so that a word's cosine with itself is 1.
        rounded, lengths = _quantised(encoder.word_vectors(asked))
        vectors = rounded.astype(np.float32) / lengths[:, None]
        is_number = np.asarray([word[0].isdigit() for word in asked])
        found, differing = self._signs.alike(signs_of(rounded), self._signs.differing(_NEAR))
        is_near = _marked(found, len(self._vectors))
        like = np.flatnonzero(_marked(found[differing <= self._signs.differing(_MAY_TRANSLATE)], len(self._vectors)))
        cosines = self._cosines(like, vectors, is_number)
        return QueryWords(vectors, is_number, is_near, like, cosines, self._weights(like, cosines))

    def of_passages(self, passages: NDArray[np.int64]) -> PassageWords:
        """The words of these passages, as `interaction` wants them."""
        firsts = self._starts[passages]
        counts = self._starts[passages + 1] - firsts
        owners = np.repeat(np.arange(len(passages), dtype=np.int32), counts)
        # The place of each word: where its passage's words begin, and how far into them it is.
        places = np.repeat(firsts - np.cumsum(counts) + counts, counts) + np.arange(len(owners))
        return PassageWords(self._of_passages[places], owners, len(passages))

    def interaction(self, asked: QueryWords, passages: PassageWords) -> Scores:
        """MaxSim of a question with passages, `(passages,) float32`, 0 to 1.

        For each word of the question the nearest word of the passage (Khattab & Zaharia 2020, over words instead of
        contextual tokens), its cosine shaped to leave chance likeness out, weighted by how telling the word is. Words
        that `asked` does not find near count as like nothing.
        """
        kept = np.flatnonzero(asked.is_near[passages.numbers])
        numbers, owners = passages.numbers[kept], passages.owners[kept]
        distinct = np.flatnonzero(_marked(numbers, len(self._vectors)))
        rows = np.empty(len(self._vectors), dtype=np.int32)
        rows[distinct] = np.arange(len(distinct), dtype=np.int32)
        cosines = self._cosines(distinct, asked.vectors, asked.is_number)
        return max_sim(cosines, asked.weights, rows[numbers], owners, passages.count)

    def translations(self, asked: QueryWords, language: Language) -> Translations:
        """For each word of a question the BM25 terms of a language that may translate it, with probabilities.

        Probabilistic structured queries (Darwish & Oard 2003), the probabilities being shaped cosines that are scaled
        to sum to the best of them, so that a word without a near translation counts little.
        """
        terms = self._terms[language][asked.like]
        found: Translations = []
        for cosines in asked.cosines.T:
            known = np.flatnonzero((cosines >= _LIKE) & (terms >= 0))
            nearest = known[np.argsort(-cosines[known], kind="stable")[:_NEIGHBOURS]]
            likely = shaped(cosines[nearest])
            if len(nearest):
                found.append((terms[nearest], likely * (likely.max() / likely.sum())))
        return found

    def _cosines(self, numbers: NDArray[np.int64], asked: Vectors, is_number: NDArray[np.bool_]) -> Scores:
        """The cosines of these words with those of a question, `(len(numbers), words of question) float32`."""
        cosines: Scores = self._vectors[numbers].astype(np.float32) @ asked.T
        cosines /= self._lengths[numbers, None]
        # A number means nothing but itself, however alike its neighbours are.
        cosines[:, is_number] = cosines[:, is_number] > _SAME
        return cosines

    def _weights(self, like: NDArray[np.int64], cosines: Scores) -> Scores:
        """How telling each word of a question is: inverse frequency of its nearest word here, shares of 1."""
        frequencies = np.zeros(cosines.shape[1])
        if len(like):
            nearest = cosines.argmax(axis=0)
            is_like = cosines[nearest, np.arange(cosines.shape[1])] >= _LIKE
            frequencies = np.where(is_like, self._frequencies[like[nearest]], 0)
        passages = len(self._starts) - 1
        rarities = np.log1p((passages - frequencies + 0.5) / (frequencies + 0.5))
        weights: Scores = (rarities / rarities.sum()).astype(np.float32)
        return weights


def _marked(numbers: NDArray[np.integer], count: int) -> NDArray[np.bool_]:
    """Whether each number below `count` is among these."""
    marks = np.zeros(count, dtype=bool)
    marks[numbers] = True
    return marks


def _quantised(vectors: Vectors) -> tuple[NDArray[np.int8], NDArray[np.float32]]:
    """Vectors in bytes, each scaled so that its greatest component is 127, and their lengths as such."""
    greatest = np.abs(vectors).max(axis=1, keepdims=True, initial=0)
    rounded = np.round(vectors * (127 / np.maximum(greatest, _SMALLEST))).astype(np.int8)
    lengths = np.linalg.norm(rounded.astype(np.float32), axis=1)
    return rounded, np.maximum(lengths, 1).astype(np.float32)
