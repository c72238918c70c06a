"""The page of a stored document, with quotes marked in it."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from bot.settings import Settings
from bot.web.languages import visitor_language
from bot.web.rendering import Span, render
from corpus.document import Language
from corpus.errors import DocumentNotFound, StoreError
from corpus.store import CorpusStore, StoredDocument

_MAX_SPANS = 50
_MAX_DIGITS = 9


def document_routes(store: CorpusStore, settings: Settings) -> APIRouter:
    """`/documents/{doc_id}`: query `revision`, and `start` and `end` once for each quote."""
    router = APIRouter()

    @router.get("/documents/{doc_id:path}", response_class=HTMLResponse)
    def document(request: Request, doc_id: str) -> HTMLResponse:
        language = visitor_language(request)
        name = settings.organisation.names.get(language, "")
        try:
            current = store.get(doc_id)
            if current.withdrawn:
                return message_page(settings, language, "withdrawn", 410)
            shown, spans = _asked_for(request, store, current)
        except DocumentNotFound:
            return message_page(settings, language, "not_found", 404)
        except StoreError:
            return message_page(settings, language, "unavailable", 503)
        page = render(
            "document.html",
            language,
            settings.server.root_path,
            organisation=name,
            document=shown.document,
            stored=shown,
            spans=spans,
            current_revision=current.revision,
            revision_missing=_number(request.query_params.get("revision", "")) not in (None, shown.revision),
        )
        # What is searched for is to be found on the organisation's site, not in our copy.
        return HTMLResponse(page, headers={"X-Robots-Tag": "noindex"})

    return router


def message_page(settings: Settings, language: Language, key: str, status: int) -> HTMLResponse:
    """A plain page that says one thing, such as that a document is not there."""
    name = settings.organisation.names.get(language, "")
    page = render("message.html", language, settings.server.root_path, organisation=name, key=key)
    return HTMLResponse(page, status_code=status)


def _asked_for(request: Request, store: CorpusStore, current: StoredDocument) -> tuple[StoredDocument, list[Span]]:
    """The revision and the quotes that the address names; what makes no sense in it is passed over."""
    revision = _number(request.query_params.get("revision", ""))
    try:
        shown = current if revision in (None, current.revision) else store.get(current.document.doc_id, revision)
    except DocumentNotFound:
        # The quotes belong to the missing revision: marked in another one they could mark other words.
        return current, []
    return shown, _spans(request.query_params.getlist("start"), request.query_params.getlist("end"))


def _spans(starts: list[str], ends: list[str]) -> list[Span]:
    pairs: list[tuple[Any, Any]] = [
        (_number(start), _number(end)) for start, end in zip(starts[:_MAX_SPANS], ends, strict=False)
    ]
    return [(start, end) for start, end in pairs if start is not None and end is not None]


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= _MAX_DIGITS else None
