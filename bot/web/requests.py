"""Each request by an id: taken from X-Request-ID or made here, given back, and logged with how the request ended."""

from __future__ import annotations

import re
import secrets
import time
from typing import Protocol

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.observe.logs import begin_request, log
from corpus.document import Language

HEADER = "X-Request-ID"
MAX_ID_CHARACTERS = 64
_UNFIT = re.compile(r"[^A-Za-z0-9._-]")
_LANGUAGES = "|".join(Language)
_OF_GRADIO = re.compile(rf"/({_LANGUAGES})/gradio_api/.*|/mcp/.*")
# Asked for by the dozen, by every page or every few seconds.
_QUIET = re.compile(
    rf"/({_LANGUAGES})/(assets/.*|theme\.css|gradio_api/(heartbeat/.*|startup-events))|/static/.*|/healthz|/readyz"
)
_FACES = (("/api/", "api"), ("/v1/", "completions"), ("/mcp", "tools"), ("/staff", "staff"), ("/documents/", "pages"))


class Responses(Protocol):
    """Whoever counts responses."""

    def responded(self, face: str, status: int) -> None:
        """A request to that part of the server has ended with that status."""


class RequestLog:
    """ASGI middleware around all that answer: what the others refuse is logged, too."""

    def __init__(self, app: ASGIApp, responses: Responses | None = None) -> None:
        """Stand before `app`."""
        self._app = app
        self._responses = responses

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on with its id, and log how it ended."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        given = Headers(scope=scope).get(HEADER, "")
        request_id = cleaned(given) or secrets.token_hex(8)
        face = face_of(scope["path"])
        # Gradio starts tasks that outlive the request; they must not go on under its id.
        if _OF_GRADIO.fullmatch(scope["path"]):
            begin_request()
        else:
            begin_request(request_id=request_id, face=face)
        name = HEADER.lower().encode()
        headers = [(key, value) for key, value in scope["headers"] if key.lower() != name]
        started = time.perf_counter()
        status = 500  # unless a response begins

        async def noted(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                MutableHeaders(scope=message)[HEADER] = request_id
            await send(message)

        try:
            await self._app({**scope, "headers": [*headers, (name, request_id.encode())]}, receive, noted)
        finally:
            if self._responses is not None:
                self._responses.responded(face, status)
            path = scope["path"]
            log(
                __name__,
                "request",
                "debug" if _QUIET.fullmatch(path) and status < 500 else "info",
                request_id=request_id,
                face=face,
                method=scope["method"],
                # What is not found may be a visitor's words; an address with a query is logged without it.
                path=path[:200] if status not in (404, 405) else "",
                status=status,
                ms=round((time.perf_counter() - started) * 1000, 1),
            )


def cleaned(request_id: str) -> str:
    """Of an id that came with a request, what may stand in a log: letters, digits, `.`, `_`, `-`, at most 64."""
    return _UNFIT.sub("", request_id)[:MAX_ID_CHARACTERS]


def face_of(path: str) -> str:
    """The part of the server that an address belongs to."""
    return next((face for start, face in _FACES if path.startswith(start)), "chat")


def chat_request_id() -> str:
    """The id of the request that brought the chat's event that is being worked at; empty when there is none."""
    from gradio.context import LocalContext  # which takes seconds

    request = LocalContext.request.get(None)
    return str(request.headers.get(HEADER.lower(), "")) if request is not None and request.headers else ""
