"""The corpus database: documents, their revisions, and what is known of the pages they came from (SQLite)."""

from __future__ import annotations

import hashlib
import sqlite3
import threading
from collections.abc import Collection, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Self

from corpus.closing import Closing
from corpus.database import check_format, connect, make, told
from corpus.document import Document
from corpus.editions import decisions
from corpus.errors import DocumentNotFound, StoreError
from corpus.withdrawals import Withdrawal, begin, end, end_if_gone, withdrawals_of

_COLUMNS = "doc_id, revision, added_at, page_digest, record, withdrawn_at"


class Change(StrEnum):
    """What adding a document did."""

    ADDED = "added"
    REVISED = "revised"
    UNCHANGED = "unchanged"
    REINSTATED = "reinstated"
    """Unchanged, and cited again: it was withdrawn because its page was gone."""


@dataclass(frozen=True, slots=True)
class StoredDocument:
    """A document as one revision of it is stored; revisions count from 1, times are UTC."""

    document: Document
    revision: int
    added_at: datetime
    withdrawn: bool


@dataclass(frozen=True, slots=True)
class KnownPage:
    """A page that was taken in: the digest of its bytes and the document it became."""

    doc_id: str
    page_digest: str


class CorpusStore(Closing):
    """All documents with all their revisions; nothing is ever overwritten.

    May be used from several threads, and the file from several processes at once. Every method
    raises StoreError when the database cannot be read or written.
    """

    def __init__(self, path: Path, connection: sqlite3.Connection) -> None:
        """Keep an opened connection; use `open`."""
        self.path = path
        self._connection = connection
        self._lock = threading.RLock()

    @classmethod
    def open(cls, path: Path, *, create: bool = False) -> Self:
        """Open the database, and make it first if it is missing and `create` is set.

        Raises StoreError when the file is missing, is no corpus database or has another format.
        """
        with told(path):
            if not path.exists():
                if not create:
                    message = f"There is no corpus at {path}: add pages first (orgbot corpus add), or mend the path."
                    raise StoreError(message)
                make(path)
            connection = connect(path)
            try:
                check_format(path, connection)
            except BaseException:
                connection.close()
                raise
        return cls(path, connection)

    def close(self) -> None:
        """Close the connection."""
        with self._lock:
            self._connection.close()

    def add(self, document: Document, *, origin: str | None = None) -> Change:
        """Store the document if it says anything new, in one transaction.

        A document of a new id is ADDED, one whose content differs from its current revision is REVISED.
        The same bytes as those of the current revision are UNCHANGED, whatever was made of them this time.
        `origin` is the address of the page that it came from, by which `known_page` finds it. A document that
        was withdrawn because its page was gone is cited again; one withdrawn by hand stays withdrawn.
        """
        with self._writing() as connection:
            current = connection.execute(
                "SELECT revision, content_digest, page_digest FROM current WHERE doc_id = ?", (document.doc_id,)
            ).fetchone()
            change = _change(current, document)
            if change is not Change.UNCHANGED:
                connection.execute("INSERT OR IGNORE INTO document (doc_id) VALUES (?)", (document.doc_id,))
                connection.execute(
                    "INSERT INTO revision (doc_id, revision, added_at, content_digest, page_digest, record)"
                    " VALUES (?, ?, ?, ?, ?, ?)",
                    (
                        document.doc_id,
                        current[0] + 1 if current else 1,
                        datetime.now(UTC).isoformat(),
                        document.content_digest(),
                        document.page_digest,
                        document.to_json(),
                    ),
                )
            if origin is not None:
                connection.execute(
                    "INSERT INTO page (origin, doc_id, page_digest) VALUES (?, ?, ?)"
                    " ON CONFLICT DO UPDATE SET doc_id = excluded.doc_id, page_digest = excluded.page_digest",
                    (origin, document.doc_id, document.page_digest),
                )
            return _returned(connection, document.doc_id, change)

    def met_again(self, doc_id: str) -> Change:
        """Note that a document's page is still there, unchanged: UNCHANGED, or REINSTATED when it had been gone."""
        with self._writing() as connection:
            return _returned(connection, doc_id, Change.UNCHANGED)

    def withdraw(self, doc_id: str, why: str, *, by_hand: bool = False) -> bool:
        """Have a document cited no more, from the next build on; False when it is withdrawn already.

        Its revisions stay stored. It returns when its page is taken in again; withdrawn `by_hand`, it stays withdrawn
        until it is reinstated. Raises DocumentNotFound, and ValueError without a reason.
        """
        if not why.strip():
            raise ValueError("a withdrawal needs a reason")
        with self._writing() as connection:
            _require(connection, doc_id)
            return begin(connection, doc_id, why.strip(), by_hand)

    def reinstate(self, doc_id: str) -> bool:
        """Have a withdrawn document cited again, from the next build on; False when it is not withdrawn.

        Raises DocumentNotFound.
        """
        with self._writing() as connection:
            _require(connection, doc_id)
            return end(connection, doc_id)

    def withdrawals(self, doc_id: str | None = None) -> list[Withdrawal]:
        """All withdrawals of a document, or of all documents, oldest first, those that have ended included."""
        with self._reading() as connection:
            return withdrawals_of(connection, doc_id)

    def decide(self, one: str, other: str, why: str, *, together: bool) -> bool:
        """Keep that two documents are one release, or are not, from the next build on; False when it is so decided.

        Raises DocumentNotFound, and ValueError without a reason or with one document twice.
        """
        if not why.strip() or one == other:
            raise ValueError("a decision needs a reason and two documents")
        with self._writing() as connection:
            for doc_id in (one, other):
                _require(connection, doc_id)
            return decisions.begin(connection, one, other, together, why.strip())

    def undo_decision(self, one: str, other: str) -> bool:
        """Let two documents be linked by what they state again; False when nothing is decided on them."""
        with self._writing() as connection:
            return decisions.end(connection, one, other)

    def decisions(self, *, every: bool = False) -> list[decisions.Decision]:
        """The decisions on pairs of documents that last, oldest first; with `every`, those undone too."""
        with self._reading() as connection:
            return decisions.decisions_of(connection, every)

    def get(self, doc_id: str, revision: int | None = None) -> StoredDocument:
        """The current revision or the one asked for, withdrawn or not; raises DocumentNotFound."""
        if revision is None:
            query = f"SELECT {_COLUMNS} FROM current WHERE doc_id = :doc_id"
        else:
            query = f"SELECT {_COLUMNS} FROM revision JOIN document USING (doc_id)"
            query += " WHERE doc_id = :doc_id AND revision = :revision"
        with self._reading() as connection:
            row = connection.execute(query, {"doc_id": doc_id, "revision": revision}).fetchone()
        if row is None:
            what = f"document {doc_id!r}" if revision is None else f"revision {revision} of the document {doc_id!r}"
            raise _not_found(what)
        return _stored(row)

    def documents(self, *, checked: bool = False) -> Iterator[StoredDocument]:
        """The current revisions of all documents that are not withdrawn, ordered by `doc_id`.

        They are those of one moment, whatever is added while the iteration lasts. `checked` raises StoreError for a
        record that is not the one that was stored, as after damage to the disk.
        """
        query = f"SELECT {_COLUMNS}, content_digest FROM current WHERE withdrawn_at IS NULL ORDER BY doc_id"
        with told(self.path), closing(connect(self.path)) as connection:
            for *row, content_digest in connection.execute(query):
                if checked and hashlib.sha256(row[4].encode()).hexdigest() != content_digest:
                    raise StoreError(
                        f"The record of {row[0]}, revision {row[1]}, in {self.path} is damaged (its digest differs): "
                        "restore a back-up."
                    )
                yield _stored(tuple(row))

    def last_added(self) -> datetime | None:
        """When the newest revision was added (UTC); None while there is none."""
        with self._reading() as connection:
            (added_at,) = connection.execute("SELECT MAX(added_at) FROM revision").fetchone()
        return datetime.fromisoformat(added_at) if added_at else None

    def digest(self) -> str:
        """SHA-256 over id, revision and content of all current documents: equal corpora have equal digests."""
        digest = hashlib.sha256()
        with self._reading() as connection:
            for row in connection.execute(
                "SELECT doc_id, revision, content_digest FROM current WHERE withdrawn_at IS NULL ORDER BY doc_id"
            ):
                digest.update("\t".join(map(str, row)).encode() + b"\n")
        return digest.hexdigest()

    def known_page(self, origin: str) -> KnownPage | None:
        """What the page of this address became when it was last taken in, or None."""
        with self._reading() as connection:
            row = connection.execute("SELECT doc_id, page_digest FROM page WHERE origin = ?", (origin,)).fetchone()
        return KnownPage(*row) if row else None

    def origins(self, doc_id: str) -> frozenset[str]:
        """The addresses of the pages that became this document."""
        with self._reading() as connection:
            rows = connection.execute("SELECT origin FROM page WHERE doc_id = ?", (doc_id,))
            return frozenset(row[0] for row in rows)

    def note_lines(self, site: str, origin: str, lines: Collection[str]) -> None:
        """Remember which lines stand around the body of a page, instead of those noted for it before."""
        with self._writing() as connection:
            connection.execute("DELETE FROM outer_line WHERE origin = ?", (origin,))
            connection.executemany(
                "INSERT OR IGNORE INTO outer_line (site, line, origin) VALUES (?, ?, ?)",
                ((site, line, origin) for line in lines),
            )

    def repeated_lines(self, site: str, pages: int) -> frozenset[str]:
        """The noted lines that stand on at least so many pages of the site."""
        with self._reading() as connection:
            return frozenset(
                row[0]
                for row in connection.execute(
                    "SELECT line FROM outer_line WHERE site = ? GROUP BY line HAVING COUNT(*) >= ?", (site, pages)
                )
            )

    @contextmanager
    def _reading(self) -> Iterator[sqlite3.Connection]:
        with self._lock, told(self.path):
            yield self._connection

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        """One transaction: all or nothing."""
        with self._reading() as connection:
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
            except BaseException:
                connection.execute("ROLLBACK")
                raise
            connection.execute("COMMIT")


def _change(current: tuple[int, str, str] | None, document: Document) -> Change:
    if current is None:
        return Change.ADDED
    _, content_digest, page_digest = current
    is_same_page = bool(page_digest) and page_digest == document.page_digest
    return Change.UNCHANGED if is_same_page or content_digest == document.content_digest() else Change.REVISED


def _returned(connection: sqlite3.Connection, doc_id: str, change: Change) -> Change:
    """What became of a document whose page was met; ends its withdrawal if the page had been gone."""
    has_returned = end_if_gone(connection, doc_id)
    return Change.REINSTATED if has_returned and change is Change.UNCHANGED else change


def _require(connection: sqlite3.Connection, doc_id: str) -> None:
    if connection.execute("SELECT 1 FROM document WHERE doc_id = ?", (doc_id,)).fetchone() is None:
        raise _not_found(f"document {doc_id!r}")


def _not_found(what: str) -> DocumentNotFound:
    return DocumentNotFound(f"No {what} is stored: look for its id in the list of documents.")


def _stored(row: tuple[str, int, str, str, str, str | None]) -> StoredDocument:
    _, revision, added_at, page_digest, record, withdrawn_at = row
    return StoredDocument(
        document=Document.from_json(record, page_digest),
        revision=revision,
        added_at=datetime.fromisoformat(added_at),
        withdrawn=withdrawn_at is not None,
    )
