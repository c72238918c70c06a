"""The Answer and what it is made of.

Every statement is a sentence of a stored document, and every citation carries the span of the
stored text that it quotes: `quote == document.text[start:end]`, always.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from enum import StrEnum
from typing import Protocol

from corpus.document import DocumentKind, Language, PartialDate
from index.passage import Hit


class AnswerStatus(StrEnum):
    """How a question ended. Having no answer is a status, never an error."""

    ANSWERED = "answered"
    ANSWERED_OTHER_LANGUAGE = "answered_other_language"
    """Answered, in the words of a document of another language than the question's."""
    NO_ANSWER = "no_answer"
    OUT_OF_SCOPE = "out_of_scope"
    """The question is not about what the corpus is about."""
    REFUSED = "refused"
    """The question asks for something other than an answer from the documents, or cannot be read."""
    ERROR = "error"

    @property
    def has_statements(self) -> bool:
        """Whether an answer of this status carries statements."""
        return self in (AnswerStatus.ANSWERED, AnswerStatus.ANSWERED_OTHER_LANGUAGE)


@dataclass(frozen=True, slots=True)
class Filters:
    """Which documents a question is asked of; without any, of all."""

    since: int | None = None
    """The first year; documents whose year is not stated are then left out, and so with `until`."""
    until: int | None = None
    """The last year, which is included."""
    kinds: frozenset[DocumentKind] = frozenset()
    """Any of these; empty for all."""
    place: str = ""
    """A country or place, as the document's dateline or headline names it; empty for all."""


@dataclass(frozen=True, slots=True)
class Question:
    """The visitor's words, with the questions asked before them in the same conversation (oldest first)."""

    text: str
    earlier: tuple[str, ...] = ()
    filters: Filters = Filters()


@dataclass(frozen=True, slots=True)
class Statement:
    """One claim of an Answer, in the words of its source, with the numbers of its citations."""

    text: str
    citations: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Citation:
    """Where a statement stands.

    `url` is the address of the page (for a digest: of the page that states the facts). `link` leads to the
    very words: on the page itself, or, when our words do not stand there or the page has no web address, in
    the stored document. `stored_link` always leads to the stored document with the quote marked.
    """

    n: int
    doc_id: str
    revision: int
    passage_id: str
    url: str
    link: str
    stored_link: str
    title: str
    kind: DocumentKind
    language: Language
    date: PartialDate | None
    places: tuple[str, ...]
    digest: bool
    quote: str
    start: int
    end: int
    passage: str
    """The text of the passage around the quote."""
    passage_start: int
    """Where the passage begins in the stored text: the quote stands at `start - passage_start` in it."""
    speaker: str = ""
    """For direct speech: who speaks, as the page names them; empty when it is no direct speech or not sure."""
    office: str = ""
    """… and in what office, as the page states it; empty when it states none beside the name."""
    page: int | None = None
    """The page that the quote begins on, counted from 1, where the document has pages (a PDF)."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A document near to a question that found no answer."""

    doc_id: str
    title: str
    url: str
    stored_link: str
    language: Language


@dataclass(frozen=True, slots=True)
class Answer:
    """What a visitor gets."""

    question: str
    language: Language
    """The language of the question, in which the answer is presented."""
    status: AnswerStatus
    statements: tuple[Statement, ...] = ()
    citations: tuple[Citation, ...] = ()
    newer: tuple[Citation, ...] = ()
    """Sentences of newer documents that state another figure for what is answered; numbered after `citations`."""
    suggestions: tuple[Suggestion, ...] = ()
    hits: tuple[Hit, ...] = ()
    hit_urls: tuple[str, ...] = ()
    """The page address of each hit, in the order of `hits`."""
    message: str = ""
    """For `refused` and `error`: one sentence, in the language of the question, that says why."""
    questions: tuple[str, ...] = ()
    """Questions, in the language of this one, that are known to have answers: to be asked next."""
    filtered: bool = False
    """Only documents that the question's filters keep were searched."""
    probability: float = 0.0
    """The estimated probability that the documents answer the question, 0 to 1."""
    snapshot: str = ""
    elapsed_ms: float = 0.0

    def to_record(self) -> dict[str, object]:
        """The answer as plain values, for JSON."""
        return {
            **_fields(self),
            "statements": [_fields(one) for one in self.statements],
            "citations": [_citation_record(one) for one in self.citations],
            "newer": [_citation_record(one) for one in self.newer],
            "suggestions": [_fields(one) for one in self.suggestions],
            "hits": [hit_record(hit, url) for hit, url in zip(self.hits, self.hit_urls, strict=True)],
        }


def _citation_record(citation: Citation) -> dict[str, object]:
    return _fields(citation) | {"date": str(citation.date) if citation.date else None}


def _fields(of: Answer | Citation | Statement | Suggestion) -> dict[str, object]:
    """The fields that are shown. `dataclasses.asdict` would copy what they hold, all the way down."""
    return {field.name: getattr(of, field.name) for field in fields(of) if field.name != "hit_urls"}


def hit_record(hit: Hit, url: str) -> dict[str, object]:
    """A hit as plain values, for JSON; `url` is the address of its document's page."""
    passage = hit.passage
    return {
        "rank": hit.rank,
        "score": round(hit.score, 6),
        "doc_id": passage.doc_id,
        "passage_id": passage.passage_id,
        "url": url,
        "title": passage.title,
        "language": passage.language,
        "text": passage.text,
    }


class Answerer(Protocol):
    """Whoever answers questions: the pipeline, or a stand-in for it in tests of the faces."""

    def answer(self, question: Question) -> Answer:
        """Answer one question; never raises for what a visitor may type. May be called from several threads."""
