"""One file → a data folder: everything is checked before anything is replaced, and what was there is kept beside."""

from __future__ import annotations

import os
import sqlite3
import tempfile
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from bot.backup.archive import BackupManifest, read_archive
from bot.errors import BackupError
from bot.feedback import FeedbackLog
from bot.settings import Settings
from corpus.integrity import file_problems
from corpus.store import CorpusStore
from index.errors import SnapshotMissing
from index.snapshot import current_snapshot, read_manifest, verify

REPLACED = "replaced-"
_PATTERNS = ("*.sqlite3", "*.sqlite3-wal", "*.sqlite3-shm", "*.toml", "snapshots")
_IN_USE_SECONDS = 1.0


def restore(settings: Settings, file: Path, *, force: bool = False) -> tuple[BackupManifest, Path | None]:
    """Put the state of a back-up into the data folder, that of the settings.

    A folder that holds anything is replaced with `force` alone; what was replaced is kept in a folder in it, whose
    path is returned. Raises BackupError, and what opening the restored databases and index raises; the data folder is
    then as it was.
    """
    data = settings.data
    try:
        was_there = data.exists()
        if was_there and any(data.iterdir()) and not force:
            raise BackupError(f"{data} is not empty: name another --data, or replace what it holds with --force.")
        _refuse_if_in_use(data)
        data.mkdir(parents=True, exist_ok=True)
        try:
            with tempfile.TemporaryDirectory(dir=data, prefix=".restoring-") as staged:
                manifest = read_archive(file, Path(staged))
                _check(Path(staged))
                kept = _replace(data, Path(staged))
        except BaseException:
            if not was_there:
                data.rmdir()
            raise
    except OSError as error:
        raise BackupError(f"{file} cannot be restored to {data} ({error}): mend that.") from error
    return manifest, kept


def _check(folder: Path) -> None:
    """Raise unless this program can read everything that was backed up, and all of it is sound."""
    staged = Settings.model_construct(data=folder)  # its paths alone: the settings in the back-up may not matter here
    for path in sorted(folder.glob("*.sqlite3")):
        if problems := file_problems(path):
            raise BackupError(f"Nothing was restored: {problems[0]}.")
    CorpusStore.open(staged.corpus_path).close()
    if staged.feedback_path.exists():
        FeedbackLog.open(staged.feedback_path).close()
    try:
        snapshot = staged.snapshots_path / current_snapshot(staged.snapshots_path)
    except SnapshotMissing:
        return
    verify(snapshot, read_manifest(snapshot))


def _replace(data: Path, staged: Path) -> Path | None:
    """Move what is there aside and what was staged in; on failure everything is moved back.

    Should the machine stop in between, what was there is whole in the folder `replaced-…` and the data folder together,
    and restoring again with force completes it.
    """
    kept = data / f"{REPLACED}{datetime.now(UTC):%Y%m%dT%H%M%S%f}"
    old = [path for pattern in _PATTERNS for path in data.glob(pattern) if not path.name.startswith("embeddings.")]
    moves = [(path, kept / path.name) for path in old]
    moves += [(path, data / path.name) for path in sorted(staged.iterdir())]
    try:
        if old:
            kept.mkdir()
        for source, target in moves:
            os.rename(source, target)
    except BaseException:
        for source, target in reversed(moves):
            if target.exists() and not source.exists():
                os.rename(target, source)
        if kept.exists():
            kept.rmdir()
        raise
    _sync(data)
    return kept if old else None


def _refuse_if_in_use(data: Path) -> None:
    """Raise BackupError while a server has a database open: it would go on writing to the replaced one.

    To read a write-ahead log alone needs a database that nobody else has open (SQLite, "Write-Ahead Logging", 8).
    """
    for path in sorted(data.glob("*.sqlite3")):
        try:
            with closing(sqlite3.connect(path, timeout=_IN_USE_SECONDS, isolation_level=None)) as connection:
                connection.execute("PRAGMA locking_mode = EXCLUSIVE").fetchall()
                connection.execute("BEGIN EXCLUSIVE")
                connection.execute("ROLLBACK")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
                raise BackupError(f"{path} is in use: stop the server that uses it first.") from error
        except sqlite3.DatabaseError:
            continue  # damaged, or no database: a reason to restore


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
