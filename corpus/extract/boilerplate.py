"""Lines that stand around the body of a page: navigation, sharing, notices, footers. By their shape alone."""

from __future__ import annotations

import re
from collections.abc import Iterable

from corpus.document import PartialDate
from corpus.extract import phrases
from corpus.extract.dates import find_dates, whole_date
from corpus.extract.kind import kind_of_label


def _whole_line(phrases: Iterable[str]) -> re.Pattern[str]:
    return re.compile(rf"(?:{'|'.join(phrases)})", re.IGNORECASE)


_LANGUAGE = "|".join(phrases.LANGUAGES)
_LANGUAGE_SWITCH = re.compile(rf"(?:{_LANGUAGE})(?:[\s,|/·•-]+(?:{_LANGUAGE}))*", re.IGNORECASE)
_CLUTTER = re.compile(rf"(?:{'|'.join(phrases.CLUTTER)})[\s.…:»>→]*", re.IGNORECASE)
_MENU = _whole_line(phrases.MENU)
_FOOTER = _whole_line(phrases.FOOTER)
_NOTICE = _whole_line(phrases.NOTICES)
_CAPTION = _whole_line(phrases.CAPTIONS)
_AUTHOR = _whole_line(phrases.AUTHORS)
_SECTION = _whole_line(phrases.SECTIONS)
_BULLET = re.compile(r"(?:[-–—•·*▪◦‣●○>»›→+]|\d{1,2}[.)])(?:\s+|$)")
_SENTENCE_END = re.compile(r"[.!?…][\"”»’')\]\s\u00a0\u202f\d]*$|[:;]$|[.!?…]\s?»$")
_BREADCRUMB = re.compile(r"\s[>»›→/|·•]\s|\s::\s|(?<=\w)\|(?=\w)")

LONGEST = 600
"""A line of more characters is of the body, whatever words it has; patterns are not tried on it."""
SHORT_WORDS = 8
"""A line of at most so many words is short."""


def word_count(line: str) -> int:
    """How many words with a letter or digit the line has."""
    return sum(any(character.isalnum() for character in word) for word in line.split())


def is_bullet(line: str) -> bool:
    """Whether the line is an item of a list."""
    return _BULLET.match(line) is not None


def ends_sentence(line: str) -> bool:
    """Whether the line ends as a sentence does."""
    return _SENTENCE_END.search(line[-40:]) is not None


def is_prose(line: str) -> bool:
    """Whether the line reads like a paragraph: a whole sentence, or very long."""
    words = word_count(line)
    return words >= 30 or (words >= 6 and ends_sentence(line))


def is_clutter(line: str) -> bool:
    """Whether the line is a button or link word that can stand anywhere: Tweet, Lire la suite."""
    return len(line) <= LONGEST and _CLUTTER.fullmatch(line) is not None


def is_navigation(line: str) -> bool:
    """Whether the line by itself is known for a menu entry, breadcrumb, language switch, button or notice."""
    if not any(character.isalnum() for character in line):
        return True
    if len(line) > LONGEST:
        return False
    bare = _BULLET.sub("", line).strip()
    if is_clutter(bare) or _MENU.fullmatch(bare) or _NOTICE.search(line):
        return True
    if _LANGUAGE_SWITCH.fullmatch(bare):
        return True
    return len(_BREADCRUMB.findall(line)) >= 2 and not ends_sentence(line) and not any(find_dates(line))


def is_glued_menu(line: str, before: str) -> bool:
    """Whether a menu entry and its banner stand in one line: "Qui sommes nousL'Organisation…".

    `before` is the line above, which such a banner often repeats.
    """
    if before and 1 <= word_count(before) <= SHORT_WORDS and line.startswith(before):
        rest = line[len(before) :]
        return bool(rest) and (rest[0].isupper() or (rest[0] == " " and rest[1:2].isupper() and is_navigation(before)))
    glue = re.search(r"(?<=[a-zà-ÿ?])(?=[A-ZÀ-Þ])", line[:60])
    return glue is not None and " " in line[: glue.start()] and is_navigation(line[: glue.start()])


def is_footer(line: str) -> bool:
    """Whether the line opens what stands below a page's text: related news, sharing, copyright."""
    return word_count(line) <= 16 and _FOOTER.fullmatch(_BULLET.sub("", line).strip(" :»>→")) is not None


def is_about_heading(line: str) -> bool:
    """Whether the line opens a note about the organisation below a release."""
    return (
        re.match(r"(?:about|à propos d[eu]|acerca de|sobre)\b", line, re.IGNORECASE) is not None
        or re.fullmatch(r"[#*=_ -]{2,}", line) is not None
    )


def is_beside_headline(line: str) -> bool:
    """Whether the line is one of those between headline and text: label, date, author, caption, tags."""
    return len(line) <= LONGEST and (
        is_navigation(line)
        or kind_of_label(line) is not None
        or date_beside_headline(line) is not None
        or _AUTHOR.fullmatch(line) is not None
        or _CAPTION.fullmatch(line) is not None
        or _SECTION.fullmatch(line) is not None
        or is_footer(line)
    )


def date_beside_headline(line: str) -> PartialDate | None:
    """The date of a line that states nothing else, save labels: "News | 30 April 2024"."""
    if len(line) > LONGEST:
        return None
    date = whole_date(line)
    if date is not None:
        return date
    parts = [part.strip() for part in re.split(r"\s[-–—|•·/]\s|\|", line) if part.strip()]
    dates = [date for part in parts if (date := whole_date(part)) is not None]
    others = [part for part in parts if whole_date(part) is None]
    is_alone = len(dates) == 1 and all(kind_of_label(part) or word_count(part) <= 2 for part in others)
    return dates[0] if is_alone else None
