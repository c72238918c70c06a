"""The API answers while the chat, whose libraries take seconds to import, is made beside it."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from typing import Any

from fastapi import FastAPI
from starlette.types import ASGIApp, Receive, Scope, Send


class Opening:
    """An ASGI application: an early one at first, and from then on, when it is made, the whole one.

    A request goes to one of the two from its beginning to its end. `failed` is called when the whole one cannot be
    made; `error` then says why.
    """

    def __init__(self, early: ASGIApp, make: Callable[[], FastAPI], failed: Callable[[], None]) -> None:
        """Serve `early` until `make`, called in a thread of its own, has returned and its lifespan has begun."""
        self.error: BaseException | None = None
        self._now = early
        self._make = make
        self._failed = failed

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or live from start to stop."""
        if scope["type"] == "lifespan":
            await self._live(receive, send)
        else:
            await self._now(scope, receive, send)

    async def _live(self, receive: Receive, send: Send) -> None:
        await receive()
        await send({"type": "lifespan.startup.complete"})
        stop, made = asyncio.ensure_future(receive()), self._made()
        ends: set[asyncio.Future[Any]] = {stop, made}
        await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
        if made.done():
            try:
                whole = made.result()
                async with whole.router.lifespan_context(whole):
                    self._now = whole
                    await stop
            except Exception as error:  # whatever it is, there is no server without a chat
                self.error = error
                self._failed()
                await stop
        await send({"type": "lifespan.shutdown.complete"})

    def _made(self) -> asyncio.Future[FastAPI]:
        loop = asyncio.get_running_loop()
        made: asyncio.Future[FastAPI] = loop.create_future()

        def tell(whole: FastAPI | None, error: BaseException | None) -> None:
            if error is not None:
                made.set_exception(error)
            elif whole is not None:
                made.set_result(whole)

        def make() -> None:
            try:
                whole, error = self._make(), None
            except BaseException as raised:
                whole, error = None, raised
            if not loop.is_closed():
                loop.call_soon_threadsafe(tell, whole, error)

        # A server that is stopped meanwhile does not wait for it.
        threading.Thread(target=make, name="open-chat", daemon=True).start()
        return made
