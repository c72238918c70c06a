"""Every route that the running app has, Gradio's among them, and which of them anyone can reach."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

import pytest
from fastapi.testclient import TestClient
from pydantic import ValidationError
from starlette.responses import Response

from bot.settings import ServerSettings
from bot.web.guard import Guard
from corpus.document import Language

OURS = """
GET /
GET /{language}/answers/{public_id}
GET /documents/{doc_id:path}
GET /static
GET /widget.js
GET /healthz
GET /readyz
GET /api/docs
GET /api/v1/openapi.json
POST /api/v1/ask
POST /api/v1/search
GET /api/v1/documents/{doc_id:path}
GET /api/v1/answers/{answer_id}
POST /api/v1/feedback
GET /v1/models
GET /v1/models/{name}
POST /v1/chat/completions
GET /staff
GET /staff/actions
GET /staff/editions
GET /staff/export.csv
GET /staff/export.jsonl
GET /staff/figures
GET /staff/judgements
GET /staff/questions/{public_id}
GET /staff/questions/{public_id}/passages
GET /staff/try
POST /staff/editions/link
POST /staff/editions/part
POST /staff/editions/undo
POST /staff/questions/{public_id}/passages/mark
POST /staff/questions/{public_id}/passages/unmark
POST /staff/questions/{public_id}/verdict
POST /staff/questions/{public_id}/withdraw
POST /staff/sign-in
POST /staff/sign-out
"""
GRADIO = """
GET /LANGUAGE/
GET /LANGUAGE/assets/{path:path}
GET /LANGUAGE/theme.css
GET /LANGUAGE/gradio_api/heartbeat/{session_hash}
GET /LANGUAGE/gradio_api/queue/data
GET /LANGUAGE/gradio_api/startup-events
POST /LANGUAGE/gradio_api/cancel
POST /LANGUAGE/gradio_api/queue/join
POST /LANGUAGE/gradio_api/reset
"""
"""All that the chat needs, in each language. The tools' own address, /mcp, is led into Gradio by the guard."""
TABLE = {line for line in OURS.split("\n") if line} | {
    line.replace("LANGUAGE", one) for one in Language for line in GRADIO.split("\n") if line
}
FORBIDDEN = re.compile(
    r"upload|/file|monitoring|/static/|/call/|/run/|/api/\{|proxy|stream|deep_link|login|component_server"
)


def walked(routes: Iterable[Any], prefix: str = "") -> Iterator[tuple[str, str]]:
    """Method and path of each route below; a mount without routes of its own counts as GET."""
    for route in routes:
        if hasattr(route, "effective_candidates"):
            yield from walked(route.effective_candidates(), prefix)
            continue
        path = prefix + route.path
        below = getattr(route, "routes", None)
        if below:
            yield from walked(below, path)
            continue
        for method in getattr(route, "methods", None) or {"GET"}:
            yield method, path


@pytest.fixture(scope="module")
def routes(chat: TestClient) -> set[tuple[str, str]]:
    return set(walked(chat.app.routes))  # type: ignore[attr-defined]


def reached(method: str, template: str) -> bool:
    """Whether the guard lets a request pass, to an app that would answer anything."""
    guarded = TestClient(Guard(Response("reached"), ServerSettings(requests_per_minute=0, questions_per_minute=0)))
    path = re.sub(r"\{\w+(:path)?\}", "x", template)
    return guarded.request(method, path).text == "reached"


def test_what_can_be_reached_is_this_table_and_nothing_else(routes: set[tuple[str, str]]) -> None:
    assert len(routes) > 200  # Gradio's are among them
    open_to_all = {f"{method} {path}" for method, path in routes if method != "HEAD" and reached(method, path)}
    assert open_to_all == TABLE


def test_head_reaches_no_more_than_get(routes: set[tuple[str, str]]) -> None:
    assert not [
        path for method, path in routes if method == "HEAD" and reached("HEAD", path) and not reached("GET", path)
    ]


def test_no_upload_no_files_and_no_monitoring_is_reached_by_any_method(routes: set[tuple[str, str]]) -> None:
    forbidden = {path for _, path in routes if FORBIDDEN.search(path) and re.match("/(fr|en|es|mcp)/", path)}
    assert len(forbidden) > 40
    assert not [path for path in forbidden for method in ("GET", "POST", "PUT", "DELETE") if reached(method, path)]


def test_no_root_is_taken_that_could_be_an_address_of_our_own() -> None:
    named = {line.partition(" ")[2].replace("{language}", "en") for line in TABLE} - {"/"}
    for path in {re.sub(r"\{\w+(:path)?\}", "x", path) for path in named} | {"/mcp", "/fr/assets", "/es/answers/"}:
        with pytest.raises(ValidationError, match="pages of its own"):
            ServerSettings(public_url=f"https://www.example.org{path}")
