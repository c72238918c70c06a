"""What the log keeps: answers as they were shown, votes, judgements, and what staff did."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.answer import Answer, AnswerStatus, Citation, Statement, Suggestion
from corpus.document import Language


class Vote(StrEnum):
    """What a visitor thinks of an answer."""

    UP = "up"
    DOWN = "down"


class Reason(StrEnum):
    """Why a visitor votes an answer down."""

    WRONG = "wrong"
    OUTDATED = "outdated"
    UNSUPPORTED = "unsupported"
    """The source does not say this."""
    INCOMPLETE = "incomplete"


class Verdict(StrEnum):
    """What staff think of an answer."""

    CORRECT = "correct"
    """The statements answer; or it is right that nothing was answered."""
    PARTLY = "partly"
    WRONG = "wrong"
    SHOULD_HAVE = "should_have"
    """Nothing was answered, though the documents do."""
    SHOULD_NOT_HAVE = "should_not_have"
    """Something was answered, though the documents do not."""


_OF_ANSWERED = (Verdict.CORRECT, Verdict.PARTLY, Verdict.WRONG, Verdict.SHOULD_NOT_HAVE)
_OF_UNANSWERED = (Verdict.CORRECT, Verdict.SHOULD_HAVE)


class Action(StrEnum):
    """What staff do."""

    SIGNED_IN = "signed_in"
    SIGNED_OUT = "signed_out"
    LOCKED = "locked"
    """Signing in was refused after too many failures."""
    OPENED = "opened"
    JUDGED = "judged"
    WITHDREW = "withdrew"
    MARKED = "marked"
    UNMARKED = "unmarked"
    EXPORTED = "exported"
    TRIED = "tried"
    ADDED_USER = "added_user"
    """Or gave a user another password."""
    REMOVED_USER = "removed_user"
    ERASED = "erased"
    """Answers, votes and judgements were deleted for good."""
    LINKED = "linked"
    """Two documents were said to be one release."""
    PARTED = "parted"
    """… or not to be."""
    UNDECIDED = "undecided"
    """A decision on two documents was undone."""


_ABOUT_ANSWERS = (Action.OPENED, Action.JUDGED, Action.WITHDREW, Action.MARKED, Action.UNMARKED)


def verdicts_for(status: AnswerStatus) -> tuple[Verdict, ...]:
    """The verdicts that make sense for an answer of this status; none for a failure of ours."""
    if status is AnswerStatus.ERROR:
        return ()
    return _OF_ANSWERED if status.has_statements else _OF_UNANSWERED


@dataclass(frozen=True, slots=True)
class Voted:
    """The vote of an answer, with what the visitor wrote to it."""

    vote: Vote
    reason: Reason | None
    comment: str


@dataclass(frozen=True, slots=True)
class LoggedAnswer:
    """An answer as it was shown, without its hits; `asked_at` is UTC."""

    public_id: str
    """Random and unguessable: who has it may see the answer."""
    asked_at: datetime
    answer: Answer
    voted: Voted | None = None

    @property
    def question(self) -> str:
        """The visitor's words."""
        return self.answer.question

    @property
    def language(self) -> Language:
        """The language of the question."""
        return self.answer.language

    @property
    def status(self) -> AnswerStatus:
        """How the question ended."""
        return self.answer.status

    @property
    def statements(self) -> tuple[Statement, ...]:
        """What was stated."""
        return self.answer.statements

    @property
    def citations(self) -> tuple[Citation, ...]:
        """Where it stands."""
        return self.answer.citations

    @property
    def suggestions(self) -> tuple[Suggestion, ...]:
        """The documents offered instead of an answer."""
        return self.answer.suggestions

    @property
    def message(self) -> str:
        """Why there is no answer, where a sentence says so."""
        return self.answer.message

    @property
    def probability(self) -> float:
        """The estimated probability that the documents answer, 0 to 1."""
        return self.answer.probability

    @property
    def snapshot(self) -> str:
        """The index that answered."""
        return self.answer.snapshot


@dataclass(frozen=True, slots=True)
class RightPassage:
    """Words of one revision of a document that staff marked as what answers a question."""

    doc_id: str
    revision: int
    start: int
    end: int
    quote: str


@dataclass(frozen=True, slots=True)
class Judgement:
    """What staff think of one answer. It holds the question, so that it outlives the log; times are UTC."""

    public_id: str
    question: str
    language: Language
    status: AnswerStatus
    cited: tuple[str, ...]
    """The ids of the documents that the answer cites, each once."""
    verdict: Verdict | None
    """None while only passages are marked."""
    passages: tuple[RightPassage, ...]
    judged_by: str
    judged_at: datetime


@dataclass(frozen=True, slots=True)
class StaffAction:
    """Who did what when (UTC); `about` names the answer, export or user, never a visitor's words."""

    at: datetime
    user: str
    action: Action
    about: str

    @property
    def public_id(self) -> str:
        """The public id of the answer that it was about; empty for what was about none."""
        return self.about.partition(" ")[0] if self.action in _ABOUT_ANSWERS else ""
