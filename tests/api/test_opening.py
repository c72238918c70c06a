"""The API answers before the chat is there, and whoever asks is told which of them is ready."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from bot.settings import Settings
from bot.web.opening import Opening
from bot.web.server import create_early_app
from tests.api.conftest import ScriptedEngine, opened


@pytest.fixture
def early(tmp_path: Path, engine: ScriptedEngine) -> Iterator[FastAPI]:
    settings = Settings(data=tmp_path)
    with opened(settings) as (store, feedback):
        yield create_early_app(settings, engine, store, feedback)


def eventually(true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 20
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_the_api_answers_while_the_chat_is_made_and_then_the_whole_server(early: FastAPI) -> None:
    may_open, lived = threading.Event(), []

    @contextlib.asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        lived.append("begun")
        yield
        lived.append("ended")

    whole = FastAPI(lifespan=lifespan)
    whole.get("/en/")(lambda: "the chat")

    def make() -> FastAPI:
        may_open.wait(20)
        return whole

    with TestClient(Opening(early, make, pytest.fail), base_url="http://127.0.0.1") as client:
        assert client.post("/api/v1/ask", json={"question": "How many lighthouses?"}).status_code == 200
        assert client.get("/healthz").status_code == 200
        ready = client.get("/readyz")
        assert (ready.status_code, "chat" in ready.json()["detail"]) == (503, True)
        page = client.get("/en/")
        assert page.status_code == 503
        assert int(page.headers["Retry-After"]) > 0
        may_open.set()
        eventually(lambda: client.get("/en/").status_code == 200)
        assert lived == ["begun"]
    assert lived == ["begun", "ended"]


def test_a_chat_that_cannot_be_made_ends_the_server(early: FastAPI) -> None:
    ended = threading.Event()

    def make() -> FastAPI:
        raise ImportError("no chat")

    opening = Opening(early, make, ended.set)
    with TestClient(opening, base_url="http://127.0.0.1"):
        assert ended.wait(20)
    assert isinstance(opening.error, ImportError)


def test_a_server_that_is_stopped_does_not_wait_for_the_chat(early: FastAPI) -> None:
    never = threading.Event()

    def make() -> FastAPI:
        never.wait(60)
        raise ImportError("too late")

    started = time.monotonic()
    with TestClient(Opening(early, make, pytest.fail), base_url="http://127.0.0.1") as client:
        assert client.get("/healthz").status_code == 200
    assert time.monotonic() - started < 30
    never.set()
