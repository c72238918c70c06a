"""The Page: bytes as they arrived, before anything is understood."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from enum import StrEnum


class PageFormat(StrEnum):
    """The forms in which pages arrive."""

    FLATTENED_TEXT = "txt"
    HTML = "html"
    MARKDOWN = "md"
    PDF = "pdf"
    DOCX = "docx"

    @property
    def is_foreign(self) -> bool:
        """Whether reading it takes a parser of a complex form, which hostile pages attack."""
        return self in (PageFormat.HTML, PageFormat.PDF, PageFormat.DOCX)


@dataclass(frozen=True, slots=True)
class Page:
    """One page as it arrived.

    `name` says where it came from, for messages (a path or an address). `url` is the address to
    fall back on when the page itself states none (a `file:` address for a page from a folder).
    """

    name: str
    url: str
    format: PageFormat
    content: bytes

    @property
    def digest(self) -> str:
        """SHA-256 of the bytes, in hexadecimal."""
        return hashlib.sha256(self.content).hexdigest()
