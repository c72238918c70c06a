"""The log of questions: each answer as it was shown, for as long as the settings keep it."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Self

from bot.answer import Answer
from bot.errors import FeedbackDamaged
from bot.feedback.actions import StaffActions
from bot.feedback.database import connect, insert_answer, told, transaction
from bot.feedback.erasing import Erased, Erasure, erase
from bot.feedback.judgements import Judgements
from bot.feedback.records import LoggedAnswer, Reason, Vote
from bot.feedback.sealing import damaged_rows, is_sound
from bot.feedback.selection import Selection
from bot.feedback.stored import COLUMNS, logged, writable
from bot.feedback.totals import Totals, totals
from bot.masking import mask
from corpus.closing import Closing

MAX_COMMENT_CHARACTERS = 1000
_EXPORTED_AT_ONCE = 200
_SOUND = is_sound("answer")


class FeedbackLog(Closing):
    """Keeps questions and answers. It may be used from several threads; every method raises FeedbackError."""

    def __init__(self, path: Path, connection: sqlite3.Connection) -> None:
        """Keep an opened connection; use `open`."""
        self.path = path
        self.judgements = Judgements(self._using)
        self.actions = StaffActions(self._using)
        self._connection = connection
        self._lock = threading.Lock()

    @classmethod
    def open(cls, path: Path) -> Self:
        """Open the log; make it if it is missing, migrate it if it is older; raises FeedbackError."""
        return cls(path, connect(path))

    def close(self) -> None:
        """Close the connection."""
        with self._lock:
            self._connection.close()

    def record(self, answer: Answer) -> str:
        """Keep an answer, what is personal in its question masked.

        Return its public id, 22 characters that stand unescaped in an address.
        """
        moment = datetime.now(UTC).isoformat(timespec="microseconds")
        with self._using() as connection, transaction(connection):
            return insert_answer(connection, moment, answer)

    def find(self, public_id: str) -> LoggedAnswer | None:
        """The answer of that public id, or None when it is not or no longer kept; raises FeedbackDamaged."""
        named = (writable(public_id),)
        with self._using() as connection:
            sound = connection.execute(f"SELECT {_SOUND} FROM answer WHERE public_id = ?", named).fetchone()
            if sound == (0,):  # to read it might fail: damaged text may be no text
                raise FeedbackDamaged(
                    f"The answer {public_id} in {self.path} is damaged (its digest differs): restore a back-up, or"
                    f" delete it by `orgbot privacy erase -- {public_id}`."
                )
            row = connection.execute(f"SELECT {COLUMNS} FROM answer WHERE public_id = ?", named).fetchone()
        return logged(row) if row else None

    def vote(self, public_id: str, vote: Vote, reason: Reason | None = None, comment: str = "") -> bool:
        """Keep a visitor's vote instead of any earlier one of that answer; False when there is no such answer."""
        # Cut after masking, lest half an address be left; and before, since a body may be sixteen times as long.
        comment = mask(writable(comment.strip())[: 2 * MAX_COMMENT_CHARACTERS])[:MAX_COMMENT_CHARACTERS]
        with self._using() as connection:
            changed = connection.execute(
                "UPDATE answer SET vote = ?, reason = ?, comment = ? WHERE public_id = ?",
                (vote, reason, comment, writable(public_id)),
            ).rowcount
        return changed > 0

    def recent(self, limit: int = 50, offset: int = 0, selection: Selection | None = None) -> list[LoggedAnswer]:
        """The latest answers of a selection (default: of all) that are not damaged, newest first."""
        condition, values = (selection or Selection()).condition()
        with self._using() as connection:
            rows = connection.execute(
                f"SELECT {COLUMNS} FROM answer WHERE {condition} AND {_SOUND}"
                " ORDER BY id DESC LIMIT :limit OFFSET :offset",
                {**values, "limit": limit, "offset": offset},
            ).fetchall()
        return [logged(row) for row in rows]

    def count(self, selection: Selection) -> int:
        """How many answers a selection holds."""
        condition, values = selection.condition()
        with self._using() as connection:
            return int(connection.execute(f"SELECT COUNT(*) FROM answer WHERE {condition}", values).fetchone()[0])

    def each(self, selection: Selection) -> Iterator[LoggedAnswer]:
        """All answers of a selection that are not damaged, newest first; other threads may use the log in between."""
        condition, values = selection.condition()
        before = 2**62
        while True:
            with self._using() as connection:
                rows = connection.execute(
                    f"SELECT id, {COLUMNS} FROM answer WHERE id < :before AND {condition} AND {_SOUND}"
                    " ORDER BY id DESC LIMIT :at_once",
                    {**values, "before": before, "at_once": _EXPORTED_AT_ONCE},
                ).fetchall()
            if not rows:
                return
            before = rows[-1][0]
            yield from (logged(row[1:]) for row in rows)

    def totals(self, selection: Selection) -> Totals:
        """What a selection adds up to."""
        with self._using() as connection:
            return totals(connection, selection)

    def cited(self, limit: int = 200) -> list[str]:
        """The ids of the documents that answers cite, the most cited first."""
        with self._using() as connection:
            rows = connection.execute(
                "SELECT doc_id FROM cited GROUP BY doc_id ORDER BY COUNT(*) DESC, doc_id LIMIT ?", (limit,)
            ).fetchall()
        return [doc_id for (doc_id,) in rows]

    def forget(self, older_than: datetime) -> int:
        """Delete what was asked before a moment (with a time zone); return how many answers that were.

        Judgements stay: they are questions of a test set, until staff withdraw them.
        """
        moment = older_than.astimezone(UTC).isoformat(timespec="microseconds")
        with self._using() as connection:
            deleted = connection.execute("DELETE FROM answer WHERE asked_at < ?", (moment,)).rowcount
            if deleted:
                # Deleted words also stand in the write-ahead log until it is written back.
                connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        return deleted

    def damaged(self) -> list[str]:
        """Which rows are not those that were written, by table and number."""
        with self._using() as connection:
            return list(damaged_rows(connection))

    def erase(self, erasure: Erasure) -> Erased:
        """Delete all that an erasure names, votes and judgements too, from the file; say how much that was."""
        with self._using() as connection:
            return erase(connection, erasure)

    @contextmanager
    def _using(self) -> Iterator[sqlite3.Connection]:
        with self._lock, told(self.path):
            yield self._connection
