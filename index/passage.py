"""The Passage, which is what is retrieved, and the Hit, which is a Passage that was."""

from __future__ import annotations

from dataclasses import dataclass, field

from corpus.document import Document, Language

LANGUAGE_CODES = {language: code for code, language in enumerate(Language)}
"""The number that stands for a language in a snapshot's arrays."""


@dataclass(frozen=True, slots=True)
class Passage:
    """A span of one stored Document: `text == document.text[start:end]`, always."""

    passage_id: str
    doc_id: str
    start: int
    end: int
    text: str
    title: str
    """The document's headline, which gives the passage its context."""
    language: Language
    edition_group: str | None = None

    @classmethod
    def cut(cls, document: Document, passage_id: str, start: int, end: int) -> Passage:
        """The passage of a document that begins and ends there."""
        return cls(
            passage_id=passage_id,
            doc_id=document.doc_id,
            start=start,
            end=end,
            text=document.text[start:end],
            title=document.title,
            language=document.language,
            edition_group=document.edition_group,
        )

    @property
    def edition_key(self) -> str:
        """The same for all passages of the language versions of one release."""
        return self.edition_group or self.doc_id


@dataclass(frozen=True, slots=True)
class Hit:
    """A Passage with its score (higher is better) and its rank (from 1)."""

    rank: int
    score: float
    passage: Passage
    signals: dict[str, float] = field(default_factory=dict, compare=False)
    """The score of each signal before fusion, by the signal's name."""
    deviations: dict[str, float] = field(default_factory=dict, compare=False)
    """The same in deviations from an ordinary passage of its language: what fusion weighs."""
