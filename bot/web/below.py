"""The server below a path of a host that serves other things, too, such as https://www.example.org/ask/."""

from __future__ import annotations

from urllib.parse import quote, urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send


class Below:
    """ASGI middleware, the outermost: within, all addresses begin at `/`, as they do on a host of our own.

    A proxy may strip the root from what it asks for, or leave it. Redirects lead below the root again.
    """

    def __init__(self, app: ASGIApp, root: str) -> None:
        """Stand before `app`; `root` is `/ask` or the like, or empty."""
        self._app = app
        self._root = root

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Take the root from the address of a request, and put it before where the reply leads to."""
        if not self._root or scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        host = Headers(scope=scope).get("host", "")

        async def led(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                if "location" in headers:
                    headers["location"] = self._below(headers["location"], host)
            await send(message)

        await self._app(self._stripped(scope), receive, led)

    def _stripped(self, scope: Scope) -> Scope:
        path = scope["path"]
        if path != self._root and not path.startswith(f"{self._root}/"):
            return scope
        path = path.removeprefix(self._root) or "/"
        # Made anew: sent in another spelling (/%61sk), the raw path does not begin as the other one does.
        return {**scope, "path": path, "raw_path": quote(path).encode()}

    def _below(self, location: str, host: str) -> str:
        """A place of this server below the root; another one as it is."""
        parts = urlsplit(location)
        own = not parts.netloc or parts.netloc == host
        if not own or not parts.path.startswith("/"):
            return location
        # Relative to the host: behind a proxy the scheme may be another one.
        return parts._replace(scheme="", netloc="", path=self._root + parts.path).geturl()
