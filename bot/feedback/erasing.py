"""Deleting from the log what visitors asked and staff thought of it, so that its words are in no file of it."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from datetime import date

from bot.feedback.database import transaction
from bot.feedback.stored import searchable


@dataclass(frozen=True, slots=True)
class Erasure:
    """What is to be deleted: all that every given condition fits; without any condition, all."""

    public_ids: tuple[str, ...] = ()
    """Of answers."""
    words: str = ""
    """Each of them stands in the question or the comment, or in a longer word; case and accents do not count."""
    since: date | None = None
    """Days are UTC, both included; of a judgement whose answer is forgotten, the day it was judged counts."""
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Erased:
    """How much was deleted."""

    answers: int
    judgements: int


def matching(connection: sqlite3.Connection, erasure: Erasure) -> tuple[list[str], list[str]]:
    """The public ids of the answers, and those of the judgements, that an erasure names."""
    asked = connection.execute("SELECT public_id, asked_at, folded, comment FROM answer").fetchall()
    judged = connection.execute("SELECT public_id, judged_at, question FROM judgement").fetchall()
    answers = [one for one, moment, folded, comment in asked if _fits(erasure, one, moment, folded, comment)]
    moments = {public_id: moment for public_id, moment, *_ in asked}
    judgements = [one for one, moment, question in judged if _fits(erasure, one, moments.get(one, moment), question)]
    # A comment may hold the words where the question does not: what was judged of it goes too.
    going = set(answers)
    also = [public_id for public_id, *_ in judged if public_id in going and public_id not in judgements]
    return answers, judgements + also


def erase(connection: sqlite3.Connection, erasure: Erasure) -> Erased:
    """Delete, then write the file anew without what was deleted; sqlite3.Error when another process is writing."""
    with transaction(connection):
        answers, judgements = matching(connection, erasure)
        connection.executemany("DELETE FROM answer WHERE public_id = ?", [(one,) for one in answers])
        connection.executemany("DELETE FROM judgement WHERE public_id = ?", [(one,) for one in judgements])
    connection.execute("VACUUM")
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    return Erased(len(answers), len(judgements))


def _fits(erasure: Erasure, public_id: str, moment: str, *texts: str) -> bool:
    if erasure.public_ids and public_id not in erasure.public_ids:
        return False
    day = moment[:10]  # compared as text: in a damaged row it may be no day
    if (erasure.since and day < erasure.since.isoformat()) or (erasure.until and day > erasure.until.isoformat()):
        return False
    wanted, said = searchable(erasure.words).split(), [searchable(text) for text in texts]
    if erasure.words and not wanted:  # of marks alone: it must not mean everything
        return False
    return all(any(word in text for text in said) for word in wanted)
