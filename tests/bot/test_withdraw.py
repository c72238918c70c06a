"""`orgbot corpus withdraw`, and a running pipeline that stops citing what was withdrawn."""

from __future__ import annotations

import json
from pathlib import Path

from fastapi.testclient import TestClient

from bot.answer import AnswerStatus, Question
from bot.feedback.log import FeedbackLog
from bot.pipeline import Pipeline
from bot.settings import Settings
from bot.web.server import create_app
from corpus.store import CorpusStore
from index.build import build_snapshot
from index.search import Index, LiveIndex
from tests.bot.test_cli import orgbot, said
from tests.conftest import COAST, WordHashEncoder

QUESTION = Question("How many lighthouses did the Coast Agency repair in 2021?")


def publish(store: CorpusStore, settings: Settings, encoder: WordHashEncoder) -> None:
    documents = [(stored.document, stored.revision) for stored in store.documents()]
    build_snapshot(documents, settings.snapshots_path, encoder, settings.index)


def test_a_running_pipeline_stops_citing_a_withdrawn_document(settings: Settings, encoder: WordHashEncoder) -> None:
    def cited() -> set[str]:
        return {citation.doc_id for citation in pipeline.answer(QUESTION).citations}

    def met() -> set[str]:
        answer = pipeline.answer(QUESTION)
        return {hit.passage.doc_id for hit in answer.hits} | {one.doc_id for one in answer.suggestions}

    with CorpusStore.open(settings.corpus_path, create=True) as store:
        for document in COAST:
            store.add(document)
        publish(store, settings, encoder)
        pipeline = Pipeline(LiveIndex(settings.snapshots_path, encoder, settings.index), settings)
        assert "lighthouse-2021" in cited()
        store.withdraw("lighthouse-2021", "a figure is wrong", by_hand=True)
        publish(store, settings, encoder)
        assert "lighthouse-2021" not in cited() | met()
        store.reinstate("lighthouse-2021")
        publish(store, settings, encoder)
        assert "lighthouse-2021" in cited()


def test_when_everything_is_withdrawn_nothing_is_cited(settings: Settings, encoder: WordHashEncoder) -> None:
    with CorpusStore.open(settings.corpus_path, create=True) as store, FeedbackLog.open(settings.feedback_path) as log:
        for document in COAST:
            store.add(document)
        publish(store, settings, encoder)
        pipeline = Pipeline(LiveIndex(settings.snapshots_path, encoder, settings.index), settings)
        assert pipeline.answer(QUESTION).citations
        for document in COAST:
            store.withdraw(document.doc_id, "not ours", by_hand=True)
        publish(store, settings, encoder)
        started_anew = Pipeline(Index.open(settings.snapshots_path, encoder, settings.index), settings)
        for one in (pipeline, started_anew):
            answer = one.answer(QUESTION)
            assert answer.status is AnswerStatus.NO_ANSWER
            assert (answer.citations, answer.suggestions, answer.hits) == ((), (), ())
            assert one.search(QUESTION, 10) == []
            with TestClient(create_app(settings, one, store, log), base_url="http://127.0.0.1") as client:
                for page in ("/en/", "/fr/", "/healthz"):
                    assert client.get(page).status_code == 200
        store.reinstate("lighthouse-2021")
        publish(store, settings, encoder)
        assert {citation.doc_id for citation in pipeline.answer(QUESTION).citations} == {"lighthouse-2021"}


def test_a_build_publishes_the_withdrawal_of_everything(tmp_path: Path) -> None:
    data = tmp_path / "data"
    with CorpusStore.open(data / "corpus.sqlite3", create=True) as store:
        store.add(COAST[0])
    assert orgbot(data, "index", "build").exit_code == 0
    orgbot(data, "corpus", "withdraw", COAST[0].doc_id, "--why", "not ours")
    built = orgbot(data, "index", "build")
    assert built.exit_code == 0
    assert "documents  0" in built.stdout
    assert json.loads(orgbot(data, "ask", QUESTION.text, "--json").stdout)["status"] == "no_answer"


def test_withdraw_and_reinstate_on_the_command_line(tmp_path: Path) -> None:
    data = tmp_path / "data"
    with CorpusStore.open(data / "corpus.sqlite3", create=True) as store:
        for document in COAST:
            store.add(document)
    assert "orgbot index build" in orgbot(data, "corpus", "withdraw", "dunes-en", "--why", "not ours").stdout
    assert "is withdrawn already" in said(orgbot(data, "corpus", "withdraw", "dunes-en", "--why", "once more"))
    assert "The reason is empty" in said(orgbot(data, "corpus", "withdraw", "dunes-fr", "--why", " "))
    assert "'nowhere'" in said(orgbot(data, "corpus", "withdraw", "nowhere", "--why", "not ours"))
    listed = {one["doc_id"] for one in json.loads(orgbot(data, "corpus", "list", "--json").stdout)}
    assert listed == {document.doc_id for document in COAST} - {"dunes-en"}
    (kept,) = json.loads(orgbot(data, "corpus", "withdrawn", "--json").stdout)
    assert (kept["doc_id"], kept["why"], kept["by_hand"]) == ("dunes-en", "not ours", True)
    shown = json.loads(orgbot(data, "corpus", "show", "dunes-en", "--json").stdout)
    assert (shown["withdrawn"], shown["why"]) == (True, "not ours")
    assert "is reinstated" in orgbot(data, "corpus", "reinstate", "dunes-en").stdout
    assert "is not withdrawn" in said(orgbot(data, "corpus", "reinstate", "dunes-en"))
    assert json.loads(orgbot(data, "corpus", "withdrawn", "--json").stdout) == []
    assert "not ours" in orgbot(data, "corpus", "withdrawn", "--all").stdout
