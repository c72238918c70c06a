"""What staff think of answers, and which passages they marked as right. It outlives the answers."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from datetime import UTC, datetime

from bot.answer import AnswerStatus
from bot.feedback.database import Using, transaction
from bot.feedback.records import Judgement, LoggedAnswer, RightPassage, Verdict, verdicts_for
from bot.feedback.sealing import is_sound
from corpus.document import Language

_COLUMNS = "public_id, question, language, status, cited, verdict, judged_by, judged_at"


class Judgements:
    """Keeps judgements; part of a FeedbackLog, and raises what it raises."""

    def __init__(self, using: Using) -> None:
        """Write through the connection of the log."""
        self._using = using

    def judge(self, logged: LoggedAnswer, verdict: Verdict, user: str) -> None:
        """Keep a verdict instead of any earlier one; raise ValueError when it makes no sense for the answer."""
        if verdict not in verdicts_for(logged.status):
            raise ValueError(f"an answer of status {logged.status} cannot be judged {verdict}")
        with self._using() as connection:
            _upsert(connection, logged, verdict, user)

    def mark(self, logged: LoggedAnswer, passages: Iterable[RightPassage], user: str) -> None:
        """Add passages that answer the question."""
        with self._using() as connection, transaction(connection):
            _upsert(connection, logged, None, user)
            connection.executemany(
                "INSERT OR IGNORE INTO right_passage (public_id, doc_id, revision, start, end, quote)"
                " VALUES (?, ?, ?, ?, ?, ?)",
                [(logged.public_id, one.doc_id, one.revision, one.start, one.end, one.quote) for one in passages],
            )

    def unmark(self, public_id: str, passage: RightPassage) -> bool:
        """Take a passage away again; False when it was not marked."""
        with self._using() as connection:
            deleted = connection.execute(
                "DELETE FROM right_passage"
                " WHERE public_id = ? AND doc_id = ? AND revision = ? AND start = ? AND end = ?",
                (public_id, passage.doc_id, passage.revision, passage.start, passage.end),
            ).rowcount
        return deleted > 0

    def withdraw(self, public_id: str) -> bool:
        """Delete a judgement with its passages; False when there is none."""
        with self._using() as connection:
            deleted = connection.execute("DELETE FROM judgement WHERE public_id = ?", (public_id,)).rowcount
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        return deleted > 0

    def of(self, public_id: str) -> Judgement | None:
        """The judgement of an answer, or None; one that is damaged is none."""
        found = self._select("AND public_id = ?", (public_id,))
        return found[0] if found else None

    def all(self) -> list[Judgement]:
        """All judgements that are not damaged, newest first."""
        return self._select("", ())

    def _select(self, condition: str, values: tuple[str, ...]) -> list[Judgement]:
        with self._using() as connection:
            rows = connection.execute(
                f"SELECT {_COLUMNS} FROM judgement WHERE {is_sound('judgement')} {condition}"
                " ORDER BY judged_at DESC, public_id",
                values,
            ).fetchall()
            marked = connection.execute(
                f"SELECT public_id, doc_id, revision, start, end, quote FROM right_passage"
                f" WHERE {is_sound('right_passage')} {condition}",
                values,
            ).fetchall()
        passages: dict[str, list[RightPassage]] = {}
        for public_id, *fields in marked:
            passages.setdefault(public_id, []).append(RightPassage(*fields))
        return [_judgement(row, passages.get(row[0], [])) for row in rows]


def _upsert(connection: sqlite3.Connection, logged: LoggedAnswer, verdict: Verdict | None, user: str) -> None:
    cited = list(dict.fromkeys(citation.doc_id for citation in logged.citations))
    moment = datetime.now(UTC).isoformat(timespec="microseconds")
    connection.execute(
        f"INSERT INTO judgement ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET"
        " verdict = COALESCE(excluded.verdict, verdict), judged_by = excluded.judged_by,"
        " judged_at = excluded.judged_at",
        (
            logged.public_id,
            logged.question,
            logged.language,
            logged.status,
            json.dumps(cited),
            verdict,
            user,
            moment,
        ),
    )


def _judgement(row: tuple[str, ...], passages: list[RightPassage]) -> Judgement:
    public_id, question, language, status, cited, verdict, judged_by, judged_at = row
    return Judgement(
        public_id=public_id,
        question=question,
        language=Language(language),
        status=AnswerStatus(status),
        cited=tuple(json.loads(cited)),
        verdict=Verdict(verdict) if verdict else None,
        passages=tuple(passages),
        judged_by=judged_by,
        judged_at=datetime.fromisoformat(judged_at),
    )
