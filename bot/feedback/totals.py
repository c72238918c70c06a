"""What a selection of the log adds up to: by day, by vote, by document."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from datetime import date, timedelta

from bot.answer import AnswerStatus
from bot.feedback.records import Reason, Vote
from bot.feedback.selection import Selection

_DOCUMENTS = 10
_ANSWERED = tuple(status for status in AnswerStatus if status.has_statements)


@dataclass(frozen=True, slots=True)
class Day:
    """One day (UTC): how many questions, and how many of them were answered."""

    day: date
    questions: int
    answered: int


@dataclass(frozen=True, slots=True)
class Totals:
    """Figures of a selection; the days follow one another without a gap."""

    days: tuple[Day, ...]
    votes: dict[Vote, int]
    reasons: dict[Reason, int]
    """Of the votes against."""
    documents: tuple[tuple[str, int], ...]
    """The most cited documents by id, with the number of answers that cite them, most first."""

    @property
    def questions(self) -> int:
        """How many questions were asked."""
        return sum(day.questions for day in self.days)

    @property
    def answered(self) -> int:
        """How many of them were answered."""
        return sum(day.answered for day in self.days)


def totals(connection: sqlite3.Connection, selection: Selection) -> Totals:
    """Add up a selection."""
    condition, values = selection.condition()
    answered = ", ".join(f"'{status}'" for status in _ANSWERED)
    days = connection.execute(
        f"SELECT substr(asked_at, 1, 10) AS day, COUNT(*), SUM(status IN ({answered})) FROM answer"
        f" WHERE {condition} GROUP BY day ORDER BY day",
        values,
    ).fetchall()
    votes = connection.execute(
        f"SELECT vote, COUNT(*) FROM answer WHERE vote IS NOT NULL AND {condition} GROUP BY vote", values
    ).fetchall()
    reasons = connection.execute(
        f"SELECT reason, COUNT(*) FROM answer WHERE vote = :down AND reason IS NOT NULL AND {condition}"
        " GROUP BY reason",
        values,
    ).fetchall()
    documents = connection.execute(
        "SELECT doc_id, COUNT(*) AS answers FROM cited WHERE answer_id IN"
        f" (SELECT id FROM answer WHERE {condition}) GROUP BY doc_id ORDER BY answers DESC, doc_id LIMIT {_DOCUMENTS}",
        values,
    ).fetchall()
    return Totals(
        days=_without_gap([Day(date.fromisoformat(day), questions, share) for day, questions, share in days]),
        votes={vote: dict(votes).get(vote, 0) for vote in Vote},
        reasons={reason: dict(reasons).get(reason, 0) for reason in Reason},
        documents=tuple(documents),
    )


def _without_gap(days: list[Day]) -> tuple[Day, ...]:
    if not days:
        return ()
    known = {one.day: one for one in days}
    first, last = days[0].day, days[-1].day
    between = (first + timedelta(days=n) for n in range((last - first).days + 1))
    return tuple(known.get(day, Day(day, 0, 0)) for day in between)
