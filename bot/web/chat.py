"""The chat: a Gradio page for each language, in a page of ours.

This module imports Gradio, which takes seconds: import it where it is used.
"""

from __future__ import annotations

import asyncio
import re
import secrets
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import gradio as gr
from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse, RedirectResponse
from gradio.route_utils import get_root_url
from gradio.routes import toorjson

from bot.answer import Answerer
from bot.feedback import FeedbackLog
from bot.settings import Settings
from bot.suggest import Suggestions
from bot.web.blocks import blocks_of
from bot.web.conversation import Drawing
from bot.web.events import Chat
from bot.web.languages import visitor_language
from bot.web.rendering import render
from bot.web.sessions import keep_little
from corpus.document import Language
from corpus.store import CorpusStore

# Gradio draws its page with inline styles and compiled templates; nothing may come from elsewhere.
_POLICY = (
    "default-src 'none'; script-src 'self' 'nonce-{nonce}' 'unsafe-eval'; style-src 'self' 'unsafe-inline';"
    " img-src 'self' data:; font-src 'self' data:; connect-src 'self'; form-action 'none'; base-uri 'none'"
)


def mount_chat(
    app: FastAPI,
    settings: Settings,
    answerer: Answerer,
    feedback: FeedbackLog,
    store: CorpusStore,
    suggestions: Suggestions | None = None,
) -> None:
    """Put the chat at `/fr/`, `/en/` and `/es/`; `/` leads to the visitor's language.

    Without `suggestions` no questions to ask next are offered.
    """
    drawing = Drawing(settings, store)
    holds_digests = any(stored.document.digest for stored in store.documents())

    @app.get("/")
    def choose_language(request: Request) -> RedirectResponse:
        headers = {"Vary": "Accept-Language", "Cache-Control": "no-store"}
        return RedirectResponse(f"/{visitor_language(request)}/", 307, headers=headers)

    async def mount_all() -> None:
        for language in Language:
            chat = Chat(language, answerer, feedback, settings, drawing, suggestions)
            _mount_language(app, language, chat, settings, holds_digests)

    # Gradio makes an event loop, which it never closes, for each lock that it makes outside of one; a thread of
    # its own, since the caller's may already run a loop.
    with ThreadPoolExecutor(1) as thread:
        thread.submit(lambda: asyncio.run(mount_all())).result()


def _mount_language(app: FastAPI, language: Language, chat: Chat, settings: Settings, holds_digests: bool) -> None:
    path = f"/{language}"
    blocks = blocks_of(language, chat, settings)
    organisation = settings.organisation.names.get(language, "")
    config: dict[str, Any] = {}
    script, stylesheet = _frontend_files()

    # Before the mount, so that this page is served and not Gradio's own, which names other hosts.
    @app.get(f"{path}/", response_class=HTMLResponse)
    def page(request: Request) -> HTMLResponse:
        nonce = secrets.token_urlsafe(16)
        root = get_root_url(request, "/", settings.server.root_path + path)
        document = render(
            "chat.html",
            language,
            settings.server.root_path,
            organisation=organisation,
            holds_digests=holds_digests,
            config=toorjson(config | {"root": root}),
            nonce=nonce,
            script=script,
            stylesheet=stylesheet,
        )
        return HTMLResponse(document, headers={"Content-Security-Policy": _POLICY.format(nonce=nonce)})

    gr.mount_gradio_app(
        app,
        blocks,
        path,
        theme=gr.themes.Base(font=("system-ui", "sans-serif"), font_mono=("ui-monospace", "monospace")),
        footer_links=[],
        run_history=False,
        show_error=False,
        enable_monitoring=False,
        max_file_size=1,
        ssr_mode=False,
        pwa=False,
        mcp_server=False,
    )
    keep_little(blocks)
    config |= blocks.get_config_file() | {"username": None, "current_page": "", "deep_link_state": "none"}


def _frontend_files() -> tuple[str, str]:
    """The names of Gradio's script and stylesheet, which carry a digest; from its own page."""
    page = (Path(gr.__file__).parent / "templates" / "frontend" / "index.html").read_text("utf-8")
    script = re.search(r'<script type="module"[^>]* src="\./(assets/[^"]+)"', page)
    stylesheet = re.search(r'<link rel="stylesheet"[^>]* href="\./(assets/[^"]+)"', page)
    if script is None or stylesheet is None:
        raise RuntimeError(f"Gradio {gr.__version__} names its files differently: use the version of constraints.txt.")
    return script.group(1), stylesheet.group(1)
