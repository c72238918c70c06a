"""The nginx site of docs/deploy, as Debian's nginx runs it with TLS, in front of the real server."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from bot.settings import Settings
from corpus.document import Language
from tests.api.conftest import COST, LIGHTHOUSE, REPAIRED, ScriptedEngine, whole_server
from tests.api.debian_nginx import DEPLOY, free_port, make_certificate, nginx_running
from tests.bot.web.standin import answered

QUESTIONS = 8


@dataclass(frozen=True)
class Front:
    """What visitors reach, and where nginx writes."""

    client: httpx.Client
    address: str
    plain_port: int
    folder: Path


@pytest.fixture(scope="module")
def front(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Front]:
    folder = tmp_path_factory.mktemp("nginx")
    context = make_certificate(folder)
    port, plain = free_port(), free_port()
    settings = Settings(
        data=tmp_path_factory.mktemp("data"),
        server={"public_url": f"https://127.0.0.1:{port}", "questions_per_minute": QUESTIONS},  # type: ignore[arg-type]
    )
    engine = ScriptedEngine(answered("How many?", Language.ENGLISH, (LIGHTHOUSE, REPAIRED), (LIGHTHOUSE, COST)))
    with whole_server(settings, engine) as behind:
        site = DEPLOY.joinpath("nginx.conf").read_text("utf-8")
        for old, new in (
            ("listen 443 ssl;", f"listen 127.0.0.1:{port} ssl;"),
            ("listen 80;", f"listen 127.0.0.1:{plain};"),
            ("/etc/letsencrypt/live/ask.example.org/fullchain.pem", f"{folder}/cert.pem"),
            ("/etc/letsencrypt/live/ask.example.org/privkey.pem", f"{folder}/key.pem"),
            ("127.0.0.1:7860", behind.removeprefix("http://")),
            ("/var/log/nginx/", f"{folder}/"),
        ):
            assert old in site
            site = site.replace(old, new)
        address = f"https://127.0.0.1:{port}"
        with (
            nginx_running(folder, site, port),
            httpx.Client(base_url=address, verify=context, trust_env=False, timeout=20) as client,
        ):
            yield Front(client, address, plain, folder)


def asked(front: Front, **headers: str) -> httpx.Response:
    return front.client.post("/api/v1/ask", json={"question": "How many?"}, headers=headers)


def test_the_chat_and_its_links_are_under_the_address_that_visitors_see(front: Front) -> None:
    page = front.client.get("/en/")
    assert page.status_code == 200
    assert f'"root":"{front.address}/en"' in page.text.replace('": "', '":"')
    assert front.client.get("/", headers={"Accept-Language": "es"}).headers["location"] == "/es/"
    link = front.client.get(f"/api/v1/documents/{LIGHTHOUSE.doc_id}").json()["stored_link"]
    assert link.startswith(f"{front.address}/documents/")
    assert LIGHTHOUSE.title in front.client.get(link).text


def test_the_headers_of_the_server_come_through_and_nginx_adds_its_own(front: Front) -> None:
    for path, status in (("/en/", 200), ("/nowhere", 404), ("/en/config", 404)):
        reply = front.client.get(path)
        assert reply.status_code == status
        assert reply.headers.get_list("x-content-type-options") == ["nosniff"]
        assert "frame-ancestors" in reply.headers["content-security-policy"]
        assert reply.headers["strict-transport-security"] == "max-age=31536000"
        assert reply.headers["server"] == "nginx"


def test_plain_http_leads_to_tls(front: Front) -> None:
    reply = httpx.get(f"http://127.0.0.1:{front.plain_port}/en/?a=b", trust_env=False)
    assert (reply.status_code, reply.headers["location"]) == (301, "https://127.0.0.1/en/?a=b")


def test_events_come_through_as_a_stream(front: Front) -> None:
    asked = {"model": "orgbot", "stream": True, "messages": [{"role": "user", "content": "How many?"}]}
    with front.client.stream("POST", "/v1/chat/completions", json=asked) as reply:
        assert reply.headers["content-type"].startswith("text/event-stream")
        lines = [line for line in reply.iter_lines() if line]
    assert lines[-1] == "data: [DONE]"


def test_a_large_body_is_refused(front: Front) -> None:
    assert front.client.post("/api/v1/ask", content=b"x" * 17_000).status_code == 413


def test_a_visitor_cannot_pass_for_many(front: Front) -> None:
    statuses = [asked(front, **{"X-Forwarded-For": f"192.0.2.{n}"}).status_code for n in range(QUESTIONS + 1)]
    assert statuses[-1] == 429
    assert int(asked(front).headers["retry-after"]) > 0


def test_no_log_names_an_address_or_a_question(front: Front) -> None:
    front.client.get("/en/", params={"question": "telling words"})
    written = "".join(path.read_text() for path in front.folder.glob("*.log"))
    assert "127.0.0.1" not in written
    assert "telling" not in written
