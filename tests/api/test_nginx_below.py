"""docs/deploy/nginx-below.conf within a site of other things, as Debian's nginx runs it, in front of the real server.

Operators write `proxy_pass` without a slash at the end, which leaves the path on, and with one, which takes it off.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote

import httpx
import pytest

from tests.api.debian_nginx import free_port, make_certificate, nginx_running, site_above
from tests.bot.web.crawling import QUESTION, Crawl, links_of_api, serving_below

PUBLIC = "https://www.example.org/ask"


@dataclass(frozen=True)
class Front:
    """What visitors reach, where their first steps may lead to, and where nginx writes."""

    client: httpx.Client
    address: str
    starts: list[str]
    folder: Path


@pytest.fixture(scope="module")
def behind(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, list[str]]]:
    with serving_below(tmp_path_factory.mktemp("data"), PUBLIC) as served:
        yield served


@pytest.fixture(scope="module", params=[False, True], ids=["kept", "stripped"])
def front(
    tmp_path_factory: pytest.TempPathFactory, behind: tuple[str, list[str]], request: pytest.FixtureRequest
) -> Iterator[Front]:
    folder, port = tmp_path_factory.mktemp("nginx"), free_port()
    trusting = make_certificate(folder)
    site = site_above(folder, port, behind[0], strips=request.param, speaks_tls=True)
    address = f"https://127.0.0.1:{port}"
    with (
        nginx_running(folder, site, port),
        httpx.Client(base_url=address, verify=trusting, trust_env=False, timeout=20) as client,
    ):
        yield Front(client, address, behind[1], folder)


def test_every_page_leads_below_the_path_to_what_is_there(front: Front) -> None:
    crawl = Crawl(front.client, PUBLIC)
    crawl.sign_in()
    crawl.follow(*front.starts)
    crawl.read("/ask/nowhere", 404)
    crawl.sign_out()
    assert {"GET /es/", "GET /staff/editions", "GET /documents/news/in-english"} <= set(map(unquote, crawl.asked))


def test_the_site_keeps_what_is_beside_the_path(front: Front) -> None:
    for path in ("/", "/en/", "/asking/", "/static/base.css"):
        assert front.client.get(path).text == "The site itself"
    assert front.client.get("/ask").headers["location"] == f"{front.address}/ask/"


def test_the_chat_answers_as_a_stream_of_events(front: Front) -> None:
    page = front.client.get("/ask/en/").text
    config = json.JSONDecoder().raw_decode(page.partition("window.gradio_config = ")[2])[0]
    assert config["root"] == f"{front.address}/ask/en"
    ask = next(one for one in config["dependencies"] if one["api_name"] == "ask")
    data = [QUESTION, *[""] * (len(ask["inputs"]) - 3), [], None]
    joined = {"fn_index": ask["id"], "session_hash": "below", "trigger_id": None, "data": data}
    assert front.client.post("/ask/en/gradio_api/queue/join", json=joined).status_code == 200
    query = {"session_hash": "below"}
    with front.client.stream("GET", "/ask/en/gradio_api/queue/data", params=query) as reply:
        assert reply.headers["content-type"].startswith("text/event-stream")
        completed = next(line for line in reply.iter_lines() if "process_completed" in line)
    assert "/ask/documents/lighthouse-2021?revision=1" in completed


def test_links_in_replies_of_the_api_are_those_that_visitors_see(front: Front) -> None:
    links = links_of_api(front.client, "/ask")
    assert len(links) >= 2
    for link in links:
        assert link.startswith(f"{PUBLIC}/documents/")
        assert front.client.get(link.removeprefix("https://www.example.org")).status_code == 200


def test_the_tools_are_called(front: Front) -> None:
    call = {"jsonrpc": "2.0", "id": 1, "method": "tools/list", "params": {}}
    headers = {"Accept": "application/json, text/event-stream"}
    reply = front.client.post("/ask/mcp", json=call, headers=headers)
    assert reply.status_code == 200
    assert '"name":"search"' in reply.text.replace(" ", "")


def test_the_session_of_the_desk_is_sent_below_the_path_alone(front: Front) -> None:
    crawl = Crawl(front.client, PUBLIC)
    crawl.sign_in()
    (cookie,) = (one for one in front.client.cookies.jar if one.name == "orgbot-staff")
    assert (cookie.path, cookie.secure) == ("/ask/staff", True)
    front.client.cookies.clear()


def test_a_large_body_is_refused(front: Front) -> None:
    assert front.client.post("/ask/api/v1/ask", content=b"x" * 17_000).status_code == 413


def test_no_log_names_an_address_or_a_question(front: Front) -> None:
    front.client.get("/ask/en/", params={"question": "telling words"})
    written = front.folder.joinpath("orgbot.log").read_text()
    assert "127.0.0.1" not in written
    assert "telling" not in written
