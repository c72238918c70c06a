"""A real client of the Model Context Protocol on a real server; and what such a server must not do."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Awaitable, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest
from mcp import ClientSession
from mcp.client.streamable_http import streamable_http_client

from bot.answer import Answer, AnswerStatus
from bot.settings import Settings
from corpus.document import Language
from tests.api.conftest import ALLOWED, COST, HARBOURS, JOBS, LIGHTHOUSE, REPAIRED, ScriptedEngine, whole_server
from tests.bot.web.standin import answered

CALL = {"Accept": "application/json, text/event-stream"}
LIST = {"jsonrpc": "2.0", "id": 1, "method": "tools/list"}


@pytest.fixture(scope="module")
def scripted() -> ScriptedEngine:
    return ScriptedEngine(
        answered("How many lighthouses?", Language.ENGLISH, (LIGHTHOUSE, REPAIRED), (LIGHTHOUSE, COST)),
        answered("Combien d’emplois ?", Language.FRENCH, (HARBOURS, JOBS)),
        Answer("Fail", Language.ENGLISH, AnswerStatus.ERROR, message="The search failed."),
    )


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory, scripted: ScriptedEngine) -> Iterator[str]:
    settings = Settings(data=tmp_path_factory.mktemp("tools"), server={"allowed_origins": [ALLOWED]})  # type: ignore[arg-type]
    with whole_server(settings, scripted) as address:
        yield address


def with_client(address: str, use: Callable[[ClientSession], Awaitable[Any]]) -> Any:
    async def session() -> Any:
        async with (
            streamable_http_client(f"{address}/mcp") as (read, write, _),
            ClientSession(read, write) as client,
        ):
            await client.initialize()
            return await use(client)

    # In a thread of its own: the browser tests leave an event loop running in this one.
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, session()).result()


def called(address: str, tool: str, **arguments: Any) -> Any:
    return with_client(address, lambda client: client.call_tool(tool, arguments))


def test_two_tools_are_offered_in_plain_words(address: str) -> None:
    tools = {one.name: one for one in with_client(address, lambda client: client.list_tools()).tools}
    assert set(tools) == {"ask", "search"}
    assert "word for word" in tools["ask"].description
    assert tools["ask"].inputSchema["required"] == ["question"]
    assert tools["search"].inputSchema["properties"]["k"]["type"] == "integer"
    for tool in tools.values():
        assert all(one["description"] for one in tool.inputSchema["properties"].values())
        assert "file" not in tool.description


def test_an_answer_comes_with_its_references(address: str) -> None:
    reply = called(address, "ask", question="How many lighthouses?")
    assert not reply.isError
    assert reply.content[0].text.startswith(f"{REPAIRED} [1] {COST} [2]\n\n[1] [{LIGHTHOUSE.title}](https://coast.")


def test_a_digest_names_the_page_of_its_facts(address: str) -> None:
    text = called(address, "ask", question="Combien d’emplois ?").content[0].text
    assert f"\n\n{JOBS} [1]\n\n" in text
    assert f"/documents/{HARBOURS.doc_id}?" in text
    assert HARBOURS.url in text


def test_passages_come_with_their_links(address: str) -> None:
    text = called(address, "search", question="lighthouses", k=500).content[0].text
    assert text == f"[1] [{LIGHTHOUSE.title}]({LIGHTHOUSE.url}) (en)\n{REPAIRED}"


def test_failures_are_errors_of_the_tool(address: str, scripted: ScriptedEngine) -> None:
    assert called(address, "ask", question="Fail").isError
    assert called(address, "ask", question=5).isError
    assert called(address, "ask", query="lighthouses").isError
    assert called(address, "rm", path="/").isError
    scripted.is_open = False
    try:
        assert called(address, "search", question="lighthouses").isError
    finally:
        scripted.is_open = True


def test_resources_and_prompts_open_no_connection_to_a_host_that_a_header_names(address: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as elsewhere:
        elsewhere.settimeout(0.5)
        headers = {**CALL, "X-Forwarded-Host": f"127.0.0.1:{elsewhere.getsockname()[1]}"}
        for method, parameters in (("resources/read", {"uri": "x://y"}), ("prompts/get", {"name": "x"})):
            call = {"jsonrpc": "2.0", "id": 1, "method": method, "params": parameters}
            assert "Method not found" in httpx.post(f"{address}/mcp", json=call, headers=headers, timeout=20).text
        with pytest.raises(TimeoutError):
            elsewhere.accept()


@pytest.mark.parametrize(
    "path",
    [
        "mcp/", "mcp/config", "mcp/gradio_api/info", "mcp/gradio_api/upload", "mcp/gradio_api/mcp/",
        "mcp/gradio_api/mcp/sse", "mcp/gradio_api/mcp/messages/", "mcp/gradio_api/mcp/schema",
        "mcp/gradio_api/file=/etc/hosts", "mcp/gradio_api/run/ask", "mcp/gradio_api/call/ask",
        "mcp/gradio_api/queue/join", "mcp/monitoring", "mcp/theme.css",
    ],
)  # fmt: skip
def test_nothing_else_of_gradio_is_reached(address: str, path: str) -> None:
    for method in ("GET", "POST", "PUT", "DELETE"):
        assert httpx.request(method, f"{address}/{path}").status_code == 404


def test_tools_are_called_by_post_alone(address: str) -> None:
    for method in ("GET", "PUT", "DELETE"):
        reply = httpx.request(method, f"{address}/mcp", headers=CALL)
        assert (reply.status_code, reply.headers["allow"]) == (405, "POST")


@pytest.mark.parametrize(
    ("origin", "status"), [(None, 200), (ALLOWED, 200), ("https://evil.example", 403), ("null", 403)]
)
def test_pages_of_other_origins_call_no_tool(address: str, origin: str | None, status: int) -> None:
    headers = CALL if origin is None else {**CALL, "Origin": origin}
    reply = httpx.post(f"{address}/mcp", json=LIST, headers=headers)
    assert reply.status_code == status
    assert reply.headers.get("access-control-allow-origin") == (ALLOWED if origin == ALLOWED else None)


def test_a_large_call_is_refused(address: str) -> None:
    call = {
        "jsonrpc": "2.0",
        "id": 1,
        "method": "tools/call",
        "params": {"name": "ask", "arguments": {"x": "x" * 17_000}},
    }
    assert httpx.post(f"{address}/mcp", json=call, headers=CALL).status_code == 413


def test_the_real_pipeline_answers_through_the_real_client(bundled: str) -> None:
    reply = called(bundled, "ask", question="How many member states does IOM have?")
    assert not reply.isError
    assert "[1]" in reply.content[0].text
    found = called(bundled, "search", question="member states", k=2)
    assert found.content[0].text.count("](http") == 2


def test_gradio_lets_no_other_origin_in(address: str) -> None:
    headers = {"Host": "ask.example.org", "Origin": "https://evil.example"}
    for path in ("fr/theme.css", "fr/"):
        reply = httpx.get(f"{address}/{path}", headers=headers)
        assert reply.status_code == 200
        assert "access-control-allow-origin" not in reply.headers
