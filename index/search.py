"""Search of one snapshot, and of whichever is the current one."""

from __future__ import annotations

import logging
import threading
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from corpus.document import Document, DocumentKind, Language
from index.background import Background
from index.dense import DenseIndex
from index.encoder import Encoder, Vectors, WordEncoder
from index.errors import SnapshotDamaged, SnapshotError, SnapshotMismatch
from index.fuse import fuse, standardise
from index.interaction import QueryWords
from index.lexical.bm25 import LexicalIndex
from index.lexical.scored import PassageScores
from index.passage import LANGUAGE_CODES, Hit, Passage
from index.passages import PassageTable
from index.proximity import neighbours, proximity
from index.query import query_language
from index.remembered import Remembered
from index.settings import IndexSettings, PairWeights
from index.snapshot import (
    BUILD_COMMAND,
    DENSE,
    LANGUAGES,
    LEXICAL,
    PASSAGES,
    WORDS,
    Manifest,
    current_snapshot,
    other_snapshots,
    read_manifest,
    verify,
)
from index.words import WordIndex

_QUERIES, _SENTENCES = 64, 8192
"""The vectors of so many questions and sentences are remembered, some 8 MB."""
_READ = 5
"""So many of the best are read for where their words stand; those below hardly ever become the first."""

_Scores = NDArray[np.float32]
_Signals = dict[str, _Scores]

_logger = logging.getLogger(__name__)


class Index:
    """One opened snapshot. It may be searched from several threads."""

    def __init__(
        self,
        manifest: Manifest,
        table: PassageTable,
        dense: DenseIndex,
        lexical: LexicalIndex,
        words: WordIndex | None,
        languages: NDArray[np.int8],
        encoder: Encoder,
        settings: IndexSettings,
    ) -> None:
        """Hold the opened parts; see `open`."""
        self.manifest = manifest
        self.encoder = encoder
        self._table = table
        self._dense = dense
        self._lexical = lexical
        self._words = words
        self._background = Background.read(languages, settings.background, dense, words)
        self._languages = languages
        self._settings = settings
        self._queries: Remembered[str, Vectors] = Remembered(_QUERIES)
        self._sentences: Remembered[str, Vectors] = Remembered(_SENTENCES)

    @classmethod
    def open(cls, snapshots: Path, encoder: Encoder, settings: IndexSettings, snapshot: str = "") -> Index:
        """Open and verify a snapshot of a folder, by default the current one.

        Raises SnapshotMissing, SnapshotDamaged, or SnapshotMismatch when `encoder` is not the one it was built by.
        """
        folder = snapshots / (snapshot or current_snapshot(snapshots))
        manifest = read_manifest(folder)
        if manifest.encoder_digest != encoder.digest:
            raise SnapshotMismatch(
                f"The index was built by the encoder {manifest.encoder!r}, the settings name {encoder.name!r} "
                f"or another version of it: run `{BUILD_COMMAND}` anew or set index.encoder back."
            )
        verify(folder, manifest)
        return cls(
            manifest=manifest,
            table=PassageTable.open(folder / PASSAGES),
            dense=DenseIndex.open(folder / DENSE),
            lexical=LexicalIndex.open(folder / LEXICAL),
            words=WordIndex.open(folder / WORDS) if (folder / WORDS).exists() else None,
            languages=np.load(folder / LANGUAGES, allow_pickle=False),
            encoder=encoder,
            settings=settings,
        )

    def search(self, query: str, k: int = 10, language: Language | None = None) -> list[Hit]:
        """The `k` best passages for a question, best first.

        `language` is the question's; None to detect it. Passages that no signal puts among its best are not found.
        """
        if not self.manifest.passages:  # everything was withdrawn
            return []
        language = language or query_language(query)
        asked = self._asked(query, language)
        candidates = self._candidates(asked, max(k, self._settings.candidates))
        raw, ordinary = self._signals(asked, candidates)
        codes, ordinary_codes = self._languages[candidates], self._background.codes
        deviations = standardise(np.stack([*raw.values()]), codes, np.stack([*ordinary.values()]), ordinary_codes)
        standard = dict(zip(raw, deviations, strict=True))
        weights = self.fusion_weights(language)
        scores = fuse(standard, {LANGUAGE_CODES[passage]: of for passage, of in weights.items()}, codes)
        # Sorted by number among equal scores, so that the same question always gives the same order.
        best = np.lexsort((candidates, -scores))[: max(k, _READ)]
        passages = self._table.passages(candidates[best].tolist())
        near = self._near(query, language, passages, weights)
        of_best = scores[best] + near * _proximity_weights(passages, weights)
        order = np.argsort(-of_best, kind="stable")[:k]
        told = zip(
            of_best[order].tolist(),
            [passages[place] for place in order],
            _by_passage(raw, best[order], near[order]),
            _by_passage(standard, best[order], near[order]),
            strict=True,
        )
        return [Hit(rank, *of_hit) for rank, of_hit in enumerate(told, start=1)]

    def query_vector(self, query: str) -> Vectors:
        """`(d,) float32`, the unit vector of a question, which is wanted for searching and for reading."""
        known = self._queries.found([query])
        if not known:
            known = {query: self.encoder.encode_queries([query])[0]}
            self._queries.keep(known)
        return known[query]

    def sentence_vectors(self, sentences: Sequence[str]) -> Vectors:
        """`(n, d) float32`, the unit vectors of sentences of its passages, which are wanted again and again."""
        known = self._sentences.found(sentences)
        new = [one for one in dict.fromkeys(sentences) if one not in known]
        if new:
            found = dict(zip(new, self.encoder.encode_passages(new), strict=True))
            self._sentences.keep(found)
            known |= found
        return np.stack([known[one] for one in sentences])

    def current(self) -> Index:
        """Itself: an opened snapshot never changes. See `IndexSource`."""
        return self

    def fusion_weights(self, language: Language) -> dict[Language, PairWeights]:
        """How far each signal is trusted for a question in `language`, by the passage's language."""
        settings = self._settings.fusion
        weights = {passage: settings.weights(language, passage) for passage in LANGUAGE_CODES}
        if self._words is None:
            dense = settings.sentence_encoder_dense[language]
            weights[language] = weights[language].model_copy(update={"dense": dense})
        return weights

    def term_weight(self, word: str, language: Language) -> float:
        """How telling a word is among passages of a language, 0 to 1 (inverse document frequency over its maximum)."""
        return self._lexical.term_weight(word, language)

    def kind(self, hit: Hit) -> DocumentKind:
        """The kind of the document that a hit stands in."""
        return self.document(hit.passage.doc_id)[0].kind

    def document(self, doc_id: str) -> tuple[Document, int]:
        """The document of a hit, and the revision of it that was indexed; raise KeyError for an unknown id."""
        found = self._table.document(doc_id)
        if found is None:
            raise KeyError(doc_id)
        return found

    def editions(self, edition_group: str, language: Language) -> list[tuple[Document, int]]:
        """The documents of an edition group in a language, each with the revision of it that was indexed."""
        return [found for found in self._table.editions(edition_group) if found[0].language is language]

    def passages_of(self, doc_id: str) -> list[Passage]:
        """All passages of a document, in order; none for an unknown id."""
        return self._table.passages_of(doc_id)

    def _asked(self, query: str, language: Language) -> _Asked:
        bm25 = self._lexical.scores(query, language)
        vector = self.query_vector(query)
        if self._words is None or not isinstance(self.encoder, WordEncoder):
            return _Asked(vector, bm25)
        asked = self._words.look_up(query, self.encoder)
        translations = (
            {} if asked is None else {one: self._words.translations(asked, one) for one in self._words.languages}
        )
        return _Asked(vector, bm25, asked, self._lexical.translated_scores(translations))

    def _signals(self, asked: _Asked, candidates: NDArray[np.int64]) -> tuple[_Signals, _Signals]:
        """The scores of the candidates, and those of the background passages, by each signal.

        Both are looked up together: many of their words are the same.
        """
        background = self._background
        passages = np.concatenate([candidates, background.numbers])
        of_candidates = self._dense.scores(asked.vector, candidates)
        signals = {
            "bm25": asked.bm25.at(passages),
            "dense": np.concatenate([of_candidates, background.vectors @ asked.vector]),
        }
        if self._words is not None and asked.words is not None and asked.translated is not None:
            signals["translated"] = asked.translated.at(passages)
            words = self._words.of_passages(candidates).followed_by(background.words)
            signals["interaction"] = self._words.interaction(asked.words, words)
        count = len(candidates)
        return {name: scores[:count] for name, scores in signals.items()}, {
            name: scores[count:] for name, scores in signals.items()
        }

    def _candidates(self, asked: _Asked, depth: int) -> NDArray[np.int64]:
        """The numbers of the best passages of each signal, ascending, without doubles.

        Translated terms bring the best of each language, so that a question reaches the passages of every language
        however many there are of its own.
        """
        by_vector, _ = self._dense.search(asked.vector, depth)
        found = [by_vector, asked.bm25.highest(depth)]
        if asked.translated is not None:
            found += asked.translated.highest_of_each(depth)
        return np.unique(np.concatenate(found)).astype(np.int64)

    def _near(
        self, query: str, language: Language, passages: Sequence[Passage], weights: Mapping[Language, PairWeights]
    ) -> _Scores:
        """The proximity of passages, best first; 0 for those that are not read."""
        near = np.zeros(len(passages), dtype=np.float32)
        pairs = {one: neighbours(query, language, one) for one in weights if weights[one].proximity}
        for place, passage in enumerate(passages[:_READ]):
            if passage.language in pairs:
                near[place] = proximity(pairs[passage.language], passage, self._lexical)
        return near


@dataclass(frozen=True, slots=True)
class _Asked:
    """A question, as each signal sees it."""

    vector: NDArray[np.float32]
    bm25: PassageScores
    words: QueryWords | None = None
    translated: PassageScores | None = None


def _proximity_weights(passages: Sequence[Passage], weights: Mapping[Language, PairWeights]) -> _Scores:
    return np.asarray([weights[passage.language].proximity for passage in passages], dtype=np.float32)


def _by_passage(signals: _Signals, positions: NDArray[np.int64], near: _Scores) -> list[dict[str, float]]:
    """The score of each of these passages by each signal, its proximity included."""
    columns = [*(scores[positions].tolist() for scores in signals.values()), near.tolist()]
    return [dict(zip((*signals, "proximity"), of_passage, strict=True)) for of_passage in zip(*columns, strict=True)]


class IndexSource(Protocol):
    """Where the index to be searched comes from: one opened snapshot, or whichever is current."""

    def current(self) -> Index:
        """The index to search now."""


class LiveIndex:
    """Whichever snapshot is current: a newly published one is turned to between two questions.

    While the current one is damaged, the last good one is used, from the start on.
    """

    def __init__(self, snapshots: Path, encoder: Encoder, settings: IndexSettings) -> None:
        """Open the current snapshot or the last good one; raises what `Index.open` raises of the current."""
        self._snapshots = snapshots
        self._encoder = encoder
        self._settings = settings
        self._lock = threading.Lock()
        self._rejected = ""
        try:
            self._index = Index.open(snapshots, encoder, settings)
        except SnapshotDamaged as error:
            self._index = self._last_good(error)

    def current(self) -> Index:
        """The index of the current snapshot; the one before it while the current one cannot be opened."""
        try:
            current = current_snapshot(self._snapshots)
        except SnapshotError:
            return self._index
        with self._lock:
            if current not in (self._index.manifest.snapshot, self._rejected):
                try:
                    self._index = Index.open(self._snapshots, self._encoder, self._settings)
                except SnapshotError as error:
                    self._rejected = current
                    _logger.error(
                        "Snapshot %s is not used, %s still is. %s", current, self._index.manifest.snapshot, error
                    )
            return self._index

    def _last_good(self, damage: SnapshotDamaged) -> Index:
        """The newest snapshot that can be opened instead of the damaged one; raises `damage` when there is none."""
        with suppress(SnapshotError):  # the pointer itself may be damaged
            self._rejected = current_snapshot(self._snapshots)
        for name in other_snapshots(self._snapshots, self._rejected):
            try:
                index = Index.open(self._snapshots, self._encoder, self._settings, name)
            except SnapshotError:
                continue
            _logger.error("%s Until then the last good snapshot, %s, is used.", damage, name)
            return index
        raise damage
