"""The faces' texts in the three languages, and dates and names as each language writes them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from importlib import resources
from typing import Any

from babel import Locale
from babel.dates import format_date, format_datetime, format_skeleton

from corpus.document import Language, PartialDate

# British English, since the organisation writes "30 April 2024".
_LOCALES = {Language.FRENCH: "fr", Language.ENGLISH: "en_GB", Language.SPANISH: "es"}


@dataclass(frozen=True, slots=True)
class Texts:
    """The texts of one language."""

    language: Language
    entries: Mapping[str, str]
    examples: tuple[str, ...]
    """Questions to start with."""

    def __call__(self, key: str, **values: object) -> str:
        """The text of that key, its `{names}` filled in; KeyError for a key that no locale file has."""
        return self.entries[key].format(**values) if values else self.entries[key]


@cache
def texts(language: Language) -> Texts:
    """The texts of a language, read from its file once."""
    loaded: dict[str, Any] = json.loads((resources.files("bot.locales") / f"{language}.json").read_text("utf-8"))
    return Texts(language, loaded["texts"], tuple(loaded["examples"]))


def language_name(named: Language, language: Language) -> str:
    """The name of a language as another language writes it: "anglais"."""
    return str(Locale.parse(_LOCALES[language]).languages[named.value])


def own_name(language: Language) -> str:
    """The name of a language as itself writes it, as on a switch: "Français"."""
    return language_name(language, language).capitalize()


def format_partial_date(partial: PartialDate, language: Language) -> str:
    """The stated parts of a date; says so when the year is not stated."""
    locale = _LOCALES[language]
    stand_in = date(partial.year or 2000, partial.month or 1, partial.day or 1)  # 2000 has a 29 February
    if partial.month is None:
        return str(partial.year)
    if partial.year is None:
        shown = (
            format_skeleton("MMMMd", stand_in, locale=locale) if partial.day else format_date(stand_in, "LLLL", locale)
        )
        return texts(language)("date_without_year", date=shown)
    if partial.day is None:
        return format_skeleton("yMMMM", stand_in, locale=locale)
    return format_date(stand_in, "long", locale=locale)


def as_of(partial: PartialDate | None, language: Language) -> str:
    """Of what time a figure is: "as of 30 April 2024"; what the page states of the date, or that it states none."""
    own = texts(language)
    if partial is None:
        return own("date_unknown")
    return own("as_of_day" if partial.day else "as_of", date=format_partial_date(partial, language))


def format_moment(moment: datetime, language: Language) -> str:
    """A point in time with its hour, in UTC."""
    return f"{format_datetime(moment, 'medium', locale=_LOCALES[language])} UTC"
