"""The server: the chat, the stored documents, the staff desk, and what stands before them."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta
from importlib import resources

import uvicorn
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from starlette.exceptions import HTTPException
from starlette.middleware.cors import CORSMiddleware
from starlette.staticfiles import StaticFiles

from bot.answer import Question
from bot.api.completions import completions_app
from bot.api.health import health_routes
from bot.api.rest import rest_app
from bot.api.service import Engine, Service
from bot.errors import FeedbackError
from bot.explain import Explainer
from bot.feedback import FeedbackLog
from bot.observe.engine import ObservedEngine
from bot.observe.metrics import Metrics
from bot.observe.state import server_state
from bot.settings import Settings
from bot.suggest import Suggestions
from bot.web.answers import answer_routes
from bot.web.below import Below
from bot.web.documents import document_routes, message_page
from bot.web.guard import Guard
from bot.web.languages import visitor_language
from bot.web.opening import Opening
from bot.web.requests import RequestLog, Responses, chat_request_id
from bot.web.staff import staff_routes
from corpus.store import CorpusStore

_logger = logging.getLogger(__name__)
_FORGET_EVERY_SECONDS = 3600.0
_OPEN_SECONDS = "5"
_KEEP_ALIVE_SECONDS = 75
"""Longer than nginx keeps a connection that is not used (60): what it sends just when we end one would be lost."""
_SAID = {403: "page_refused", 404: "page_missing"}


def create_app(
    settings: Settings,
    answerer: Engine,
    store: CorpusStore,
    feedback: FeedbackLog,
    suggestions: Suggestions | None = None,
    metrics: Metrics | None = None,
) -> FastAPI:
    """The whole server as one ASGI application, which counts in `metrics`.

    Without `suggestions` the chat offers no questions to ask next.
    """
    from bot.api.tools import mount_tools  # these two import Gradio, which takes seconds
    from bot.web.chat import mount_chat

    app = create_pages(settings, store, feedback, answerer if isinstance(answerer, Explainer) else None, metrics)
    service = mount_api(app, settings, ObservedEngine(answerer, metrics), store, feedback)
    if metrics is not None:
        metrics.watch(lambda: server_state(settings, answerer.snapshot, service.waiting, store, feedback))
    mount_tools(app, service, settings)
    chatting = ObservedEngine(answerer, metrics, face="chat", request_id=chat_request_id)
    mount_chat(app, settings, chatting, feedback, store, suggestions)
    return app


def create_early_app(
    settings: Settings, answerer: Engine, store: CorpusStore, feedback: FeedbackLog, metrics: Metrics | None = None
) -> FastAPI:
    """All but the chat and the tools, for the seconds in which these are made: see `bot.web.opening`."""
    app = create_pages(settings, store, feedback, answerer if isinstance(answerer, Explainer) else None, metrics)
    mount_api(app, settings, ObservedEngine(answerer, metrics), store, feedback, opening=True)

    @app.get("/{path:path}", include_in_schema=False)
    def not_yet(path: str) -> Response:
        raise HTTPException(503, path, headers={"Retry-After": _OPEN_SECONDS})

    return app


def mount_api(
    app: FastAPI,
    settings: Settings,
    answerer: Engine,
    store: CorpusStore,
    feedback: FeedbackLog,
    *,
    opening: bool = False,
) -> Service:
    """Put the API below `/api` and `/v1`, and `/healthz` and `/readyz`; return what answers there."""
    service = Service(answerer, feedback, settings)
    app.include_router(health_routes(service, store, opening))
    app.mount("/api", rest_app(service, store, feedback, settings.server))
    app.mount("/v1", completions_app(service, settings.organisation.contact_url))
    return service


def create_pages(
    settings: Settings,
    store: CorpusStore,
    feedback: FeedbackLog,
    explainer: Explainer | None = None,
    responses: Responses | None = None,
) -> FastAPI:
    """All but the chat: the stored documents, the staff desk, and what stands before them."""

    @contextlib.asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        forgetting = asyncio.create_task(_forget_old_questions(feedback, settings.server.keep_questions_days))
        try:
            yield
        finally:
            forgetting.cancel()

    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None, lifespan=lifespan)
    app.add_middleware(Guard, server=settings.server)
    # Around the guard; Gradio, which would let other origins in, then leaves the matter to it.
    app.add_middleware(
        CORSMiddleware,
        allow_origins=settings.server.allowed_origins,
        allow_methods=("GET", "POST"),
        allow_headers=("*",),
    )
    app.add_middleware(RequestLog, responses=responses)
    app.add_middleware(Below, root=settings.server.root_path)
    app.mount("/static", StaticFiles(packages=[("bot.web", "static")]))
    app.include_router(document_routes(store, settings))
    app.include_router(answer_routes(settings, store, feedback))
    app.include_router(staff_routes(settings, store, feedback, explainer))

    @app.get("/widget.js")
    def widget() -> Response:
        script = (resources.files("bot.web") / "static" / "widget.js").read_bytes()
        headers = {"Cross-Origin-Resource-Policy": "cross-origin"}  # it is there for pages of other origins
        return Response(script, media_type="text/javascript", headers=headers)

    @app.exception_handler(HTTPException)
    def say_plainly(request: Request, error: HTTPException) -> Response:
        key = "unavailable" if error.status_code >= 500 else _SAID.get(error.status_code, "page_unreadable")
        page = say(request, key, error.status_code)
        page.headers.update(error.headers or {})
        return page

    @app.exception_handler(RequestValidationError)
    def say_unreadable(request: Request, _: RequestValidationError) -> Response:
        return say(request, "page_unreadable", 422)

    def say(request: Request, key: str, status: int) -> Response:
        return message_page(settings, visitor_language(request), key, status)

    return app


def run(
    settings: Settings,
    answerer: Engine,
    store: CorpusStore,
    feedback: FeedbackLog,
    suggestions: Suggestions,
    metrics: Metrics,
    made: Callable[[], None] = lambda: None,
) -> None:
    """Serve until interrupted: the API at once, the chat as soon as it is made; raises what making it raises.

    Calls `made` when the chat is there.
    """

    def make() -> FastAPI:
        # What a first answer imports and reads comes before the chat: they would share the interpreter.
        answerer.answer(Question(settings.organisation.acronyms[0] if settings.organisation.acronyms else "?"))
        whole = create_app(settings, answerer, store, feedback, suggestions, metrics)
        suggestions.learn_aside()
        made()
        return whole

    def stop() -> None:
        server.should_exit = True

    early = create_early_app(settings, answerer, store, feedback, metrics)
    opening = Opening(early, make, stop)
    server = uvicorn.Server(
        uvicorn.Config(
            opening,
            host=settings.server.host,
            port=settings.server.port,
            log_level="warning",
            forwarded_allow_ips=list(settings.server.trusted_proxies),
            log_config=None,  # its events go the way of all others: see bot/observe/logs.py
            access_log=False,  # addresses of visitors are kept nowhere
            server_header=False,
            timeout_graceful_shutdown=3,
            timeout_keep_alive=_KEEP_ALIVE_SECONDS,
        )
    )
    with contextlib.suppress(KeyboardInterrupt):
        server.run()
    if opening.error is not None:
        raise opening.error


async def _forget_old_questions(feedback: FeedbackLog, days: int) -> None:
    while True:
        try:
            await asyncio.to_thread(feedback.forget, datetime.now(UTC) - timedelta(days=days))
        except FeedbackError:
            _logger.exception("Old questions could not be deleted from the log")
        await asyncio.sleep(_FORGET_EVERY_SECONDS)
