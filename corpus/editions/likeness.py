"""Links by likeness: pages of two languages that share names and figures, where neither page nor address states one.

Names and figures are nearly the same in every language: figures without their separators, names by their first
letters, accents folded. Each weighs the more the fewer documents have it, a name also the more evenly two languages
have it. Two pages are linked when each is the other's most alike in its language, and the more alike the less their
dates prove.
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from functools import lru_cache
from itertools import combinations
from unicodedata import combining, normalize

from corpus.document import Document, DocumentKind, Language, PartialDate
from corpus.editions.link import Found

SAME_DAY = 0.40
"""The least likeness of pages of the same day."""
NEAR_DATES = 0.45
"""The same of pages whose dates agree as far as they are stated, or are at most `_LAG` days apart."""
UNDATED = 0.50
"""The same where a page has no date."""
TIMELESS = 0.40
"""The same of pages that need none: about the organisation, or questions and answers."""
LEAST = min(SAME_DAY, NEAR_DATES, UNDATED, TIMELESS)
_LAG = 4
"""So many days a translation may be later."""
_CROWDED = 60
"""Of more documents on one day, only those are compared that share something rare."""
_RARE = 30
"""What more documents have is too common to look for others by it."""
_LETTERS = 5
_ONE_LANGUAGE = 0.2
"""So much of its weight keeps a name that pages of one language alone have: it says little of a translation."""
_FIGURE = re.compile(r"[0-9]+(?:[.,\u00a0\u202f ][0-9]{3}(?![0-9]))*(?:[.,][0-9]+)?")
# A capital after a full stop or at the beginning of a line proves no name. It is looked back from the capital, which
# is many times faster than to look behind every place of the text.
_NAME = re.compile(r"[A-ZÀ-ÖØ-Þ](?:(?<=[^.!?:»”\"«“\n–—-] .)|(?<=['’(/-].))\w{2,}")
_SEPARATORS = re.compile(r"[.,\s]")

_TIMELESS_KINDS = (DocumentKind.ABOUT, DocumentKind.FAQ)

Marks = frozenset[str]
"""The names and figures of a document."""


def by_likeness(documents: Sequence[Document]) -> Iterator[Found]:
    """Pages of one kind in two languages whose names and figures are alike, the most alike first."""
    marks = [marks_of(one) for one in documents]
    weights = _weights(documents, marks)
    totals = [math.fsum(weights[mark] for mark in own) for own in marks]
    languages, kinds = [one.language for one in documents], [one.kind for one in documents]
    best: dict[tuple[int, str], tuple[float, int]] = {}
    scores: dict[tuple[int, int], float] = {}
    for one, other in _candidates(documents, marks):
        # Hundreds of thousands of pairs of a few thousand documents: what rules most of them out comes first.
        if languages[one] is languages[other] or kinds[one] is not kinds[other]:
            continue
        if 2 * min(totals[one], totals[other]) < LEAST * (totals[one] + totals[other]):
            continue  # even if all of the shorter one stood in the longer one
        shared = math.fsum(map(weights.__getitem__, marks[one] & marks[other]))
        score = 2 * shared / (totals[one] + totals[other]) if shared else 0.0
        if score < LEAST:
            continue
        first, second = documents[one], documents[other]
        if score >= _least(first, second):
            scores[one, other] = score
            for place, found in (((one, second.language), other), ((other, first.language), one)):
                best[place] = max(best.get(place, (0.0, -1)), (score, found))
    for (one, other), score in sorted(scores.items(), key=lambda item: -item[1]):
        first, second = documents[one], documents[other]
        if best[one, second.language][1] == other and best[other, first.language][1] == one:
            yield first, second, f"names and figures are alike ({score:.2f}), {_of_dates(first.date, second.date)}"


def marks_of(document: Document) -> Marks:
    """The figures of two digits or more and the beginnings of the names in a document."""
    figures = figures_of(f"{document.title} . {document.text}")
    names = map(_beginning, _NAME.findall(document.text))
    return frozenset((*(figure for figure in figures if len(figure) > 1), *names))


def figures_of(text: str) -> set[str]:
    """The digits of each figure, without its separators: they differ between languages."""
    return {_SEPARATORS.sub("", found) for found in _FIGURE.findall(text)}


def days_apart(one: PartialDate | None, other: PartialDate | None) -> int | None:
    """The days between two whole dates; None where one is missing or not whole."""
    first, second = _ordinal(one), _ordinal(other)
    return None if first is None or second is None else abs(first - second)


@lru_cache(maxsize=1 << 16)
def _beginning(name: str) -> str:
    """The first letters of a name in lower case, without accents."""
    return "".join(letter for letter in normalize("NFD", name) if not combining(letter)).lower()[:_LETTERS]


def _weights(documents: Sequence[Document], marks: Sequence[Marks]) -> Mapping[str, float]:
    pages = Counter(one.language for one in documents)
    counts: dict[Language, Counter[str]] = {language: Counter() for language in pages}
    for document, own in zip(documents, marks, strict=True):
        counts[document.language].update(own)
    most = max((max(count.values(), default=1) for count in counts.values()), default=1)
    weights = {}
    for mark in frozenset().union(*marks):
        having = {language: count[mark] for language, count in counts.items() if mark in count}
        weight = math.log1p(len(pages) * most / sum(having.values()))
        if not mark[0].isdigit():
            rates = sorted((0.0, *(count / pages[language] for language, count in having.items())))
            weight *= _ONE_LANGUAGE + (1 - _ONE_LANGUAGE) * rates[-2] / rates[-1]
        weights[mark] = weight
    return weights


def _least(first: Document, second: Document) -> float:
    """The likeness that two pages need by their dates; infinite where these disagree."""
    one, other = first.date, second.date
    if one is None or other is None:
        return TIMELESS if one is other and first.kind in _TIMELESS_KINDS else UNDATED
    apart = days_apart(one, other)
    if apart is None:
        return NEAR_DATES if one.agrees_with(other) else math.inf
    if apart == 0:
        return SAME_DAY
    return NEAR_DATES if apart <= _LAG else math.inf


def _of_dates(one: PartialDate | None, other: PartialDate | None) -> str:
    if one is None or other is None:
        return "one has no date"
    apart = days_apart(one, other)
    return "the dates agree" if not apart else f"the dates are {apart} days apart"


@lru_cache(maxsize=1 << 14)
def _ordinal(stated: PartialDate | None) -> int | None:
    if stated is None or stated.year is None or stated.month is None or stated.day is None:
        return None
    return date(stated.year, stated.month, stated.day).toordinal()


def _candidates(documents: Sequence[Document], marks: Sequence[Marks]) -> Iterator[tuple[int, int]]:
    """The places of pairs that may be alike: near each other in time, or with something rare in common."""
    by_day: dict[int | None, list[int]] = defaultdict(list)
    for place, document in enumerate(documents):
        by_day[_ordinal(document.date)].append(place)
    loose = set(by_day.pop(None, ()))
    for day, places in by_day.items():
        if day is not None and len(places) > _CROWDED:
            loose.update(places)
    days = {day: [place for place in places if place not in loose] for day, places in by_day.items() if day is not None}
    for day, places in days.items():
        yield from combinations(places, 2)
        for later in range(day + 1, day + _LAG + 1):
            for one in places:
                for other in days.get(later, ()):
                    yield min(one, other), max(one, other)
    yield from _with_rare_marks(loose, marks)


def _with_rare_marks(loose: set[int], marks: Sequence[Marks]) -> Iterator[tuple[int, int]]:
    if not loose:
        return
    having: dict[str, list[int]] = defaultdict(list)
    for place, own in enumerate(marks):
        for mark in own:
            having[mark].append(place)
    met: set[tuple[int, int]] = set()
    for places in having.values():
        if len(places) <= _RARE:
            met.update(pair for pair in combinations(places, 2) if pair[0] in loose or pair[1] in loose)
    yield from sorted(met)
