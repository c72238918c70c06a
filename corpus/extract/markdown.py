"""Markdown with front matter → Draft (python-frontmatter and markdown-it-py live here)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date
from enum import StrEnum
from typing import TypeVar

import frontmatter
import yaml
from markdown_it import MarkdownIt
from markdown_it.token import Token

from corpus.document import DateSource, DocumentKind, Language, PartialDate, StatedDate
from corpus.errors import FrontMatterError
from corpus.extract.decode import clean
from corpus.extract.draft import Draft
from corpus.extract.identity import is_doc_id, is_web_url
from corpus.page import Page

KEYS = ("id", "url", "digest", "kind", "language", "title", "date", "places", "edition_group", "contact")
"""What front matter may state; every key may be left out."""

Choice = TypeVar("Choice", bound=StrEnum)


def read_markdown(text: str, page: Page) -> Draft:
    """Take front matter and body apart; raises FrontMatterError when the front matter is not as `KEYS` allows."""
    try:
        stated, content = frontmatter.parse(text)
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        problem = getattr(error, "problem", None) or "it is malformed"
        message = f"The front matter of {page.name} is no YAML ({problem}): mend it."
        raise FrontMatterError(message, page=page.name) from error
    matter = FrontMatter(page.name, stated)
    paragraphs = list(_paragraphs(content))
    headline = matter.text("title")
    if headline is None:
        place = next((place for place, (is_heading, _) in enumerate(paragraphs) if is_heading), None)
        headline = paragraphs.pop(place)[1] if place is not None else ""
    places, moment = matter.places(), matter.date()
    return Draft(
        url=matter.checked("url", is_web_url, "an address that begins with http:// or https://") or page.url,
        headline=headline,
        body=tuple(paragraph for _, paragraph in paragraphs),
        contact=matter.text("contact"),
        dates=(StatedDate(moment, DateSource.FRONT_MATTER),) if moment else (),
        kind=matter.choice("kind", DocumentKind),
        language=matter.choice("language", Language),
        doc_id=matter.checked("id", is_doc_id, "at most 100 of a-z, 0-9 and hyphens"),
        places=places,
        edition_group=matter.checked("edition_group", is_doc_id, "at most 100 of a-z, 0-9 and hyphens"),
        digest=matter.flag("digest"),
    )


class FrontMatter:
    """The checked reading of what a page's front matter states."""

    def __init__(self, name: str, stated: dict[str, object]) -> None:
        """Raise FrontMatterError on a key that is not in `KEYS`."""
        self._name = name
        self._stated = stated
        for key in stated:
            if key not in KEYS:
                raise self._error(f"states the unknown key {key!r}: the allowed keys are {', '.join(KEYS)}")

    def text(self, key: str) -> str | None:
        """A text, without outer white space; None if not stated."""
        value = self._stated.get(key)
        if value is None:
            return None
        if not isinstance(value, str):
            raise self._error(f"states {value!r} as {key}, which must be text: put it into quotes")
        lines = (line.strip() for line in clean(value).split("\n"))
        joined = ("\n" if key == "contact" else " ").join(line for line in lines if line)
        if not joined:
            raise self._error(f"states an empty {key}: fill it in or leave the key out")
        return joined

    def checked(self, key: str, is_allowed: Callable[[str], bool], form: str) -> str | None:
        """A text that must be of a form."""
        value = self.text(key)
        if value is not None and not is_allowed(value):
            raise self._error(f"states {value!r} as {key}, which must be {form}")
        return value

    def choice(self, key: str, choices: type[Choice]) -> Choice | None:
        """One of a few words."""
        value = self._stated.get(key)
        if value is None:
            return None
        try:
            return choices(value)  # type: ignore[arg-type]  # anything may be asked
        except ValueError:
            raise self._error(f"states {value!r} as {key}, which must be one of {', '.join(choices)}") from None

    def flag(self, key: str) -> bool:
        """True or false; false if not stated."""
        value = self._stated.get(key)
        if not isinstance(value, bool | None):
            raise self._error(f"states {value!r} as {key}, which must be true or false")
        return bool(value)

    def date(self) -> PartialDate | None:
        """A date as YAML understands it, a year alone, or text as PartialDate reads it."""
        value = self._stated.get("date")
        if value is None:
            return None
        try:
            if isinstance(value, date):  # datetime is a date, too
                return PartialDate(value.year, value.month, value.day)
            if isinstance(value, int) and not isinstance(value, bool):
                return PartialDate(value)
            return PartialDate.parse(str(value))
        except ValueError as error:
            raise self._error(f"states {value!r} as date, but {error}") from None

    def places(self) -> tuple[str, ...] | None:
        """A list of names; None if not stated."""
        value = self._stated.get("places")
        if value is None:
            return None
        if not isinstance(value, list) or not all(isinstance(place, str) and place.strip() for place in value):
            raise self._error(f"states {value!r} as places, which must be a list of names such as [Genève, Gand]")
        return tuple(" ".join(clean(place).split()) for place in value)

    def _error(self, what: str) -> FrontMatterError:
        return FrontMatterError(f"The front matter of {self._name} {what}.", page=self._name)


def _paragraphs(content: str) -> Iterator[tuple[bool, str]]:
    """Whether it is a heading, and the plain words, of each paragraph, heading, list item and table row."""
    is_heading = False
    cells: list[str] | None = None  # of the table row that is being read
    for token in MarkdownIt("commonmark").enable("table").parse(content):
        match token.type:
            case "heading_open":
                is_heading = True
            case "tr_open":
                cells = []
            case "tr_close":
                yield False, " | ".join(cells or [])
                cells = None
            case "inline":
                words = re.sub(r"[ \n]+", " ", "".join(_words(token))).strip(" \n")
                if cells is not None:
                    cells.append(words)
                elif words:
                    yield is_heading, words
                is_heading = False
            case "fence" | "code_block":
                yield from ((False, line.strip()) for line in token.content.split("\n") if line.strip())


def _words(inline: Token) -> Iterator[str]:
    for token in inline.children or []:
        match token.type:
            case "text" | "code_inline":
                yield token.content
            case "softbreak" | "hardbreak":
                yield "\n"
