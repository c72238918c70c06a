"""`orgbot corpus trace` and `orgbot corpus verify`: past answers against what is stored now."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from bot.answer import Answer
from bot.feedback import FeedbackLog
from bot.feedback.database import connect
from corpus.document import Language
from corpus.store import CorpusStore
from index.build import build_snapshot
from index.settings import IndexSettings
from tests.bot.test_cli import orgbot, said
from tests.bot.web.standin import answered, not_found
from tests.conftest import COAST, WordHashEncoder

LIGHTS, DUNES = COAST[0], COAST[3]
REPAIRED = "The Coast Agency repaired 41 lighthouses in 2021."
COST = "The work cost EUR 3.2 million."


def quoting(*quotes: str) -> Answer:
    return answered("What about lighthouses?", Language.ENGLISH, *((LIGHTS, quote) for quote in quotes))


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Five documents, and three answers of which two cite the lighthouses."""
    with (
        CorpusStore.open(tmp_path / "corpus.sqlite3", create=True) as store,
        FeedbackLog.open(tmp_path / "feedback.sqlite3") as feedback,
    ):
        for document in COAST:
            store.add(document, origin=document.url)
        feedback.record(quoting(REPAIRED, COST))
        feedback.record(not_found("What about dunes?", Language.ENGLISH))
        shown = quoting(COST)
        feedback.record(replace(quoting(), newer=shown.citations))
    return tmp_path


@pytest.fixture
def store(data: Path) -> Iterator[CorpusStore]:
    with CorpusStore.open(data / "corpus.sqlite3") as store:
        yield store


def revise(store: CorpusStore) -> None:
    text = LIGHTS.text.replace("41 lighthouses", "43 lighthouses")
    store.add(replace(LIGHTS, text=text), origin=LIGHTS.url)


def test_a_trace_says_which_words_still_stand(data: Path, store: CorpusStore) -> None:
    revise(store)
    record = json.loads(orgbot(data, "corpus", "trace", LIGHTS.doc_id, "--json").stdout)
    assert (record["revision"], record["withdrawn"]) == (2, False)
    newest, oldest = record["answers"]
    assert newest["quotes"] == [{"revision": 1, "quote": COST, "stands": True}]  # cited as a newer figure
    assert [(one["quote"], one["stands"]) for one in oldest["quotes"]] == [(REPAIRED, False), (COST, True)]
    shown = orgbot(data, "corpus", "trace", LIGHTS.doc_id).stdout
    assert "2 logged answers" in shown
    assert f"GONE    revision 1: {REPAIRED}" in shown


def test_a_trace_of_what_nobody_cited_or_stored(data: Path, store: CorpusStore) -> None:
    store.withdraw(DUNES.doc_id, "not ours", by_hand=True)
    assert "is withdrawn at revision 1; 0 logged answers" in orgbot(data, "corpus", "trace", DUNES.doc_id).stdout
    assert "'nowhere'" in said(orgbot(data, "corpus", "trace", "nowhere"))


def test_all_is_well(data: Path) -> None:
    result = orgbot(data, "corpus", "verify")
    assert (result.exit_code, result.stdout) == (0, "Nothing is amiss.\n")


def test_a_quote_that_no_longer_stands_is_found_in_the_answers_looked_at(data: Path, store: CorpusStore) -> None:
    revise(store)
    result = orgbot(data, "corpus", "verify")
    (line,) = result.stdout.splitlines()
    assert result.exit_code == 1
    assert f"{LIGHTS.doc_id}, revision 1" in line
    assert "no longer stands in revision 2" in line
    assert REPAIRED in line
    assert orgbot(data, "corpus", "verify", "--answers", "2").exit_code == 0


def test_every_kind_of_finding_has_its_line(data: Path, encoder: WordHashEncoder) -> None:
    with CorpusStore.open(data / "corpus.sqlite3") as store:
        documents = [(one.document, one.revision) for one in store.documents()]
        build_snapshot(documents, data / "snapshots", encoder, IndexSettings())
        store.withdraw(DUNES.doc_id, "not ours", by_hand=True)
    with FeedbackLog.open(data / "feedback.sqlite3") as feedback:
        answer = quoting(COST)
        (citation,) = answer.citations
        wrong = replace(citation, revision=7, link="nowhere")
        feedback.record(replace(answer, citations=(replace(citation, start=0, end=9), wrong)))
    found = json.loads(orgbot(data, "corpus", "verify", "--json").stdout)
    told = ["does not stand there", "this revision is not stored", "'nowhere' is no address", "in the published"]
    assert len(found) == len(told)
    assert [sum(words in line for line in found) for words in told] == [1] * len(told)


def test_an_answer_that_cannot_be_read_is_found(data: Path) -> None:
    # Written through the log's own connection, as a version would that kept other records: its digest agrees.
    with closing(connect(data / "feedback.sqlite3")) as connection:
        connection.execute("UPDATE answer SET record = '{}' WHERE id = 2")
    (line,) = json.loads(orgbot(data, "corpus", "verify", "--json").stdout)
    assert line.startswith("The answer number 2, counted from the newest, cannot be read")


def test_an_answer_that_was_changed_beside_the_log_is_found(data: Path) -> None:
    with closing(sqlite3.connect(data / "feedback.sqlite3", isolation_level=None)) as connection:
        connection.execute("UPDATE answer SET record = '{}' WHERE id = 2")
    (line,) = json.loads(orgbot(data, "corpus", "verify", "--json").stdout)
    assert "row 2 of the table answer" in line


def test_damaged_files_are_found(data: Path) -> None:
    for name in ("feedback.sqlite3", "corpus.sqlite3"):
        content = bytearray((data / name).read_bytes())
        content[8192:] = b"\x55" * (len(content) - 8192)
        (data / name).write_bytes(content)
        found = json.loads(orgbot(data, "corpus", "verify", "--json").stdout)
        assert found
        assert all(line.startswith(f"{name} is damaged") for line in found)


def test_without_a_corpus_there_is_nothing_to_verify(tmp_path: Path) -> None:
    assert "There is no corpus" in said(orgbot(tmp_path, "corpus", "verify"))
