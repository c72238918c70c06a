"""The log of questions (SQLite): answers as they were shown, votes, judgements, and what staff did."""

from bot.feedback.erasing import Erased, Erasure
from bot.feedback.log import FeedbackLog
from bot.feedback.records import (
    Action,
    Judgement,
    LoggedAnswer,
    Reason,
    RightPassage,
    StaffAction,
    Verdict,
    Vote,
    Voted,
    verdicts_for,
)
from bot.feedback.selection import Selection, Show
from bot.feedback.totals import Day, Totals

__all__ = [
    "Action",
    "Day",
    "Erased",
    "Erasure",
    "FeedbackLog",
    "Judgement",
    "LoggedAnswer",
    "Reason",
    "RightPassage",
    "Selection",
    "Show",
    "StaffAction",
    "Totals",
    "Verdict",
    "Vote",
    "Voted",
    "verdicts_for",
]
