"""Flipped bits: each one anywhere in a snapshot is found and the last good snapshot serves; and so in the stores."""

from __future__ import annotations

import logging
import random
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from corpus.errors import StoreError
from corpus.integrity import corpus_problems, file_problems
from corpus.store import CorpusStore
from index.build import build_snapshot
from index.embedding_cache import encode_passages
from index.errors import SnapshotDamaged, SnapshotError
from index.search import Index, LiveIndex
from index.settings import IndexSettings
from tests.conftest import COAST, WordHashEncoder

SETTINGS = IndexSettings()
STORED = [(document, 1) for document in COAST]
OF_SNAPSHOT, OF_CORPUS, OF_CACHE = 300, 100, 100


def flipped(whole: bytes, rng: random.Random) -> bytes:
    bit = rng.randrange(len(whole) * 8)
    broken = bytearray(whole)
    broken[bit // 8] ^= 1 << bit % 8
    return bytes(broken)


@pytest.fixture
def quiet() -> Iterator[None]:
    """Hundreds of errors that are meant need not be logged."""
    logging.disable(logging.ERROR)
    yield
    logging.disable(logging.NOTSET)


@pytest.mark.usefixtures("quiet")
def test_a_flipped_bit_anywhere_in_a_snapshot_is_found_and_the_last_good_one_serves(
    snapshots: Path, encoder: WordHashEncoder
) -> None:
    good = build_snapshot(STORED, snapshots, encoder, SETTINGS).snapshot
    current = build_snapshot(STORED[:4], snapshots, encoder, SETTINGS).snapshot
    files = [path for path in sorted((snapshots / current).rglob("*")) if path.is_file() and path.stat().st_size]
    assert {"manifest.json", "manifest.sha256", "dense.faiss", "passages.sqlite3"} <= {path.name for path in files}
    files.append(snapshots / "current")
    rng = random.Random(20)
    for trial in range(OF_SNAPSHOT):
        path = files[trial % len(files)]  # each file as often as any other, however small
        whole = path.read_bytes()
        path.write_bytes(flipped(whole, rng))
        with pytest.raises(SnapshotDamaged, match="orgbot index build"):
            Index.open(snapshots, encoder, SETTINGS)
        live = LiveIndex(snapshots, encoder, SETTINGS).current()
        # Where the pointer is damaged, the snapshot that it named is still good.
        assert live.manifest.snapshot == (current if path.name == "current" else good)
        assert live.search("lighthouses repaired in 2021")[0].passage.doc_id == "lighthouse-2021"
        path.write_bytes(whole)
    assert LiveIndex(snapshots, encoder, SETTINGS).current().manifest.snapshot == current


def test_a_server_that_began_with_the_last_good_snapshot_turns_to_a_mended_one(
    snapshots: Path, encoder: WordHashEncoder, caplog: pytest.LogCaptureFixture
) -> None:
    good = build_snapshot(STORED, snapshots, encoder, SETTINGS).snapshot
    current = build_snapshot(STORED[:4], snapshots, encoder, SETTINGS).snapshot
    (snapshots / current / "dense.faiss").write_bytes(b"")
    live = LiveIndex(snapshots, encoder, SETTINGS)
    assert live.current().manifest.snapshot == good
    assert good in caplog.text
    assert "dense.faiss" in caplog.text
    mended = build_snapshot(STORED, snapshots, encoder, SETTINGS).snapshot
    assert live.current().manifest.snapshot == mended


def test_without_a_good_snapshot_the_damage_is_said(snapshots: Path, encoder: WordHashEncoder) -> None:
    for _ in range(2):
        built = build_snapshot(STORED, snapshots, encoder, SETTINGS).snapshot
        (snapshots / built / "dense.faiss").write_bytes(b"")
    with pytest.raises(SnapshotDamaged, match=r"dense\.faiss.*orgbot index build"):
        LiveIndex(snapshots, encoder, SETTINGS)


def test_a_snapshot_of_another_encoder_is_no_good_one(snapshots: Path, encoder: WordHashEncoder) -> None:
    build_snapshot(STORED, snapshots, WordHashEncoder(seed=1), SETTINGS)
    built = build_snapshot(STORED, snapshots, encoder, SETTINGS).snapshot
    (snapshots / built / "manifest.json").write_bytes(b"{}")
    with pytest.raises(SnapshotError, match=r"manifest\.json"):
        LiveIndex(snapshots, encoder, SETTINGS)


def test_a_flipped_bit_in_the_corpus_is_found_or_changes_no_document(tmp_path: Path) -> None:
    path = tmp_path / "corpus.sqlite3"
    with CorpusStore.open(path, create=True) as store:
        for document in COAST:
            store.add(document, origin=document.url)
        wanted = [(stored.document, stored.revision) for stored in store.documents()]
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    whole, rng, found = path.read_bytes(), random.Random(21), 0
    for trial in range(OF_CORPUS):
        folder = tmp_path / str(trial)
        folder.mkdir()
        broken = folder / path.name
        broken.write_bytes(flipped(whole, rng))
        try:
            with CorpusStore.open(broken) as store:
                told = file_problems(broken) or list(corpus_problems(broken))
                built_from = [(stored.document, stored.revision) for stored in store.documents(checked=True)]
        except StoreError:
            found += 1
        else:
            found += bool(told)
            # An index is never built from other words than were stored.
            assert told or built_from == wanted
        shutil.rmtree(folder)
    assert found > 0


def test_a_flipped_bit_in_the_cache_of_vectors_changes_no_vector(tmp_path: Path) -> None:
    path, texts = tmp_path / "embeddings.sqlite3", [document.text for document in COAST]
    wanted = encode_passages(WordHashEncoder(), texts, path, lambda _: None)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    whole, rng, again = path.read_bytes(), random.Random(22), 0
    for _ in range(OF_CACHE):
        for beside in tmp_path.glob("embeddings.*"):
            beside.unlink()
        path.write_bytes(flipped(whole, rng))
        encoder, done = WordHashEncoder(), 0

        def advance(texts_done: int) -> None:
            nonlocal done
            done += texts_done

        assert np.array_equal(encode_passages(encoder, texts, path, advance), wanted)
        assert done == len(texts)
        again += encoder.encoded > 0
    assert again > 0
