"""The tools `ask` and `search` of the Model Context Protocol, through Gradio's server of it.

This module imports Gradio, which takes seconds: import it where it is used. Of what Gradio mounts, the guard
(bot/web/guard.py) lets nothing be reached but the protocol's own address.
"""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import gradio as gr
from fastapi import FastAPI
from mcp.server.lowlevel import Server
from mcp.types import CallToolRequest, ListToolsRequest, PingRequest

from bot.answer import AnswerStatus
from bot.api.prose import passages, pieces
from bot.api.queueing import keep_calm
from bot.api.service import Busy, Service
from bot.settings import Settings
from index.errors import SearchIndexError

MOUNTED_AT = "/mcp"
_MOST_PASSAGES = 20
_KEPT = {PingRequest, ListToolsRequest, CallToolRequest}
_UNAVAILABLE = "The service cannot answer now: try again in a moment."


def mount_tools(app: FastAPI, service: Service, settings: Settings) -> None:
    """Mount the tools; the protocol is then spoken at /mcp/gradio_api/mcp/, and the guard leads /mcp to it."""
    name = settings.organisation.names.get("en", "")

    def ask(question: str) -> str:
        """Answer a question about the organisation, in French, English or Spanish, from its published documents.

        Every statement is quoted word for word and followed by the number of its reference, in square brackets; the
        references with their links come last. When the documents do not answer, the text says so.

        Args:
            question: One whole question in French, English or Spanish, at most 1,000 characters.
        """
        try:
            answer, _ = service.ask(service.question(question))
        except Busy:
            raise gr.Error(_UNAVAILABLE, print_exception=False) from None
        if answer.status is AnswerStatus.ERROR:
            raise gr.Error(answer.message or _UNAVAILABLE, print_exception=False)
        return "".join(pieces(answer, settings.organisation.contact_url))

    def search(question: str, k: int = 5) -> str:
        """Find passages of the organisation's documents, in French, English or Spanish, best first, with their links.

        Args:
            question: What to look for: a question or a few words.
            k: How many passages to give, 1 to 20.
        """
        try:
            hits = service.search(service.question(question), min(max(k, 1), _MOST_PASSAGES))
        except (Busy, SearchIndexError):
            raise gr.Error(_UNAVAILABLE, print_exception=False) from None
        return passages(hits) or "No passage was found."

    async def mount() -> None:
        with gr.Blocks(title=name, analytics_enabled=False, delete_cache=None) as blocks:
            # Outside Gradio's queue, which would call this very server by HTTP.
            gr.api(ask, queue=False)
            gr.api(search, queue=False)
        keep_calm(blocks)
        gr.mount_gradio_app(
            app, blocks, MOUNTED_AT, footer_links=[], run_history=False, show_error=False, enable_monitoring=False,
            max_file_size=1, ssr_mode=False, pwa=False, mcp_server=True,
        )  # fmt: skip
        if blocks.mcp_error:
            raise RuntimeError(blocks.mcp_error)
        _keep_tools_alone(blocks.mcp_server_obj.mcp_server)

    # In a thread of its own, since the caller's may already run an event loop: see `bot.web.chat.mount_chat`.
    with ThreadPoolExecutor(1) as thread:
        thread.submit(lambda: asyncio.run(mount())).result()


def _keep_tools_alone(server: Server[Any, Any]) -> None:
    """Take away resources and prompts: for these Gradio opens a client to whatever host the request's headers name."""
    for kind in server.request_handlers.keys() - _KEPT:
        del server.request_handlers[kind]
