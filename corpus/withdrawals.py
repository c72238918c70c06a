"""Withdrawals: which documents are not to be cited, since when and why (rows of the corpus database).

There are two kinds. A document whose page is gone returns by itself when its page is taken in again, changed or not:
the reason for the withdrawal has passed. A document withdrawn by hand stays withdrawn until it is reinstated by hand,
whatever its page says in the meantime: a person decided, and a retouched page must not undo that.
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from datetime import UTC, datetime

_COLUMNS = "doc_id, at, why, by_hand, ended_at"


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """One withdrawal of a document; times are UTC, `ended_at` is None while it lasts."""

    doc_id: str
    at: datetime
    why: str
    by_hand: bool
    """It lasts until the document is reinstated; else until its page is taken in again."""
    ended_at: datetime | None


def begin(connection: sqlite3.Connection, doc_id: str, why: str, by_hand: bool) -> bool:
    """Withdraw a document, in the caller's transaction; False when nothing changes.

    A document that is withdrawn because its page is gone can still be withdrawn by hand, which lasts longer.
    """
    lasting = _lasting(connection, doc_id)
    if lasting is not None and (lasting.by_hand or not by_hand):
        return False
    end(connection, doc_id)
    now = datetime.now(UTC).isoformat()
    connection.execute("UPDATE document SET withdrawn_at = ? WHERE doc_id = ?", (now, doc_id))
    connection.execute(
        "INSERT INTO withdrawal (doc_id, at, why, by_hand) VALUES (?, ?, ?, ?)", (doc_id, now, why, int(by_hand))
    )
    return True


def end(connection: sqlite3.Connection, doc_id: str) -> bool:
    """End the withdrawal of a document, in the caller's transaction; False when it is not withdrawn."""
    now = datetime.now(UTC).isoformat()
    connection.execute("UPDATE withdrawal SET ended_at = ? WHERE doc_id = ? AND ended_at IS NULL", (now, doc_id))
    ended = connection.execute(
        "UPDATE document SET withdrawn_at = NULL WHERE doc_id = ? AND withdrawn_at IS NOT NULL", (doc_id,)
    )
    return ended.rowcount > 0


def end_if_gone(connection: sqlite3.Connection, doc_id: str) -> bool:
    """End the withdrawal of a document whose page was gone and is there again; False when it has none."""
    lasting = _lasting(connection, doc_id)
    return lasting is not None and not lasting.by_hand and end(connection, doc_id)


def withdrawals_of(connection: sqlite3.Connection, doc_id: str | None) -> list[Withdrawal]:
    """The withdrawals of a document, or those of all documents, oldest first."""
    rows = connection.execute(
        f"SELECT {_COLUMNS} FROM withdrawal WHERE doc_id = :doc_id OR :doc_id IS NULL ORDER BY id", {"doc_id": doc_id}
    )
    return [_withdrawal(row) for row in rows]


def _lasting(connection: sqlite3.Connection, doc_id: str) -> Withdrawal | None:
    row = connection.execute(
        f"SELECT {_COLUMNS} FROM withdrawal WHERE doc_id = ? AND ended_at IS NULL ORDER BY id DESC", (doc_id,)
    ).fetchone()
    return _withdrawal(row) if row else None


def _withdrawal(row: tuple[str, str, str, int, str | None]) -> Withdrawal:
    doc_id, at, why, by_hand, ended_at = row
    ended = datetime.fromisoformat(ended_at) if ended_at else None
    return Withdrawal(doc_id, datetime.fromisoformat(at), why, bool(by_hand), ended)
