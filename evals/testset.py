"""A set of questions with judgements, and how it is read from a BEIR folder.

A folder holds `corpus.jsonl`, `queries.jsonl`, and `qrels.tsv` (or `qrels/test.tsv`, with or without a
header line). A folder whose questions have no answer needs no judgements; when it is about the corpus of
another folder, its `set.json` says so: `{"corpus": "../other"}`.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TypeVar

from bot.answer import AnswerStatus
from corpus.document import Document, DocumentKind, Language, PartialDate
from corpus.language import language_probabilities
from evals.errors import SetEmpty, SetMalformed, SetMissing
from evals.lines import Record, read_columns, read_lines, read_records
from index.query import query_language

CORPUS, QUERIES, POINTER = "corpus.jsonl", "queries.jsonl", "set.json"
QRELS = ("qrels.tsv", "qrels/test.tsv")
Key = TypeVar("Key")
Item = TypeVar("Item")
UNANSWERED = (AnswerStatus.NO_ANSWER, AnswerStatus.OUT_OF_SCOPE, AnswerStatus.REFUSED)


@dataclass(frozen=True, slots=True)
class Topic:
    """A test question."""

    query_id: str
    text: str
    language: Language
    answers: tuple[str, ...] = ()
    """The short answers, any of which is right."""
    across: bool = False
    """Whether only documents of other languages answer it."""
    expected: AnswerStatus | None = None
    """For a question that has no answer: how it should end."""
    split: str = ""
    """`dev` for tuning, `test` for measuring what was tuned; empty when a set is not split."""
    kind: str = ""
    """What is asked for (`who`, `how-many`, …), in the set's own words; empty when the set does not say."""
    year: int | None = None
    """The year of the documents that answer it; None when it is unknown or they are of several years."""


@dataclass(frozen=True, slots=True)
class Qrel:
    """A judgement: a document answers a question (1 or more) or does not (0)."""

    query_id: str
    doc_id: str
    relevance: int


@dataclass(frozen=True)
class QuestionSet:
    """A corpus, questions on it, and which documents answer which question."""

    name: str
    documents: tuple[Document, ...]
    topics: tuple[Topic, ...]
    qrels: tuple[Qrel, ...]
    digest: str
    """SHA-256 over the set's files."""
    corpus_digest: str
    """SHA-256 of the file of the corpus."""

    @cached_property
    def judged(self) -> tuple[Topic, ...]:
        """The topics that have a judgement, on which retrieval is measured."""
        having = {qrel.query_id for qrel in self.qrels}
        return tuple(topic for topic in self.topics if topic.query_id in having)

    @cached_property
    def relevant(self) -> dict[str, frozenset[str]]:
        """The documents that answer each question that has any."""
        found: dict[str, set[str]] = {}
        for qrel in self.qrels:
            if qrel.relevance > 0:
                found.setdefault(qrel.query_id, set()).add(qrel.doc_id)
        return {query_id: frozenset(doc_ids) for query_id, doc_ids in found.items()}

    @cached_property
    def edition_keys(self) -> dict[str, str]:
        """By the id of each document: what it shares with the other language versions of its release."""
        return {document.doc_id: document.edition_group or document.doc_id for document in self.documents}


def load_set(folder: Path) -> QuestionSet:
    """Read a folder; raises SetMissing, SetMalformed (with the file and line) or SetEmpty."""
    if not folder.is_dir():
        raise SetMissing(f"{folder} is no folder: name a folder that holds {CORPUS}, {QUERIES} and {QRELS[0]}.")
    corpus_path, queries_path, qrels_path = _corpus_path(folder), folder / QUERIES, _qrels_path(folder)
    documents = tuple(_distinct(corpus_path, ((d.doc_id, d) for d in map(_document, read_records(corpus_path)))))
    topics = tuple(_distinct(queries_path, ((t.query_id, t) for t in map(_topic, read_records(queries_path)))))
    qrels: tuple[Qrel, ...] = ()
    if qrels_path is not None:
        qrels = tuple(_distinct(qrels_path, (((q.query_id, q.doc_id), q) for q in _qrels(qrels_path))))
        _check_known(qrels_path, qrels, documents, topics)
    elif not all(topic.expected for topic in topics):
        raise SetMissing(f"The folder {folder} has no {QRELS[0]}: add the judgements of its questions.")
    topics = _dated(topics, qrels, documents)
    files = [path for path in (corpus_path, queries_path, qrels_path) if path is not None]
    digests = [_sha256(path) for path in files]
    digest = hashlib.sha256("\n".join(digests).encode()).hexdigest()
    return QuestionSet(folder.resolve().name, documents, topics, qrels, digest, digests[0])


def _corpus_path(folder: Path) -> Path:
    pointer = folder / POINTER
    if (folder / CORPUS).exists() or not pointer.exists():
        return folder / CORPUS
    try:
        record = json.loads("\n".join(line.text for line in read_lines(pointer)))
        return (folder / str(record["corpus"]) / CORPUS).resolve()
    except (ValueError, KeyError, TypeError):
        raise SetMalformed(f'{pointer} is malformed: expected {{"corpus": "../other"}}.') from None


def _qrels_path(folder: Path) -> Path | None:
    return next((folder / name for name in QRELS if (folder / name).exists()), None)


def _document(record: Record) -> Document:
    metadata = record.metadata
    title, text = record.text("title", ""), record.text("text")
    date = metadata.text("date", "")
    try:
        moment = PartialDate.parse(date) if date else None
    except ValueError as error:
        raise record.line.malformed(f"the date is unusable, {error}") from None
    return Document(
        doc_id=record.identity(),
        url=metadata.text("url", ""),
        kind=metadata.choice("kind", DocumentKind) or DocumentKind.RELEASE,
        language=metadata.choice("language", Language) or _language(f"{title}\n{text}"),
        title=title,
        text=text or title,
        date=moment,
        places=metadata.texts("places"),
        edition_group=metadata.text("edition_group", "") or None,
        digest=metadata.flag("digest"),
    )


def _language(text: str) -> Language:
    probabilities = language_probabilities(text)
    return max(probabilities, key=lambda language: probabilities[language])


def _topic(record: Record) -> Topic:
    metadata = record.metadata
    text = record.text("text")
    expected = metadata.choice("expected", AnswerStatus)
    if expected is not None and expected not in UNANSWERED:
        raise record.line.malformed(f'expected one of {", ".join(UNANSWERED)} under "expected", got "{expected}"')
    return Topic(
        query_id=record.identity(),
        text=text,
        language=metadata.choice("language", Language) or query_language(text),
        answers=metadata.texts("answer"),
        across=metadata.flag("across"),
        expected=expected,
        split=metadata.text("split", ""),
        kind=metadata.text("kind", ""),
    )


def _dated(topics: Iterable[Topic], qrels: Iterable[Qrel], documents: Iterable[Document]) -> tuple[Topic, ...]:
    """The topics, each with the year that all documents judged to answer it share."""
    year_of = {document.doc_id: document.date.year if document.date else None for document in documents}
    years: dict[str, set[int | None]] = {}
    for qrel in qrels:
        if qrel.relevance > 0:
            years.setdefault(qrel.query_id, set()).add(year_of[qrel.doc_id])
    shared = {query_id: next(iter(found)) for query_id, found in years.items() if len(found) == 1}
    return tuple(replace(topic, year=shared.get(topic.query_id)) for topic in topics)


def _qrels(path: Path) -> Iterable[Qrel]:
    is_first = True
    for line, (query_id, doc_id, relevance) in read_columns(path, 3):
        try:
            yield Qrel(query_id, doc_id, int(relevance))
        except ValueError:
            if not is_first:  # the first line may be a header
                raise line.malformed(f"expected a whole number as relevance, got {relevance!r}") from None
        is_first = False


def _distinct(path: Path, keyed: Iterable[tuple[Key, Item]]) -> Iterable[Item]:
    """The items, of which no two have the same key and which are not none at all."""
    seen: set[Key] = set()
    for key, item in keyed:
        if key in seen:
            raise SetMalformed(f"{path} holds {_named(key)} twice: keep one of the lines.")
        seen.add(key)
        yield item
    if not seen:
        raise SetEmpty(f"{path} holds nothing: fill it, or name another folder.")


def _named(key: object) -> str:
    return " ".join(key) if isinstance(key, tuple) else str(key)


def _check_known(path: Path, qrels: Iterable[Qrel], documents: Iterable[Document], topics: Iterable[Topic]) -> None:
    doc_ids = {document.doc_id for document in documents}
    query_ids = {topic.query_id for topic in topics}
    for qrel in qrels:
        if qrel.doc_id not in doc_ids:
            raise SetMalformed(
                f"{path} judges the document {qrel.doc_id!r} for {qrel.query_id!r}, which {CORPUS} does not hold: "
                "correct the id or add the document."
            )
        if qrel.query_id not in query_ids:
            raise SetMalformed(
                f"{path} judges the query {qrel.query_id!r}, which {QUERIES} does not hold: "
                "correct the id or add the query."
            )


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
