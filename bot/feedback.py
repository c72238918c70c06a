"""The log of questions: each answer as it was shown, for as long as the settings keep it (SQLite)."""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Self

from bot.answer import Answer, AnswerStatus, Statement
from bot.errors import FeedbackError
from corpus.document import Language

APPLICATION_ID = 0x6F726766  # "orgf" in ASCII: tells our files from other SQLite files
FORMAT_VERSION = 1
BUSY_SECONDS = 5.0

_SCHEMA = f"""
CREATE TABLE IF NOT EXISTS answer (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    asked_at TEXT NOT NULL,
    record TEXT NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS answer_by_time ON answer (asked_at);
PRAGMA application_id = {APPLICATION_ID};
PRAGMA user_version = {FORMAT_VERSION};
"""


@dataclass(frozen=True, slots=True)
class LoggedCitation:
    """What was cited: a span of one revision of a stored document, and its words at that time."""

    n: int
    doc_id: str
    revision: int
    start: int
    end: int
    quote: str


@dataclass(frozen=True, slots=True)
class LoggedAnswer:
    """An answer as it was shown; `asked_at` is UTC."""

    id: int
    asked_at: datetime
    question: str
    language: Language
    status: AnswerStatus
    statements: tuple[Statement, ...]
    citations: tuple[LoggedCitation, ...]
    message: str
    probability: float
    snapshot: str


class FeedbackLog:
    """Keeps questions and answers. It may be used from several threads; every method raises FeedbackError."""

    def __init__(self, path: Path, connection: sqlite3.Connection) -> None:
        """Keep an opened connection; use `open`."""
        self.path = path
        self._connection = connection
        self._lock = threading.Lock()

    @classmethod
    def open(cls, path: Path) -> Self:
        """Open the log, and make it first if it is missing; raises FeedbackError when the file cannot be used."""
        with _told(path):
            path.parent.mkdir(parents=True, exist_ok=True)
            connection = sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False)
            try:
                _prepare(path, connection)
            except BaseException:
                connection.close()
                raise
        return cls(path, connection)

    def close(self) -> None:
        """Close the connection."""
        with self._lock:
            self._connection.close()

    def __enter__(self) -> Self:
        """Return the log itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the connection."""
        self.close()

    def record(self, answer: Answer) -> int:
        """Keep an answer; return its id in the log."""
        moment = datetime.now(UTC).isoformat(timespec="microseconds")
        with self._using() as connection:
            cursor = connection.execute(
                "INSERT INTO answer (asked_at, record) VALUES (?, ?)", (moment, _record(answer))
            )
        return int(cursor.lastrowid or 0)

    def recent(self, limit: int = 50, offset: int = 0) -> list[LoggedAnswer]:
        """The latest answers, newest first."""
        with self._using() as connection:
            rows = connection.execute(
                "SELECT id, asked_at, record FROM answer ORDER BY id DESC LIMIT ? OFFSET ?", (limit, offset)
            ).fetchall()
        return [_logged(row) for row in rows]

    def get(self, answer_id: int) -> LoggedAnswer | None:
        """The answer of that id, or None when it is not or no longer kept."""
        with self._using() as connection:
            row = connection.execute("SELECT id, asked_at, record FROM answer WHERE id = ?", (answer_id,)).fetchone()
        return _logged(row) if row else None

    def forget(self, older_than: datetime) -> int:
        """Delete what was asked before a moment (with a time zone); return how many answers that were."""
        moment = older_than.astimezone(UTC).isoformat(timespec="microseconds")
        with self._using() as connection:
            deleted = connection.execute("DELETE FROM answer WHERE asked_at < ?", (moment,)).rowcount
            if deleted:
                # Deleted words also stand in the write-ahead log until it is written back.
                connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        return deleted

    @contextmanager
    def _using(self) -> Iterator[sqlite3.Connection]:
        with self._lock, _told(self.path):
            yield self._connection


def _record(answer: Answer) -> str:
    return json.dumps(
        {
            # Half of a surrogate pair, which a browser can send, cannot be written to a file.
            "question": answer.question.encode("utf-8", "replace").decode("utf-8"),
            "language": answer.language,
            "status": answer.status,
            "statements": [asdict(statement) for statement in answer.statements],
            "citations": [
                {name: getattr(citation, name) for name in LoggedCitation.__slots__} for citation in answer.citations
            ],
            "message": answer.message,
            "probability": answer.probability,
            "snapshot": answer.snapshot,
        },
        ensure_ascii=False,
    )


def _logged(row: tuple[int, str, str]) -> LoggedAnswer:
    answer_id, asked_at, text = row
    record = json.loads(text)
    return LoggedAnswer(
        id=answer_id,
        asked_at=datetime.fromisoformat(asked_at),
        question=record["question"],
        language=Language(record["language"]),
        status=AnswerStatus(record["status"]),
        statements=tuple(Statement(one["text"], tuple(one["citations"])) for one in record["statements"]),
        citations=tuple(LoggedCitation(**one) for one in record["citations"]),
        message=record["message"],
        probability=record["probability"],
        snapshot=record["snapshot"],
    )


def _prepare(path: Path, connection: sqlite3.Connection) -> None:
    application = connection.execute("PRAGMA application_id").fetchone()[0]
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    tables = connection.execute("SELECT COUNT(*) FROM sqlite_master").fetchone()[0]
    if tables and application != APPLICATION_ID:
        raise FeedbackError(f"{path} is no log of questions: name another file, or move this one away.")
    if tables and version != FORMAT_VERSION:
        raise FeedbackError(
            f"{path} has log format {version}, this program reads format {FORMAT_VERSION}: move the file away."
        )
    connection.execute("PRAGMA journal_mode = WAL").fetchall()
    connection.execute("PRAGMA synchronous = NORMAL")
    connection.execute("PRAGMA secure_delete = ON").fetchall()  # what is forgotten is overwritten too
    if not tables:
        connection.executescript(_SCHEMA)


@contextmanager
def _told(path: Path) -> Iterator[None]:
    """Say what SQLite or the file system could not do as a FeedbackError."""
    try:
        yield
    except sqlite3.Error as error:
        raise FeedbackError(
            f"The log of questions {path} cannot be used ({error}): check the file, its folder and the disk."
        ) from error
    except OSError as error:
        raise FeedbackError(f"The log of questions {path} cannot be used ({error.strerror}): mend the path.") from error
