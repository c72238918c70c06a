"""In which order sentences are stated that answer about as well.

What is learnt judges all questions alike; these rules hold for kinds of questions that are too rare among those with
known answers to be learnt from them. All are in log-odds, beside the learnt score.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Set
from dataclasses import replace
from functools import lru_cache

from bot.concepts import DEATH, FOUNDED
from bot.expected import FIGURES
from bot.figures import NUMBER_WORDS, SHARE, YEAR, figures
from bot.read import Sentence
from bot.speech import names_office
from bot.understand import Expected, Understanding
from corpus.document import Language
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
_DEAD = -2.5
"""Nor is the number of those who died that of those who live."""
_DEATH = (
    r"\b(?:died|die|dies|dead|deaths?|killed|morts?|mortes?|mourir|meurent|deces|decede\w*|tuee?s?|muert\w+|murio|murieron|mueren"
    r"|falleci\w+)\b"
)
_HALF = re.compile(r"\b(?:half|moitie|mitad)\b")
_STAFF = (
    r"\W+(?:\w+\W+){0,3}?"
    r"(?:staff|personnel|employees|employes|empleados|colleagues|collegues|colegas|(?:del|de su) personal)\b"
)
"""… after a number, in folded text."""
_ABOUT_STAFF = re.compile(
    r"\b(?:staff|personnel|personal|equipo|employ\w*|emploi\w*|emple[ao]\w*|collegues|colleagues|colegas|jobs|posts|postes"
    r"|puestos|effectifs|plantilla|works?|working|workers?|travaill\w+|trabaj\w+)\b"
)
_OTHER_YEAR = -1.0
"""A figure beside a year that is not the one asked for may be that year's."""
_SPELT_OUT = 9.0
"""Who asks what an acronym is wants to see it spelt out first."""
_HOLDS_OFFICE = 1.5
"""Who asks for the head of the organisation wants the name and the office."""
_SAYS_WHO = 2.5
"""Who asks who someone is wants to read "she is", not what she did in her office."""
_IS = re.compile(r"is|was|est|etait|es|era|fue|holds|heads|leads|dirige|occupe|ocupa|encabeza")


def best_first(understanding: Understanding, sentences: Iterable[Sentence]) -> list[Sentence]:
    """The sentences by their score, which these rules correct.

    Who asks how many is not helped by a sentence without a number, whatever else it says.
    """
    digits = understanding.expected in DIGITS
    judged = [replace(one, score=one.score + _correction(understanding, one)) for one in sentences]
    if understanding.person and any(_names(understanding.person, one) for one in judged):
        judged = [
            one if _names(understanding.person, one) else replace(one, score=one.score + _LACKS) for one in judged
        ]

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
    if expected is Expected.NUMBER and not DEATH & set(words(understanding.text)):
        correction += _DEAD * _counts_dead(sentence.text, sentence.document.language)
    if expected in FIGURES:
        correction += _PART * features["unasked"]
        if understanding.years and set(YEAR.findall(sentence.text)) - understanding.years:
            correction += _OTHER_YEAR
    if expected is Expected.DEFINITION and spells_out(understanding, sentence.text):
        correction += _SPELT_OUT
    if expected is Expected.PERSON and understanding.about_organisation and names_office(sentence.text):
        correction += _HOLDS_OFFICE
    if understanding.person and features["expected"] and _says_who(understanding.person, sentence.text):
        correction += _SAYS_WHO
    return correction


def _names(person: Set[str], sentence: Sentence) -> bool:
    return person <= set(words(sentence.text))


def _says_who(person: Set[str], sentence: str) -> bool:
    """Whether a sentence begins with a name and goes on with what that person is."""
    of_sentence = words(sentence)
    named, said = of_sentence[: len(person)], of_sentence[len(person) : len(person) + 1]
    return person == set(named) and any(_IS.fullmatch(word) for word in said)


def _has_shares_alone(sentence: Sentence) -> bool:
    counted = [figure.counted for figure in figures(sentence.text, sentence.document.language)]
    return all(SHARE in unit for unit in counted) if counted else bool(_HALF.search(fold(sentence.text)))


def tells_of_founding_alone(understanding: Understanding, sentence: Sentence) -> bool:
    """Whether the time of something else is asked, and the sentence tells when the organisation was founded."""
    if understanding.expected is not Expected.DATE or sentence.features["actor"] < 1:
        return False
    return not FOUNDED & set(words(understanding.text)) and bool(FOUNDED & set(words(sentence.text)))


@lru_cache(maxsize=1 << 13)
def _counts_dead(sentence: str, language: Language) -> bool:
    """Whether a number of dead stands in a sentence; the same sentences are read again and again."""
    number, text = _number(language), YEAR.sub(" ", fold(sentence))
    return bool(re.search(rf"{number}(?:\W+\w+){{0,4}}?\W+{_DEATH}|{_DEATH}(?:\W+\w+){{0,2}}?\W+{number}", text))


def _number(language: Language) -> str:
    """The pattern of a number, in digits or in words, in folded text."""
    return rf"\b(?:\d[\d.,]*|{'|'.join(sorted(NUMBER_WORDS[language]))})\b"


def counts_staff_alone(understanding: Understanding, sentence: Sentence) -> bool:
    """Whether people are counted in the question, and in the sentence none but the staff of an organisation."""
    if understanding.expected is not Expected.NUMBER or _ABOUT_STAFF.search(fold(understanding.text)):
        return False
    number = _number(sentence.document.language)
    text = YEAR.sub(" ", fold(sentence.text))
    others = re.sub(number + _STAFF, " ", text)
    return others != text and not re.search(number, others)


def spells_out(understanding: Understanding, sentence: str) -> bool:
    """Whether a sentence has an acronym of the question in parentheses, as after the words that it stands for."""
    asked = {fold(one) for one in re.findall(r"\b[A-ZÀ-Ý]{2,}\b", understanding.text)}
    return any(fold(one) in asked for one in re.findall(r"\(([A-ZÀ-Ý]{2,})\)", sentence))
