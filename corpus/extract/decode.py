"""Bytes → characters (charset-normalizer lives here)."""

from __future__ import annotations

import codecs
import re

from corpus.errors import PageUnreadable
from corpus.page import Page

# The UTF-32 marks first: the little-endian one begins with that of UTF-16.
_BYTE_ORDER_MARKS = {
    codecs.BOM_UTF32_LE: "utf-32",
    codecs.BOM_UTF32_BE: "utf-32",
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
_LEGACY_ENCODINGS = ["cp1252", "iso8859_15", "mac_roman", "cp850"]
"""What French, English and Spanish pages were written in before UTF-8."""

MAX_CONTROL_SHARE = 0.02
"""Text with a larger share of control or replacement characters is taken for a binary file."""

_LINE_ENDS = re.compile(r"\r\n?|[\x0b\x0c\x85\u2028\u2029]")
_UNSEEN = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
"""Control characters but the line feed, and halves of surrogate pairs."""
_INVISIBLE = dict.fromkeys(
    (0xAD, 0x180E, *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2070), 0xFEFF)
)
"""Zero-width characters, soft hyphens and marks of direction."""


def decode(page: Page, declared: str | None = None) -> str:
    """The page's characters, line ends as line feeds, without invisible and control characters.

    `declared` is the encoding that the page itself names. Raises PageUnreadable for what is no text.
    """
    text = _decode(page, declared)
    odd = sum(text.count(character) for character in _odd_characters(text))
    if odd > MAX_CONTROL_SHARE * len(text):
        message = f"{page.name} is no text but binary: save the page as text, HTML or Markdown."
        raise PageUnreadable(message, page=page.name)
    return clean(text)


def clean(text: str) -> str:
    """The text with line feeds only, tabs as spaces, and nothing that cannot be seen."""
    text = _LINE_ENDS.sub("\n", text).replace("\t", " ").translate(_INVISIBLE)
    return _UNSEEN.sub("", text)


def _decode(page: Page, declared: str | None) -> str:
    content = page.content
    for mark, encoding in _BYTE_ORDER_MARKS.items():
        if content.startswith(mark):
            return _strictly(content, encoding) or content.decode(encoding, errors="replace")
    if b"\0" in content:
        message = f"{page.name} is binary (it holds NUL bytes): save the page as text, HTML or Markdown."
        raise PageUnreadable(message, page=page.name)
    for encoding in filter(None, ("utf-8", declared)):
        text = _strictly(content, encoding)
        if text is not None:
            return text
    return _guess(content)


def _guess(content: bytes) -> str:
    from charset_normalizer import from_bytes

    best = from_bytes(content, cp_isolation=_LEGACY_ENCODINGS).best()
    # cp1252 leaves five bytes without meaning, latin-1 none.
    return str(best) if best else _strictly(content, "cp1252") or content.decode("latin-1")


def _strictly(content: bytes, encoding: str) -> str | None:
    try:
        text = content.decode(encoding)
    except (UnicodeError, LookupError):
        return None
    return text if isinstance(text, str) else None


def _odd_characters(text: str) -> set[str]:
    found = set(text) - set("\n\r\t\f")
    return {character for character in found if character == "\ufffd" or _UNSEEN.match(character)}
