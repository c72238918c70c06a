"""Text cut between sentences only (langchain-text-splitters lives here; it takes long to import)."""

from __future__ import annotations

from langchain_text_splitters import TextSplitter

from corpus.document import Language
from corpus.sentences import sentence_spans


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
