"""Whether a corpus is sound, told in lines."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from corpus.integrity import address_problem, corpus_problems, file_problems
from corpus.store import CorpusStore
from tests.conftest import COAST


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "corpus.sqlite3"
    with CorpusStore.open(path, create=True) as store:
        for document in COAST:
            store.add(document, origin=document.url)
    return path


def by_sql(path: Path, statement: str) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute(statement)


def test_a_sound_corpus_has_no_problem(path: Path) -> None:
    with CorpusStore.open(path) as store:
        store.withdraw("dunes-en", "not ours", by_hand=True)
    assert file_problems(path) == []
    assert list(corpus_problems(path)) == []


@pytest.mark.parametrize(
    ("statement", "told"),
    [
        ("UPDATE revision SET record = replace(record, '2021-11-05', '5 Nov') ", "'5 Nov' is no date"),
        ("UPDATE revision SET record = replace(record, '41', '14')", "the digests differ"),
        ("UPDATE revision SET record = '{}'", "cannot be read"),
        ("DELETE FROM revision", "has no revision"),
        ("DELETE FROM page", "has no page any more"),
        ("UPDATE document SET withdrawn_at = '2030-01-01T00:00:00+00:00'", "without a reason"),
    ],
)
def test_what_is_amiss_in_a_document_is_told_with_its_id(path: Path, statement: str, told: str) -> None:
    by_sql(path, f"{statement} WHERE doc_id = 'lighthouse-2021'")
    (problem,) = [one for one in corpus_problems(path) if told in one]
    assert problem.startswith("lighthouse-2021")


def test_a_page_that_became_another_document_leaves_the_first_one_loose(path: Path) -> None:
    with CorpusStore.open(path) as store:
        store.add(replace(COAST[0], doc_id="renamed"), origin=COAST[0].url)
        (problem,) = corpus_problems(path)
        assert problem.startswith("lighthouse-2021 has no page any more")
        store.withdraw("lighthouse-2021", "renamed")
        assert list(corpus_problems(path)) == []


def test_damage_of_the_file_is_told(path: Path, tmp_path: Path) -> None:
    by_sql(path, "DELETE FROM document WHERE doc_id = 'dunes-fr'")  # without the check of references
    assert any("row" in problem and "document" in problem for problem in file_problems(path))
    content = bytearray(path.read_bytes())
    content[8192:] = b"\x55" * (len(content) - 8192)
    path.write_bytes(content)
    assert all("restore it from a back-up" in problem for problem in file_problems(path))
    assert file_problems(path)
    assert file_problems(tmp_path / "nowhere")


@pytest.mark.parametrize(
    "address",
    ["https://coast.example/a?b=c#d", "http://[2001:db8::1]:8080/", "file:///pages/a.txt", "https://küste.example/ü"],
)
def test_a_well_formed_address_is_no_problem(address: str) -> None:
    assert address_problem(address) is None


@pytest.mark.parametrize(
    "address",
    [
        "",
        "coast.example/a",
        "https://",
        "https:///a",
        "https://a b/",
        "https://a/<b>",
        "http://a:port/",
        "http://[a/",
        "javascript:alert(1)",
        "file:",
    ],
)
def test_an_address_that_is_none_is_told(address: str) -> None:
    assert address_problem(address)
