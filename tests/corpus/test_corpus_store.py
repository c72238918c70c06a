"""The corpus database: revisions, transactions, several threads and processes, bad files."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from corpus.document import Document, DocumentKind, Language, PartialDate
from corpus.errors import DocumentNotFound, StoreError
from corpus.store import Change, CorpusStore

ROOT = Path(__file__).parents[2]
DOCUMENT = Document(
    doc_id="dunes-fr",
    url="https://littoral.example/fr/news/dunes",
    kind=DocumentKind.RELEASE,
    language=Language.FRENCH,
    title="L’Agence replante les dunes",
    text="Brévanes, 12 mars - L'Agence replante.\n\nElle a fini.",
    date=PartialDate(month=3, day=12),
    places=("Brévanes",),
    contact="presse@littoral.example",
    edition_group="dunes",
    page_digest="a" * 64,
)
CHANGED = replace(DOCUMENT, text="Brévanes, 12 mars - L'Agence a replanté.", page_digest="b" * 64)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "corpus.sqlite3"


@pytest.fixture
def store(path: Path) -> Iterator[CorpusStore]:
    with CorpusStore.open(path, create=True) as store:
        yield store


def test_a_document_comes_back_whole(store: CorpusStore) -> None:
    before = datetime.now(UTC)
    assert store.add(DOCUMENT) is Change.ADDED
    stored = store.get("dunes-fr")
    assert stored.document == DOCUMENT
    assert stored.document.page_digest == DOCUMENT.page_digest
    assert (stored.revision, stored.withdrawn) == (1, False)
    assert before <= stored.added_at <= datetime.now(UTC)


def test_adding_the_same_twice_changes_nothing(store: CorpusStore) -> None:
    store.add(DOCUMENT)
    digest = store.digest()
    assert store.add(DOCUMENT) is Change.UNCHANGED
    assert store.add(replace(DOCUMENT, title="Read otherwise from the same bytes")) is Change.UNCHANGED
    assert store.digest() == digest
    assert store.get("dunes-fr").revision == 1


def test_a_changed_document_is_a_new_revision_and_the_old_one_stays(store: CorpusStore) -> None:
    store.add(DOCUMENT)
    digest = store.digest()
    assert store.add(CHANGED) is Change.REVISED
    assert store.get("dunes-fr").document == CHANGED
    assert store.get("dunes-fr", revision=1).document == DOCUMENT
    assert [stored.revision for stored in store.documents()] == [2]
    assert store.digest() != digest


def test_documents_come_by_id_and_as_of_one_moment(store: CorpusStore) -> None:
    for doc_id in ("c", "a", "b"):
        store.add(replace(DOCUMENT, doc_id=doc_id))
    documents = store.documents()
    first = next(documents)
    store.add(replace(CHANGED, doc_id="b"))
    store.add(replace(DOCUMENT, doc_id="d"))
    assert [(stored.document.doc_id, stored.revision) for stored in (first, *documents)] == [
        ("a", 1),
        ("b", 1),
        ("c", 1),
    ]
    assert len(list(store.documents())) == 4


def test_equal_corpora_have_equal_digests(tmp_path: Path) -> None:
    digests = set()
    for name, order in (("one", "ab"), ("two", "ba")):
        with CorpusStore.open(tmp_path / name, create=True) as store:
            for doc_id in order:
                store.add(replace(DOCUMENT, doc_id=doc_id))
            digests.add(store.digest())
    assert len(digests) == 1


def test_what_is_missing_is_named(store: CorpusStore) -> None:
    with pytest.raises(DocumentNotFound, match="'nowhere'"):
        store.get("nowhere")
    store.add(DOCUMENT)
    with pytest.raises(DocumentNotFound, match="revision 7 of the document 'dunes-fr'"):
        store.get("dunes-fr", revision=7)


def test_a_withdrawn_document_is_not_listed_and_stays_withdrawn(store: CorpusStore, path: Path) -> None:
    store.add(DOCUMENT)
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE document SET withdrawn_at = '2026-01-01T00:00:00+00:00'")
    assert store.add(CHANGED) is Change.REVISED
    assert list(store.documents()) == []
    assert store.get("dunes-fr").withdrawn


def test_lines_are_counted_by_page_and_site(store: CorpusStore) -> None:
    for origin in ("1", "2", "3"):
        store.note_lines("site", origin, ["Accueil", f"only on {origin}"])
    store.note_lines("site", "3", ["Accueil"])
    store.note_lines("elsewhere", "4", ["Accueil"])
    assert store.repeated_lines("site", 3) == {"Accueil"}
    assert store.repeated_lines("elsewhere", 3) == frozenset()


def test_reopening_finds_what_was_added(path: Path) -> None:
    with CorpusStore.open(path, create=True) as store:
        store.add(DOCUMENT)
    with CorpusStore.open(path) as store:
        assert store.get("dunes-fr").document == DOCUMENT


def test_threads_share_a_store(store: CorpusStore) -> None:
    def add(number: int) -> None:
        for place in range(20):
            store.add(replace(DOCUMENT, doc_id=f"d{number}-{place}"))

    threads = [threading.Thread(target=add, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(list(store.documents())) == 80


ADD_MANY = """
import sys
from dataclasses import replace
from pathlib import Path
from test_corpus_store import DOCUMENT
from corpus.store import CorpusStore
with CorpusStore.open(Path(sys.argv[1]), create=True) as store:
    for place in range(40):
        store.add(replace(DOCUMENT, doc_id=f"{sys.argv[2]}-{place}"))
        store.add(replace(DOCUMENT, doc_id="shared", text=f"{sys.argv[2]} {place}", page_digest=""))
"""
STOP_HALFWAY = """
import sys, time
from pathlib import Path
from test_corpus_store import CHANGED
from corpus.store import CorpusStore
store = CorpusStore.open(Path(sys.argv[1]))
with store._writing() as connection:
    connection.execute("DELETE FROM revision")
    print("halfway", flush=True)
    time.sleep(60)
"""


def _python(code: str, *arguments: str) -> subprocess.Popen[str]:
    environment = os.environ | {"PYTHONPATH": os.pathsep.join([str(ROOT), str(Path(__file__).parent), *sys.path])}
    return subprocess.Popen(
        [sys.executable, "-c", code, *arguments],
        env=environment,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


def test_two_processes_make_and_fill_one_store(path: Path) -> None:
    processes = [_python(ADD_MANY, str(path), name) for name in ("one", "two")]
    for process in processes:
        _, errors = process.communicate(timeout=100)
        assert process.returncode == 0, errors
    with CorpusStore.open(path) as store:
        assert len(list(store.documents())) == 81
        assert store.get("shared").revision == 80  # each write of either process is a revision of its own


def test_a_process_killed_in_a_transaction_leaves_all_as_it_was(path: Path) -> None:
    with CorpusStore.open(path, create=True) as store:
        store.add(DOCUMENT)
        digest = store.digest()
    process = _python(STOP_HALFWAY, str(path))
    assert process.stdout is not None
    assert process.stdout.readline() == "halfway\n"
    process.send_signal(signal.SIGKILL)
    process.communicate(timeout=30)
    with CorpusStore.open(path) as store:
        assert store.digest() == digest
        assert store.add(CHANGED) is Change.REVISED


def test_a_failed_write_leaves_nothing(store: CorpusStore, path: Path) -> None:
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TRIGGER full BEFORE INSERT ON page BEGIN SELECT RAISE(ABORT, 'disk is full'); END")
    with pytest.raises(StoreError, match="disk is full"):
        store.add(DOCUMENT, origin="file:///dunes.txt")
    with pytest.raises(DocumentNotFound):
        store.get("dunes-fr")
    assert store.add(DOCUMENT) is Change.ADDED


def test_a_missing_store_is_not_made_unasked(path: Path) -> None:
    with pytest.raises(StoreError, match=r"There is no corpus at .*add pages first"):
        CorpusStore.open(path)
    assert not path.parent.exists()


def test_other_files_are_refused_and_left_alone(tmp_path: Path) -> None:
    text, empty, foreign = tmp_path / "text", tmp_path / "empty", tmp_path / "foreign"
    text.write_text("no database " * 100)
    empty.touch()
    with sqlite3.connect(foreign) as connection:
        connection.execute("CREATE TABLE other (x)")
    connection.close()
    for path in (text, empty, foreign):
        content = path.read_bytes()
        with pytest.raises(StoreError, match=f"{path.name}.*name another file"):
            CorpusStore.open(path, create=True)
        assert path.read_bytes() == content
    with pytest.raises(StoreError, match="cannot be used"):
        CorpusStore.open(tmp_path)


def test_another_format_is_refused(path: Path) -> None:
    CorpusStore.open(path, create=True).close()
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA user_version = 99")
    connection.close()
    with pytest.raises(StoreError, match="format 99, this program reads formats 1 to 3"):
        CorpusStore.open(path)


def test_a_damaged_store_is_told(path: Path) -> None:
    with CorpusStore.open(path, create=True) as store:
        for number in range(50):
            store.add(replace(DOCUMENT, doc_id=f"d{number}"))
    content = bytearray(path.read_bytes())
    content[4096:] = b"\x55" * (len(content) - 4096)
    path.write_bytes(content)
    with pytest.raises(StoreError, match="restore it from a back-up"), CorpusStore.open(path) as store:
        list(store.documents())


@pytest.mark.skipif(os.geteuid() == 0, reason="the superuser may write anywhere")
def test_a_read_only_folder_is_told(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(StoreError, match="cannot be used"):
        CorpusStore.open(tmp_path / "corpus.sqlite3", create=True)
