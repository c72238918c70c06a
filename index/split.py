"""Document → Passages, with exact character offsets."""

from __future__ import annotations

from collections.abc import Sequence

from corpus.document import Document
from corpus.sentences import Span
from index.passage import Passage


def split_document(document: Document, passage_characters: int) -> list[Passage]:
    """Cut a document into passages of at most `passage_characters`, on the borders of its sentences."""
    return passages_at(document, passage_spans(document, passage_characters))


def passage_spans(document: Document, passage_characters: int) -> list[Span]:
    """Where the passages of a document begin and end, in characters of its text."""
    whole = document.text.strip()
    if len(whole) <= passage_characters:  # nothing to cut: the sentences, which take long to find, do not matter
        start = document.text.index(whole)
        return [(start, start + len(whole))] if whole else []
    from index.sentence_splitter import SentenceTextSplitter

    pieces = SentenceTextSplitter(document.language, passage_characters).create_documents([document.text])
    starts = [int(piece.metadata["start_index"]) for piece in pieces]
    return [(start, start + len(piece.page_content)) for start, piece in zip(starts, pieces, strict=True)]


def passages_at(document: Document, spans: Sequence[Span]) -> list[Passage]:
    """The passages of a document that begin and end there."""
    return [
        Passage.cut(document, f"{document.doc_id}:{number}", start, end) for number, (start, end) in enumerate(spans)
    ]
