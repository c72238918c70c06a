"""Flattened page text → Draft."""

from __future__ import annotations

import re
from collections.abc import Sequence

from corpus.document import DateSource, StatedDate
from corpus.extract import boilerplate
from corpus.extract.boilerplate import is_bullet, is_prose, word_count
from corpus.extract.contact import reaches_someone, split_contact
from corpus.extract.dateline import Dateline, read_dateline
from corpus.extract.draft import Draft
from corpus.extract.identity import is_web_url
from corpus.extract.kind import is_question, kind_of_label
from corpus.extract.layout import Layout, find_layout, line_weights
from corpus.page import Page

MAX_LINES_BELOW_NUMBERS = 4
"""So many lines, such as a postal address, may follow the last number or e-mail address of a contact block."""

_URL_LINE = re.compile(r"url\s*:\s*(\S+)", re.IGNORECASE)


def read_text(text: str, page: Page, repeated: frozenset[str]) -> Draft:
    """Find headline, body and contact block among the lines; `repeated` lines are navigation."""
    lines = [line for line in (line.strip() for line in text.split("\n")) if line]
    url = page.url
    if lines and (match := _URL_LINE.fullmatch(lines[0])) and is_web_url(match[1]):
        url, lines = match[1], lines[1:]
    return read_lines(lines, url, repeated)


def read_lines(lines: Sequence[str], url: str, repeated: frozenset[str]) -> Draft:
    """The Draft of a page that is no more than lines."""
    weights = line_weights(lines, repeated)
    layout = find_layout(lines, weights, repeated)
    if layout is None:
        return Draft(url=url, outer=frozenset(lines))
    body, contact = _body_and_contact(lines, layout, weights, repeated)
    beside = lines[layout.headline + 1 if layout.headline is not None else layout.start : layout.start]
    above = lines[max(0, (layout.headline or 0) - 6) : layout.headline or 0]
    headline, above = _whole_headline(lines, layout.headline, above)
    dateline = next((found for line in reversed(above[-3:]) if (found := _dateline_alone(line))), None)
    inner = {line for line in (*body, *contact) if word_count(line) > boilerplate.SHORT_WORDS}
    return Draft(
        url=url,
        headline=headline,
        body=tuple(body),
        contact="\n".join(contact),
        dates=(*dates_beside(beside, above), *_dated(dateline)),
        places=dateline.places if dateline and not any(map(read_dateline, body[:2])) else None,
        label=next((line for line in (*beside, *_nearest(above)) if kind_of_label(line)), ""),
        outer=frozenset(lines) - inner | frozenset(_closing_note(body)),
    )


def _whole_headline(lines: Sequence[str], place: int | None, above: Sequence[str]) -> tuple[str, Sequence[str]]:
    """The headline, with the line above it if it was broken in two, and what is left above."""
    if place is None:
        return "", above
    headline = lines[place]
    if (
        above
        and headline[0].islower()
        and not boilerplate.is_beside_headline(above[-1])
        and not boilerplate.ends_sentence(above[-1])
    ):
        return f"{above[-1]} {headline}", above[:-1]
    return headline, above


def _dateline_alone(line: str) -> Dateline | None:
    """The dated dateline that the line consists of: some pages set it above the headline."""
    dateline = read_dateline(line)
    return dateline if dateline is not None and dateline.date is not None and dateline.end >= len(line) else None


def _dated(dateline: Dateline | None) -> tuple[StatedDate, ...]:
    return (StatedDate(dateline.date, DateSource.DATELINE),) if dateline and dateline.date else ()


def _body_and_contact(
    lines: Sequence[str], layout: Layout, weights: Sequence[int], repeated: frozenset[str]
) -> tuple[list[str], list[str]]:
    """Body and contact block, both without what navigation stands in them."""
    footer = layout.end
    while footer < len(lines) and not boilerplate.is_footer(lines[footer]):
        footer += 1
    tail = lines[layout.start : footer]
    body, contact = split_contact(tail)
    if contact and _unlike_body(body, layout.end - layout.start, weights[layout.start :]) > 6:
        contact = ()
    if not contact:
        body = _with_list(tail, layout.end - layout.start, repeated)
    return without_navigation(body, repeated), clean_contact(contact, repeated)


def _unlike_body(body: Sequence[str], end: int, weights: Sequence[int]) -> int:
    """How many lines between the heaviest stretch and the contact block are no prose."""
    return sum(weight < 0 for weight in weights[end : len(body)])


def _with_list(tail: Sequence[str], end: int, repeated: frozenset[str]) -> tuple[str, ...]:
    """The body up to `end`, with the list that its last paragraph announces or belongs to."""
    if end and (tail[end - 1].endswith(":") or is_bullet(tail[end - 1])):
        while (
            end < len(tail)
            and is_bullet(tail[end])
            and not boilerplate.is_navigation(tail[end])
            and tail[end] not in repeated
        ):
            end += 1
    return tuple(tail[:end])


def without_navigation(body: Sequence[str], repeated: frozenset[str]) -> list[str]:
    """The body without buttons in it, and without navigation and repeated short lines at its end."""
    kept = [line for line in body if not boilerplate.is_clutter(line)]
    while len(kept) > 1 and _is_dangling(kept, repeated):
        kept.pop()
    return _without_closing_note(kept, repeated)


def _is_dangling(body: Sequence[str], repeated: frozenset[str]) -> bool:
    """Whether the last line of the body is none of it: navigation, or a question that no answer follows."""
    last = body[-1]
    if is_question(last) and word_count(last) <= boilerplate.SHORT_WORDS and not is_question(body[-2]):
        return sum(map(is_question, body)) > 2
    return not is_prose(last) and (last in repeated or boilerplate.is_navigation(last))


def _nearest(above: Sequence[str]) -> Sequence[str]:
    """The line right above the headline, over any dates: a label; those farther up are of the menu."""
    undated = [line for line in above if boilerplate.date_beside_headline(line) is None or kind_of_label(line)]
    return undated[-1:]


def _closing_note(body: Sequence[str]) -> Sequence[str]:
    """The note about the organisation that closes a body, if there is one: a heading and up to two paragraphs."""
    for place in range(len(body) - 1, max(1, len(body) - 4), -1):
        if boilerplate.is_about_heading(body[place]) and (place > 1 or is_prose(body[place])):
            return body[place:]
    return ()


def _without_closing_note(body: list[str], repeated: frozenset[str]) -> list[str]:
    """The body without its closing note, where that is known to be the same on other pages."""
    note = _closing_note(body)
    return body[: len(body) - len(note)] if note and all(line in repeated for line in note) else body


def clean_contact(contact: Sequence[str], repeated: frozenset[str]) -> list[str]:
    """The contact block up to the first line of navigation, known as such or by how much of it follows."""
    kept: list[str] = []
    for line in contact:
        is_outside = boilerplate.is_navigation(line) or line in repeated or boilerplate.is_footer(line)
        if kept and is_outside and not reaches_someone(line):
            break
        kept.append(line)
    last = max((place for place, line in enumerate(kept) if reaches_someone(line)), default=len(kept))
    return kept[: last + 1] if len(kept) - last - 1 > MAX_LINES_BELOW_NUMBERS else kept


def dates_beside(beside: Sequence[str], above: Sequence[str]) -> list[StatedDate]:
    """The dates that lines between headline and body, or above the headline, state; the nearest first."""
    found = (boilerplate.date_beside_headline(line) for line in (*beside, *reversed(above)))
    return [StatedDate(date, DateSource.LINE) for date in found if date is not None]
