"""The server: the chat, the stored documents, the staff desk, and what stands before them."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import uvicorn
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse, Response
from starlette.exceptions import HTTPException
from starlette.staticfiles import StaticFiles

from bot.answer import Answerer
from bot.errors import FeedbackError
from bot.feedback import FeedbackLog
from bot.settings import Settings
from bot.web.documents import document_routes, message_page
from bot.web.guard import Guard
from bot.web.languages import visitor_language
from bot.web.staff import staff_routes
from corpus.store import CorpusStore

_logger = logging.getLogger(__name__)
_FORGET_EVERY_SECONDS = 3600.0


def create_app(settings: Settings, answerer: Answerer, store: CorpusStore, feedback: FeedbackLog) -> FastAPI:
    """The whole server as one ASGI application."""
    from bot.web.chat import mount_chat  # imports Gradio, which takes seconds

    app = create_pages(settings, store, feedback)
    holds_digests = any(stored.document.digest for stored in store.documents())
    mount_chat(app, settings, answerer, feedback, holds_digests)
    return app


def create_pages(settings: Settings, store: CorpusStore, feedback: FeedbackLog) -> FastAPI:
    """All but the chat: the stored documents, the staff desk, and what stands before them."""

    @contextlib.asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        forgetting = asyncio.create_task(_forget_old_questions(feedback, settings.server.keep_questions_days))
        try:
            yield
        finally:
            forgetting.cancel()

    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None, lifespan=lifespan)
    app.add_middleware(Guard)
    app.mount("/static", StaticFiles(packages=[("bot.web", "static")]))
    app.include_router(document_routes(store, settings.organisation))
    if settings.server.staff_password is not None:
        app.include_router(staff_routes(settings, store, feedback))

    @app.get("/healthz")
    def healthz() -> JSONResponse:
        return JSONResponse({"status": "ok"})

    @app.exception_handler(HTTPException)
    def say_plainly(request: Request, error: HTTPException) -> Response:
        if error.status_code != 404:
            return Response(status_code=error.status_code, headers=error.headers)
        language = visitor_language(request)
        return message_page(language, settings.organisation.names.get(language, ""), "page_missing", 404)

    return app


def run(app: FastAPI, settings: Settings) -> None:
    """Serve until interrupted."""
    server = settings.server
    uvicorn.run(
        app,
        host=server.host,
        port=server.port,
        log_level="warning",
        access_log=False,  # addresses of visitors are kept nowhere
        server_header=False,
        timeout_graceful_shutdown=3,
    )


async def _forget_old_questions(feedback: FeedbackLog, days: int) -> None:
    while True:
        try:
            await asyncio.to_thread(feedback.forget, datetime.now(UTC) - timedelta(days=days))
        except FeedbackError:
            _logger.exception("Old questions could not be deleted from the log")
        await asyncio.sleep(_FORGET_EVERY_SECONDS)
