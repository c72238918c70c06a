"""What the REST addresses take and give, as pydantic models with examples: the OpenAPI schema is made from them."""

from __future__ import annotations

from typing import Annotated, Any, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from bot.answer import AnswerStatus, Filters
from bot.feedback import Reason, Vote
from corpus.document import DocumentKind, Language

_MAX_TEXT = 8000  # a body has 16 KB at most; how long a question may be is a matter of the answer's status
_QUESTION = "How many survivors of trafficking has IOM assisted?"
Text = Annotated[str, Field(max_length=_MAX_TEXT)]
Year = Annotated[int, Field(ge=1000, le=9999)]


class _Request(BaseModel):
    """What is not known is refused, so that no caller takes it for heeded."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class _Reply(BaseModel):
    """Fields may be added to a reply."""

    model_config = ConfigDict(extra="allow", frozen=True)


class FiltersGiven(_Request):
    """Which documents the question is asked of; without any of these, of all."""

    since: Year | None = Field(None, description="The first year. Documents without a stated year are left out.")
    until: Year | None = Field(None, description="The last year, included. Documents without one are left out.")
    kinds: frozenset[DocumentKind] = Field(frozenset(), description="Any of these; empty for all.")
    place: str = Field("", max_length=80, description="As a document's dateline or headline names it; empty for all.")

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.since is not None and self.until is not None and self.since > self.until:
            raise ValueError(f"the first year, {self.since}, is after the last, {self.until}")
        return self

    def kept(self) -> Filters:
        """The same as the pipeline takes them."""
        return Filters(self.since, self.until, self.kinds, self.place.strip())


class AskRequest(_Request):
    """A question, with those asked before it in the same conversation."""

    question: Text = Field(examples=[_QUESTION])
    earlier: tuple[Text, ...] = Field((), max_length=50, examples=[[]], description="Oldest first.")
    filters: FiltersGiven = Field(FiltersGiven(), examples=[{"since": 2019, "kinds": ["release"]}])


class SearchRequest(AskRequest):
    """A question, and how many passages to give."""

    k: int = Field(10, ge=1, le=100, examples=[3], description="How many passages, 1 to 100.")


class FeedbackRequest(_Request):
    """A vote on an answer; a second one replaces the first."""

    answer_id: str = Field(max_length=64, examples=["Jq7v0Yk5mE3uVn2w9RcT1A"])
    vote: Vote
    reason: Reason | None = None
    comment: str = Field("", max_length=1000, examples=["The figure is from last year."])


class StatementRecord(_Reply):
    """One sentence of an answer, in the words of its document, and the numbers of its citations."""

    text: str
    citations: list[int]


class CitationRecord(_Reply):
    """Where a statement stands: `quote` is `text[start:end]` of the document's text (characters)."""

    n: int
    doc_id: str
    revision: int
    passage_id: str
    url: str
    link: str = Field(description="Leads to the very words.")
    stored_link: str
    title: str
    kind: DocumentKind
    language: Language
    date: str | None = Field(description="2024-04-30, or its stated parts: 2024-04, 2024, --04-30, --04.")
    places: list[str]
    digest: bool = Field(description="The document is a digest in our own words of the page at `url`.")
    quote: str
    start: int
    end: int
    passage: str
    passage_start: int
    speaker: str = Field(description="Who is quoted there in direct speech; empty when no one is, or it is not sure.")
    office: str


class SuggestionRecord(_Reply):
    """A document near to a question that found no answer."""

    doc_id: str
    title: str
    url: str
    stored_link: str
    language: Language


class HitRecord(_Reply):
    """A passage that was found; ranks count from 1, a higher score is better."""

    rank: int
    score: float
    doc_id: str
    passage_id: str
    url: str
    title: str
    language: Language
    text: str


class AnswerRecord(_Reply):
    """An answer: what `orgbot ask --json` prints, and its id."""

    answer_id: str | None = Field(description="Leads to the answer as it was shown; null when it was not logged.")
    question: str
    language: Language
    status: AnswerStatus
    statements: list[StatementRecord]
    citations: list[CitationRecord]
    newer: list[CitationRecord] = Field(description="Newer documents that state another figure for the same thing.")
    suggestions: list[SuggestionRecord]
    hits: list[HitRecord]
    message: str
    questions: list[str] = Field(description="Questions known to have answers, to be asked next.")
    filtered: bool
    probability: float = Field(description="That the documents answer the question, 0 to 1.")
    snapshot: str
    elapsed_ms: float


class SearchReply(_Reply):
    """The passages nearest to a question, best first."""

    question: str
    hits: list[HitRecord]


class LoggedAnswerRecord(AnswerRecord):
    """An answer as it was given; its hits are not kept."""

    asked_at: str = Field(description="UTC, ISO 8601.")


class EditionRecord(_Reply):
    """Another language version of the same release."""

    doc_id: str
    language: Language
    headline: str
    url: str


class DocumentRecord(_Reply):
    """A stored document, in the revision asked for."""

    doc_id: str
    revision: int
    current_revision: int
    added_at: str = Field(description="When this revision was stored: UTC, ISO 8601.")
    headline: str
    text: str
    date: str | None
    kind: DocumentKind
    language: Language
    places: list[str]
    url: str
    stored_link: str
    digest: bool
    editions: list[EditionRecord]


class Problem(BaseModel):
    """What went wrong (RFC 9457)."""

    type: str = "about:blank"
    title: str = Field(examples=["Not Found"])
    status: int = Field(examples=[404])
    detail: str
    errors: list[dict[str, str]] = Field([], description="For 422: each wrong part, `pointer` and `detail`.")


def problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The errors of an address, for its `responses`."""
    content = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {status: {"description": Problem.__doc__, "content": content} for status in statuses}
