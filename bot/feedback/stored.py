"""Answers ↔ rows of the log."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from functools import cache

from pydantic import TypeAdapter

from bot.answer import Answer
from bot.feedback.records import LoggedAnswer, Reason, Vote, Voted
from bot.masking import mask
from index.lexical.analysis import fold

COLUMNS = "public_id, asked_at, record, vote, reason, comment"
"""What `logged` reads, in this order."""


def writable(text: str) -> str:
    """The text without halves of surrogate pairs, which a browser can send and no file can hold."""
    return text.encode("utf-8", "replace").decode("utf-8")


def searchable(text: str) -> str:
    """The text as the search of the desk compares it: without case and accents, one space between words."""
    return " ".join(fold(writable(text)).split())


def answer_columns(answer: Answer) -> dict[str, str | float]:
    """The columns that hold an answer: what is personal in its question is masked, its hits are left out."""
    kept = replace(answer, question=mask(writable(answer.question)), hits=(), hit_urls=())
    return {
        "language": kept.language,
        "status": kept.status,
        "probability": kept.probability,
        "folded": searchable(kept.question),
        "record": _answers().dump_json(kept).decode("utf-8"),
    }


def logged(row: tuple[str, str, str, str | None, str | None, str]) -> LoggedAnswer:
    """The answer of a row of `COLUMNS`; fields that are newer than the row have their defaults."""
    public_id, asked_at, record, vote, reason, comment = row
    return LoggedAnswer(
        public_id=public_id,
        asked_at=datetime.fromisoformat(asked_at),
        answer=_answers().validate_json(record),
        voted=Voted(Vote(vote), Reason(reason) if reason else None, comment) if vote else None,
    )


@cache
def _answers() -> TypeAdapter[Answer]:
    return TypeAdapter(Answer)
