"""Which documents are language versions of the same release."""

from __future__ import annotations

import threading
from collections import defaultdict

from corpus.document import Document
from corpus.store import CorpusStore


class Editions:
    """The editions of each release, as of the last time that a snapshot was published."""

    def __init__(self, store: CorpusStore) -> None:
        """Look in `store`, when first asked."""
        self._store = store
        self._lock = threading.Lock()
        self._snapshot = ""
        self._groups: dict[str, list[Document]] = {}

    def others(self, document: Document, snapshot: str) -> list[Document]:
        """The other editions of a document, by language; all documents are read once for each `snapshot`."""
        if document.edition_group is None:
            return []
        with self._lock:
            if snapshot != self._snapshot:
                self._groups, self._snapshot = self._read(), snapshot
            group = self._groups.get(document.edition_group, [])
        return sorted((one for one in group if one.doc_id != document.doc_id), key=lambda one: one.language)

    def _read(self) -> dict[str, list[Document]]:
        groups: dict[str, list[Document]] = defaultdict(list)
        for stored in self._store.documents():
            if stored.document.edition_group is not None:
                groups[stored.document.edition_group].append(stored.document)
        return dict(groups)
