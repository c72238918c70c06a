"""What a document said when it was cited, and what it says in a later revision."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import groupby

from bot.answer import Citation
from bot.web.rendering import Span
from bot.web.staff_desk import Desk
from corpus.store import StoredDocument

_MOST_WORDS = 6000
"""Longer texts are compared by paragraph: the time of comparing grows with the square."""
_MOST_REVISIONS = 30
_WORDS = re.compile(r"\S+\s*|\s+")
_PARAGRAPHS = re.compile(r"(?s).+?(?:\n\n|\Z)")


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text that stands in both revisions (`same`), or in one of them (`removed`, `added`)."""

    change: str
    text: str


@dataclass(frozen=True, slots=True)
class Later:
    """A later revision, and for each quote whether it still stands in it word for word."""

    stored: StoredDocument
    stands: tuple[bool, ...]


@dataclass(frozen=True, slots=True)
class CitedDocument:
    """A document of an answer at the revision that was cited; `stored` is None when that is not kept."""

    doc_id: str
    revision: int
    citations: tuple[Citation, ...]
    stored: StoredDocument | None
    current: StoredDocument | None
    later: tuple[Later, ...]
    """All later revisions that are stored, oldest first."""
    against: StoredDocument | None
    """The later revision that is compared with the cited one."""
    pieces: tuple[Piece, ...]

    @property
    def spans(self) -> list[Span]:
        """Where the quotes stand in the revision that was cited."""
        return [(one.start, one.end) for one in self.citations]


def cited_documents(citations: tuple[Citation, ...], desk: Desk, against: int | None) -> list[CitedDocument]:
    """The documents of an answer, in the order of their first citation.

    Each is compared with its revision `against`, or with the current one where it has no such later revision.
    """
    order = list(dict.fromkeys((one.doc_id, one.revision) for one in citations))
    by_document = sorted(citations, key=lambda one: order.index((one.doc_id, one.revision)))
    return [
        _cited(doc_id, revision, tuple(group), desk, against)
        for (doc_id, revision), group in groupby(by_document, key=lambda one: (one.doc_id, one.revision))
    ]


def word_changes(old: str, new: str) -> tuple[Piece, ...]:
    """How one text becomes the other, word by word: all that is not `added` is `old`, all not `removed` is `new`."""
    unit = _WORDS if len(old.split()) + len(new.split()) <= _MOST_WORDS else _PARAGRAPHS
    before, after = unit.findall(old), unit.findall(new)
    pieces = []
    for tag, first, last, start, end in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag == "equal":
            pieces.append(Piece("same", "".join(before[first:last])))
            continue
        if first < last:
            pieces.append(Piece("removed", "".join(before[first:last])))
        if start < end:
            pieces.append(Piece("added", "".join(after[start:end])))
    return tuple(pieces)


def _cited(
    doc_id: str, revision: int, citations: tuple[Citation, ...], desk: Desk, against: int | None
) -> CitedDocument:
    stored, current = desk.stored(doc_id, revision), desk.stored(doc_id)
    newest = current.revision if current else revision
    numbers = range(max(revision + 1, newest - _MOST_REVISIONS + 1), newest + 1)
    revisions = [one for one in (desk.stored(doc_id, number) for number in numbers) if one]
    later = tuple(Later(one, tuple(citation.quote in one.document.text for citation in citations)) for one in revisions)
    compared = next((one for one in revisions if one.revision == against), revisions[-1] if revisions else None)
    pieces = word_changes(stored.document.text, compared.document.text) if stored and compared else ()
    return CitedDocument(doc_id, revision, citations, stored, current, later, compared, pieces)
