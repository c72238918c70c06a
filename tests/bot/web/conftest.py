"""A corpus of the made-up Coast Agency, a log, and the app over them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from bot.feedback import FeedbackLog
from bot.settings import Settings
from bot.web.server import create_app, create_pages
from corpus.document import Document
from corpus.store import CorpusStore
from tests.bot.web.standin import ScriptedAnswerer
from tests.conftest import COAST

PASSWORD = "blue herring 7"
DOCUMENTS: dict[str, Document] = {document.doc_id: document for document in COAST}


@pytest.fixture
def store(tmp_path: Path) -> Iterator[CorpusStore]:
    """All documents of the Coast Agency; one of them has a second revision."""
    with CorpusStore.open(tmp_path / "corpus.sqlite3", create=True) as store:
        for document in COAST:
            store.add(document)
        revised = DOCUMENTS["lighthouse-2018"]
        store.add(replace(revised, text=f"A correction. {revised.text}"))
        yield store


@pytest.fixture
def feedback(tmp_path: Path) -> Iterator[FeedbackLog]:
    with FeedbackLog.open(tmp_path / "feedback.sqlite3") as log:
        yield log


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data=tmp_path, server={"staff_password": PASSWORD})  # type: ignore[arg-type]


@pytest.fixture
def pages(store: CorpusStore, feedback: FeedbackLog, settings: Settings) -> Iterator[TestClient]:
    """A client of all but the chat, which takes seconds to make; it follows no redirect."""
    with _client(create_pages(settings, store, feedback)) as client:
        yield client


@pytest.fixture(scope="session")
def chat(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """A client of the whole server, which tests must leave as it is."""
    folder = tmp_path_factory.mktemp("chat")
    settings = Settings(data=folder, server={"staff_password": PASSWORD})  # type: ignore[arg-type]
    with CorpusStore.open(settings.corpus_path, create=True) as store:
        for document in COAST:
            store.add(document)
        with FeedbackLog.open(settings.feedback_path) as feedback:
            app = create_app(settings, ScriptedAnswerer(), store, feedback)
            with _client(app) as client:
                yield client


def _client(app: FastAPI) -> TestClient:
    return TestClient(app, base_url="http://127.0.0.1", follow_redirects=False)
