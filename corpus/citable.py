"""The documents that may be cited, as an index is built of them."""

from __future__ import annotations

import threading
from datetime import UTC, datetime

from corpus.document import Document
from corpus.editions import Linked, link_editions
from corpus.editions.decisions import Decision
from corpus.editions.link import in_order
from corpus.errors import DocumentNotFound
from corpus.store import CorpusStore


def citable_documents(store: CorpusStore, *, checked: bool = False) -> list[tuple[Document, int]]:
    """The documents that are not withdrawn, each with its revision, in the groups of releases that were found.

    `checked`: see `CorpusStore.documents`.
    """
    stored = list(store.documents(checked=checked))
    documents = link_editions([one.document for one in stored], store.decisions()).documents
    return [(document, one.revision) for document, one in zip(documents, stored, strict=True)]


def may_be_linked(store: CorpusStore, one: str, other: str) -> bool:
    """Whether no decisions, on these two documents aside, keep one apart from what the other is linked to by hand.

    Raises StoreError.
    """
    decided = Decision(*in_order(one, other), True, "asked", datetime.now(UTC))
    others = [made for made in store.decisions() if (made.one, made.other) != (decided.one, decided.other)]
    # Decisions come before all that is found, so that no other document matters.
    named = {doc_id for made in (*others, decided) for doc_id in (made.one, made.other)}
    documents = [document for document in (_current(store, doc_id) for doc_id in sorted(named)) if document]
    return link_editions(documents, [*others, decided]).are_one_release(one, other)


class LinkedCorpus:
    """The documents that may be cited with their links, found anew when documents or decisions have changed."""

    def __init__(self, store: CorpusStore) -> None:
        """Look in `store`, when first asked."""
        self._store = store
        self._lock = threading.Lock()
        self._known: tuple[object, Linked] | None = None

    def now(self) -> Linked:
        """The links of the corpus as it is; raises StoreError. May be called from several threads."""
        with self._lock:
            decisions = self._store.decisions()
            state = (self._store.digest(), decisions)
            if self._known is None or self._known[0] != state:
                self._known = state, link_editions([one.document for one in self._store.documents()], decisions)
            return self._known[1]


def _current(store: CorpusStore, doc_id: str) -> Document | None:
    try:
        stored = store.get(doc_id)
    except DocumentNotFound:
        return None
    return None if stored.withdrawn else stored.document
