"""The staff desk: recent questions, and each answer beside the stored documents that it cites.

Plain pages without script: there is no API beside them that would have to be guarded.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from bot.errors import FeedbackError
from bot.feedback import FeedbackLog, LoggedAnswer
from bot.settings import Settings
from bot.web.documents import message_page
from bot.web.languages import visitor_language
from bot.web.rendering import Span, render
from bot.web.signin import SignIn, TooManyAttempts
from corpus.errors import DocumentNotFound, StoreError
from corpus.store import CorpusStore, StoredDocument

_PER_PAGE = 50
_MAX_PAGE = 10_000


@dataclass(frozen=True, slots=True)
class CitedDocument:
    """A document of an answer at the revision that was cited, with its quotes; None when it is not stored."""

    doc_id: str
    revision: int
    spans: list[Span]
    stored: StoredDocument | None
    current: StoredDocument | None


def staff_routes(settings: Settings, store: CorpusStore, feedback: FeedbackLog) -> APIRouter:
    """`/staff` and all below it."""
    router = APIRouter(prefix="/staff")
    sign_in = SignIn(settings.server)

    def page(request: Request, template: str, status: int = 200, **values: object) -> Response:
        language = visitor_language(request)
        name = settings.organisation.names.get(language, "")
        return _private(HTMLResponse(render(template, language, organisation=name, **values), status_code=status))

    @router.get("")
    def questions(request: Request) -> Response:
        if not sign_in.is_signed_in(request):
            return page(request, "signin.html", 401, problem="")
        number = _page_number(request)
        try:
            logged = feedback.recent(_PER_PAGE + 1, number * _PER_PAGE)
        except FeedbackError:
            return _unavailable(request, settings)
        return page(
            request,
            "questions.html",
            answers=logged[:_PER_PAGE],
            number=number,
            has_older=len(logged) > _PER_PAGE,
            days=settings.server.keep_questions_days,
        )

    @router.get("/questions/{answer_id}")
    def question(request: Request, answer_id: int) -> Response:
        if not sign_in.is_signed_in(request):
            return page(request, "signin.html", 401, problem="")
        try:
            logged = feedback.get(answer_id)
            cited = _cited_documents(logged, store) if logged else []
        except (FeedbackError, StoreError):
            return _unavailable(request, settings)
        if logged is None:
            return page(request, "question.html", 404, answer=None, cited=[])
        return page(request, "question.html", answer=logged, cited=cited)

    @router.post("/sign-in")
    async def enter(request: Request) -> Response:
        # 303: the browser then gets the desk, and reloading it sends no password again.
        response = _private(RedirectResponse("/staff", 303))
        try:
            if sign_in.enter(await request.body(), response):
                return response
        except TooManyAttempts:
            return page(request, "signin.html", 429, problem="staff_too_many")
        return page(request, "signin.html", 401, problem="staff_wrong")

    @router.post("/sign-out")
    def leave(request: Request) -> Response:
        response = _private(RedirectResponse("/staff", 303))
        sign_in.leave(request, response)
        return response

    return router


def _cited_documents(answer: LoggedAnswer, store: CorpusStore) -> list[CitedDocument]:
    """The documents of an answer, in the order of their first citation."""
    order = list(dict.fromkeys((one.doc_id, one.revision) for one in answer.citations))
    by_document = sorted(answer.citations, key=lambda one: order.index((one.doc_id, one.revision)))
    cited = []
    for (doc_id, revision), citations in groupby(by_document, key=lambda one: (one.doc_id, one.revision)):
        spans = [(one.start, one.end) for one in citations]
        stored, current = _stored(store, doc_id, revision), _stored(store, doc_id)
        cited.append(CitedDocument(doc_id, revision, spans, stored, current))
    return cited


def _stored(store: CorpusStore, doc_id: str, revision: int | None = None) -> StoredDocument | None:
    try:
        return store.get(doc_id, revision)
    except DocumentNotFound:
        return None


def _page_number(request: Request) -> int:
    text = request.query_params.get("page", "")
    return min(int(text), _MAX_PAGE) if text.isascii() and text.isdigit() and len(text) < 9 else 0


def _private(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-store"
    return response


def _unavailable(request: Request, settings: Settings) -> Response:
    language = visitor_language(request)
    return _private(message_page(language, settings.organisation.names.get(language, ""), "unavailable", 503))
