"""The documents that may be cited, as an index is built of them."""

from __future__ import annotations

from corpus.document import Document
from corpus.editions import link_editions
from corpus.store import CorpusStore


def citable_documents(store: CorpusStore, *, checked: bool = False) -> list[tuple[Document, int]]:
    """The documents that are not withdrawn, each with its revision, in the groups of releases that were found.

    `checked`: see `CorpusStore.documents`.
    """
    stored = list(store.documents(checked=checked))
    documents = link_editions([one.document for one in stored], store.decisions()).documents
    return [(document, one.revision) for document, one in zip(documents, stored, strict=True)]
