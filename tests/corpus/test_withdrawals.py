"""Withdrawals: kept with their reasons, ended by hand or by the page that is there again."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from corpus.database import FORMAT_VERSION
from corpus.errors import DocumentNotFound, StoreError
from corpus.ingest import add_pages
from corpus.page import Page, PageFormat
from corpus.settings import CorpusSettings
from corpus.store import Change, CorpusStore
from tests.conftest import COAST

DOCUMENT = replace(COAST[0], page_digest="a" * 64)
CHANGED = replace(DOCUMENT, text="The Coast Agency repaired 43 lighthouses in 2021.", page_digest="b" * 64)
TEXT = (
    "---\ntitle: Dunes replanted\nid: dunes\nlanguage: en\n---\n\nThe Coast Agency planted {} marram grasses in 2020.\n"
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "corpus.sqlite3"


@pytest.fixture
def store(path: Path) -> Iterator[CorpusStore]:
    with CorpusStore.open(path, create=True) as store:
        store.add(DOCUMENT)
        yield store


def test_a_document_withdrawn_by_hand_stays_so_until_it_is_reinstated(store: CorpusStore) -> None:
    digest = store.digest()
    assert store.withdraw(DOCUMENT.doc_id, "a figure is wrong", by_hand=True)
    assert list(store.documents()) == []
    assert store.digest() != digest
    assert store.add(DOCUMENT) is Change.UNCHANGED
    assert store.add(CHANGED) is Change.REVISED
    assert list(store.documents()) == []
    assert store.reinstate(DOCUMENT.doc_id)
    assert [stored.document.text for stored in store.documents()] == [CHANGED.text]
    (kept,) = store.withdrawals(DOCUMENT.doc_id)
    assert (kept.why, kept.by_hand) == ("a figure is wrong", True)
    assert kept.ended_at is not None
    assert kept.at <= kept.ended_at


def test_a_document_whose_page_was_gone_returns_with_it(store: CorpusStore) -> None:
    assert store.withdraw(DOCUMENT.doc_id, "404")
    assert store.add(DOCUMENT) is Change.REINSTATED
    assert [stored.revision for stored in store.documents()] == [1]
    assert store.withdraw(DOCUMENT.doc_id, "404")
    assert store.add(CHANGED) is Change.REVISED
    assert [stored.revision for stored in store.documents()] == [2]
    assert store.withdraw(DOCUMENT.doc_id, "410")
    assert store.met_again(DOCUMENT.doc_id) is Change.REINSTATED
    assert store.met_again(DOCUMENT.doc_id) is Change.UNCHANGED
    assert [one.why for one in store.withdrawals()] == ["404", "404", "410"]


def test_withdrawing_twice_changes_nothing_save_that_a_persons_word_lasts_longer(store: CorpusStore) -> None:
    assert store.withdraw(DOCUMENT.doc_id, "404")
    assert not store.withdraw(DOCUMENT.doc_id, "404 again")
    assert store.withdraw(DOCUMENT.doc_id, "the ministry asked for it", by_hand=True)
    assert not store.withdraw(DOCUMENT.doc_id, "404")
    assert store.add(CHANGED) is Change.REVISED
    assert store.get(DOCUMENT.doc_id).withdrawn
    assert [(one.why, one.ended_at is None) for one in store.withdrawals()] == [
        ("404", False),
        ("the ministry asked for it", True),
    ]


def test_what_cannot_be_withdrawn_is_told(store: CorpusStore) -> None:
    with pytest.raises(DocumentNotFound, match="'nowhere'"):
        store.withdraw("nowhere", "why not")
    with pytest.raises(DocumentNotFound, match="'nowhere'"):
        store.reinstate("nowhere")
    with pytest.raises(ValueError, match="reason"):
        store.withdraw(DOCUMENT.doc_id, "  ")
    assert not store.reinstate(DOCUMENT.doc_id)
    assert store.withdrawals() == []


def test_a_withdrawal_is_written_whole_or_not_at_all(store: CorpusStore, path: Path) -> None:
    with sqlite3.connect(path) as connection:
        connection.execute(
            "CREATE TRIGGER full BEFORE INSERT ON withdrawal BEGIN SELECT RAISE(ABORT, 'disk is full'); END"
        )
    connection.close()
    with pytest.raises(StoreError, match="disk is full"):
        store.withdraw(DOCUMENT.doc_id, "404")
    assert not store.get(DOCUMENT.doc_id).withdrawn


def test_pages_taken_in_say_what_becomes_of_withdrawn_documents(store: CorpusStore) -> None:
    def take_in(number: int) -> tuple[Change | None, bool]:
        content = TEXT.format(number).encode()
        page = Page("dunes.md", "file:///dunes.md", PageFormat.MARKDOWN, content)
        (outcome,) = add_pages(store, [page], CorpusSettings())
        assert outcome.error is None
        return outcome.change, outcome.withdrawn

    assert take_in(9) == (Change.ADDED, False)
    store.withdraw("dunes", "gone from the sitemap")
    assert take_in(9) == (Change.REINSTATED, False)
    store.withdraw("dunes", "not ours", by_hand=True)
    assert take_in(9) == (Change.UNCHANGED, True)
    assert take_in(10) == (Change.REVISED, True)


def test_a_store_of_format_1_is_migrated_without_loss(store: CorpusStore, path: Path) -> None:
    store.add(CHANGED)
    store.add(COAST[1])
    with sqlite3.connect(path) as connection:
        connection.execute("DROP TABLE withdrawal")
        connection.execute("DROP TABLE decision")
        connection.execute(
            "UPDATE document SET withdrawn_at = '2026-01-01T00:00:00+00:00' WHERE doc_id = ?", (COAST[1].doc_id,)
        )
        connection.execute("PRAGMA user_version = 1")
    connection.close()
    with CorpusStore.open(path) as migrated:
        assert migrated.get(DOCUMENT.doc_id, revision=1).document == DOCUMENT
        assert [stored.document for stored in migrated.documents()] == [CHANGED]
        assert migrated.add(replace(COAST[1], title="Retouched")) is Change.REVISED
        assert migrated.get(COAST[1].doc_id).withdrawn
        (kept,) = migrated.withdrawals()
        assert (kept.doc_id, kept.at.isoformat()) == (COAST[1].doc_id, "2026-01-01T00:00:00+00:00")
        assert migrated.reinstate(COAST[1].doc_id)
    with sqlite3.connect(path) as connection:
        assert connection.execute("PRAGMA user_version").fetchone() == (FORMAT_VERSION,)
    connection.close()
