"""The on-disk form of an index: complete, checksummed, immutable, published by one rename.

snapshots/
  current             the id of the published snapshot, one line
  <id>/
    manifest.json     what it is, and the SHA-256 of every other file
    manifest.sha256   the SHA-256 of that one
    passages.sqlite3  documents and passages
    languages.npy     the language of each passage
    dense.faiss       vectors
    lexical/          BM25 postings by language
        words/            word vectors and the words of each passage, when the encoder knows words
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from filelock import FileLock

from index.errors import SnapshotDamaged, SnapshotError, SnapshotMismatch, SnapshotMissing

FORMAT_VERSION = 3
MANIFEST = "manifest.json"
MANIFEST_DIGEST = "manifest.sha256"
PASSAGES = "passages.sqlite3"
LANGUAGES = "languages.npy"
DENSE = "dense.faiss"
LEXICAL = "lexical"
WORDS = "words"
_CURRENT = "current"
_UNFINISHED = ".building-"
_UNWANTED = ".removing-"
BUILD_COMMAND = "orgbot index build"
_POINTER = re.compile(r"([A-Za-z0-9][A-Za-z0-9-]*)\n")


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a snapshot is made of."""

    snapshot: str
    format: int
    created_at: str
    """UTC, ISO 8601."""
    corpus_digest: str
    encoder: str
    encoder_digest: str
    dimensions: int
    documents: int
    passages: int
    settings: dict[str, object]
    files: dict[str, str]
    """SHA-256 of each file, by its path inside the snapshot."""


def is_published(snapshots: Path) -> bool:
    """Whether some snapshot is the current one, readable or not."""
    return (snapshots / _CURRENT).exists()


def current_snapshot(snapshots: Path) -> str:
    """The id of the published snapshot; raise SnapshotMissing when none is, SnapshotDamaged for what is no id."""
    try:
        named = _POINTER.fullmatch((snapshots / _CURRENT).read_bytes().decode("ascii"))
    except FileNotFoundError:
        raise SnapshotMissing(f"No index has been built in {snapshots}: run `{BUILD_COMMAND}` first.") from None
    except (OSError, UnicodeDecodeError) as error:
        raise SnapshotDamaged(f"{snapshots / _CURRENT} cannot be read: run `{BUILD_COMMAND}` anew.") from error
    if named is None:
        raise SnapshotDamaged(f"{snapshots / _CURRENT} names no snapshot: run `{BUILD_COMMAND}` anew.")
    return named[1]


def other_snapshots(snapshots: Path, than: str) -> list[str]:
    """The ids of all snapshots but that one, newest first."""
    kept = (path.parent.name for path in snapshots.glob(f"*/{MANIFEST}") if not path.parent.name.startswith("."))
    return sorted((name for name in kept if name != than), reverse=True)


def read_manifest(folder: Path) -> Manifest:
    """Read what a snapshot says of itself, without checking its other files."""
    try:
        written = (folder / MANIFEST).read_bytes()
        digest = folder / MANIFEST_DIGEST
        # Snapshots of earlier versions have none.
        if digest.exists() and digest.read_bytes() != _line_of_digest(written):
            raise SnapshotDamaged(
                f"The {MANIFEST} of the snapshot {folder.name} is damaged (its checksum differs): "
                f"run `{BUILD_COMMAND}` anew."
            )
        record = json.loads(written)
        if record["format"] != FORMAT_VERSION:
            raise SnapshotMismatch(
                f"The snapshot {folder.name} has format {record['format']}, this version reads {FORMAT_VERSION}: "
                f"run `{BUILD_COMMAND}` anew."
            )
        return Manifest(**record)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise SnapshotDamaged(
            f"The snapshot {folder.name} has no readable {MANIFEST}: run `{BUILD_COMMAND}` anew."
        ) from error


def verify(folder: Path, manifest: Manifest) -> None:
    """Raise SnapshotDamaged unless every file is there and is what was written."""
    for name, expected in manifest.files.items():
        try:
            actual = _sha256(folder / name)
        except OSError as error:
            raise SnapshotDamaged(
                f"The snapshot {folder.name} lacks its file {name}: run `{BUILD_COMMAND}` anew."
            ) from error
        if actual != expected:
            raise SnapshotDamaged(
                f"The file {name} of the snapshot {folder.name} is damaged (its checksum differs): "
                f"run `{BUILD_COMMAND}` anew."
            )


@contextmanager
def new_snapshot(snapshots: Path) -> Iterator[Path]:
    """A folder to build in; one build at a time. It is removed unless `publish` has renamed it."""
    try:
        snapshots.mkdir(parents=True, exist_ok=True)
        with FileLock(snapshots / ".lock"):
            for left in (*snapshots.glob(f"{_UNFINISHED}*"), *snapshots.glob(f"{_UNWANTED}*")):  # by a killed build
                shutil.rmtree(left)
            folder = Path(tempfile.mkdtemp(prefix=_UNFINISHED, dir=snapshots))
            try:
                yield folder
            finally:
                shutil.rmtree(folder, ignore_errors=True)
    except (OSError, sqlite3.Error) as error:
        raise SnapshotError(
            f"The index cannot be written to {snapshots} ({getattr(error, 'strerror', None) or error}): mend that, then"
            f" run `{BUILD_COMMAND}`."
        ) from error


def publish(folder: Path, manifest: Manifest, keep: int) -> None:
    """Write the manifest, make everything durable, and make the snapshot the current one by one rename.

    A reader sees the snapshot before or this one, whole. Of those before, the newest are kept up to `keep` in all.
    """
    written = json.dumps(asdict(manifest), indent=1).encode()
    (folder / MANIFEST).write_bytes(written)
    (folder / MANIFEST_DIGEST).write_bytes(_line_of_digest(written))
    for path in [*folder.rglob("*"), folder]:
        _sync(path)
    snapshots = folder.parent
    pointer = snapshots / f"{_CURRENT}.new"
    try:
        folder.rename(snapshots / manifest.snapshot)
        _sync(snapshots)
        pointer.write_text(manifest.snapshot + "\n")
        _sync(pointer)
        pointer.replace(snapshots / _CURRENT)
    except OSError:  # of nothing else: an interruption may come when the pointer names the new snapshot already
        pointer.unlink(missing_ok=True)
        shutil.rmtree(snapshots / manifest.snapshot, ignore_errors=True)
        raise
    _sync(snapshots)
    _prune(snapshots, manifest.snapshot, keep)


def file_digests(folder: Path) -> dict[str, str]:
    """The SHA-256 of each file below a folder, by its path inside."""
    return {path.relative_to(folder).as_posix(): _sha256(path) for path in sorted(folder.rglob("*")) if path.is_file()}


def _prune(snapshots: Path, current: str, keep: int) -> None:
    for name in other_snapshots(snapshots, current)[keep - 1 :]:
        # Out of sight by one rename: what a kill leaves is never taken for a snapshot, and the next build removes it.
        # A server that still has it open keeps its mapped files until it turns to the new one.
        with suppress(OSError):
            unwanted = (snapshots / name).rename(snapshots / f"{_UNWANTED}{name}")
            shutil.rmtree(unwanted, ignore_errors=True)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _line_of_digest(content: bytes) -> bytes:
    return hashlib.sha256(content).hexdigest().encode() + b"\n"


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
