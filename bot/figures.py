"""The figures that a sentence states: each number with what it counts."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from corpus.document import Language
from index.lexical.analysis import analyser, fold

# Folded: grouped digits are already one number, the decimal sign is a point.
_NUMBER = re.compile(
    r"(?P<before>usd|eur|chf|[$€£])?\s*(?<![\w.])(?P<digits>\d+(?:\.\d+)?)"
    r"(?:[ \u00a0\u202f]*(?P<scale>millones|millions?|milliards?|billions?|miles|mil|mille|thousand|m)\b)?"
    r"[ \u00a0\u202f]*(?P<after>%|per ?cent\b|pour cent\b|por ciento\b"
    r"|(?:d |de )?(?:us )?(?:dollars?|dolares|euros?)\b|usd\b|eur\b|[$€£])?"
)
_SCALES = {"mil": 1e3, "miles": 1e3, "mille": 1e3, "thousand": 1e3, "m": 1e6}
_MILLION = re.compile(r"million|millon")
_SCALED_BILLION = re.compile(r"milliard|billion")
_MONTHS = (
    "janvier|fevrier|mars|avril|mai|juin|juillet|aout|septembre|octobre|novembre|decembre|january|february|march|april"
    "|may|june|july|august|september|october|november|december|enero|febrero|marzo|abril|mayo|junio|julio|agosto"
    "|septiembre|octubre|noviembre|diciembre"
)
MONTH = re.compile(_MONTHS)
"""The folded name of a month, in three languages."""
_BEFORE_DATE = re.compile(rf"(?:{_MONTHS})\s+$")
_AFTER_DAY = re.compile(rf"(?:er|st|nd|rd|th)?\s+(?:de\s+)?(?:{_MONTHS})\b")
_ORDINAL = re.compile(r"(?:st|nd|rd|th|er|re|e|eme)\b|[ªº]")
_COUNTED_WITHIN = 3
"""How many words after a number may stand before what it counts: "41 *of the old* lighthouses"."""
SHARE = "%"
CURRENCIES = frozenset({"usd", "eur", "gbp", "chf"})
_IN_WORDS = {
    Language.ENGLISH: (
        "two three four five six seven eight nine ten eleven twelve half dozens hundred hundreds thousand thousands "
        "million millions billion billions"
    ),
    Language.FRENCH: (
        "deux trois quatre cinq six sept huit neuf dix onze douze moitie dizaines centaines mille milliers million "
        "millions milliard milliards"
    ),
    Language.SPANISH: (
        "dos tres cuatro cinco seis siete ocho nueve diez doce mitad decenas cientos mil miles millon millones"
    ),
}
NUMBER_WORDS = {language: frozenset(written.split()) for language, written in _IN_WORDS.items()}
"""Folded words that stand for a number in a language; none that is more often something else ("once", "un")."""
YEAR = re.compile(r"\b(?:19|20)\d{2}\b")


@dataclass(frozen=True, slots=True)
class Figure:
    """A number and what it counts: one of `CURRENCIES`, `SHARE`, or the stems of the words after it."""

    value: float
    counted: frozenset[str]


@lru_cache(maxsize=1 << 12)
def figures(sentence: str, language: Language) -> tuple[Figure, ...]:
    """The figures of a sentence of a document, in order; years, days of the month and ordinals are none.

    They are remembered: the same sentences are read for question after question.
    """
    plain = fold(sentence).replace("’", " ").replace("'", " ")
    found = []
    for match in _NUMBER.finditer(plain):
        rest = plain[match.end() :]
        unit = _unit(match)
        if not unit and not match["scale"] and _is_date_or_ordinal(plain, match):
            continue
        counted = frozenset({unit}) if unit else frozenset(_counted(rest, language))
        found.append(Figure(float(match["digits"]) * _scale(match["scale"] or ""), counted))
    return tuple(found)


def _unit(match: re.Match[str]) -> str:
    """The currency or `SHARE`, or nothing."""
    written = f"{match['before'] or ''} {match['after'] or ''}"
    if "%" in written or "cent" in written or "ciento" in written:
        return SHARE
    for unit, signs in (("eur", ("eur", "€")), ("chf", ("chf",)), ("gbp", ("£",)), ("usd", ("usd", "$", "dol"))):
        if any(sign in written for sign in signs):
            return unit
    return ""


def _scale(word: str) -> float:
    if _SCALED_BILLION.match(word):
        return 1e9
    return 1e6 if _MILLION.match(word) else _SCALES.get(word, 1.0)


def _is_date_or_ordinal(plain: str, match: re.Match[str]) -> bool:
    digits, end = match["digits"], match.end("digits")
    if YEAR.fullmatch(digits):
        return True  # a count of so many is passed over rather than a year counted
    is_day = len(digits) <= 2 and (
        _AFTER_DAY.match(plain, end)
        or _BEFORE_DATE.search(plain[max(0, match.start("digits") - 12) : match.start("digits")])
    )
    return bool(is_day or _ORDINAL.match(plain, end))


def _counted(rest: str, language: Language) -> list[str]:
    """The stems of the next words, up to the next number or mark."""
    clause = re.split(r"[\d,;:.()«»“”\"]", rest, maxsplit=1)[0]
    near = " ".join(clause.split()[: _COUNTED_WITHIN + 1])
    return analyser(language).passage_terms(near)[:_COUNTED_WITHIN]
