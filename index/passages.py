"""The documents and passages of a snapshot, read from disk as they are needed."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from corpus.document import Document
from index.errors import SnapshotDamaged
from index.passage import Passage
from index.remembered import Remembered

_SCHEMA = """
CREATE TABLE documents (
    number INTEGER PRIMARY KEY, doc_id TEXT NOT NULL UNIQUE, revision INTEGER NOT NULL, document TEXT NOT NULL
);
CREATE TABLE passages (
    number INTEGER PRIMARY KEY, passage_id TEXT NOT NULL UNIQUE, document INTEGER NOT NULL REFERENCES documents,
    start INTEGER NOT NULL, end INTEGER NOT NULL
);
CREATE INDEX passages_of_documents ON passages (document);
CREATE INDEX editions ON documents (json_extract(document, '$.edition_group'));
"""
_REMEMBERED = 512
"""So many documents, of some kilobytes each."""


@dataclass(frozen=True, slots=True)
class SplitDocument:
    """A document to be written, with its passages."""

    doc_id: str
    revision: int
    record: str
    """The document as JSON."""
    passages: Sequence[Passage]


class PassageTable:
    """Documents by id and passages by number, from one immutable SQLite file."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        """Wrap an open file; see `write` and `open`."""
        self._connection = connection
        self._remembered: Remembered[str, tuple[Document, int]] = Remembered(_REMEMBERED)

    @staticmethod
    def write(path: Path, documents: Iterable[SplitDocument]) -> None:
        """Write documents with their passages, in the order in which passages are numbered."""
        connection = sqlite3.connect(path)
        try:
            # A file that is not finished is of no use to anyone, and made durable when the snapshot is published.
            connection.execute("PRAGMA journal_mode = OFF")
            connection.execute("PRAGMA synchronous = OFF")
            connection.executescript(_SCHEMA)
            passage_number = 0
            for number, one in enumerate(documents):
                connection.execute(
                    "INSERT INTO documents VALUES (?, ?, ?, ?)", (number, one.doc_id, one.revision, one.record)
                )
                rows = [
                    (passage_number + position, passage.passage_id, number, passage.start, passage.end)
                    for position, passage in enumerate(one.passages)
                ]
                connection.executemany("INSERT INTO passages VALUES (?, ?, ?, ?, ?)", rows)
                passage_number += len(rows)
            connection.commit()
        finally:
            connection.close()

    @classmethod
    def open(cls, path: Path) -> PassageTable:
        """Open a written file for reading, from any thread; raise SnapshotDamaged when it is none."""
        try:
            # "immutable" spares locks and stat calls: a snapshot's files never change.
            connection = sqlite3.connect(
                f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True, check_same_thread=False
            )
            connection.execute("SELECT COUNT(*) FROM passages").fetchone()
        except (sqlite3.Error, UnicodeDecodeError) as error:
            raise SnapshotDamaged(f"{path.name} is no passage file: build the index anew.") from error
        return cls(connection)

    def document(self, doc_id: str) -> tuple[Document, int] | None:
        """A document and its revision, or None when the snapshot has none of that id."""
        return self._documents_of([doc_id]).get(doc_id)

    def editions(self, edition_group: str) -> list[tuple[Document, int]]:
        """The documents of an edition group with their revisions, in the order of the build."""
        rows = self._connection.execute(
            "SELECT doc_id FROM documents WHERE json_extract(document, '$.edition_group') = ? ORDER BY number",
            (edition_group,),
        ).fetchall()
        documents = self._documents_of([doc_id for (doc_id,) in rows])
        return [documents[doc_id] for (doc_id,) in rows]

    def passages_of(self, doc_id: str) -> list[Passage]:
        """All passages of a document, in order."""
        numbers = self._connection.execute(
            "SELECT p.number FROM passages p JOIN documents d ON d.number = p.document WHERE d.doc_id = ?"
            " ORDER BY p.number",
            (doc_id,),
        ).fetchall()
        return self.passages([int(number) for (number,) in numbers])

    def doc_ids(self) -> list[str]:
        """The ids of all documents, in the order of the build."""
        return [row[0] for row in self._connection.execute("SELECT doc_id FROM documents ORDER BY number")]

    def passages(self, numbers: Sequence[int]) -> list[Passage]:
        """The passages of these numbers, in the order asked for."""
        marks = ",".join("?" * len(numbers))
        rows = self._connection.execute(
            "SELECT p.number, p.passage_id, p.start, p.end, d.doc_id FROM passages p"
            f" JOIN documents d ON d.number = p.document WHERE p.number IN ({marks})",
            list(numbers),
        ).fetchall()
        documents = self._documents_of({doc_id for *_, doc_id in rows})
        found = {
            int(number): Passage.cut(documents[doc_id][0], passage_id, start, end)
            for number, passage_id, start, end, doc_id in rows
        }
        return [found[number] for number in numbers]

    def _documents_of(self, doc_ids: Collection[str]) -> dict[str, tuple[Document, int]]:
        """Documents with their revisions by id; unknown ids are left out.

        One question meets the same few again and again, in search, reading and citing.
        """
        known = self._remembered.found(doc_ids)
        if missing := [doc_id for doc_id in doc_ids if doc_id not in known]:
            marks = ",".join("?" * len(missing))
            rows = self._connection.execute(
                f"SELECT doc_id, document, revision FROM documents WHERE doc_id IN ({marks})", missing
            ).fetchall()
            read = {doc_id: (Document.from_json(text), int(revision)) for doc_id, text, revision in rows}
            self._remembered.keep(read)
            known |= read
        return known

    def close(self) -> None:
        """Close the file."""
        self._connection.close()
