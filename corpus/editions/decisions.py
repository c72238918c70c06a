"""Decisions by hand on what is one release (rows of the corpus database).

A person says that two documents are the same release, or that they are not; each decision keeps its reason and its
time, and can be undone. One decision lasts for a pair: a new one ends the one before. Decisions stand above every link
that is found, at each build anew.
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from datetime import UTC, datetime

from corpus.editions.link import in_order

_COLUMNS = "one, other, together, why, at, ended_at"


@dataclass(frozen=True, slots=True)
class Decision:
    """What a person decided on two documents, by id in order; times are UTC, `ended_at` is None while it lasts."""

    one: str
    other: str
    together: bool
    """They are the same release; else they are kept apart."""
    why: str
    at: datetime
    ended_at: datetime | None = None


def begin(connection: sqlite3.Connection, one: str, other: str, together: bool, why: str) -> bool:
    """Decide on two documents, in the caller's transaction; False when it is decided so already."""
    pair = in_order(one, other)
    lasting = connection.execute(
        "SELECT together FROM decision WHERE one = ? AND other = ? AND ended_at IS NULL", pair
    ).fetchone()
    if lasting is not None and bool(lasting[0]) is together:
        return False
    end(connection, *pair)
    connection.execute(
        "INSERT INTO decision (one, other, together, why, at) VALUES (?, ?, ?, ?, ?)",
        (*pair, int(together), why, datetime.now(UTC).isoformat()),
    )
    return True


def end(connection: sqlite3.Connection, one: str, other: str) -> bool:
    """Undo the decision on two documents, in the caller's transaction; False when none lasts."""
    ended = connection.execute(
        "UPDATE decision SET ended_at = ? WHERE one = ? AND other = ? AND ended_at IS NULL",
        (datetime.now(UTC).isoformat(), *in_order(one, other)),
    )
    return ended.rowcount > 0


def decisions_of(connection: sqlite3.Connection, every: bool) -> list[Decision]:
    """The decisions that last, or `every` one, oldest first."""
    rows = connection.execute(f"SELECT {_COLUMNS} FROM decision WHERE ended_at IS NULL OR ? ORDER BY id", (every,))
    return [_decision(row) for row in rows]


def _decision(row: tuple[str, str, int, str, str, str | None]) -> Decision:
    one, other, together, why, at, ended_at = row
    ended = datetime.fromisoformat(ended_at) if ended_at else None
    return Decision(one, other, bool(together), why, datetime.fromisoformat(at), ended)
