"""Addresses and ids of documents."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from urllib.parse import unquote, urlsplit

MAX_SLUG_CHARACTERS = 60

_DOC_ID = re.compile(r"[a-z0-9][a-z0-9-]{0,99}")
_PAGE_SUFFIX = re.compile(r"\.(?:html?|txt|md|pdf|docx|php|aspx?)$", re.IGNORECASE)


def is_doc_id(text: str) -> bool:
    """Whether the text may be the id of a document."""
    return _DOC_ID.fullmatch(text) is not None


def is_web_url(text: str) -> bool:
    """Whether the text is an absolute http(s) address with a host, in one word."""
    try:
        parts = urlsplit(text)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and not re.search(r"\s", text)
    except ValueError:
        return False


def derive_doc_id(url: str) -> str:
    """The id of a page that states none: its address in short, and a digest of the whole address."""
    last = unquote(urlsplit(url).path).rstrip("/").rpartition("/")[2]
    ascii_letters = unicodedata.normalize("NFKD", _PAGE_SUFFIX.sub("", last)).encode("ascii", "ignore").decode().lower()
    slug = re.sub(r"[^a-z0-9]+", "-", ascii_letters)[:MAX_SLUG_CHARACTERS].strip("-") or "page"
    return f"{slug}-{hashlib.sha256(url.encode()).hexdigest()[:8]}"
