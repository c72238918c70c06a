"""Which of the logged answers the desk shows, as a condition of SQL."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from bot.answer import AnswerStatus
from bot.feedback.records import Vote
from bot.feedback.stored import searchable
from corpus.document import Language

UNANSWERED = (AnswerStatus.NO_ANSWER, AnswerStatus.OUT_OF_SCOPE, AnswerStatus.ERROR)
UNSURE = (0.35, 0.65)
"""Probabilities, both included, at which an answer could as well have been none."""


class Show(StrEnum):
    """The lists of the desk."""

    ALL = "all"
    UNANSWERED = "unanswered"
    VOTED_DOWN = "voted_down"
    UNSURE = "unsure"
    UNJUDGED = "unjudged"


@dataclass(frozen=True, slots=True)
class Selection:
    """What all shown answers have in common; days are UTC, both included."""

    show: Show = Show.ALL
    language: Language | None = None
    since: date | None = None
    until: date | None = None
    doc_id: str = ""
    """Of a document that is cited."""
    words: str = ""
    """Each of them stands in the question, or a longer word that holds it; case and accents do not count."""

    def condition(self) -> tuple[str, dict[str, str | float]]:
        """A condition on the table `answer`, and the values that it names."""
        clauses, values = ["TRUE", *_SHOWN[self.show]], dict(_VALUES)
        if self.language:
            clauses.append("language = :language")
            values["language"] = self.language
        if self.since:
            clauses.append("asked_at >= :since")
            values["since"] = self.since.isoformat()
        if self.until:
            # A moment begins with its day: "2024-04-30T…" sorts before "2024-04-30U".
            clauses.append("asked_at < :until")
            values["until"] = f"{self.until.isoformat()}U"
        if self.doc_id:
            clauses.append("id IN (SELECT answer_id FROM cited WHERE doc_id = :doc_id)")
            values["doc_id"] = self.doc_id
        for n, word in enumerate(searchable(self.words).split()[:_MOST_WORDS]):
            clauses.append(f"instr(folded, :word{n})")
            values[f"word{n}"] = word
        return " AND ".join(clauses), values


_MOST_WORDS = 20
_VALUES: dict[str, str | float] = {
    "down": Vote.DOWN,
    "least": UNSURE[0],
    "most": UNSURE[1],
    **{f"unanswered{n}": status for n, status in enumerate(UNANSWERED)},
}
_SHOWN: dict[Show, list[str]] = {
    Show.ALL: [],
    Show.UNANSWERED: [f"status IN ({', '.join(f':unanswered{n}' for n in range(len(UNANSWERED)))})"],
    Show.VOTED_DOWN: ["vote = :down"],
    Show.UNSURE: ["probability BETWEEN :least AND :most"],
    Show.UNJUDGED: ["public_id NOT IN (SELECT public_id FROM judgement WHERE verdict IS NOT NULL)"],
}
