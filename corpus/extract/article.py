"""The paragraphs of an article, as HTML, PDF and DOCX give them → Draft."""

from __future__ import annotations

from collections.abc import Sequence

from corpus.document import StatedDate
from corpus.extract import boilerplate
from corpus.extract.contact import split_contact
from corpus.extract.dateline import read_dateline
from corpus.extract.draft import Draft
from corpus.extract.kind import kind_of_label
from corpus.extract.text import clean_contact, dates_beside, without_navigation

MAX_BETWEEN = 6
"""So many lines below the headline may state date and label."""


def draft_article(
    url: str,
    headline: str,
    paragraphs: Sequence[str],
    lines: Sequence[str],
    dates: tuple[StatedDate, ...],
    repeated: frozenset[str],
) -> Draft:
    """Take what stands above and below the text off its paragraphs, and contact, label and dates from there.

    `paragraphs` is the text as its form gives it; `lines` is all that is visible, where the contact block and the
    label may stand, too; `dates` are those that metadata states.
    """
    start = _below_headline(paragraphs, headline)
    while start < len(paragraphs) - 1 and _stands_above(paragraphs[start], headline, repeated):
        start += 1
    above, rest = paragraphs[:start], paragraphs[start:]
    if not headline and start < len(paragraphs) - 1 and not boilerplate.ends_sentence(rest[0]):
        headline, rest = rest[0], rest[1:]
    footer = next((place for place, line in enumerate(rest) if place and boilerplate.is_footer(line)), len(rest))
    body, contact = split_contact(rest[:footer])
    if not contact:
        # The block often stands in a box of its own, outside what is taken for the text.
        contact = split_contact(_after(lines, body[-1]))[1] if body else ()
    kept = without_navigation(list(body), repeated)
    inner = {line for line in kept if boilerplate.word_count(line) > boilerplate.SHORT_WORDS}
    around = lines[: lines.index(headline)][-4:] if headline in lines else []
    beside = _between(lines, headline, kept[0]) if kept else []
    return Draft(
        url=url,
        headline=headline,
        body=tuple(kept),
        contact="\n".join(clean_contact(contact, repeated)),
        dates=(*dates, *dates_beside([*above, *beside], around)),
        label=next((line for line in (*reversed(around), *above, *beside) if kind_of_label(line)), ""),
        outer=frozenset(lines) - inner,
    )


def _below_headline(paragraphs: Sequence[str], headline: str) -> int:
    """Where the paragraphs go on below the headline, when it stands among them with nothing but navigation above."""
    place = next((n for n, line in enumerate(paragraphs[:-1]) if line == headline), None)
    return 0 if place is None or any(map(boilerplate.is_prose, paragraphs[:place])) else place + 1


def _between(lines: Sequence[str], headline: str, first: str) -> list[str]:
    """The few visible lines between headline and body, which may not count as text of the article."""
    end = next((n for n, line in enumerate(lines) if line == first), 0)
    start = next((n for n in range(end - 1, -1, -1) if lines[n] == headline), end)
    return list(lines[start + 1 : end][:MAX_BETWEEN])


def _stands_above(line: str, headline: str, repeated: frozenset[str]) -> bool:
    if read_dateline(line) is not None:
        return False
    return (
        line == headline
        or boilerplate.is_beside_headline(line)
        or (line in repeated and not boilerplate.is_prose(line))
    )


def _after(lines: Sequence[str], last: str) -> list[str]:
    """The visible lines below the last paragraph of the body, up to the footer."""
    place = next((place for place in range(len(lines) - 1, -1, -1) if lines[place] == last), None)
    if place is None:
        return []
    below = list(lines[place + 1 :])
    end = next((place for place, line in enumerate(below) if boilerplate.is_footer(line)), len(below))
    return below[:end]
