"""A real browser on a real server: Chromium by Playwright, uvicorn on a free port of this machine."""

from __future__ import annotations

import shutil
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import uvicorn
from fastapi import FastAPI
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from bot.answer import Answerer
from bot.feedback import FeedbackLog
from bot.settings import Settings
from bot.web.server import create_app
from corpus.document import Document
from corpus.store import CorpusStore

ARGUMENTS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip
PASSWORD = "blue herring 7"
DESKTOP = (1280, 800)
PHONE = (375, 740)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    program = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if program is None:
        pytest.fail("The browser tests need Chromium: install it (Debian: apt-get install chromium).", pytrace=False)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=ARGUMENTS)
        yield browser
        browser.close()


@dataclass
class Tripwire:
    """What a page did that it should not do."""

    found: list[str] = field(default_factory=list)

    def watch(self, context: BrowserContext) -> None:
        context.on("request", lambda request: self._request(request.url))
        context.on("response", lambda reply: reply.status >= 500 and self.found.append(f"{reply.status} {reply.url}"))
        context.on("dialog", lambda dialog: (self.found.append(f"dialog {dialog.message}"), dialog.dismiss()))
        context.on("weberror", lambda error: self.found.append(f"error {error.error}"))
        context.on("console", lambda message: message.type == "error" and self._console(message.text))

    def _console(self, text: str) -> None:
        if "status of 401" not in text:  # the sign-in page
            self.found.append(f"console {text}")

    def _request(self, url: str) -> None:
        if urlsplit(url).scheme not in ("data", "blob", "about") and urlsplit(url).hostname != "127.0.0.1":
            self.found.append(f"request {url}")


@pytest.fixture
def tripwire() -> Iterator[Tripwire]:
    """Fails the test when a page asked another host for anything, opened a dialog or had an error."""
    wire = Tripwire()
    yield wire
    assert wire.found == []


@pytest.fixture
def open_page(browser: Browser, tripwire: Tripwire) -> Iterator[Callable[..., Page]]:
    """Open an address as a visitor of a language, on a screen of a size."""
    contexts = []

    def open_at(
        address: str, locale: str = "en-GB", size: tuple[int, int] = DESKTOP, reduced_motion: str = "reduce"
    ) -> Page:
        context = browser.new_context(
            locale=locale,
            viewport={"width": size[0], "height": size[1]},
            reduced_motion=reduced_motion,  # type: ignore[arg-type]
        )
        context.set_default_timeout(20_000)
        tripwire.watch(context)
        contexts.append(context)
        page = context.new_page()
        page.goto(address)
        return page

    yield open_at
    for context in contexts:
        context.close()


@contextmanager
def running(app: FastAPI) -> Iterator[str]:
    """Serve on a free port; the address."""
    listener = socket.create_server(("127.0.0.1", 0))
    # As for the sockets that uvicorn opens itself; else each reply but the first of a connection waits 40 ms.
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    server = uvicorn.Server(uvicorn.Config(app, log_level="warning", timeout_graceful_shutdown=1))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join()
        listener.close()


@contextmanager
def serving(
    folder: Path, answerer: Answerer, documents: list[Document], **server: object
) -> Iterator[tuple[str, FeedbackLog]]:
    """The whole server over some documents, with settings of `server`; where it listens, and its log."""
    # Tests ask faster than people.
    unlimited = {"questions_per_minute": 0, "requests_per_minute": 0}
    settings = Settings(data=folder, server={"staff_password": PASSWORD, **unlimited, **server})  # type: ignore[arg-type]
    with CorpusStore.open(settings.corpus_path, create=True) as store:
        for document in documents:
            store.add(document)
        with (
            FeedbackLog.open(settings.feedback_path) as feedback,
            running(create_app(settings, answerer, store, feedback)) as address,
        ):
            yield address, feedback


def ask(page: Page, question: str) -> None:
    """Ask by typing and Enter, and wait for the answer."""
    answers = page.locator(".exchange .answer")
    before = answers.count()
    page.locator("#question textarea, #question input").fill(question)
    page.keyboard.press("Enter")
    answers.nth(min(before, 19)).wait_for()
    page.locator(".exchange.pending").wait_for(state="detached")
