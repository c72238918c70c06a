"""The dateline that opens a release: "Genève, Gand, 30 avril - "."""

from __future__ import annotations

import re
from dataclasses import dataclass

from corpus.document import PartialDate
from corpus.extract.dates import around_date, find_dates

MAX_CHARACTERS = 120
"""A dateline is no longer than this."""

_DASH = "[-‐‑‒–—―−]"
# Small words inside names of places: Port of Spain, Frankfurt am Main, San Pedro de Macorís.
_SMALL = (
    r"(?:de|del|de la|de los|de las|la|las|los|le|les|du|des|sur|sous|of|the|upon|am|an|der|al|el|do|da"
    r"|dos|em|en|bin|d[’']|l[’'])"
)
_WORD = r"(?:(?:d|l|D|L)[’'])?[A-ZÀ-ÖØ-ÞĀŞŠŽİŁÓ][^\W\d_]*(?:[’'.‐‑-][^\W\d_]+)*\.?"
_NAME = rf"{_WORD}(?:\s(?:{_SMALL}\s)?(?:{_SMALL}\s)?{_WORD}){{0,4}}"
_COUNTRY = rf"(?:\s?\({_NAME}\))?"
_BETWEEN = rf"(?:\s?[,/;&]\s?|\.\s|\s(?:et|and|y|e|&)\s|\s{_DASH}\s|\s?\|\s?)"
_PLACES = rf"{_NAME}{_COUNTRY}(?:{_BETWEEN}{_NAME}{_COUNTRY}){{0,4}}"
_FEW_PLACES = f"{_PLACES}?"  # as few as the rest allows: a dash may stand between places, and after the last
_AGENCY = r"(?:\s?\([A-Z][\w./ -]{1,20}\))?"
_UNDATED = re.compile(rf"\W{{0,2}}(?P<places>{_FEW_PLACES}){_AGENCY}\s?(?:[–—―]|{_DASH}{{1,2}}(?=\s))\s*(?=\S)")
_BEFORE_DATE = re.compile(rf"[\s(\[*_]*(?P<places>{_PLACES}){_AGENCY}[\s,./|:;(]*(?:{_DASH}\s)?(?P<around>.*)")
_END = re.compile(
    rf"[.,]?\s*[)\]]?{_AGENCY}\s?(?:(?P<mark>{_DASH}{{1,2}}|[|:.])(?=\s|$|[–—«“\"A-ZÀ-Þ])|(?P<end>$)|(?<=[)\]])\s)\s*"
)
_PLACES_AFTER = re.compile(
    rf"[\s,|/]*(?:{_DASH}\s)?\s*(?P<places>{_FEW_PLACES}){_AGENCY}(?:\s?[)\]]|\s?{_DASH}{{1,2}}\s|\s?[:.]\s|\s*$)\s*"
)
# Words that begin sentences, not names of places.
_NO_PLACE = re.compile(
    r"(?:In|On|At|By|Since|From|The|This|Our|We|As|En|À|Au|Aux|Dans|Depuis|Ce|Cette|Nos|Notre|Nous|Desde"
    r"|Este|Esta|Nuestr[oa]s?"
    r"|News|Press|Home|Accueil|Inicio|Actualités?|Noticias?|Communiqués?|Comunicados?|Statement|Déclaration|Declaración"
    r"|Publi\w+|Posted|Updated|Date|Fecha|Copyright|Tel|Tél|Email|Photo|Foto|Contact[eo]?s?|About|What"
    r"|Who|Where|How)\b",
)
_STATE = re.compile(r"(?:^|\s)(?:[A-Z]\.\s?[A-Z]\.?|DC)\s*$")


@dataclass(frozen=True, slots=True)
class Dateline:
    """Places as stated, the date or its stated parts, and how many characters of the paragraph they take."""

    places: tuple[str, ...]
    date: PartialDate | None
    end: int


def read_dateline(paragraph: str) -> Dateline | None:
    """The dateline that the paragraph begins with, or None.

    With a date, a mark (dash, stop, bracket) or the end of the paragraph must follow; without, a dash.
    """
    head = paragraph[:MAX_CHARACTERS]
    first = next(iter(find_dates(head)), None)
    if first is not None:
        date, (start, end) = first
        dated = _before(paragraph, date, start, end) or _after(paragraph, date, start, end)
        if dated is not None:
            return dated
    # The date, if there is one, belongs to the sentence: "GENEVA — The Council met on 5 May 2020."
    match = _UNDATED.match(head)
    if match is None:
        return None
    places = _split(match["places"])
    return Dateline(places, None, match.end()) if places else None


def _before(paragraph: str, date: PartialDate, start: int, end: int) -> Dateline | None:
    """Places, then date."""
    match, close = _BEFORE_DATE.fullmatch(paragraph, 0, start), _END.match(paragraph, end)
    if match is None or close is None:
        return None
    # The names may have taken a weekday along: "Genève, Lundi 3 mai".
    names = match["places"]
    if not around_date().fullmatch(match["around"].strip()):
        return None
    places = tuple(place for place in _split(names) if not around_date().fullmatch(place))
    return Dateline(places, date, close.end()) if places else None


def _after(paragraph: str, date: PartialDate, start: int, end: int) -> Dateline | None:
    """Date, then places."""
    match = _PLACES_AFTER.match(paragraph[:MAX_CHARACTERS], end)
    if match is None or not around_date().fullmatch(paragraph[:start].strip(" ([*_")):
        return None
    places = _split(match["places"])
    return Dateline(places, date, match.end()) if places else None


def _split(names: str) -> tuple[str, ...]:
    """The names one by one; empty if the first is no name of a place. "Washington, D.C." is one."""
    places: list[str] = []
    for piece in re.split(rf"{_BETWEEN}|[()]", names):
        # A stop at the end belongs to an abbreviation ("D.C."), or to nothing.
        place = piece.strip() if _STATE.search(piece) else piece.strip(" .,")
        if _STATE.fullmatch(place) and places:
            places[-1] = f"{places[-1]}, {place}"
        elif place:
            places.append(place)
    return () if places and _NO_PLACE.match(places[0]) else tuple(places)
