"""The Draft: what the reader of one form of page understood, before the rules that all forms share."""

from __future__ import annotations

from dataclasses import dataclass

from corpus.document import DocumentKind, Language, StatedDate


@dataclass(frozen=True, slots=True)
class PagedParagraph:
    """A paragraph of a text with pages; `starts` are the pages it stands on and where in it each begins."""

    text: str
    starts: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Draft:
    """A page taken apart. What the page does not state is None, and `finish` reads it from the body."""

    url: str
    headline: str = ""
    body: tuple[str, ...] = ()
    """The paragraphs, verbatim, without navigation; the contact block may still stand at the end."""
    contact: str | None = None
    dates: tuple[StatedDate, ...] = ()
    """Dates stated beside the body (front matter, metadata, a line near the headline), the surest first."""
    kind: DocumentKind | None = None
    kind_hint: DocumentKind | None = None
    """The kind by the page's metadata: believed where address, label and shape of the page leave it open."""
    language: Language | None = None
    language_hint: Language | None = None
    """What the markup says, which templates often get wrong: believed where the words leave it open."""
    doc_id: str | None = None
    places: tuple[str, ...] | None = None
    edition_group: str | None = None
    digest: bool = False
    alternates: tuple[str, ...] = ()
    """The addresses of other editions that the page names."""
    paged: tuple[PagedParagraph, ...] = ()
    """All paragraphs of a text with pages, in order, those of the body and others."""
    label: str = ""
    """The line that says what the page is, if one stands by the headline: News, Déclaration, …"""
    outer: frozenset[str] = frozenset()
    """Lines outside the body, and lines that may be."""
