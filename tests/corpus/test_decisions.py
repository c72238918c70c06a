"""Decisions on what is one release: kept with their reasons, undone, and brought along from earlier formats."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from corpus.database import FORMAT_VERSION
from corpus.errors import DocumentNotFound, StoreError
from corpus.integrity import corpus_problems, file_problems
from corpus.store import CorpusStore
from tests.conftest import COAST

ONE, OTHER = sorted(document.doc_id for document in COAST[:2])


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "corpus.sqlite3"


@pytest.fixture
def store(path: Path) -> Iterator[CorpusStore]:
    with CorpusStore.open(path, create=True) as store:
        for document in COAST[:2]:
            store.add(document, origin=document.url)
        yield store


def test_a_decision_lasts_until_it_is_undone_or_another_is_made(store: CorpusStore) -> None:
    assert store.decide(OTHER, ONE, "the same release", together=True)
    assert not store.decide(ONE, OTHER, "indeed", together=True)
    assert store.decide(ONE, OTHER, "another year", together=False)
    assert [(one.one, one.other, one.together, one.why) for one in store.decisions()] == [
        (ONE, OTHER, False, "another year")
    ]
    assert store.undo_decision(OTHER, ONE)
    assert not store.undo_decision(ONE, OTHER)
    assert store.decisions() == []
    assert [(one.why, one.ended_at is None) for one in store.decisions(every=True)] == [
        ("the same release", False),
        ("another year", False),
    ]


def test_what_cannot_be_decided_is_told(store: CorpusStore) -> None:
    with pytest.raises(DocumentNotFound, match="'nowhere'"):
        store.decide(ONE, "nowhere", "why not", together=True)
    with pytest.raises(ValueError, match="reason"):
        store.decide(ONE, OTHER, " ", together=True)
    with pytest.raises(ValueError, match="two documents"):
        store.decide(ONE, ONE, "the same", together=True)
    assert store.decisions(every=True) == []


def test_a_decision_is_written_whole_or_not_at_all(store: CorpusStore, path: Path) -> None:
    store.decide(ONE, OTHER, "the same release", together=True)
    with sqlite3.connect(path) as connection:
        connection.execute(
            "CREATE TRIGGER full BEFORE INSERT ON decision BEGIN SELECT RAISE(ABORT, 'disk is full'); END"
        )
    connection.close()
    with pytest.raises(StoreError, match="disk is full"):
        store.decide(ONE, OTHER, "another year", together=False)
    assert [one.why for one in store.decisions()] == ["the same release"]


def test_a_corpus_with_decisions_is_sound(store: CorpusStore, path: Path) -> None:
    store.decide(ONE, OTHER, "another year", together=False)
    assert file_problems(path) == []
    assert list(corpus_problems(path)) == []
    with sqlite3.connect(path) as connection:
        connection.execute("DELETE FROM document WHERE doc_id = ?", (ONE,))
    connection.close()
    assert any("decision" in problem for problem in file_problems(path))


def test_a_store_of_format_2_is_migrated_without_loss(store: CorpusStore, path: Path) -> None:
    store.withdraw(ONE, "a figure is wrong", by_hand=True)
    before = store.digest(), store.withdrawals(), list(store.documents()), store.origins(OTHER)
    with sqlite3.connect(path) as connection:
        connection.execute("DROP TABLE decision")
        connection.execute("PRAGMA user_version = 2")
    connection.close()
    with CorpusStore.open(path) as migrated:
        assert (
            migrated.digest(),
            migrated.withdrawals(),
            list(migrated.documents()),
            migrated.origins(OTHER),
        ) == before
        assert migrated.decisions() == []
        assert migrated.decide(ONE, OTHER, "another year", together=False)
    with sqlite3.connect(path) as connection:
        assert connection.execute("PRAGMA user_version").fetchone() == (FORMAT_VERSION,)
    connection.close()
