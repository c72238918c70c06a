"""The chat: a Gradio page for each language, in a page of ours.

This module imports Gradio, which takes seconds: import it where it is used.
"""

from __future__ import annotations

import asyncio
import logging
import re
import secrets
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from importlib import resources
from pathlib import Path
from typing import Any

import gradio as gr
from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse, RedirectResponse
from gradio.route_utils import get_root_url
from gradio.routes import toorjson

from bot.answer import Answer, Answerer, AnswerStatus, Question
from bot.errors import FeedbackError
from bot.feedback import FeedbackLog
from bot.locales import texts
from bot.settings import Settings
from bot.web.conversation import (
    MAX_EARLIER,
    MAX_EXCHANGES,
    Conversation,
    draw_conversation,
    draw_exchange,
    draw_sources,
)
from bot.web.languages import visitor_language
from bot.web.rendering import render
from corpus.document import Language

_logger = logging.getLogger(__name__)
_WAITING_QUESTIONS = 64
_ANSWERED_AT_ONCE = 4
_SESSION_SECONDS = 3600

# Gradio draws its page with inline styles and compiled templates; nothing may come from elsewhere.
_POLICY = (
    "default-src 'none'; script-src 'self' 'nonce-{nonce}' 'unsafe-eval'; style-src 'self' 'unsafe-inline';"
    " img-src 'self' data:; font-src 'self' data:; connect-src 'self'; form-action 'none'; base-uri 'none';"
    " frame-ancestors 'none'"
)


class Chat:
    """What happens when a visitor asks."""

    def __init__(self, language: Language, answerer: Answerer, feedback: FeedbackLog, settings: Settings) -> None:
        """Answer with `answerer`, log in `feedback`; `language` is that of the page."""
        self._language = language
        self._answerer = answerer
        self._feedback = feedback
        self._settings = settings

    def ask(self, text: Any, conversation: Conversation) -> Iterator[list[Any]]:
        """Show the question, then its answer: conversation, sources, question box, state."""
        question = _readable(text)
        if not question.strip():
            yield [gr.skip()] * 4
            return
        conversation = conversation or ()
        yield [draw_conversation(conversation, self._language, pending=question), gr.skip(), "", gr.skip()]
        answer = self._answer(question, conversation)
        number = conversation[-1].number + 1 if conversation else 1
        exchange = draw_exchange(number, question, answer, self._settings.organisation)
        conversation = (*conversation, exchange)[-MAX_EXCHANGES:]
        yield [*self._drawn(conversation), gr.skip(), conversation]

    def ask_example(self, conversation: Conversation, event: gr.EventData) -> Iterator[list[Any]]:
        """The same for an example question that was clicked."""
        yield from self.ask((event._data or {}).get("question"), conversation)

    def begin(self) -> list[Any]:
        """An empty conversation, in the same order."""
        return [*self._drawn(()), "", ()]

    def _drawn(self, conversation: Conversation) -> list[Any]:
        return [draw_conversation(conversation, self._language), draw_sources(conversation, self._language)]

    def _answer(self, question: str, conversation: Conversation) -> Answer:
        limit = self._settings.answer.max_question_characters
        earlier = tuple(one.question for one in conversation if len(one.question) <= limit)[-MAX_EARLIER:]
        try:
            answer = self._answerer.answer(Question(question, earlier))
        except Exception:  # whatever went wrong, the visitor gets a sentence and the log the cause
            _logger.exception("A question could not be answered")
            answer = Answer(question, self._language, AnswerStatus.ERROR)
        try:
            self._feedback.record(answer)
        except FeedbackError:
            _logger.exception("An answer could not be logged")
        return answer


def mount_chat(
    app: FastAPI, settings: Settings, answerer: Answerer, feedback: FeedbackLog, holds_digests: bool
) -> None:
    """Put the chat at `/fr/`, `/en/` and `/es/`; `/` leads to the visitor's language."""

    @app.get("/")
    def choose_language(request: Request) -> RedirectResponse:
        headers = {"Vary": "Accept-Language", "Cache-Control": "no-store"}
        return RedirectResponse(f"/{visitor_language(request)}/", 307, headers=headers)

    async def mount_all() -> None:
        for language in Language:
            chat = Chat(language, answerer, feedback, settings)
            _mount_language(app, language, chat, settings, holds_digests)

    # Gradio makes an event loop, which it never closes, for each lock that it makes outside of one; a thread of
    # its own, since the caller's may already run a loop.
    with ThreadPoolExecutor(1) as thread:
        thread.submit(lambda: asyncio.run(mount_all())).result()


def _mount_language(app: FastAPI, language: Language, chat: Chat, settings: Settings, holds_digests: bool) -> None:
    path = f"/{language}"
    blocks = _blocks(language, chat, settings)
    organisation = settings.organisation.names.get(language, "")
    config: dict[str, Any] = {}
    script, stylesheet = _frontend_files()

    # Before the mount, so that this page is served and not Gradio's own, which names other hosts.
    @app.get(f"{path}/", response_class=HTMLResponse)
    def page(request: Request) -> HTMLResponse:
        nonce = secrets.token_urlsafe(16)
        root = get_root_url(request, "/", path)
        document = render(
            "chat.html",
            language,
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
    config |= blocks.get_config_file() | {"username": None, "current_page": "", "deep_link_state": "none"}


def _blocks(language: Language, chat: Chat, settings: Settings) -> gr.Blocks:
    own = texts(language)
    title = own("title", organisation=settings.organisation.names.get(language, ""))
    clicks = (resources.files("bot.web") / "static" / "examples.js").read_text("utf-8")
    no_exchanges, no_sources, _, nothing = chat.begin()
    with gr.Blocks(title=title, analytics_enabled=False, fill_width=True, delete_cache=None) as blocks:
        state = gr.State(nothing, time_to_live=_SESSION_SECONDS)
        with gr.Row(elem_id="columns", equal_height=False):
            with gr.Column(elem_id="talk", scale=3, min_width=0):
                conversation = gr.HTML(
                    no_exchanges,
                    elem_id="conversation",
                    js_on_load=clicks,
                    apply_default_css=False,
                )
                with gr.Row(elem_id="asking", equal_height=False):
                    box = gr.Textbox(
                        label=own("question_label"),
                        placeholder=own("question_placeholder"),
                        max_lines=5,
                        max_length=settings.answer.max_question_characters,
                        elem_id="question",
                        scale=1,
                        min_width=0,
                    )
                    send = gr.Button(own("ask"), variant="primary", elem_id="send", scale=0, min_width=0)
                    new = gr.Button(own("new_conversation"), elem_id="new", scale=0, min_width=0)
            with gr.Column(elem_id="panel", scale=2, min_width=0):
                sources = gr.HTML(no_sources, elem_id="sources", apply_default_css=False)
        shown = [conversation, sources, box, state]
        how = {
            "api_visibility": "private",
            "show_progress": "hidden",
            "concurrency_limit": _ANSWERED_AT_ONCE,
            "concurrency_id": "answering",
        }
        gr.on([box.submit, send.click], chat.ask, [box, state], shown, **how)
        conversation.example(chat.ask_example, [state], shown, **how)
        new.click(chat.begin, None, shown, **how)
    blocks.queue(api_open=False, max_size=_WAITING_QUESTIONS)
    # Gradio's statistics of all past events, which it would compute anew (by pandas) after each answer: never.
    blocks._queue.ANAYLTICS_CACHE_FREQUENCY = sys.maxsize
    blocks._queue.ANALYTICS_MAX_EVENTS = 1
    return blocks


def _readable(text: Any) -> str:
    """What was sent as text that can be stored and shown: half surrogate pairs and null bytes cannot."""
    words = text if isinstance(text, str) else ""
    return words.encode("utf-8", "replace").decode("utf-8").replace("\x00", "")


def _frontend_files() -> tuple[str, str]:
    """The names of Gradio's script and stylesheet, which carry a digest; from its own page."""
    page = (Path(gr.__file__).parent / "templates" / "frontend" / "index.html").read_text("utf-8")
    script = re.search(r'<script type="module"[^>]* src="\./(assets/[^"]+)"', page)
    stylesheet = re.search(r'<link rel="stylesheet"[^>]* href="\./(assets/[^"]+)"', page)
    if script is None or stylesheet is None:
        raise RuntimeError(f"Gradio {gr.__version__} names its files differently: use the version of constraints.txt.")
    return script.group(1), stylesheet.group(1)
