"""orgbot itself, as `orgbot index build` and the server use it."""

from __future__ import annotations

import os

# As the command line does, before numpy and faiss are imported.
os.environ.setdefault("OMP_NUM_THREADS", "1")

from collections.abc import Iterator, Sequence
from pathlib import Path

from benchmarks.peers.system import K, Text
from corpus.document import Document, DocumentKind, Language
from index.build import build_snapshot
from index.encoder import open_encoder
from index.search import Index
from index.settings import IndexSettings


class Orgbot:
    """A snapshot of documents of one passage each. What it writes is synced to disk, with checksums."""

    def __init__(self) -> None:
        """Load the bundled encoder."""
        self._settings = IndexSettings()
        self._encoder = open_encoder(self._settings)

    def index(self, batches: Iterator[Sequence[Text]], folder: Path) -> None:
        """Build and publish a snapshot."""
        documents = (
            (Document(one.passage_id, "", DocumentKind.RELEASE, Language(one.language), one.title, one.body), 1)
            for batch in batches
            for one in batch
        )
        build_snapshot(documents, folder, self._encoder, self._settings)

    def open(self, folder: Path) -> None:
        """Verify and open the snapshot."""
        self._index = Index.open(folder, self._encoder, self._settings)

    def search(self, question: str) -> list[str]:
        """Detect the question's language and search."""
        return [hit.passage.doc_id for hit in self._index.search(question, K)]


def open_system() -> Orgbot:
    """For the worker."""
    return Orgbot()
