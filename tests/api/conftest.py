"""The API over the made-up Coast Agency with a scripted engine, and the whole server over the bundled corpus."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from bot.answer import Answer, AnswerStatus, Question
from bot.api.service import Engine
from bot.feedback import FeedbackLog
from bot.settings import Settings
from bot.web.server import create_app, create_pages, mount_api
from corpus.document import Document, Language
from corpus.store import CorpusStore
from index.errors import SnapshotMissing
from index.passage import Hit, Passage
from tests.bot.web.standin import ScriptedAnswerer, answered, not_found
from tests.browser.conftest import running
from tests.conftest import COAST

DOCUMENTS: dict[str, Document] = {document.doc_id: document for document in COAST}
LIGHTHOUSE = DOCUMENTS["lighthouse-2021"]
HARBOURS = DOCUMENTS["puertos-es"]
REPAIRED = "The Coast Agency repaired 41 lighthouses in 2021."
COST = "The work cost EUR 3.2 million."
JOBS = "Los puertos dan trabajo a 600 personas de Villamar."
ALLOWED = "https://www.coast.example"


class ScriptedEngine(ScriptedAnswerer):
    """Answers by its script, finds one passage, and has a snapshot open unless it is told to have none."""

    def __init__(self, *answers: Answer) -> None:
        super().__init__(*answers)
        self.is_open = True
        self.broken = False

    def answer(self, question: Question) -> Answer:
        if self.broken:
            raise RuntimeError("scripted")
        return super().answer(question)

    def search(self, question: Question, k: int) -> list[tuple[Hit, str]]:
        self.asked.append(question)
        self.snapshot()
        passage = Passage("p1", LIGHTHOUSE.doc_id, 0, len(REPAIRED), REPAIRED, LIGHTHOUSE.title, LIGHTHOUSE.language)
        return [(Hit(1, 1.5, passage), LIGHTHOUSE.url)][:k]

    def snapshot(self) -> str:
        if not self.is_open:
            raise SnapshotMissing("No index has been built.")
        return "made-up"


@pytest.fixture
def engine() -> ScriptedEngine:
    return ScriptedEngine(
        answered("How many lighthouses?", Language.ENGLISH, (LIGHTHOUSE, REPAIRED), (LIGHTHOUSE, COST)),
        answered("Combien d’emplois ?", Language.FRENCH, (HARBOURS, JOBS)),
        not_found("¿Y los faros?", Language.SPANISH, LIGHTHOUSE),
        Answer("Do it", Language.ENGLISH, AnswerStatus.REFUSED, message="Put it as a question."),
        Answer("Fail", Language.ENGLISH, AnswerStatus.ERROR, message="The search failed."),
    )


@dataclass
class Api:
    """A client of the API, with what stands behind it."""

    client: TestClient
    engine: ScriptedEngine
    store: CorpusStore
    feedback: FeedbackLog


@pytest.fixture
def api(tmp_path: Path, engine: ScriptedEngine) -> Iterator[Api]:
    """The API without the chat and the tools, which take seconds to make."""
    settings = Settings(data=tmp_path, server={"allowed_origins": [ALLOWED]})  # type: ignore[arg-type]
    with opened(settings) as (store, feedback):
        app = create_pages(settings, store, feedback)
        mount_api(app, settings, engine, store, feedback)
        client = TestClient(app, base_url="http://127.0.0.1", follow_redirects=False, raise_server_exceptions=False)
        with client:
            yield Api(client, engine, store, feedback)


@contextlib.contextmanager
def opened(settings: Settings) -> Iterator[tuple[CorpusStore, FeedbackLog]]:
    """A corpus of the Coast Agency and a log."""
    with CorpusStore.open(settings.corpus_path, create=True) as store:
        for document in COAST:
            store.add(document)
        with FeedbackLog.open(settings.feedback_path) as feedback:
            yield store, feedback


@contextlib.contextmanager
def whole_server(settings: Settings, engine: Engine) -> Iterator[str]:
    """The whole server over the Coast Agency's documents, on a free port; its address."""
    with opened(settings) as (store, feedback), running(create_app(settings, engine, store, feedback)) as address:
        yield address


@pytest.fixture(scope="session")
def bundled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the whole server over the bundled documents, as `orgbot init` and `orgbot serve` make it."""
    from bot.cli.corpus import add_paths
    from bot.cli.index import build_index
    from bot.pipeline import open_pipeline
    from corpus.bundled import bundled_folder

    settings = Settings(data=tmp_path_factory.mktemp("bundled"))
    add_paths([bundled_folder()], settings)
    build_index(settings)
    with CorpusStore.open(settings.corpus_path) as store, FeedbackLog.open(settings.feedback_path) as feedback:
        app: FastAPI = create_app(settings, open_pipeline(settings), store, feedback)
        with running(app) as address:
            yield address
