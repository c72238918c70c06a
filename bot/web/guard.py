"""What stands before all pages: which addresses are reached, how large a request may be, what every reply carries.

Gradio serves more than its page needs (uploads, monitoring, files, an open API) and takes bodies of 20 MB.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from corpus.document import Language

MAX_BODY_BYTES = 16 * 1024

_LANGUAGES = "|".join(Language)
# All that the browser asks of Gradio while it shows the chat.
_GRADIO = re.compile(
    rf"GET /({_LANGUAGES})/(assets/.+|theme\.css|gradio_api/(queue/data|heartbeat/\w+|startup-events))"
    rf"|POST /({_LANGUAGES})/gradio_api/queue/join"
)
_UNDER_GRADIO = re.compile(rf"/({_LANGUAGES})/.+")

_HEADERS: Mapping[str, str] = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
# Pages without script; the chat page sets a policy of its own.
SCRIPTLESS_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_IMMUTABLE = "public, max-age=31536000, immutable"


class Guard:
    """ASGI middleware around the whole server."""

    def __init__(self, app: ASGIApp) -> None:
        """Stand before `app`."""
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse a request, or pass it on and complete the headers of its reply."""
        if scope["type"] != "http":
            # No page of ours opens a web socket.
            await (self._app(scope, receive, send) if scope["type"] == "lifespan" else _closed(send))
            return
        path = scope["path"]
        guarded = _completing(send, path)
        if _UNDER_GRADIO.fullmatch(path) and not _GRADIO.fullmatch(f"{_read_method(scope)} {path}"):
            await PlainTextResponse("Not found", 404)(scope, receive, guarded)
            return
        body = await _body(scope, receive)
        if body is None:
            await PlainTextResponse("The request is too large", 413)(scope, receive, guarded)
            return
        await self._app(scope, _replaying(body, receive), guarded)


def _read_method(scope: Scope) -> str:
    return "GET" if scope["method"] == "HEAD" else str(scope["method"])


async def _body(scope: Scope, receive: Receive) -> bytes | None:
    """The whole body, or None as soon as it is known to be too large."""
    announced = Headers(scope=scope).get("content-length", "0")
    if not announced.isdigit() or int(announced[:9]) > MAX_BODY_BYTES:
        return None
    body = bytearray()
    while True:
        message = await receive()
        body += message.get("body", b"")
        if len(body) > MAX_BODY_BYTES:
            return None
        if message["type"] == "http.disconnect" or not message.get("more_body", False):
            return bytes(body)


def _replaying(body: bytes, receive: Receive) -> Receive:
    """Hand the body out again, then whatever comes next (the end of the connection)."""
    waiting: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def replay() -> Message:
        return waiting.pop() if waiting else await receive()

    return replay


def _completing(send: Send, path: str) -> Send:
    async def complete(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in _HEADERS.items():
                headers.setdefault(name, value)
            headers.setdefault("Content-Security-Policy", SCRIPTLESS_POLICY)
            if "/assets/" in path and message["status"] == 200:
                headers["Cache-Control"] = _IMMUTABLE  # Gradio's files carry a digest in their names
            else:
                headers.setdefault("Cache-Control", "no-cache")
        await send(message)

    return complete


async def _closed(send: Any) -> None:
    await send({"type": "websocket.close", "code": 1000})
