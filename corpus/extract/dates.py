"""Dates as pages write them, in French, English and Spanish (Babel lives here)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import cache

from babel import Locale

from corpus.document import Language, PartialDate

# What pages write beside the names that CLDR knows.
_MORE_ABBREVIATIONS = {"setiembre": 9, "set": 9, "sep": 9, "sept": 9, "janv": 1, "fev": 2, "juill": 7}

_EDGES = " \u00a0\u202f,.|:;–—-()[]•·"
_PUBLISHED = (
    r"date|fecha|posted|published|publi[ée]e?|publicad[oa]|(?:last )?updated|actualisée?|actualizad[oa]"
    r"|mise? à jour|mise? en ligne"
    r"|date de publication|fecha de publicación|publication date|release date"
)
_TIME_OF_DAY = re.compile(
    r"(?:\s*(?:[,à@–|-]|\bat\b|\ba las\b))?\s*\b\d{1,2}(?:[:hH]\d\d|\s*h)(?::\d\d)?(?:\s*(?:[ap]\.?m\.?"
    r"|UTC|GMT|CET|Z))*",
    re.IGNORECASE,
)


def find_dates(text: str) -> Iterator[tuple[PartialDate, tuple[int, int]]]:
    """The dates in the text with their places in it; what makes no date, such as 31 April, is passed over.

    A year alone is no date here. Days and months in figures are read only where their order is beyond doubt.
    """
    for match in _pattern().finditer(text):
        date = _date(match)
        if date is not None:
            yield date, match.span()


def whole_date(text: str) -> PartialDate | None:
    """The date if the text is nothing else, save a weekday, an article or "Published on"; else None."""
    text = _TIME_OF_DAY.sub("", text.strip(_EDGES))
    for date, (start, end) in find_dates(text):
        if around_date().fullmatch(text[:start].strip(_EDGES)) and not text[end:].strip(_EDGES):
            return date
    return None


@cache
def _months() -> dict[str, int]:
    """Month by name or abbreviation, folded."""
    months = dict(_MORE_ABBREVIATIONS)
    for language in Language:
        for context in ("format", "stand-alone"):
            for width in ("wide", "abbreviated"):
                names = Locale(language.value).months[context][width]
                months.update({_fold(name).rstrip("."): number for number, name in names.items()})
    return months


@cache
def around_date() -> re.Pattern[str]:
    """What may stand before a date: "Published on", an article, a weekday."""
    weekdays = {
        _any_accent(_fold(name).rstrip("."))
        for language in Language
        for width in ("wide", "abbreviated")
        for name in Locale(language.value).days["format"][width].values()
    }
    weekday = "|".join(sorted(weekdays, key=len, reverse=True))
    return re.compile(
        rf"(?:(?:{_PUBLISHED})\b\s*:?\s*)?(?:\b(?:on|le|el|the|du|del)\b\s*)?"
        rf"(?:\b(?:{weekday})\b[\s,.]*)?(?:\b(?:le|el|the|de)\b\s*)?",
        re.IGNORECASE,
    )


def _fold(text: str) -> str:
    """Lower case without accents, of the same length as the text in composed form."""
    return "".join(c for c in unicodedata.normalize("NFD", text.lower()) if not unicodedata.combining(c))


def _any_accent(name: str) -> str:
    """A pattern for the name with or without its accents."""
    accented = {"a": "[aáà]", "e": "[eéè]", "u": "[uúùû]", "i": "[ií]", "o": "[oó]"}
    return "".join(accented.get(letter, re.escape(letter)) + "[\u0300-\u0302]?" for letter in name)


@cache
def _pattern() -> re.Pattern[str]:
    month = "(?:" + "|".join(_any_accent(name) for name in sorted(_months(), key=len, reverse=True)) + r")\b\.?"
    gap = r"[\s\u00a0\u202f]"
    ordinal = r"(?:er|re|st|nd|rd|th|º|°|ª|o(?=\s+de\b))?"
    year = r"(?:1[89]|20)\d\d"
    of = rf"(?:{gap}+(?:de|of|del){gap}+(?:l[’'])?|{gap}+|-|{gap}*,{gap}*)"
    return re.compile(
        rf"(?<![\w/.-])(?:"
        rf"(?P<iso_year>{year})-(?P<iso_month>\d\d)-(?P<iso_day>\d\d)(?!\d)"
        rf"|(?P<first>\d\d?)(?P<between>[./-])(?P<second>\d\d?)(?P=between)(?P<figure_year>{year})(?!\d)"
        rf"|(?P<day>\d\d?){ordinal}{of}(?P<month>{month})(?:{of}(?P<year>{year})(?!\d))?"
        rf"|(?P<us_month>{month}){gap}+(?P<us_day>\d\d?){ordinal}(?!\d)(?:,?{gap}+(?P<us_year>{year})(?!\d))?"
        rf"|(?P<only_month>{month}){of}(?P<only_year>{year})(?!\d)"
        rf")",
        re.IGNORECASE,
    )


@cache
def _month_number(name: str) -> int:
    return _months()[_fold(name).rstrip(".")]


def _date(match: re.Match[str]) -> PartialDate | None:
    part = match.groupdict()
    try:
        if part["iso_year"]:
            return PartialDate(int(part["iso_year"]), int(part["iso_month"]), int(part["iso_day"]))
        if part["figure_year"]:
            return _in_figures(int(part["first"]), int(part["second"]), part["between"], int(part["figure_year"]))
        if part["only_month"]:
            return PartialDate(int(part["only_year"]), _month_number(part["only_month"]))
        year = part["year"] or part["us_year"]
        month = _month_number(part["month"] or part["us_month"])
        return PartialDate(int(year) if year else None, month, int(part["day"] or part["us_day"]))
    except ValueError:
        return None


def _in_figures(first: int, second: int, between: str, year: int) -> PartialDate | None:
    """Dots and hyphens mean day first; with strokes the order is open (American pages), unless one"
    " figure is no month."""
    if between in ".-" or first > 12 or first == second:
        return PartialDate(year, second, first)
    return PartialDate(year, first, second) if second > 12 else None
