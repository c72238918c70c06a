"""The REST addresses, an application of their own below /api: questions, passages, documents, answers, votes."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, FastAPI, Query
from fastapi.responses import JSONResponse, Response
from starlette.exceptions import HTTPException

from bot.answer import Answer, AnswerStatus, hit_record
from bot.api import models
from bot.api.docs import document_api
from bot.api.editions import Editions
from bot.api.errors import handle_errors, json_only, problem
from bot.api.models import problems
from bot.api.service import Service
from bot.cite import stored_link
from bot.feedback import FeedbackLog, LoggedAnswer
from bot.settings import ServerSettings
from corpus.document import Document
from corpus.errors import DocumentNotFound
from corpus.store import CorpusStore, StoredDocument

_BODY_PROBLEMS = (400, 413, 415, 422)


def rest_app(service: Service, store: CorpusStore, feedback: FeedbackLog, server: ServerSettings) -> FastAPI:
    """The application to be mounted at /api; `server` says how addresses begin."""
    app = FastAPI(
        title="orgbot",
        version="1",
        description="Questions answered from an organisation's own pages, every statement cited to the very words.",
        docs_url=None,
        redoc_url=None,
        openapi_url="/v1/openapi.json",
        root_path_in_servers=False,  # it is said whole in the schema: see bot/api/docs.py
    )
    handle_errors(app, problem, 422)
    for routes in (_questions(service), _documents(service, store, server.base_url), _answers(feedback)):
        app.include_router(routes, prefix="/v1")
    document_api(app, server.root_path)
    return app


def _questions(service: Service) -> APIRouter:
    """What many may ask at once: replies are written as they are, since to check them by their models takes longer
    than to search (the tests do it)."""
    router = APIRouter(tags=["questions"], dependencies=[Depends(json_only), Depends(service.refuse_when_full)])
    responses = problems(*_BODY_PROBLEMS, 503)

    @router.post("/ask", response_model=models.AnswerRecord, responses=responses, operation_id="ask")
    def ask(asked: models.AskRequest) -> Response:
        """Answer a question from the documents. Having no answer is a status, not an error."""
        answer, answer_id = service.ask(service.question(asked.question, asked.earlier, asked.filters.kept()))
        if answer.status is AnswerStatus.ERROR:
            raise HTTPException(503, answer.message or "The question could not be answered: try again.")
        return JSONResponse(answer_record(answer, answer_id))

    @router.post("/search", response_model=models.SearchReply, responses=responses, operation_id="search")
    def search(asked: models.SearchRequest) -> Response:
        """Find the passages nearest to a question."""
        hits = service.search(service.question(asked.question, asked.earlier, asked.filters.kept()), asked.k)
        return JSONResponse({"question": asked.question, "hits": [hit_record(hit, url) for hit, url in hits]})

    return router


def _documents(service: Service, store: CorpusStore, base_url: str) -> APIRouter:
    router = APIRouter(tags=["documents"])
    editions = Editions(store)

    @router.get(
        "/documents/{doc_id:path}",
        response_model=models.DocumentRecord,
        responses=problems(404, 410, 422, 503),
        operation_id="document",
    )
    def document(
        doc_id: str,
        revision: Annotated[int | None, Query(ge=1, le=2**31, description="The current one by default.")] = None,
    ) -> dict[str, Any]:
        """One stored document: the current revision, or the one asked for."""
        try:
            current = store.get(doc_id)
            if current.withdrawn:
                raise HTTPException(410, f"The document {doc_id!r} was withdrawn.")
            shown = current if revision is None else store.get(doc_id, revision)
        except DocumentNotFound as error:
            raise HTTPException(404, str(error)) from None
        others = editions.others(current.document, service.snapshot())
        return _document_record(shown, current.revision, others, base_url)

    return router


def _answers(feedback: FeedbackLog) -> APIRouter:
    router = APIRouter(tags=["answers"])

    @router.get(
        "/answers/{answer_id}",
        response_model=models.LoggedAnswerRecord,
        responses=problems(404, 422, 503),
        operation_id="answer",
    )
    def answer(answer_id: str) -> dict[str, Any]:
        """An answer as it was given, for as long as it is kept."""
        logged = feedback.find(answer_id)
        if logged is None:
            raise _no_answer(answer_id)
        return _logged_record(logged)

    @router.post(
        "/feedback",
        status_code=204,
        dependencies=[Depends(json_only)],
        responses=problems(404, *_BODY_PROBLEMS, 503),
        operation_id="vote",
    )
    def vote(given: models.FeedbackRequest) -> Response:
        """Vote on an answer; a second vote on it replaces the first."""
        if not feedback.vote(given.answer_id, given.vote, given.reason, given.comment):
            raise _no_answer(given.answer_id)
        return Response(status_code=204)

    return router


def answer_record(answer: Answer, answer_id: str | None) -> dict[str, Any]:
    """The JSON of `orgbot ask --json`, and the id of the answer."""
    return {"answer_id": answer_id, **answer.to_record()}


def _no_answer(answer_id: str) -> HTTPException:
    return HTTPException(404, f"No answer {answer_id!r} is kept.")


def _logged_record(logged: LoggedAnswer) -> dict[str, Any]:
    return {**answer_record(logged.answer, logged.public_id), "asked_at": logged.asked_at.isoformat()}


def _document_record(
    stored: StoredDocument, current_revision: int, editions: list[Document], base_url: str
) -> dict[str, Any]:
    document = stored.document
    return {
        "doc_id": document.doc_id,
        "revision": stored.revision,
        "current_revision": current_revision,
        "added_at": stored.added_at.isoformat(),
        "headline": document.title,
        "text": document.text,
        "date": str(document.date) if document.date else None,
        "kind": document.kind,
        "language": document.language,
        "places": document.places,
        "url": document.url,
        "stored_link": stored_link(base_url, document.doc_id, stored.revision),
        "digest": document.digest,
        "editions": [
            {"doc_id": one.doc_id, "language": one.language, "headline": one.title, "url": one.url} for one in editions
        ],
    }
