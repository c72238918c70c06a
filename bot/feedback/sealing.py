"""A digest beside each row of the log: words that the disk has changed are told, never taken for what was written.

SQLite finds a damaged page or index, but not a letter that became another one. The digests are written by temporary
triggers, which hold for one connection: no statement can forget them, and the file needs no function of ours.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterator

_COLUMNS = {
    "answer": (
        "id", "public_id", "asked_at", "language", "status", "probability", "folded", "record", "vote", "reason",
        "comment",
    ),
    "cited": ("answer_id", "doc_id"),
    "judgement": ("public_id", "question", "language", "status", "cited", "verdict", "judged_by", "judged_at"),
    "right_passage": ("public_id", "doc_id", "revision", "start", "end", "quote"),
    "staff_action": ("id", "at", "user", "action", "about"),
}  # fmt: skip
"""What the digest of a row is made from, by table."""
_KEYS = {
    "answer": ("id",),
    "cited": ("answer_id", "doc_id"),
    "judgement": ("public_id",),
    "right_passage": ("public_id", "doc_id", "revision", "start", "end"),
    "staff_action": ("id",),
}
TABLES = tuple(_COLUMNS)


def is_sound(table: str) -> str:
    """A condition of SQL: the row is the one that was written. For connections that `seal` has prepared."""
    return f"{table}.digest IS {_digest(table, table)}"


def seal(connection: sqlite3.Connection) -> None:
    """Have every row that this connection writes sealed, and refuse to change one that is damaged."""
    connection.create_function("row_digest", -1, _row_digest, deterministic=True)
    for table, columns in _COLUMNS.items():
        row = " AND ".join(f"{key} = NEW.{key}" for key in _KEYS[table])
        seal_it = f"BEGIN UPDATE {table} SET digest = {_digest(table, 'NEW')} WHERE {row}; END"
        changed = f"UPDATE OF {', '.join(columns)} ON main.{table}"
        connection.execute(f"CREATE TEMP TRIGGER seal_new_{table} AFTER INSERT ON main.{table} {seal_it}")
        connection.execute(f"CREATE TEMP TRIGGER seal_changed_{table} AFTER {changed} {seal_it}")
        connection.execute(
            f"CREATE TEMP TRIGGER keep_damaged_{table} BEFORE {changed}"
            f" WHEN OLD.digest IS NOT {_digest(table, 'OLD')}"
            f" BEGIN SELECT RAISE(ABORT, 'the row to be changed, in the table {table}, is damaged'); END"
        )


def seal_all(connection: sqlite3.Connection) -> None:
    """Seal the rows of a log that had no digests; for connections that `seal` has prepared."""
    for table in TABLES:
        connection.execute(f"UPDATE {table} SET digest = {_digest(table, table)}")


def damaged_rows(connection: sqlite3.Connection) -> Iterator[str]:
    """Which rows are not those that were written, by table and number; their words may be a visitor's."""
    for table, keys in _KEYS.items():
        order = ", ".join(keys)
        query = f"SELECT number, sound FROM (SELECT ROW_NUMBER() OVER (ORDER BY {order}) AS number,"
        query += f" {is_sound(table)} AS sound FROM {table}) WHERE NOT sound"
        for number, _ in connection.execute(query):
            yield f"The row {number} of the table {table}"


def _digest(table: str, row: str) -> str:
    # Bytes, since damaged text may be no UTF-8, which SQLite could not hand over as text.
    values = (f"{row}.{name}" for name in _COLUMNS[table])
    as_bytes = (f"iif(typeof({value}) = 'text', CAST({value} AS BLOB), {value})" for value in values)
    return f"row_digest({', '.join(as_bytes)})"


def _row_digest(*values: bytes | float | None) -> str:
    """SHA-256 over the values of a row, each with its length."""
    digest = hashlib.sha256()
    for value in values:
        written = value if isinstance(value, bytes) else repr(value).encode()
        digest.update(f"{len(written)}:".encode() + written)
    return digest.hexdigest()
