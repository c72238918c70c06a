"""Which passages answer a question: staff look for a document and mark sentences of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import Response

from bot.answer import Question
from bot.feedback import Action, RightPassage
from bot.web.rendering import Span
from bot.web.staff_answer import kept
from bot.web.staff_desk import Desk, field, see
from corpus.sentences import sentence_spans
from corpus.store import StoredDocument
from index.lexical.analysis import words

_FOUND = 10
_DEPTH = 40
_MAX_CHARACTERS = 300


@dataclass(frozen=True, slots=True)
class MarkableSentence:
    """A sentence that can be marked; `begins_paragraph` says that it is the first of its paragraph."""

    start: int
    end: int
    text: str
    begins_paragraph: bool


def passage_routes(desk: Desk) -> APIRouter:
    """`/staff/questions/{public_id}/passages` (query `words`, `document`), and its forms `mark` and `unmark`."""
    router = APIRouter(prefix="/staff/questions/{public_id}/passages", route_class=desk.route())

    @router.get("")
    def passages(request: Request, public_id: str) -> Response:
        logged = kept(desk, public_id)
        sought = request.query_params.get("words", logged.question)[:_MAX_CHARACTERS]
        doc_id = request.query_params.get("document", "")
        stored = desk.stored(doc_id) if doc_id else None
        return desk.page(
            request,
            "staff_passages.html",
            logged=logged,
            public_id=public_id,
            sought=sought,
            found=[] if stored else found(desk, sought),
            stored=stored,
            sentences=markable(stored) if stored else [],
            problem=request.query_params.get("problem", "") == "none",
        )

    @router.post("/mark")
    def mark(request: Request, public_id: str) -> Response:
        logged = kept(desk, public_id)
        stored = _named(desk, request)
        spans = _joined([_span(text, stored) for text in request.state.form.get("span", [])], stored.document.text)
        here = f"/staff/questions/{public_id}"
        if not spans:
            return see(f"{here}/passages", document=stored.document.doc_id, problem="none")
        marked = [
            RightPassage(stored.document.doc_id, stored.revision, start, end, stored.document.text[start:end])
            for start, end in spans
        ]
        desk.feedback.judgements.mark(logged, marked, request.state.user)
        desk.note(request, Action.MARKED, f"{public_id} {stored.document.doc_id}")
        return see(here)

    @router.post("/unmark")
    def unmark(request: Request, public_id: str) -> Response:
        judgement = desk.feedback.judgements.of(public_id)
        position = field(request, "position")
        passages = judgement.passages if judgement else ()
        if not (position.isascii() and position.isdigit() and int(position[:6]) < len(passages)):
            raise HTTPException(404)
        passage = passages[int(position)]
        desk.feedback.judgements.unmark(public_id, passage)
        desk.note(request, Action.UNMARKED, f"{public_id} {passage.doc_id}")
        return see(f"/staff/questions/{public_id}")

    return router


def found(desk: Desk, sought: str) -> list[StoredDocument]:
    """The documents to choose from, best first: by the index where there is one, else by words in text and headline."""
    if not sought.strip():
        return []
    if desk.explainer is not None:
        hits = desk.explainer.search(Question(sought), _DEPTH)
        doc_ids = list(dict.fromkeys(hit.passage.doc_id for hit, _ in hits))[:_FOUND]
        return [stored for stored in map(desk.stored, doc_ids) if stored and not stored.withdrawn]
    asked = set(words(sought))
    counted = [
        (len(asked & {*words(one.document.title), *words(one.document.text)}), one) for one in desk.store.documents()
    ]
    best = sorted((pair for pair in counted if pair[0]), key=lambda pair: (-pair[0], pair[1].document.doc_id))
    return [stored for _, stored in best[:_FOUND]]


def markable(stored: StoredDocument) -> list[MarkableSentence]:
    """The sentences of a document, in order."""
    text = stored.document.text
    spans = sentence_spans(text, stored.document.language)
    first = {spans[0]} if spans else set()
    first |= {after for before, after in pairwise(spans) if "\n\n" in text[before[1] : after[0]]}
    return [MarkableSentence(*span, text[slice(*span)], span in first) for span in spans]


def _named(desk: Desk, request: Request) -> StoredDocument:
    """The document and revision that the form names: it may have changed since the page was shown."""
    revision = field(request, "revision")
    is_number = revision.isascii() and revision.isdigit() and len(revision) < 9
    stored = desk.stored(field(request, "document"), int(revision)) if is_number else None
    if stored is None:
        raise HTTPException(404)
    return stored


def _span(text: str, stored: StoredDocument) -> Span:
    start, _, end = text.partition("-")
    if not (start.isdecimal() and end.isdecimal() and len(text) < 20):
        raise HTTPException(422)
    span = int(start), int(end)
    if not 0 <= span[0] < span[1] <= len(stored.document.text):
        raise HTTPException(422)
    return span


def _joined(spans: Sequence[Span], text: str) -> list[Span]:
    """Neighbouring sentences of a paragraph as one passage."""
    joined: list[Span] = []
    for start, end in sorted(spans):
        between = text[joined[-1][1] : start] if joined else "\n"
        if not between.strip() and "\n" not in between:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined
