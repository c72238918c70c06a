"""What past answers said with a document's words, and whether the words still stand."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from bot.answer import Citation
from bot.feedback import FeedbackLog, LoggedAnswer, Selection
from corpus.errors import DocumentNotFound
from corpus.store import CorpusStore, StoredDocument


@dataclass(frozen=True, slots=True)
class TracedQuote:
    """Words that an answer quoted from a revision of the document."""

    revision: int
    quote: str
    stands: bool
    """They still stand, word for word, in the current revision. Whether it is withdrawn is another question."""


@dataclass(frozen=True, slots=True)
class TracedAnswer:
    """A past answer with what it quoted from the document; `asked_at` is UTC."""

    public_id: str
    asked_at: datetime
    question: str
    quotes: tuple[TracedQuote, ...]


@dataclass(frozen=True, slots=True)
class Trace:
    """A document as it is stored now, None when it is not, and the answers that cited it, newest first."""

    doc_id: str
    stored: StoredDocument | None
    answers: tuple[TracedAnswer, ...]


def trace(doc_id: str, store: CorpusStore, feedback: FeedbackLog) -> Trace:
    """Every answer that is still logged and cited the document.

    Raises DocumentNotFound when it is neither stored nor cited, StoreError and FeedbackError.
    """
    try:
        stored = store.get(doc_id)
    except DocumentNotFound:
        answers = tuple(_traced(doc_id, None, feedback))
        if not answers:
            raise
        return Trace(doc_id, None, answers)
    return Trace(doc_id, stored, tuple(_traced(doc_id, stored, feedback)))


def shown_citations(logged: LoggedAnswer) -> tuple[Citation, ...]:
    """All that an answer cited: what its statements rest on, then newer figures that it pointed to."""
    return (*logged.citations, *logged.answer.newer)


def _traced(doc_id: str, stored: StoredDocument | None, feedback: FeedbackLog) -> Iterator[TracedAnswer]:
    text = stored.document.text if stored else ""
    for logged in feedback.each(Selection(doc_id=doc_id)):
        quotes = tuple(
            TracedQuote(one.revision, one.quote, stands=one.quote in text)
            for one in shown_citations(logged)
            if one.doc_id == doc_id
        )
        yield TracedAnswer(logged.public_id, logged.asked_at, logged.question, quotes)
