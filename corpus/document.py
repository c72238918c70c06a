"""The Document: a cleaned page, and the small values it is made of."""

from __future__ import annotations

import calendar
import hashlib
import json
import re
from bisect import bisect_right
from dataclasses import asdict, dataclass, field, fields
from enum import StrEnum


class Language(StrEnum):
    """The supported languages, by ISO 639-1 code."""

    FRENCH = "fr"
    ENGLISH = "en"
    SPANISH = "es"


class DocumentKind(StrEnum):
    """What a page is."""

    RELEASE = "release"
    STATEMENT = "statement"
    ABOUT = "about"
    FAQ = "faq"


_RARE = ("date_disagreement", "alternates", "page_starts", "repost_of")
_PARTIAL_DATE = re.compile(r"(?:(?P<year>\d{4})|-)(?:-(?P<month>\d{2})(?:-(?P<day>\d{2}))?)?")


@dataclass(frozen=True, slots=True)
class PartialDate:
    """A date of which only the stated parts are known.

    A part that the page does not state is None and stays so. Written as in ISO 8601
    and, without a year, as in RFC 6350 (vCard): `2024-04-30`, `2024-04`, `2024`, `--04-30`, `--04`.
    """

    year: int | None = None
    month: int | None = None
    day: int | None = None

    def __post_init__(self) -> None:
        """Raise ValueError when the parts make no date."""
        if self.year is None and self.month is None:
            raise ValueError("a date without a year needs a month")
        if self.year is not None and not 1000 <= self.year <= 9999:
            raise ValueError(f"{self.year} is no year of four digits")
        if self.day is not None and self.month is None:
            raise ValueError("a day needs a month")
        if self.month is not None and not 1 <= self.month <= 12:
            raise ValueError(f"{self.month} is no month")
        if self.day is not None and self.month is not None:
            # 29 February is possible as long as no year says otherwise.
            days = calendar.monthrange(self.year or 2000, self.month)[1]
            if not 1 <= self.day <= days:
                raise ValueError(f"{self.day} is no day of month {self.month}")

    @classmethod
    def parse(cls, text: str) -> PartialDate:
        """Read `2024-04-30`, `2024-04`, `2024` `--04-30` or `--04`; raise ValueError on anything else."""
        match = _PARTIAL_DATE.fullmatch(text.strip())
        if match is None:
            raise ValueError(f"{text!r} is no date: write 2024-04-30, 2024-04, 2024, --04-30 or --04")
        return cls(*(int(part) if part else None for part in match.group("year", "month", "day")))

    def agrees_with(self, other: PartialDate) -> bool:
        """Whether both may mean the same day: no part that both state differs."""
        pairs = zip((self.year, self.month, self.day), (other.year, other.month, other.day), strict=True)
        return all(one == two or None in (one, two) for one, two in pairs)

    def __str__(self) -> str:
        """The written form that `parse` reads."""
        text = "-" if self.year is None else f"{self.year:04}"
        for part in (self.month, self.day):
            text += "" if part is None else f"-{part:02}"
        return text


class DateSource(StrEnum):
    """Where a page states when it was published."""

    FRONT_MATTER = "front matter"
    DATELINE = "dateline"
    META = "meta element"
    LINKED_DATA = "JSON-LD"
    TIME = "time element"
    LINE = "line by the headline"


@dataclass(frozen=True, slots=True)
class StatedDate:
    """A date with the place in the page that states it."""

    date: PartialDate
    source: DateSource


@dataclass(frozen=True, slots=True)
class DateDisagreement:
    """Two dates that a page states of itself: the document's own, which is trusted, and another."""

    trusted: DateSource
    """Where the document's date stands."""
    other: PartialDate
    source: DateSource
    """Where the other date stands."""
    why: str
    """One sentence: the reason for the choice."""

    def __str__(self) -> str:
        """The disagreement as it is shown to staff."""
        return f"{self.other} ({self.source}); the {self.trusted} is trusted: {self.why}"


@dataclass(frozen=True, slots=True)
class Document:
    """One cleaned page.

    `text` is the stored text: the body's paragraphs as the page states them, separated by one
    empty line, no navigation, headline or contact block. Every offset in the project counts
    characters (Unicode code points) of it.

    `url` is the page's own address, or, for a digest, the address of the page that states the
    facts. `digest` says that the words are ours and do not stand on that page.
    """

    doc_id: str
    url: str
    kind: DocumentKind
    language: Language
    title: str
    text: str
    date: PartialDate | None = None
    places: tuple[str, ...] = ()
    contact: str = ""
    edition_group: str | None = None
    digest: bool = False
    date_disagreement: DateDisagreement | None = None
    """Another date that the page states, when it states two that cannot both be right."""
    alternates: tuple[str, ...] = ()
    """Addresses that the page names as its editions in other languages (hreflang), in its order."""
    page_starts: tuple[int, ...] = ()
    """For a text with pages: where in `text` each begins, the first page first; else empty."""
    repost_of: str | None = None
    """For a page whose words stand, nearly the same, on another page that is cited before it: that page's `doc_id`."""
    page_digest: str = field(default="", compare=False)
    """SHA-256 of the page's bytes as taken in: the same page again is recognised by it."""

    @property
    def paragraphs(self) -> tuple[str, ...]:
        """The body's paragraphs, in order."""
        return tuple(self.text.split("\n\n"))

    def page_of(self, offset: int) -> int | None:
        """The page, counted from 1, that the character at `offset` stands on; None if the document has no pages."""
        return bisect_right(self.page_starts, offset) or None

    @property
    def is_on_the_web(self) -> bool:
        """Whether the document's address can be linked to."""
        return self.url.startswith(("http://", "https://"))

    def content_digest(self) -> str:
        """SHA-256 over all that a reader would see: it changes when a new revision is due."""
        return hashlib.sha256(self.to_json().encode()).hexdigest()

    def to_json(self) -> str:
        """All fields but `page_digest`, as one line of JSON with sorted keys."""
        # `asdict` copies deeply, which takes longer than writing: a build of an index writes every document twice.
        record = {one.name: getattr(self, one.name) for one in fields(self) if one.name != "page_digest"}
        record["date"] = str(self.date) if self.date else None
        if self.date_disagreement:
            record["date_disagreement"] = asdict(self.date_disagreement) | {"other": str(self.date_disagreement.other)}
        # What few documents have is left out elsewhere: those stored before it was known keep their digests.
        for name in _RARE:
            if not record[name]:
                del record[name]
        return json.dumps(record, ensure_ascii=False, sort_keys=True, default=asdict)

    @classmethod
    def from_json(cls, text: str, page_digest: str = "") -> Document:
        """The Document that `to_json` wrote."""
        record = json.loads(text)
        record["kind"] = DocumentKind(record["kind"])
        record["language"] = Language(record["language"])
        record["date"] = PartialDate.parse(record["date"]) if record["date"] else None
        record["places"] = tuple(record["places"])
        record["alternates"] = tuple(record.get("alternates", ()))
        record["page_starts"] = tuple(record.get("page_starts", ()))
        if found := record.get("date_disagreement"):
            trusted, source = DateSource(found["trusted"]), DateSource(found["source"])
            other = PartialDate.parse(found["other"])
            record["date_disagreement"] = DateDisagreement(trusted, other, source, found["why"])
        return cls(**record, page_digest=page_digest)
