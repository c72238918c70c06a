"""Judgements → a set of questions in BEIR's form, which `orgbot evaluate` reads.

corpus.jsonl    {"_id", "title", "text", "metadata"}     the documents as they are now
queries.jsonl   {"_id", "text", "metadata"}              `expected` for a question that should not be answered
qrels.tsv       query-id, corpus-id, score               1: the document answers; 0: it was cited and does not
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.answer import AnswerStatus
from bot.errors import FeedbackError
from bot.feedback.records import Judgement, Verdict
from bot.feedback.stored import searchable
from corpus.document import Document

_METADATA = ("language", "url", "kind", "date", "places", "edition_group", "digest")


@dataclass(frozen=True, slots=True)
class Exported:
    """How many questions of each sort were written, and how many judgements say too little to be used."""

    answerable: int
    unanswerable: int
    left_out: int


def export_set(folder: Path, judgements: Sequence[Judgement], documents: Iterable[Document]) -> Exported:
    """Write the set into a folder, over an earlier one; raise FeedbackError when it would be empty or cannot be.

    Of several judgements on the same question the newest counts; `judgements` are newest first.
    """
    corpus = {document.doc_id: document for document in documents}
    newest: dict[tuple[str, str], Judgement] = {}
    for judgement in judgements:
        newest.setdefault((judgement.language, searchable(judgement.question)), judgement)
    expected = {one: status for one in newest.values() if (status := expected_status(one))}
    judged = {one: grades for one in newest.values() if one not in expected and (grades := relevance(one, corpus))}
    if not expected and not judged:
        raise FeedbackError(
            "No judgement makes a test question yet: judge answers at the staff desk and mark the right passages."
        )
    topics = [_topic(one, expected.get(one)) for one in [*judged, *expected]]
    qrels = [
        f"{one.public_id}\t{doc_id}\t{grade}\n" for one, grades in judged.items() for doc_id, grade in grades.items()
    ]
    files = {
        "corpus.jsonl": _lines(map(_document, corpus.values())),
        "queries.jsonl": _lines(topics),
        # A set without judgements of documents has no such file: an empty one would say that something is missing.
        "qrels.tsv": "".join(["query-id\tcorpus-id\tscore\n", *qrels]) if qrels else "",
    }
    _write(folder, files)
    return Exported(len(judged), len(expected), len(newest) - len(judged) - len(expected))


def expected_status(judgement: Judgement) -> AnswerStatus | None:
    """How a question should end that should have no answer; None for one that should."""
    if judgement.verdict is Verdict.SHOULD_NOT_HAVE:
        return AnswerStatus.NO_ANSWER
    if judgement.verdict is Verdict.CORRECT and not judgement.status.has_statements:
        return judgement.status
    return None


def relevance(judgement: Judgement, doc_ids: Collection[str]) -> dict[str, int]:
    """Grades by document, of those in `doc_ids`; empty when none of them is known to answer.

    The documents of marked passages answer. Where none is marked, those that a correct or partly correct answer
    cites do; those that a wrong one cites do not.
    """
    cited = [doc_id for doc_id in judgement.cited if doc_id in doc_ids]
    right = [passage.doc_id for passage in judgement.passages if passage.doc_id in doc_ids]
    if not judgement.passages and judgement.verdict in (Verdict.CORRECT, Verdict.PARTLY):
        right = cited
    if not right:
        return {}
    wrong = cited if judgement.verdict is Verdict.WRONG else []
    return dict.fromkeys(wrong, 0) | dict.fromkeys(right, 1)


def _topic(judgement: Judgement, expected: AnswerStatus | None) -> dict[str, object]:
    metadata: dict[str, object] = {"language": judgement.language}
    if expected:
        metadata["expected"] = expected
    else:
        metadata["passages"] = [{"doc_id": one.doc_id, "quote": one.quote} for one in judgement.passages]
    return {"_id": judgement.public_id, "text": judgement.question, "metadata": metadata}


def _document(document: Document) -> dict[str, object]:
    stored = json.loads(document.to_json())
    metadata = {name: stored[name] for name in _METADATA if stored[name]}
    return {"_id": document.doc_id, "title": document.title, "text": document.text, "metadata": metadata}


def _lines(records: Iterable[dict[str, object]]) -> str:
    return "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records)


def _write(folder: Path, files: dict[str, str]) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in files.items():
            if text:
                (folder / name).write_text(text, encoding="utf-8")
            else:
                (folder / name).unlink(missing_ok=True)
    except OSError as error:
        raise FeedbackError(f"The set cannot be written to {folder} ({error.strerror}): name another folder.") from None
