"""Which documents are language versions of the same release."""

from __future__ import annotations

import threading
from collections import defaultdict

from corpus.citable import citable_documents
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
        with self._lock:
            if snapshot != self._snapshot:
                self._groups, self._snapshot = self._read(), snapshot
            group = self._groups.get(document.doc_id, [])
        mine = next((one for one in group if one.doc_id == document.doc_id), document)
        others = (one for one in group if one.repost_of is None and one.doc_id not in (mine.doc_id, mine.repost_of))
        return sorted(others, key=lambda one: one.language)

    def _read(self) -> dict[str, list[Document]]:
        """The editions of each document that has any, by its id."""
        groups: dict[str, list[Document]] = defaultdict(list)
        for document, _ in citable_documents(self._store):
            if document.edition_group is not None:
                groups[document.edition_group].append(document)
        return {document.doc_id: group for group in groups.values() for document in group}
