from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from bot.feedback import FeedbackLog
from bot.settings import Settings
from bot.web.languages import preferred_language
from bot.web.server import create_app, create_pages
from corpus.document import Language
from corpus.store import CorpusStore
from tests.bot.web.standin import ScriptedAnswerer, not_found
from tests.conftest import make_document


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("fr-CH, fr;q=0.9, en;q=0.8", "fr"),
        ("de-DE, es;q=0.7, en;q=0.3", "es"),
        ("en;q=0.2, es;q=0.9", "es"),
        ("ES-419", "es"),
        ("de", "en"),
        ("fr;q=0", "en"),
        ("fr;q=x, , ;;=", "en"),
        ("", "en"),
    ],
)
def test_the_page_follows_the_language_of_the_browser(chat: TestClient, header: str, language: str) -> None:
    assert preferred_language(header) == language
    reply = chat.get("/", headers={"Accept-Language": header})
    assert reply.headers["location"] == f"/{language}/"
    assert "Accept-Language" in reply.headers["vary"]


@pytest.mark.parametrize(
    ("language", "name", "notice"),
    [
        ("fr", "Organisation internationale pour les migrations", "résumés rédigés par nous"),
        ("en", "International Organization for Migration", "digests written by us"),
        ("es", "Organización Internacional para las Migraciones", "resúmenes redactados por nosotros"),
    ],
)
def test_the_page_says_whose_words_it_quotes_before_any_script(
    chat: TestClient, language: str, name: str, notice: str
) -> None:
    page = chat.get(f"/{language}/").text
    body = page.partition("<body")[2].partition("<gradio-app")[0]
    assert f'<html lang="{language}">' in page
    assert name in body
    assert notice in body


def test_without_digests_there_is_no_notice_of_digests(
    tmp_path: Path, feedback: FeedbackLog, settings: Settings
) -> None:
    with CorpusStore.open(tmp_path / "own.sqlite3", create=True) as store:
        store.add(make_document("own", "These words stand on the page itself."))
        client = TestClient(create_app(settings, ScriptedAnswerer(), store, feedback))
        assert "digests" not in client.get("/en/").text.partition("<body")[2]


def test_the_page_names_no_other_host(chat: TestClient) -> None:
    for language in ("fr", "en", "es"):
        page = chat.get(f"/{language}/").text
        hosts = set(re.findall(r"(?:https?:)?//([\w.-]+\.\w+)", page))
        assert hosts <= {"127.0.0.1"}, hosts
        theme = chat.get(f"/{language}/theme.css").text
        assert not re.findall(r"url\(['\"]?(?!['\"]?data:)|@import", theme)


def test_the_policy_of_the_page_allows_our_own_server_alone(chat: TestClient) -> None:
    reply = chat.get("/en/")
    policy = dict(part.strip().split(" ", 1) for part in reply.headers["content-security-policy"].split(";"))
    nonce = re.search(r"'nonce-([\w-]+)'", policy["script-src"])
    assert nonce
    assert f'nonce="{nonce.group(1)}"' in reply.text
    assert nonce.group(1) not in chat.get("/en/").headers["content-security-policy"]
    sources = {word for value in policy.values() for word in value.split()}
    assert not {word for word in sources if word.startswith("http") or word == "*"}
    assert "'unsafe-inline'" not in policy["script-src"]


NEEDLESS = [
    "monitoring", "monitoring/summary", "monitoring/", "config", "login", "logout", "manifest.json", "robots.txt",
    "gradio_api/info", "gradio_api/openapi.json", "gradio_api/upload", "gradio_api/upload_progress",
    "gradio_api/file=/etc/hosts", "gradio_api/file/etc/hosts", "gradio_api/proxy=https://coast.example/",
    "gradio_api/queue/status", "gradio_api/runs", "gradio_api/deep_link", "gradio_api/token", "gradio_api/app_id",
    "gradio_api/call/ask", "gradio_api/run/ask", "gradio_api/api/ask", "gradio_api/component_server",
    "gradio_api/stream/x", "static/img/logo.svg", "svelte/x",
]  # fmt: skip


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "OPTIONS"])
def test_nothing_of_gradio_is_reached_that_the_page_does_not_need(chat: TestClient, method: str) -> None:
    replies = {path: chat.request(method, f"/fr/{path}").status_code for path in NEEDLESS}
    assert set(replies.values()) == {404}, replies


@pytest.mark.parametrize(
    "path", ["monitoring/summary", "gradio_api/upload", "config", "docs", "openapi.json", "nothing"]
)
def test_neither_is_it_reached_at_the_root(chat: TestClient, path: str) -> None:
    assert chat.get(f"/{path}").status_code == 404
    assert chat.post(f"/{path}").status_code in (404, 405)


def test_a_large_body_is_refused(chat: TestClient) -> None:
    for path in ("/fr/gradio_api/queue/join", "/staff/sign-in", "/healthz"):
        assert chat.post(path, content=b"x" * (16 * 1024 + 1)).status_code == 413

    def pieces() -> Iterator[bytes]:
        for _ in range(17):
            yield b"x" * 1024

    assert chat.post("/fr/gradio_api/queue/join", content=pieces()).status_code == 413
    assert chat.post("/staff/sign-in", content=b"x" * 16 * 1024).status_code == 401


def test_a_wrong_length_is_refused(chat: TestClient) -> None:
    assert chat.post("/staff/sign-in", content=b"x", headers={"Content-Length": "many"}).status_code == 413


def test_an_unknown_page_is_said_plainly(chat: TestClient) -> None:
    reply = chat.get("/no/such/page", headers={"Accept-Language": "es"})
    assert reply.status_code == 404
    assert "No hay ninguna página en esta dirección." in reply.text


def test_it_tells_that_it_runs(chat: TestClient) -> None:
    assert chat.get("/healthz").json() == {"status": "ok"}


def test_gradios_files_are_kept_by_the_browser_and_our_pages_are_not(chat: TestClient) -> None:
    page = chat.get("/en/")
    script = re.search(r'src="(assets/[^"]+)"', page.text)
    assert script
    assert "immutable" in chat.get(f"/en/{script.group(1)}").headers["cache-control"]
    assert page.headers["cache-control"] == "no-cache"
    assert chat.get("/en/assets/../../../etc/hosts").status_code == 404


def test_old_questions_are_forgotten_when_the_server_starts(
    store: CorpusStore, feedback: FeedbackLog, settings: Settings
) -> None:
    long_ago = datetime.now(UTC) - timedelta(days=settings.server.keep_questions_days + 1)
    feedback.record(not_found("long ago", Language.ENGLISH))
    feedback._connection.execute("UPDATE answer SET asked_at = ?", (long_ago.isoformat(),))
    feedback.record(not_found("just now", Language.ENGLISH))
    with TestClient(create_pages(settings, store, feedback)) as pages:
        for _ in range(100):
            pages.get("/healthz")
            if len(feedback.recent()) == 1:
                break
    assert [one.question for one in feedback.recent()] == ["just now"]


def test_of_more_visitors_than_are_held_the_last_are_remembered(
    store: CorpusStore, feedback: FeedbackLog, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.web.blocks._SESSIONS", 2)
    app = create_app(settings, ScriptedAnswerer(), store, feedback)
    held = [route.app.state_holder for route in app.routes if getattr(route, "path", "") in ("/fr", "/en", "/es")]
    assert len(held) == 3
    for sessions in held:
        for visitor in ("first", "second", "first", "third"):
            _ = sessions[visitor]
        assert list(sessions.session_data) == ["first", "third"]


def test_of_a_session_the_state_alone_is_held(store: CorpusStore, feedback: FeedbackLog, settings: Settings) -> None:
    app = create_app(settings, ScriptedAnswerer(), store, feedback)
    (mounted,) = [route.app for route in app.routes if getattr(route, "path", "") == "/en"]
    with TestClient(app) as client:
        for number in range(2):
            asked = {
                "data": [f"Where is {number}?", None, None, "", [], None],
                "fn_index": 0,
                "session_hash": "visitor",
            }
            assert client.post("/en/gradio_api/queue/join", json=asked).status_code == 200
            shown = client.get("/en/gradio_api/queue/data", params={"session_hash": "visitor"}).text
            assert "I found no answer" in shown
    session = mounted.state_holder.session_data["visitor"]
    assert list(session.components) == []
    ((conversation,),) = [session.state_data.values()]
    assert [exchange.question for exchange in conversation] == ["Where is 0?", "Where is 1?"]
    assert "I found no answer" in conversation[1].answer_html
    assert len(conversation[1].answer) < len(conversation[1].answer_html) / 2
