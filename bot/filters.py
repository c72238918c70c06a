"""Which documents a question's filters keep."""

from __future__ import annotations

from bot.answer import Filters
from corpus.document import Document
from index.lexical.analysis import words


def keeps(filters: Filters, document: Document) -> bool:
    """Whether a document is of the period, the kind and the place that are asked for."""
    return (
        _in_period(filters, document)
        and (not filters.kinds or document.kind in filters.kinds)
        and _names_place(filters.place, document)
    )


def _in_period(filters: Filters, document: Document) -> bool:
    if filters.since is None and filters.until is None:
        return True
    year = document.date.year if document.date else None
    return year is not None and (filters.since or year) <= year <= (filters.until or year)


def _names_place(place: str, document: Document) -> bool:
    """Whether the words of a place stand side by side in the document's places or headline."""
    asked = words(place)
    stated = [words(one) for one in (*document.places, document.title)]
    return not asked or any(
        one[start : start + len(asked)] == asked for one in stated for start in range(len(one) - len(asked) + 1)
    )
