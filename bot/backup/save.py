"""A data folder → one file, while it is served.

Databases are copied by SQLite's own back-up, which gives their state at one moment whoever writes meanwhile. The log is
copied before the corpus: so every revision that a logged answer cites is in the back-up too. Snapshots never change;
they are linked, not copied. What can be computed again at little cost, the cache of vectors, is left out.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import tempfile
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from bot.backup.archive import BackupManifest, write_archive
from bot.errors import BackupError
from bot.settings import Settings
from corpus.integrity import file_problems
from index.errors import SnapshotError, SnapshotMissing
from index.snapshot import current_snapshot, read_manifest, verify

_TRIES = 3
_BUSY_SECONDS = 30.0


def back_up(settings: Settings, file: Path, *, force: bool = False) -> BackupManifest:
    """Write the state of a data folder into one file; an earlier file is replaced with `force` alone.

    Raises BackupError when there is nothing to back up, a database is damaged, or a file cannot be read or written;
    `file` is then as it was.
    """
    if not settings.corpus_path.exists():
        raise BackupError(f"There is no corpus in {settings.data} to back up: name another --data.")
    if file.is_dir() or (file.exists() and not force):
        raise BackupError(f"{file} exists already: name another file, or replace it with --force.")
    try:
        # In the data folder: files can be linked within one file system alone.
        with tempfile.TemporaryDirectory(dir=settings.data, prefix=".backing-up-") as staged:
            folder = Path(staged)
            moment = datetime.now(UTC).isoformat(timespec="seconds")
            _stage_databases(settings, folder)
            for path in settings.data.glob("*.toml"):
                shutil.copyfile(path, folder / path.name)
            _stage_snapshot(settings.snapshots_path, folder / "snapshots")
            manifest = BackupManifest.of_folder(folder, moment)
            write_archive(folder, manifest, file)
    except (OSError, sqlite3.Error) as error:
        raise BackupError(f"{settings.data} cannot be backed up ({error}): mend that.") from error
    return manifest


def _stage_databases(settings: Settings, folder: Path) -> None:
    others = {settings.corpus_path, settings.embeddings_path}
    for path in [*sorted(set(settings.data.glob("*.sqlite3")) - others), settings.corpus_path]:
        copy = folder / path.name
        with (
            closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=rw", uri=True, timeout=_BUSY_SECONDS)) as live,
            closing(sqlite3.connect(copy)) as copied,
        ):
            live.backup(copied)
        if problems := file_problems(copy):
            raise BackupError(f"Nothing was backed up: {problems[0]}.")


def _stage_snapshot(snapshots: Path, folder: Path) -> None:
    """Link the published snapshot; a build may publish the next one and remove it meanwhile."""
    for _ in range(_TRIES):
        shutil.rmtree(folder, ignore_errors=True)
        try:
            name = current_snapshot(snapshots)
            shutil.copytree(snapshots / name, folder / name, copy_function=_link)
            verify(folder / name, read_manifest(folder / name))
        except SnapshotMissing:
            return  # nothing is published
        except (SnapshotError, OSError, shutil.Error) as error:
            problem = error
            continue
        (folder / "current").write_text(f"{name}\n")
        return
    raise BackupError(f"The published index cannot be backed up ({problem}): run `orgbot index build`, then try again.")


def _link(source: str, target: str) -> None:
    try:
        os.link(source, target)
    except OSError:  # some file systems know no links
        shutil.copyfile(source, target)
