"""The file of the log (SQLite): its tables, its format, and how an older one is brought up to date."""

from __future__ import annotations

import json
import secrets
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

from bot.answer import Answer, AnswerStatus, Citation, Statement
from bot.cite import stored_link
from bot.errors import FeedbackError
from bot.feedback.sealing import TABLES, seal, seal_all
from bot.feedback.stored import answer_columns
from corpus.document import DocumentKind, Language

Using = Callable[[], AbstractContextManager[sqlite3.Connection]]
"""Lends the one connection to one thread at a time, and says what goes wrong as a FeedbackError."""

APPLICATION_ID = 0x6F726766  # "orgf" in ASCII: tells our files from other SQLite files
FORMAT_VERSION = 3
BUSY_SECONDS = 5.0

_SCHEMA = """
CREATE TABLE answer (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    public_id TEXT NOT NULL UNIQUE,
    asked_at TEXT NOT NULL,
    language TEXT NOT NULL,
    status TEXT NOT NULL,
    probability REAL NOT NULL,
    folded TEXT NOT NULL,
    record TEXT NOT NULL,
    vote TEXT,
    reason TEXT,
    comment TEXT NOT NULL DEFAULT '',
    digest TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX answer_by_time ON answer (asked_at);
CREATE TABLE cited (
    answer_id INTEGER NOT NULL REFERENCES answer (id) ON DELETE CASCADE,
    doc_id TEXT NOT NULL,
    digest TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (answer_id, doc_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX cited_by_document ON cited (doc_id);
CREATE TABLE judgement (
    public_id TEXT PRIMARY KEY,
    question TEXT NOT NULL,
    language TEXT NOT NULL,
    status TEXT NOT NULL,
    cited TEXT NOT NULL,
    verdict TEXT,
    judged_by TEXT NOT NULL,
    judged_at TEXT NOT NULL,
    digest TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE TABLE right_passage (
    public_id TEXT NOT NULL REFERENCES judgement (public_id) ON DELETE CASCADE,
    doc_id TEXT NOT NULL,
    revision INTEGER NOT NULL,
    start INTEGER NOT NULL,
    end INTEGER NOT NULL,
    quote TEXT NOT NULL,
    digest TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (public_id, doc_id, revision, start, end)
) STRICT, WITHOUT ROWID;
CREATE TABLE staff_action (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    at TEXT NOT NULL,
    user TEXT NOT NULL,
    action TEXT NOT NULL,
    about TEXT NOT NULL,
    digest TEXT NOT NULL DEFAULT ''
) STRICT;
"""


def connect(path: Path) -> sqlite3.Connection:
    """Open the file, make or migrate it where needed; raises FeedbackError when it cannot be used."""
    with told(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        connection = sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False)
        # A damaged row can be erased though its text is none any more; that it is damaged, its digest tells.
        connection.text_factory = lambda text: text.decode("utf-8", "replace")
        try:
            _prepare(path, connection)
        except BaseException:
            connection.close()
            raise
    return connection


@contextmanager
def told(path: Path) -> Iterator[None]:
    """Say what SQLite or the file system could not do as a FeedbackError."""
    try:
        yield
    except sqlite3.Error as error:
        raise FeedbackError(
            f"The log of questions {path} cannot be used ({error}): check the file, its folder and the disk."
        ) from error
    except ValueError as error:  # its words would repeat the visitor's
        raise FeedbackError(
            f"The log of questions {path} holds a row that cannot be read: run `orgbot corpus verify`."
        ) from error
    except OSError as error:
        raise FeedbackError(f"The log of questions {path} cannot be used ({error.strerror}): mend the path.") from error


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """All or nothing of what is written within."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")


def _new_id() -> str:
    """128 bits by chance; not with a hyphen first, since a command line takes such a word for an option."""
    while (made := secrets.token_urlsafe(16)).startswith("-"):
        pass
    return made


def insert_answer(connection: sqlite3.Connection, asked_at: str, answer: Answer) -> str:
    """Write an answer and what it cites, in the transaction of the caller; return its public id."""
    public_id = _new_id()
    columns = {"public_id": public_id, "asked_at": asked_at, **answer_columns(answer)}
    names, places = ", ".join(columns), ", ".join(f":{name}" for name in columns)
    added = connection.execute(f"INSERT INTO answer ({names}) VALUES ({places})", columns).lastrowid
    doc_ids = {citation.doc_id for citation in (*answer.citations, *answer.newer)}
    connection.executemany(
        "INSERT INTO cited (answer_id, doc_id) VALUES (?, ?)", [(added, doc_id) for doc_id in doc_ids]
    )
    return public_id


def _prepare(path: Path, connection: sqlite3.Connection) -> None:
    _check_format(path, connection)  # before anything is changed: the file may be another program's
    connection.execute("PRAGMA journal_mode = WAL").fetchall()
    connection.execute("PRAGMA synchronous = NORMAL")
    connection.execute("PRAGMA secure_delete = ON").fetchall()  # what is forgotten is overwritten too
    connection.execute("PRAGMA foreign_keys = ON")
    with transaction(connection):
        version = _check_format(path, connection)  # again: two processes may open a file at once
        if version == 0:
            _create(connection)
        elif version == 1:
            _migrate(connection)
        elif version == 2:
            _add_digests(connection)
        seal(connection)
        if 0 < version < FORMAT_VERSION:
            seal_all(connection)


def _check_format(path: Path, connection: sqlite3.Connection) -> int:
    """The format of the file, 0 for an empty one; raises FeedbackError when it is none of ours."""
    application, version, tables = (
        int(connection.execute(query).fetchone()[0])
        for query in ("PRAGMA application_id", "PRAGMA user_version", "SELECT COUNT(*) FROM sqlite_master")
    )
    if not tables:
        return 0
    if application != APPLICATION_ID:
        raise FeedbackError(f"{path} is no log of questions: name another file, or move this one away.")
    if not 1 <= version <= FORMAT_VERSION:
        raise FeedbackError(
            f"{path} has log format {version}, this program reads formats 1 to {FORMAT_VERSION}: move the file away."
        )
    return version


def _create(connection: sqlite3.Connection) -> None:
    for statement in _SCHEMA.split(";\n"):  # executescript would end the transaction
        connection.execute(statement)
    connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    connection.execute(f"PRAGMA user_version = {FORMAT_VERSION}")


def _migrate(connection: sqlite3.Connection) -> None:
    """Format 1 held one table of JSON without public ids, and of a citation no more than its span and words."""
    rows = connection.execute("SELECT asked_at, record FROM answer ORDER BY id").fetchall()
    connection.execute("DROP TABLE answer")
    _create(connection)
    for asked_at, record in rows:
        insert_answer(connection, asked_at, _first_format(json.loads(record)))


def _add_digests(connection: sqlite3.Connection) -> None:
    """Format 2 could not tell whether a row was the one that was written."""
    for table in TABLES:
        connection.execute(f"ALTER TABLE {table} ADD COLUMN digest TEXT NOT NULL DEFAULT ''")
    connection.execute(f"PRAGMA user_version = {FORMAT_VERSION}")


def _first_format(record: dict[str, object]) -> Answer:
    language = Language(str(record["language"]))
    citations = record["citations"]
    statements = record["statements"]
    assert isinstance(citations, list)
    assert isinstance(statements, list)
    return Answer(
        question=str(record["question"]),
        language=language,
        status=AnswerStatus(str(record["status"])),
        statements=tuple(Statement(one["text"], tuple(one["citations"])) for one in statements),
        citations=tuple(_first_citation(one, language) for one in citations),
        message=str(record["message"]),
        probability=float(str(record["probability"])),
        snapshot=str(record["snapshot"]),
    )


def _first_citation(record: dict[str, object], language: Language) -> Citation:
    """A citation of format 1: its document's id stands for the headline, its quote for the passage."""
    doc_id, quote = str(record["doc_id"]), str(record["quote"])
    n, revision, start, end = (int(str(record[name])) for name in ("n", "revision", "start", "end"))
    link = stored_link("", doc_id, revision, (start, end))
    return Citation(
        n=n,
        doc_id=doc_id,
        revision=revision,
        passage_id="",
        url="",
        link=link,
        stored_link=link,
        title=doc_id,
        kind=DocumentKind.RELEASE,
        language=language,
        date=None,
        places=(),
        digest=False,
        quote=quote,
        start=start,
        end=end,
        passage=quote,
        passage_start=start,
    )
