"""Which of the dates that a page states is the document's, and what is kept of the others."""

from __future__ import annotations

from collections.abc import Sequence

from corpus.document import DateDisagreement, DateSource, PartialDate, StatedDate

_WHY = {
    DateSource.FRONT_MATTER: "Front matter was written for this corpus.",
    DateSource.DATELINE: (
        "The dateline is part of the text that is quoted; metadata often tells when the page was put online or moved."
    ),
    DateSource.META: "The page's meta elements are made from its record; they come before other metadata.",
    DateSource.LINKED_DATA: "JSON-LD names it as the date of publication; it comes before dates that only stand there.",
    DateSource.TIME: "It stands by the headline, marked as a time.",
    DateSource.LINE: "It stands nearest to the headline.",
}


def choose_date(
    stated: Sequence[StatedDate], dateline: PartialDate | None
) -> tuple[PartialDate | None, DateDisagreement | None]:
    """The document's date, and the first stated one that contradicts it.

    Front matter counts before the dateline, and that before all else that is `stated` (the surest first). A
    dateline without a year or a day gets it from a stated date that agrees in all the rest, and from nowhere else.
    """
    if dateline is None or (stated and stated[0].source is DateSource.FRONT_MATTER):
        if not stated:
            return None, None
        date, trusted, others = stated[0].date, stated[0].source, list(stated[1:])
        if dateline is not None:
            others.append(StatedDate(dateline, DateSource.DATELINE))
    else:
        date, trusted, others = _completed(dateline, stated), DateSource.DATELINE, list(stated)
    other = next((one for one in others if not one.date.agrees_with(date)), None)
    if other is None:
        return date, None
    return date, DateDisagreement(trusted, other.date, other.source, _WHY[trusted])


def _completed(date: PartialDate, stated: Sequence[StatedDate]) -> PartialDate:
    for other in (one.date for one in stated):
        if date.year is None and (other.month, other.day) == (date.month, date.day):
            return other
        if date.day is None and (other.year, other.month) == (date.year, date.month):
            return other
    return date
