"""Newer documents that state another figure for the same thing.

A wrong claim would be worse than none: what is compared must count the same thing in the same language, meet the
question at least as well, and leave no doubt which number is meant. Nothing is inferred: the newer sentence is quoted.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.figures import CURRENCIES, MONTH, SHARE, YEAR, Figure, figures
from bot.read import Sentence
from bot.understand import Expected, Understanding
from corpus.document import PartialDate
from index.lexical.analysis import analyser, words

_ASKED = {Expected.NUMBER, Expected.MONEY, Expected.SHARE}
_NAME = re.compile(r"(?<=[\s(«“\"'’])[A-ZÀ-Ý][\w’-]*")


def newer_figure(
    understanding: Understanding, chosen: Sequence[Sentence], sentences: Sequence[Sentence]
) -> Sentence | None:
    """The newest sentence with another figure than the first one chosen, or None; `sentences` are those read."""
    if not chosen or understanding.expected not in _ASKED or understanding.years:
        return None
    answer = chosen[0]
    stated = _asked_figure(understanding, answer)
    if stated is None:
        return None
    shown = {one.hit.passage.edition_key for one in chosen}
    newer = [
        other
        for other in sentences
        if other.hit.passage.edition_key not in shown
        and _meets_as_much(other, answer)
        and _is_no_narrower(understanding, other, answer)
        and _speaks_of_a_later_time(other, answer)
        and _differs(_asked_figure(understanding, other), stated)
    ]
    return max(newer, key=lambda one: _parts(one.document.date), default=None)


def is_later(one: PartialDate | None, other: PartialDate | None) -> bool:
    """Whether a date is certainly later than another: both have years, and what is stated of both decides."""
    for later, earlier in zip(_parts(one), _parts(other), strict=True):
        if not later or not earlier:
            return False
        if later != earlier:
            return later > earlier
    return False


def _parts(date: PartialDate | None) -> tuple[int, int, int]:
    """Year, month and day, 0 for what is not stated."""
    return (date.year or 0, date.month or 0, date.day or 0) if date else (0, 0, 0)


def _meets_as_much(other: Sentence, answer: Sentence) -> bool:
    """Whether a sentence meets as much of the question by itself, and misses no name that the answer has."""
    if other.document.language != answer.document.language:
        return False
    return all(other.features[name] >= answer.features[name] for name in ("coverage", "names_in_sentence")) and (
        other.features["unmet"] <= answer.features["unmet"]
    )


def _is_no_narrower(understanding: Understanding, other: Sentence, answer: Sentence) -> bool:
    """Whether a sentence names nothing that neither the question nor the answer names: a part is not the whole."""
    known = set(words(f"{understanding.text} {answer.text}")) | understanding.organisation
    return all(word in known or MONTH.fullmatch(word) for name in _NAME.findall(other.text) for word in words(name))


def _speaks_of_a_later_time(other: Sentence, answer: Sentence) -> bool:
    """Whether the document is later, and its sentence looks back on no earlier year than the answer's."""
    if not is_later(other.document.date, answer.document.date):
        return False
    years, before = (set(YEAR.findall(one.text)) for one in (other, answer))
    then = max(before, default=str(answer.document.date.year if answer.document.date else 0))
    return all(year >= then for year in years) and not (years and years == before)


def _asked_figure(understanding: Understanding, sentence: Sentence) -> Figure | None:
    """The one figure of what the question asks; None when there is none or more than one."""
    language = sentence.document.language
    if language != understanding.language:
        return None  # the question's word for what is counted says nothing in another language
    asked = set(analyser(language).passage_terms(understanding.focus))
    found = [one for one in figures(sentence.text, language) if _counts(understanding.expected, one, asked)]
    return found[0] if len({one.value for one in found}) == 1 else None


def _counts(expected: Expected, figure: Figure, asked: set[str]) -> bool:
    match expected:
        case Expected.MONEY:
            return bool(figure.counted & CURRENCIES)
        case Expected.SHARE:
            return SHARE in figure.counted
        case _:
            return bool(asked & figure.counted)


def _differs(newer: Figure | None, stated: Figure) -> bool:
    if newer is None or newer.value == stated.value:
        return False
    return bool(newer.counted & stated.counted)
