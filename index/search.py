"""Search of one snapshot, and of whichever is the current one."""

from __future__ import annotations

import logging
import threading
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from corpus.document import Document, Language
from index.build import LANGUAGE_CODES
from index.dense import DenseIndex
from index.encoder import Encoder
from index.errors import SnapshotError, SnapshotMismatch
from index.fuse import fuse
from index.lexical.bm25 import LexicalIndex
from index.passage import Hit
from index.passages import PassageTable
from index.query import query_language
from index.settings import IndexSettings
from index.snapshot import (
    BUILD_COMMAND,
    DENSE,
    LANGUAGES,
    LEXICAL,
    PASSAGES,
    Manifest,
    current_snapshot,
    read_manifest,
    verify,
)

_logger = logging.getLogger(__name__)


class Index:
    """One opened snapshot. It may be searched from several threads."""

    def __init__(
        self,
        manifest: Manifest,
        table: PassageTable,
        dense: DenseIndex,
        lexical: LexicalIndex,
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
        self._languages = languages
        self._settings = settings

    @classmethod
    def open(cls, snapshots: Path, encoder: Encoder, settings: IndexSettings) -> Index:
        """Open and verify the current snapshot of a folder.

        Raises SnapshotMissing, SnapshotDamaged, or SnapshotMismatch when `encoder` is not the one it was built by.
        """
        folder = snapshots / current_snapshot(snapshots)
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
            languages=np.load(folder / LANGUAGES, allow_pickle=False),
            encoder=encoder,
            settings=settings,
        )

    def search(self, query: str, k: int = 10, language: Language | None = None) -> list[Hit]:
        """The `k` best passages for a question, best first.

        `language` is the question's; None to detect it. Passages that neither share a term with the question nor
        are among its nearest by vector are not found.
        """
        language = language or query_language(query)
        bm25 = self._lexical.scores(query, language)
        vector = self.encoder.encode_queries([query])[0]
        candidates = self._candidates(bm25, vector, max(k, self._settings.candidates))
        dense = self._dense.scores(vector, candidates)
        same_language = self._languages[candidates] == LANGUAGE_CODES[language]
        scores = fuse(bm25[candidates], dense, same_language, language, self._settings.fusion)
        # Sorted by number among equal scores, so that the same question always gives the same order.
        best = np.lexsort((candidates, -scores))[:k]
        passages = self._table.passages([int(number) for number in candidates[best]])
        return [
            Hit(
                rank=rank,
                score=float(scores[position]),
                passage=passage,
                signals={"bm25": float(bm25[candidates[position]]), "dense": float(dense[position])},
            )
            for rank, (position, passage) in enumerate(zip(best, passages, strict=True), start=1)
        ]

    def current(self) -> Index:
        """Itself: an opened snapshot never changes. See `IndexSource`."""
        return self

    def term_weight(self, word: str, language: Language) -> float:
        """How telling a word is among passages of a language, 0 to 1 (inverse document frequency over its maximum)."""
        return self._lexical.term_weight(word, language)

    def document(self, doc_id: str) -> tuple[Document, int]:
        """The document of a hit, and the revision of it that was indexed; raise KeyError for an unknown id."""
        found = self._table.document(doc_id)
        if found is None:
            raise KeyError(doc_id)
        return found

    def _candidates(self, bm25: NDArray[np.float32], vector: NDArray[np.float32], depth: int) -> NDArray[np.int64]:
        """The numbers of the `depth` best passages of each signal, ascending, without doubles."""
        depth = min(depth, len(bm25))
        by_words = np.argpartition(-bm25, depth - 1)[:depth]
        by_vector, _ = self._dense.search(vector, depth)
        return np.union1d(by_words[bm25[by_words] > 0], by_vector).astype(np.int64)


class IndexSource(Protocol):
    """Where the index to be searched comes from: one opened snapshot, or whichever is current."""

    def current(self) -> Index:
        """The index to search now."""


class LiveIndex:
    """Whichever snapshot is current: a newly published one is turned to between two questions."""

    def __init__(self, snapshots: Path, encoder: Encoder, settings: IndexSettings) -> None:
        """Open the current snapshot; raises what `Index.open` raises."""
        self._snapshots = snapshots
        self._encoder = encoder
        self._settings = settings
        self._lock = threading.Lock()
        self._index = Index.open(snapshots, encoder, settings)
        self._rejected = ""

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
