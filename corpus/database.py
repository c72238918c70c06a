"""The corpus database as a file (SQLite): its tables, how it is made, migrated, opened and checked, its errors."""

from __future__ import annotations

import os
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from corpus.errors import StoreError

APPLICATION_ID = 0x6F726762  # "orgb" in ASCII: tells our files from other SQLite files
FORMAT_VERSION = 3
BUSY_SECONDS = 30.0

_WITHDRAWAL = """
CREATE TABLE withdrawal (
    id INTEGER PRIMARY KEY,
    doc_id TEXT NOT NULL REFERENCES document,
    at TEXT NOT NULL,
    why TEXT NOT NULL,
    by_hand INTEGER NOT NULL,
    ended_at TEXT
) STRICT
"""
_WITHDRAWAL_BY_DOCUMENT = "CREATE INDEX withdrawal_of_document ON withdrawal (doc_id)"
_DECISION = """
CREATE TABLE decision (
    id INTEGER PRIMARY KEY,
    one TEXT NOT NULL REFERENCES document,
    other TEXT NOT NULL REFERENCES document,
    together INTEGER NOT NULL,
    why TEXT NOT NULL,
    at TEXT NOT NULL,
    ended_at TEXT,
    CHECK (one < other)
) STRICT
"""
_ONE_DECISION_LASTS = "CREATE UNIQUE INDEX lasting_decision ON decision (one, other) WHERE ended_at IS NULL"
_SCHEMA = f"""
{_WITHDRAWAL};
{_WITHDRAWAL_BY_DOCUMENT};
{_DECISION};
{_ONE_DECISION_LASTS};
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

_MIGRATIONS = {
    # Format 1 knew that a document is withdrawn, but not why. Only a person can have said so, by SQL.
    1: (
        _WITHDRAWAL,
        _WITHDRAWAL_BY_DOCUMENT,
        "INSERT INTO withdrawal (doc_id, at, why, by_hand)"
        " SELECT doc_id, withdrawn_at, '', 1 FROM document WHERE withdrawn_at IS NOT NULL",
    ),
    2: (_DECISION, _ONE_DECISION_LASTS),
}
"""The statements that bring a database of each earlier format to the next one."""


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
            # The log comes last: one that a full disk keeps from being written back would be left behind here.
            connection.executescript(
                f"PRAGMA application_id = {APPLICATION_ID};"
                f" BEGIN; {_SCHEMA} PRAGMA user_version = {FORMAT_VERSION}; COMMIT;"
                " PRAGMA journal_mode = WAL;"
            )
        try:
            os.link(made, path)
        except FileExistsError:
            return


def check_format(path: Path, connection: sqlite3.Connection) -> None:
    """Bring a database of an earlier format up to date; raise StoreError if it is none of ours, or of a later one."""
    if _format(path, connection) == FORMAT_VERSION:
        return
    connection.execute("BEGIN IMMEDIATE")  # so that two openers at once migrate it once
    try:
        for version in range(_format(path, connection), FORMAT_VERSION):
            for statement in _MIGRATIONS[version]:
                connection.execute(statement)
        connection.execute(f"PRAGMA user_version = {FORMAT_VERSION}")
    except BaseException:
        connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")


def _format(path: Path, connection: sqlite3.Connection) -> int:
    if connection.execute("PRAGMA application_id").fetchone()[0] != APPLICATION_ID:
        raise StoreError(f"{path} is no corpus database: name another file, or move this one away.")
    version = int(connection.execute("PRAGMA user_version").fetchone()[0])
    if not 1 <= version <= FORMAT_VERSION:
        raise StoreError(
            f"{path} has corpus format {version}, this program reads formats 1 to {FORMAT_VERSION}:"
            " use the program version that wrote it, or add the pages anew to another file."
        )
    return version


@contextmanager
def told(path: Path) -> Iterator[None]:
    """Say what SQLite or the file system could not do as a StoreError."""
    try:
        yield
    except sqlite3.Error as error:
        raise StoreError(f"The corpus database {path} cannot be used ({error}): {_mend(error)}.") from error
    except UnicodeDecodeError as error:  # what SQLite says of a damaged schema repeats its bytes
        message = f"The corpus database {path} cannot be used: restore it from a back-up, it is damaged."
        raise StoreError(message) from error
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
