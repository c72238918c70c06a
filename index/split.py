"""Document → Passages, with exact character offsets (langchain-text-splitters lives here)."""

from __future__ import annotations

from langchain_text_splitters import TextSplitter

from corpus.document import Document, Language
from corpus.sentences import sentence_spans
from index.passage import Passage


class SentenceTextSplitter(TextSplitter):
    """A LangChain splitter that cuts between sentences only, and packs them up to `chunk_size` characters.

    A piece never crosses a sentence's border; a single sentence longer than `chunk_size` stays whole.
    The end of a paragraph is preferred: a paragraph that no longer fits begins the next piece, unless the piece
    before would stay under half of `chunk_size`.
    """

    def __init__(self, language: Language, chunk_size: int) -> None:
        """Cut text of `language` into pieces of at most `chunk_size` characters."""
        super().__init__(chunk_size=chunk_size, chunk_overlap=0, add_start_index=True, strip_whitespace=True)
        self._language = language

    def split_text(self, text: str) -> list[str]:
        """The pieces of `text`, in order; each is a substring of it, and only white space lies between them."""
        whole = text.strip()
        if len(whole) <= self._chunk_size:  # nothing to cut: the sentences, which take long to find, do not matter
            return [whole] if whole else []
        pieces: list[str] = []
        start = end = 0
        for paragraph in self._paragraphs(text):
            paragraph_end = paragraph[-1][1]
            if end > start and paragraph_end - start > self._chunk_size and end - start >= self._chunk_size // 2:
                pieces.append(text[start:end])
                start = paragraph[0][0]
            for sentence_start, sentence_end in paragraph:
                if sentence_end - start > self._chunk_size and end > start:
                    pieces.append(text[start:end])
                    start = sentence_start
                end = sentence_end
        if end > start:
            pieces.append(text[start:end])
        return [piece.strip() for piece in pieces]

    def _paragraphs(self, text: str) -> list[list[tuple[int, int]]]:
        """The sentence spans of each paragraph."""
        paragraphs: list[list[tuple[int, int]]] = []
        for span in sentence_spans(text, self._language):
            if paragraphs and "\n" not in text[paragraphs[-1][-1][1] : span[0]]:
                paragraphs[-1].append(span)
            else:
                paragraphs.append([span])
        return paragraphs


def split_document(document: Document, passage_characters: int) -> list[Passage]:
    """Cut a document into passages of at most `passage_characters`, on the borders of its sentences."""
    splitter = SentenceTextSplitter(document.language, passage_characters)
    passages = []
    for number, piece in enumerate(splitter.create_documents([document.text])):
        start = int(piece.metadata["start_index"])
        passages.append(
            Passage(
                passage_id=f"{document.doc_id}:{number}",
                doc_id=document.doc_id,
                start=start,
                end=start + len(piece.page_content),
                text=piece.page_content,
                title=document.title,
                language=document.language,
                edition_group=document.edition_group,
            )
        )
    return passages
