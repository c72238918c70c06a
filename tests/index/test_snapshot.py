from __future__ import annotations

import os
import random
import subprocess
import sys
from pathlib import Path

import pytest

from index.build import build_snapshot
from index.errors import NothingToIndex, SnapshotDamaged, SnapshotError, SnapshotMismatch, SnapshotMissing
from index.search import Index, LiveIndex
from index.settings import IndexSettings
from index.snapshot import current_snapshot
from tests.conftest import COAST, WordHashEncoder, make_document

SETTINGS = IndexSettings()
STORED = [(document, 1) for document in COAST]


def test_building_without_documents_says_what_to_run(snapshots: Path, encoder: WordHashEncoder) -> None:
    with pytest.raises(NothingToIndex, match="orgbot corpus add"):
        build_snapshot([], snapshots, encoder, SETTINGS)
    assert not snapshots.exists()


def test_opening_before_any_build_says_what_to_run(snapshots: Path, encoder: WordHashEncoder) -> None:
    with pytest.raises(SnapshotMissing, match="orgbot index build"):
        Index.open(snapshots, encoder, SETTINGS)


def test_the_manifest_tells_what_was_built(snapshots: Path, encoder: WordHashEncoder) -> None:
    manifest = build_snapshot(STORED, snapshots, encoder, SETTINGS)
    assert (manifest.documents, manifest.passages, manifest.encoder, manifest.dimensions) == (5, 5, "word-hash", 32)
    assert Index.open(snapshots, encoder, SETTINGS).manifest == manifest


def test_another_encoder_is_refused_by_name(snapshots: Path, encoder: WordHashEncoder) -> None:
    build_snapshot(STORED, snapshots, encoder, SETTINGS)
    with pytest.raises(SnapshotMismatch, match="built by the encoder 'word-hash'"):
        Index.open(snapshots, WordHashEncoder(seed=1), SETTINGS)


def test_a_flipped_bit_anywhere_is_found(snapshots: Path, encoder: WordHashEncoder) -> None:
    folder = snapshots / build_snapshot(STORED, snapshots, encoder, SETTINGS).snapshot
    rng = random.Random(7)
    files = [
        path
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != "manifest.json" and path.stat().st_size
    ]
    for path in files * 5:
        whole = path.read_bytes()
        bit = rng.randrange(len(whole) * 8)
        broken = bytearray(whole)
        broken[bit // 8] ^= 1 << bit % 8
        path.write_bytes(broken)
        with pytest.raises(SnapshotDamaged, match="orgbot index build"):
            Index.open(snapshots, encoder, SETTINGS)
        path.write_bytes(whole)
    Index.open(snapshots, encoder, SETTINGS)


@pytest.mark.parametrize("name", ["manifest.json", "dense.faiss", "passages.sqlite3", "lexical/en/vocab.index.json"])
def test_a_missing_or_emptied_file_is_named(snapshots: Path, encoder: WordHashEncoder, name: str) -> None:
    folder = snapshots / build_snapshot(STORED, snapshots, encoder, SETTINGS).snapshot
    (folder / name).write_bytes(b"")
    with pytest.raises(SnapshotDamaged, match=name.split("/")[-1]):
        Index.open(snapshots, encoder, SETTINGS)
    (folder / name).unlink()
    with pytest.raises(SnapshotDamaged, match=name.split("/")[-1]):
        Index.open(snapshots, encoder, SETTINGS)


def test_a_running_server_turns_to_a_new_snapshot_and_stays_with_a_good_one(
    snapshots: Path, encoder: WordHashEncoder
) -> None:
    first = build_snapshot(STORED, snapshots, encoder, SETTINGS)
    live = LiveIndex(snapshots, encoder, SETTINGS)
    assert live.current().manifest == first
    second = build_snapshot(STORED[:2], snapshots, encoder, SETTINGS)
    assert live.current().manifest == second
    third = build_snapshot(STORED[:1], snapshots, encoder, SETTINGS)
    (snapshots / third.snapshot / "dense.faiss").write_bytes(b"broken")
    assert live.current().manifest == second
    assert live.current().search("lighthouses repaired")


def test_only_the_newest_snapshots_are_kept(snapshots: Path, encoder: WordHashEncoder) -> None:
    built = [build_snapshot(STORED, snapshots, encoder, IndexSettings(keep_snapshots=2)).snapshot for _ in range(4)]
    assert sorted(path.name for path in snapshots.iterdir() if path.is_dir()) == built[2:]
    assert current_snapshot(snapshots) == built[3]


def test_a_rebuild_encodes_only_what_is_new(snapshots: Path, encoder: WordHashEncoder, tmp_path: Path) -> None:
    cache = tmp_path / "embeddings.sqlite3"
    build_snapshot(STORED, snapshots, encoder, SETTINGS, cache)
    assert encoder.encoded == 5
    build_snapshot([*STORED, (make_document("new", "Gulls nest on the pier."), 1)], snapshots, encoder, SETTINGS, cache)
    assert encoder.encoded == 6
    cache.write_bytes(b"not a database at all" * 100)
    build_snapshot(STORED, snapshots, encoder, SETTINGS, cache)
    assert encoder.encoded == 11


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path, encoder: WordHashEncoder) -> None:
    in_the_way = tmp_path / "file"
    in_the_way.write_text("")
    with pytest.raises(SnapshotError, match="cannot be written"):
        build_snapshot(STORED, in_the_way / "snapshots", encoder, SETTINGS)


_BUILD_AND_DIE = """
import os, sys
from pathlib import Path
import index.build, index.snapshot
from index.settings import IndexSettings
from tests.conftest import COAST, WordHashEncoder
point = sys.argv[2]
module, name = point.split(":")
def die(*args, **kwargs):
    print("landed", flush=True)
    os.kill(os.getpid(), 9)
setattr(__import__(module, fromlist=["x"]), name, die)
index.build.build_snapshot([(document, 2) for document in COAST], Path(sys.argv[1]), WordHashEncoder(), IndexSettings())
"""


@pytest.mark.parametrize(
    "point",
    [
        "index.build:encode_passages",
        "index.build:file_digests",
        "index.build:publish",
        "index.snapshot:_sync",
        "index.snapshot:_prune",
    ],
)
def test_a_killed_build_leaves_a_whole_snapshot(snapshots: Path, encoder: WordHashEncoder, point: str) -> None:
    before = build_snapshot(STORED, snapshots, encoder, SETTINGS)
    killed = subprocess.run(
        [sys.executable, "-c", _BUILD_AND_DIE, str(snapshots), point],
        capture_output=True,
        text=True,
        env={**os.environ},
        check=False,
    )
    assert (killed.returncode, killed.stdout) == (-9, "landed\n"), killed.stderr
    found = Index.open(snapshots, encoder, SETTINGS)
    # Only the last point lies after the pointer's rename.
    assert (found.manifest.snapshot != before.snapshot) == (point == "index.snapshot:_prune")
    assert found.search("lighthouses repaired in 2021")[0].passage.doc_id == "lighthouse-2021"
    build_snapshot(STORED, snapshots, encoder, SETTINGS)
    assert not list(snapshots.glob(".building-*"))


_PRUNE_AND_DIE = """
import os, shutil, sys
from pathlib import Path
import index.build
from index.settings import IndexSettings
from tests.conftest import COAST, WordHashEncoder
taken = shutil.rmtree
def die(folder, *args, **kwargs):
    if (Path(folder) / "manifest.json").exists():
        os.unlink(Path(folder) / "manifest.json")
        print("landed", flush=True)
        os.kill(os.getpid(), 9)
    taken(folder, *args, **kwargs)
shutil.rmtree = die
settings = IndexSettings(keep_snapshots=1)
index.build.build_snapshot([(document, 2) for document in COAST], Path(sys.argv[1]), WordHashEncoder(), settings)
"""


def test_what_a_build_leaves_that_is_killed_while_removing_an_old_snapshot_goes_with_the_next(
    snapshots: Path, encoder: WordHashEncoder
) -> None:
    before = build_snapshot(STORED, snapshots, encoder, SETTINGS).snapshot
    killed = subprocess.run(
        [sys.executable, "-c", _PRUNE_AND_DIE, str(snapshots)], capture_output=True, text=True, check=False
    )
    assert (killed.returncode, killed.stdout) == (-9, "landed\n"), killed.stderr
    after = current_snapshot(snapshots)
    folders = {path.name for path in snapshots.iterdir() if path.is_dir()}
    assert after != before
    assert before not in folders
    assert len(folders) == 2  # the new one, and what is left of the old one
    last = build_snapshot(STORED, snapshots, encoder, SETTINGS).snapshot
    assert {path.name for path in snapshots.iterdir() if path.is_dir()} == {after, last}
