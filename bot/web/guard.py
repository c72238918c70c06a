"""What stands before all pages: which addresses are reached, how large a request may be, what every reply carries.

Gradio serves more than its page needs (uploads, monitoring, files, an open API) and takes bodies of 20 MB.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import JSONResponse, PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.api.errors import refusal
from bot.locales import texts
from bot.settings import ServerSettings, origin_of
from bot.web.limits import RateLimits
from corpus.document import Language

MAX_BODY_BYTES = 16 * 1024

_LANGUAGES = "|".join(Language)
# All that the browser asks of Gradio while it shows the chat.
_GRADIO = re.compile(
    rf"GET /({_LANGUAGES})/(assets/.+|theme\.css|gradio_api/(queue/data|heartbeat/\w+|startup-events))"
    rf"|GET /({_LANGUAGES})/answers/[\w-]+"
    rf"|POST /({_LANGUAGES})/gradio_api/(queue/join|cancel|reset)"
)
_CHAT = re.compile(rf"/({_LANGUAGES})/gradio_api/")
_UNDER_GRADIO = re.compile(rf"/({_LANGUAGES})/.+|/mcp/.*")
# What a page of an allowed origin may show in a frame: the chat, and what it leads to.
_FRAMED = re.compile(rf"/({_LANGUAGES})/(answers/[\w-]+)?|/documents/.+")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_TOOLS = "/mcp"
_TOOLS_IN_GRADIO = "/mcp/gradio_api/mcp/"

_HEADERS: Mapping[str, str] = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": (
        "accelerometer=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), magnetometer=(), microphone=(),"
        " midi=(), payment=(), publickey-credentials-get=(), screen-wake-lock=(), usb=(), xr-spatial-tracking=()"
    ),
}
# Pages without script; the chat page sets a policy of its own.
SCRIPTLESS_POLICY = "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'"
_NO_ONE = "'none'"
_RETRY_SECONDS = "5"
_IMMUTABLE = "public, max-age=31536000, immutable"


class Guard:
    """ASGI middleware around the whole server."""

    def __init__(self, app: ASGIApp, server: ServerSettings) -> None:
        """Stand before `app`; pages of the allowed origins may frame the chat and call the tools."""
        self._app = app
        self._allowed_origins = server.allowed_origins
        self._limits = RateLimits(server)
        self._own_origin = origin_of(server.base_url)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse a request, or pass it on and complete the headers of its reply."""
        if scope["type"] != "http":
            # No page of ours opens a web socket.
            await (self._app(scope, receive, send) if scope["type"] == "lifespan" else _closed(send))
            return
        path = scope["path"]
        guarded = _completing(send, path, self._allowed_origins)
        wait = self._limits.wait(scope)
        if wait:
            await _too_many(path, wait)(scope, receive, guarded)
            return
        refused = self._refusal(scope, path)
        if refused is None:
            body = await _body(scope, receive)
            if body is not None:
                await self._app(_led(scope, path), _replaying(body, receive), guarded)
                return
            refused = 413, "The request is too large"
        await _said(path, *refused)(scope, receive, guarded)

    def _refusal(self, scope: Scope, path: str) -> tuple[int, str] | None:
        """Status and reason when an address, or who calls it, is refused before the body is read."""
        if _CONTROL.search(path):  # to routes, whose dots fit no end of a line, such an address is nobody's
            return 404, "Not found"
        if _UNDER_GRADIO.fullmatch(path) and not _GRADIO.fullmatch(f"{_read_method(scope)} {path}"):
            return 404, "Not found"
        if path != _TOOLS:
            return None
        if scope["method"] != "POST":
            return 405, "Tools are called by POST"
        # A page that has made its own name lead to this machine cannot call the tools (DNS rebinding).
        origin = Headers(scope=scope).get("origin")
        if origin not in (None, self._own_origin, *self._allowed_origins):
            return 403, "This origin is not allowed to call the tools"
        return None


def _led(scope: Scope, path: str) -> Scope:
    """The request, led to where Gradio has mounted the tools when it asks for them."""
    return {**scope, "path": _TOOLS_IN_GRADIO, "raw_path": _TOOLS_IN_GRADIO.encode()} if path == _TOOLS else scope


def _said(path: str, status: int, reason: str, headers: Mapping[str, str] | None = None) -> ASGIApp:
    headers = {"Allow": "POST"} if status == 405 else headers
    if path == _TOOLS or path.startswith(("/api/", "/v1/")):
        return refusal(path, status, reason, headers)
    return PlainTextResponse(reason, status, headers)


def _too_many(path: str, wait: int) -> ASGIApp:
    headers = {"Retry-After": str(wait)}
    chat = _CHAT.match(path)
    if chat:  # Gradio's page shows the visitor what stands in `detail`
        sentence = texts(Language(chat.group(1)))("too_many", seconds=wait)
        return JSONResponse({"detail": sentence}, 429, headers)
    return _said(path, 429, f"Too many requests: try again in {wait} seconds", headers)


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


def _completing(send: Send, path: str, allowed_origins: tuple[str, ...]) -> Send:
    framed_by = " ".join(allowed_origins) if _FRAMED.fullmatch(path) else ""

    async def complete(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in _HEADERS.items():
                headers.setdefault(name, value)
            policy = headers.get("Content-Security-Policy", SCRIPTLESS_POLICY)
            headers["Content-Security-Policy"] = f"{policy}; frame-ancestors {framed_by or _NO_ONE}"
            if not framed_by:  # which knows no list of origins
                headers["X-Frame-Options"] = "DENY"
            if message["status"] in (429, 503):  # Gradio says of a full queue no more than the status
                headers.setdefault("Retry-After", _RETRY_SECONDS)
            if "/assets/" in path and message["status"] == 200:
                headers["Cache-Control"] = _IMMUTABLE  # Gradio's files carry a digest in their names
            else:
                headers.setdefault("Cache-Control", "no-cache")
        await send(message)

    return complete


async def _closed(send: Any) -> None:
    await send({"type": "websocket.close", "code": 1000})
