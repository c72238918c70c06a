"""What is known of the pages of each source between two syncs, and how far a sync has come (SQLite).

A page's body is kept here from when it has arrived until it is taken in: a sync that is killed goes on where it was,
and asks no site for the same page twice.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from corpus.database import connect, told
from corpus.errors import StoreError
from corpus.page import Page, PageFormat
from corpus.sources.fetch import NOTHING_KNOWN, Validators

APPLICATION_ID = 0x6F726766  # "orgf" in ASCII
FORMAT_VERSION = 1

_SCHEMA = """
CREATE TABLE page (
    source TEXT NOT NULL,
    address TEXT NOT NULL,
    run INTEGER NOT NULL DEFAULT 0,
    etag TEXT NOT NULL DEFAULT '',
    last_modified TEXT NOT NULL DEFAULT '',
    digest TEXT NOT NULL DEFAULT '',
    doc_id TEXT,
    missing INTEGER NOT NULL DEFAULT 0,
    gone INTEGER NOT NULL DEFAULT 0,
    url TEXT,
    format TEXT,
    content BLOB,
    PRIMARY KEY (source, address)
) STRICT;
CREATE INDEX page_of_document ON page (doc_id);
CREATE TABLE run (
    source TEXT PRIMARY KEY,
    number INTEGER NOT NULL,
    finished INTEGER NOT NULL
) STRICT;
"""


@dataclass(frozen=True, slots=True)
class KnownAddress:
    """What earlier syncs learnt of one address: `run` is the one that dealt with it last."""

    run: int
    validators: Validators
    digest: str
    """SHA-256 of the bytes that it answered last."""
    doc_id: str | None
    missing: int
    """So many finished syncs in succession found it no more in the source."""
    gone: bool
    """Its document has been withdrawn because the page was gone."""


class FetchState:
    """The state of all sources of a data folder; for one sync at a time. Methods raise StoreError."""

    def __init__(self, path: Path, connection: sqlite3.Connection) -> None:
        """Keep an opened connection; use `open`."""
        self.path = path
        self._connection = connection

    @classmethod
    def open(cls, path: Path) -> Self:
        """Open the file, made when it is not there; raises StoreError when it is another file."""
        with told(path):
            path.parent.mkdir(parents=True, exist_ok=True)
            connection = connect(path)
            try:
                cls._prepare(path, connection)
            except BaseException:
                connection.close()
                raise
        return cls(path, connection)

    @staticmethod
    def _prepare(path: Path, connection: sqlite3.Connection) -> None:
        kind = connection.execute("PRAGMA application_id").fetchone()[0]
        if connection.execute("SELECT COUNT(*) FROM sqlite_schema").fetchone()[0] == 0:
            connection.executescript(
                f"PRAGMA journal_mode = WAL; BEGIN IMMEDIATE; {_SCHEMA} PRAGMA application_id = {APPLICATION_ID};"
                f" PRAGMA user_version = {FORMAT_VERSION}; COMMIT;"
            )
        elif (kind, connection.execute("PRAGMA user_version").fetchone()[0]) != (APPLICATION_ID, FORMAT_VERSION):
            raise StoreError(f"{path} is not the state of this version's syncs: move it away, and sync anew.")

    def __enter__(self) -> Self:
        """Return the state itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the connection."""
        self._connection.close()

    def keep_only(self, sources: Collection[str]) -> None:
        """Forget the sources that are no longer declared; their documents have no page left to be gone with."""
        with self._writing() as connection:
            named = {row[0] for row in connection.execute("SELECT source FROM run")} - set(sources)
            for source in named:
                connection.execute("DELETE FROM page WHERE source = ?", (source,))
                connection.execute("DELETE FROM run WHERE source = ?", (source,))

    def begin(self, source: str) -> int:
        """The number of the run that now begins, or of the one that was broken off and now goes on."""
        with self._writing() as connection:
            row = connection.execute("SELECT number, finished FROM run WHERE source = ?", (source,)).fetchone()
            number = 1 if row is None else int(row[0]) + int(row[1])
            connection.execute("INSERT OR REPLACE INTO run VALUES (?, ?, 0)", (source, number))
        return number

    def finish(self, source: str) -> None:
        """All that the run could deal with is dealt with."""
        with self._writing() as connection:
            connection.execute("UPDATE run SET finished = 1 WHERE source = ?", (source,))

    def known(self, source: str) -> dict[str, KnownAddress]:
        """All addresses that the source has ever listed and that answered."""
        with told(self.path):
            rows = self._connection.execute(
                "SELECT address, run, etag, last_modified, digest, doc_id, missing, gone FROM page WHERE source = ?",
                (source,),
            ).fetchall()
        return {
            address: KnownAddress(run, Validators(etag, modified), digest, doc_id, missing, bool(gone))
            for address, run, etag, modified, digest, doc_id, missing, gone in rows
        }

    def keep(self, source: str, address: str, run: int, page: Page, validators: Validators) -> None:
        """A page has arrived: keep its body until `settle`."""
        self._set(
            source, address, run=run, etag=validators.etag, last_modified=validators.last_modified, digest=page.digest,
            url=page.url, format=page.format.value, content=page.content, missing=0, gone=0,
        )  # fmt: skip

    def waiting(self, source: str) -> list[Page]:
        """The pages that have arrived and are not yet taken in; `name` is the address that was listed."""
        with told(self.path):
            rows = self._connection.execute(
                "SELECT address, url, format, content FROM page WHERE source = ? AND content IS NOT NULL"
                " ORDER BY rowid",
                (source,),
            ).fetchall()
        return [Page(name=row[0], url=row[1], format=PageFormat(row[2]), content=row[3]) for row in rows]

    def settle(self, source: str, address: str, doc_id: str | None) -> None:
        """A page was taken in as this document, or, with None, could not be: its body is no longer needed."""
        if doc_id is None:
            self._set(source, address, content=None)
        else:
            self._set(source, address, content=None, doc_id=doc_id)

    def met(self, source: str, address: str, run: int, doc_id: str | None) -> None:
        """The page is as it was."""
        self._set(source, address, run=run, doc_id=doc_id, missing=0, gone=0)

    def passed(self, source: str, address: str, run: int, validators: Validators) -> None:
        """The page is of a kind that is not taken in."""
        self._set(source, address, run=run, etag=validators.etag, last_modified=validators.last_modified)

    def gone(self, source: str, address: str, run: int) -> None:
        """The page is no more; should it return, it is fetched whole."""
        none = NOTHING_KNOWN
        self._set(source, address, run=run, gone=1, etag=none.etag, last_modified=none.last_modified, digest="")

    def miss(self, source: str, address: str, run: int) -> None:
        """A run found the address no more in its source; counted once in a run."""
        with self._writing() as connection:
            connection.execute(
                "UPDATE page SET missing = missing + 1, run = ? WHERE source = ? AND address = ? AND run < ?",
                (run, source, address, run),
            )

    def is_elsewhere(self, doc_id: str, source: str, address: str) -> bool:
        """Whether another address, not gone, became this document too."""
        with told(self.path):
            row = self._connection.execute(
                "SELECT 1 FROM page WHERE doc_id = ? AND gone = 0 AND (source, address) != (?, ?) LIMIT 1",
                (doc_id, source, address),
            ).fetchone()
        return row is not None

    def _set(self, source: str, address: str, **values: object) -> None:
        with self._writing() as connection:
            connection.execute("INSERT OR IGNORE INTO page (source, address) VALUES (?, ?)", (source, address))
            assigned = ", ".join(f"{name} = ?" for name in values)  # names are ours, from above
            connection.execute(
                f"UPDATE page SET {assigned} WHERE source = ? AND address = ?", (*values.values(), source, address)
            )

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        with told(self.path):
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield self._connection
            except BaseException:
                self._connection.execute("ROLLBACK")
                raise
            self._connection.execute("COMMIT")
