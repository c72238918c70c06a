"""Whether a corpus is sound: its file, its records, its links, and that nothing hangs loose."""

from __future__ import annotations

import hashlib
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from urllib.parse import urlsplit

from corpus.database import connect, told
from corpus.document import Document

_MOST_LINES = 20
"""A damaged file could fill pages: so many lines of SQLite's report are told."""
_UNFIT_IN_AN_ADDRESS = re.compile(r"[\s\x00-\x1f\x7f<>\"\\^`{|}]")
_LOOSE = {
    "SELECT doc_id FROM document WHERE doc_id NOT IN (SELECT doc_id FROM revision)": (
        "has no revision: add its page again"
    ),
    # As happens when a page states another id than before: what it was before would be cited for ever.
    "SELECT doc_id FROM document WHERE withdrawn_at IS NULL AND doc_id NOT IN (SELECT doc_id FROM page)": (
        "has no page any more, for its page became another document or it never had one: withdraw it, or add its page"
    ),
    "SELECT doc_id FROM document WHERE (withdrawn_at IS NOT NULL)"
    " <> (doc_id IN (SELECT doc_id FROM withdrawal WHERE ended_at IS NULL))": (
        "is withdrawn without a reason, or not withdrawn though a reason is kept: withdraw or reinstate it"
    ),
}


def file_problems(path: Path) -> list[str]:
    """What SQLite finds amiss in a database file: damaged pages, rows that refer to nothing; empty when it is sound.

    Works for any SQLite file. Nothing is written, save that a write-ahead log which nobody uses is put away. A file
    that cannot be read at all is a problem too, never an exception.
    """
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=rw", uri=True)) as connection:
            lines = [row[0] for row in connection.execute(f"PRAGMA integrity_check({_MOST_LINES})") if row[0] != "ok"]
            for table, row, other, _ in connection.execute("PRAGMA foreign_key_check").fetchmany(_MOST_LINES):
                lines.append(f"row {row} of {table} refers to a row of {other} that is not there")
    except sqlite3.OperationalError as error:  # it may be whole
        return [f"{path} cannot be read ({error}): check the file, its folder and the disk"]
    except (sqlite3.Error, UnicodeDecodeError) as error:
        lines = [str(error)]
    return [f"{path.name} is damaged ({line}): restore it from a back-up" for line in lines]


def corpus_problems(path: Path) -> Iterator[str]:
    """What is amiss in the documents of a corpus database, one line each; raises StoreError when it cannot be read.

    Every revision is read: its fields, its date and its address, and whether it is what was written. Of the
    documents: that each has a revision, a page that became it, and a reason if it is withdrawn.
    """
    with told(path), closing(connect(path)) as connection:
        query = "SELECT doc_id, revision, content_digest, record FROM revision ORDER BY doc_id, revision"
        for doc_id, revision, content_digest, record in connection.execute(query):
            for problem in _record_problems(content_digest, record):
                yield f"{doc_id}, revision {revision}: {problem}"
        for query, problem in _LOOSE.items():
            for (doc_id,) in connection.execute(f"{query} ORDER BY doc_id"):
                yield f"{doc_id} {problem}"


def address_problem(address: str) -> str | None:
    """Why an address is not well-formed, or None; it is a web address or that of a file."""
    try:
        parts = urlsplit(address)
        _ = parts.port  # raises ValueError for what is no number of a port
    except ValueError as error:
        return f"{address!r} is no address ({error})"
    if _UNFIT_IN_AN_ADDRESS.search(address):
        return f"the address {address!r} holds a character that must be escaped in it"
    if parts.scheme in ("http", "https"):
        return None if parts.hostname else f"the address {address!r} names no host"
    if parts.scheme == "file":
        return None if parts.path else f"the address {address!r} names no file"
    return f"{address!r} is no address: it begins with neither https: nor file:"


def _record_problems(content_digest: str, record: str) -> Iterator[str]:
    try:
        document = Document.from_json(record)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        yield f"its record cannot be read ({error})"
        return
    # Of the record as written, not of what is read from it: later versions may know more fields.
    if hashlib.sha256(record.encode()).hexdigest() != content_digest:
        yield "its record is not the one that was stored (the digests differ)"
    if (problem := address_problem(document.url)) is not None:
        yield problem
