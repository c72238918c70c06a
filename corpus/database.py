"""The corpus database as a file: its tables, how it is made, opened and checked, and how its errors"
" are said (SQLite)."""

from __future__ import annotations

import os
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from corpus.errors import StoreError

APPLICATION_ID = 0x6F726762  # "orgb" in ASCII: tells our files from other SQLite files
FORMAT_VERSION = 1
BUSY_SECONDS = 30.0

_SCHEMA = """
CREATE TABLE document (
    doc_id TEXT PRIMARY KEY,
    withdrawn_at TEXT
) STRICT;
CREATE TABLE revision (
    doc_id TEXT NOT NULL REFERENCES document,
    revision INTEGER NOT NULL,
    added_at TEXT NOT NULL,
    content_digest TEXT NOT NULL,
    page_digest TEXT NOT NULL,
    record TEXT NOT NULL,
    PRIMARY KEY (doc_id, revision)
) STRICT;
CREATE VIEW current AS
    SELECT doc_id, MAX(revision) AS revision, added_at, content_digest, page_digest, record, withdrawn_at
    FROM revision JOIN document USING (doc_id) GROUP BY doc_id;
CREATE TABLE page (
    origin TEXT PRIMARY KEY,
    doc_id TEXT NOT NULL REFERENCES document,
    page_digest TEXT NOT NULL
) STRICT;
CREATE INDEX page_of_document ON page (doc_id);
CREATE TABLE outer_line (
    site TEXT NOT NULL,
    line TEXT NOT NULL,
    origin TEXT NOT NULL,
    PRIMARY KEY (site, line, origin)
) STRICT, WITHOUT ROWID;
CREATE INDEX outer_line_of_page ON outer_line (origin);
"""
# In `current`, SQLite takes the bare columns from the row that holds the maximum (documented behaviour).


def connect(path: Path) -> sqlite3.Connection:
    """A connection that waits for other writers, holds references and may be used by any thread."""
    # Statements commit by themselves unless a transaction was begun by hand.
    connection = sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False)
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA synchronous = FULL")
    return connection


def make(path: Path) -> None:
    """Make an empty database beside, whole, and give it its name: two makers at once cannot disturb each other."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=path.parent, prefix=f".{path.name}.") as folder:
        made = Path(folder) / path.name
        with closing(connect(made)) as connection:
            connection.executescript(
                f"PRAGMA journal_mode = WAL; PRAGMA application_id = {APPLICATION_ID};"
                f" BEGIN; {_SCHEMA} PRAGMA user_version = {FORMAT_VERSION}; COMMIT;"
            )
        try:
            os.link(made, path)
        except FileExistsError:
            return


def check_format(path: Path, connection: sqlite3.Connection) -> None:
    """Raise StoreError if the database is not one of ours, or of another format."""
    if connection.execute("PRAGMA application_id").fetchone()[0] != APPLICATION_ID:
        raise StoreError(f"{path} is no corpus database: name another file, or move this one away.")
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    if version != FORMAT_VERSION:
        raise StoreError(
            f"{path} has corpus format {version}, this program reads format {FORMAT_VERSION}:"
            " use the program version that wrote it, or add the pages anew to another file."
        )


@contextmanager
def told(path: Path) -> Iterator[None]:
    """Say what SQLite or the file system could not do as a StoreError."""
    try:
        yield
    except sqlite3.Error as error:
        raise StoreError(f"The corpus database {path} cannot be used ({error}): {_mend(error)}.") from error
    except OSError as error:
        raise StoreError(f"The corpus database {path} cannot be used ({error.strerror}): mend the path.") from error


def _mend(error: sqlite3.Error) -> str:
    match getattr(error, "sqlite_errorcode", 0) & 0xFF:  # the low byte is the primary code
        case sqlite3.SQLITE_NOTADB:
            return "name another file, it is no database"
        case sqlite3.SQLITE_CORRUPT:
            return "restore it from a back-up, it is damaged"
        case sqlite3.SQLITE_READONLY | sqlite3.SQLITE_CANTOPEN | sqlite3.SQLITE_PERM:
            return "make the file and its folder readable and writable"
        case sqlite3.SQLITE_FULL:
            return "free some disk space"
        case sqlite3.SQLITE_BUSY | sqlite3.SQLITE_LOCKED:
            return "try again when the other program that writes to it is done"
        case _:
            return "check the file and its disk"
