"""In which order sentences are stated that answer about as well.

What is learnt judges all questions alike; these rules hold for kinds of questions that are too rare among those with
known answers to be learnt from them. All are in log-odds, beside the learnt score.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from bot.concepts import FOUNDED
from bot.expected import FIGURES
from bot.figures import SHARE, YEAR, figures
from bot.read import Sentence
from bot.speech import names_office
from bot.understand import Expected, Understanding
from index.lexical.analysis import fold, words

DIGITS = frozenset({Expected.CONTACT, Expected.MONEY, Expected.NUMBER})
"""What a sentence without digits (or a number in words) never answers."""
_MUST_HAVE = frozenset({Expected.PERSON, Expected.DATE})
_LACKS = -3.0
"""Who asks who or when is hardly helped by a sentence that names nobody or no time."""
_PART = -2.5
"""A figure of some place or group, where that of the whole is asked."""
_SHARE = -2.5
"""Who asks how many is told a number before a share."""
_FOUNDED = -3.0
"""When the organisation was founded is no answer to when something else of it happened."""
_OTHER_YEAR = -1.0
"""A figure beside a year that is not the one asked for may be that year's."""
_SPELT_OUT = 9.0
"""Who asks what an acronym is wants to see it spelt out first."""
_HOLDS_OFFICE = 1.5
"""Who asks for the head of the organisation wants the name and the office."""


def best_first(understanding: Understanding, sentences: Iterable[Sentence]) -> list[Sentence]:
    """The sentences by their score, which these rules correct.

    Who asks how many is not helped by a sentence without a number, whatever else it says.
    """
    digits = understanding.expected in DIGITS
    judged = [replace(one, score=one.score + _correction(understanding, one)) for one in sentences]

    def place(sentence: Sentence) -> tuple[bool, float, int, int]:
        return digits and sentence.features["figure"] == 0, -sentence.score, sentence.hit.rank, sentence.start

    return sorted(judged, key=place)


def _correction(understanding: Understanding, sentence: Sentence) -> float:
    expected, features = understanding.expected, sentence.features
    correction = 0.0
    if expected in _MUST_HAVE and features["expected"] == 0:
        correction += _LACKS
    if expected is Expected.NUMBER and _has_shares_alone(sentence):
        correction += _SHARE
    if tells_of_founding_alone(understanding, sentence):
        correction += _FOUNDED
    if expected in FIGURES:
        correction += _PART * features["unasked"]
        if understanding.years and set(YEAR.findall(sentence.text)) - understanding.years:
            correction += _OTHER_YEAR
    if expected is Expected.DEFINITION and spells_out(understanding, sentence.text):
        correction += _SPELT_OUT
    if expected is Expected.PERSON and understanding.about_organisation and names_office(sentence.text):
        correction += _HOLDS_OFFICE
    return correction


def _has_shares_alone(sentence: Sentence) -> bool:
    counted = [figure.counted for figure in figures(sentence.text, sentence.document.language)]
    return bool(counted) and all(SHARE in unit for unit in counted)


def tells_of_founding_alone(understanding: Understanding, sentence: Sentence) -> bool:
    """Whether the time of something else is asked, and the sentence tells when the organisation was founded."""
    if understanding.expected is not Expected.DATE or sentence.features["actor"] < 1:
        return False
    return not FOUNDED & set(words(understanding.text)) and bool(FOUNDED & set(words(sentence.text)))


def spells_out(understanding: Understanding, sentence: str) -> bool:
    """Whether a sentence has an acronym of the question in parentheses, as after the words that it stands for."""
    asked = {fold(one) for one in re.findall(r"\b[A-ZÀ-Ý]{2,}\b", understanding.text)}
    return any(fold(one) in asked for one in re.findall(r"\(([A-ZÀ-Ý]{2,})\)", sentence))
