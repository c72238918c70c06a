"""Rate limits by address, what every reply carries, and how a refusal is said."""

from __future__ import annotations

from typing import Any

import pytest
from fastapi.testclient import TestClient
from starlette.responses import Response

from bot.feedback import FeedbackLog
from bot.settings import ServerSettings, Settings
from bot.web.guard import Guard
from bot.web.server import create_pages
from bot.web.visitors import Visitors
from corpus.store import CorpusStore
from tests.bot.web.conftest import PASSWORD


def behind(address: str = "192.0.2.1", status: int = 200, **limits: int) -> TestClient:
    """A guard before an app that always answers alike, as someone of that address sees it."""
    server = ServerSettings(**({"questions_per_minute": 3, "requests_per_minute": 5} | limits))
    return TestClient(Guard(Response("well", status), server), client=(address, 1))


def other(client: TestClient, address: str) -> TestClient:
    return TestClient(client.app, client=(address, 1))


@pytest.mark.parametrize(
    "path", ["/api/v1/ask", "/api/v1/search", "/v1/chat/completions", "/mcp", "/fr/gradio_api/queue/join"]
)
def test_too_many_questions_are_told_when_to_come_back(path: str) -> None:
    client = behind()
    assert [client.post(path).status_code for _ in range(5)] == [200, 200, 200, 429, 429]
    refused = client.post(path)
    assert 1 <= int(refused.headers["retry-after"]) <= 120
    assert "try again in" in refused.text or "réessayez dans" in refused.json()["detail"]
    assert client.get("/en/").status_code == 429  # six requests were sent
    assert other(client, "192.0.2.2").post(path).status_code == 200


def test_a_refusal_has_the_shape_of_the_api() -> None:
    client = behind(questions_per_minute=1)
    assert [client.post("/api/v1/ask").status_code, client.post("/v1/chat/completions").status_code] == [200, 429]
    assert client.post("/api/v1/ask").headers["content-type"] == "application/problem+json"
    assert "error" in client.post("/v1/chat/completions").json()


def test_all_doors_share_one_count_and_pages_another() -> None:
    client = behind(requests_per_minute=0)
    assert client.post("/api/v1/ask").status_code == client.post("/mcp").status_code == 200
    assert client.post("/en/gradio_api/queue/join").status_code == 200
    assert client.post("/v1/chat/completions").status_code == 429
    assert {client.get("/en/").status_code for _ in range(20)} == {200}


def test_files_of_the_page_and_health_are_not_counted() -> None:
    client = behind(requests_per_minute=1)
    for path in ("/static/base.css", "/en/assets/index-1.js", "/es/theme.css", "/healthz", "/readyz"):
        assert {client.get(path).status_code for _ in range(3)} == {200}
    assert [client.get("/en/").status_code for _ in range(2)] == [200, 429]


def test_nought_is_no_limit() -> None:
    client = behind(questions_per_minute=0, requests_per_minute=0)
    assert {client.post("/api/v1/ask").status_code for _ in range(50)} == {200}


def test_one_network_of_the_newer_protocol_is_one_visitor() -> None:
    client = behind("2001:db8:0:1::1", questions_per_minute=1)
    assert client.post("/mcp").status_code == 200
    assert other(client, "2001:db8:0:1:ffff::2").post("/mcp").status_code == 429
    assert other(client, "2001:db8:0:2::1").post("/mcp").status_code == 200


def test_a_key_is_no_address() -> None:
    def key(visitors: Visitors, address: Any) -> str:
        return visitors.key({"type": "http", "client": (address, 1) if address else None})

    visitors = Visitors()
    assert key(visitors, "192.0.2.1") == key(visitors, "192.0.2.1") == key(visitors, "::ffff:192.0.2.1")
    assert key(visitors, "192.0.2.1") != key(Visitors(), "192.0.2.1")
    assert len({key(visitors, one) for one in ("192.0.2.1", "192.0.2.2", "2001:db8::1", "", "no address")}) == 5
    assert len(key(visitors, "192.0.2.1")) == 16


@pytest.mark.parametrize("status", [429, 503])
def test_who_is_sent_away_is_told_when_to_come_back(status: int) -> None:
    assert int(behind(status=status).get("/en/").headers["retry-after"]) > 0


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/en/"),
        ("POST", "/mcp"),
        ("GET", "/nowhere"),
        ("GET", "/fr/config"),
        ("GET", "/mcp"),
        ("POST", "/staff"),
    ],
)
def test_every_reply_carries_the_headers_refusals_too(method: str, path: str) -> None:
    for client in (behind(), behind(status=500)):
        headers = client.request(method, path).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "same-origin"
        assert "default-src 'none'" in headers["content-security-policy"]
        assert "frame-ancestors 'none'" in headers["content-security-policy"]
        assert {"camera=()", "geolocation=()", "microphone=()"} <= set(headers["permissions-policy"].split(", "))
    large = behind().request(method, path, content=b"x" * 17_000)
    assert large.status_code in (404, 405, 413)
    assert large.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize(
    ("language", "refused", "unreadable"),
    [
        ("fr", "Demande refusée", "Demande illisible"),
        ("en", "Request refused", "Request not understood"),
        ("es", "Solicitud rechazada", "Solicitud ilegible"),
    ],
)
def test_the_desk_says_why_a_form_is_not_taken(
    pages: TestClient, feedback: FeedbackLog, language: str, refused: str, unreadable: str
) -> None:
    from tests.bot.web.test_staff_desk import cost

    tongue = {"Accept-Language": language}
    elsewhere = pages.post("/staff/sign-in", headers=tongue | {"Origin": "https://elsewhere.example"})
    assert elsewhere.status_code == 403
    assert f"<h1>{refused}</h1>" in elsewhere.text
    pages.post("/staff/sign-in", data={"user": "staff", "password": PASSWORD})
    public_id = feedback.record(cost())
    wrong = pages.post(f"/staff/questions/{public_id}/verdict", data={"verdict": "splendid"}, headers=tongue)
    assert wrong.status_code == 422
    assert f"<h1>{unreadable}</h1>" in wrong.text
    assert f'lang="{language}"' in wrong.text


def test_another_method_is_said_plainly_too(store: CorpusStore, feedback: FeedbackLog, settings: Settings) -> None:
    reply = TestClient(create_pages(settings, store, feedback), base_url="http://127.0.0.1").post("/widget.js")
    assert reply.status_code == 405
    assert reply.headers["allow"] == "GET"
    assert "<h1>" in reply.text
