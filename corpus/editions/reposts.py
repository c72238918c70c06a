"""Links in one language: the same words again on another page, as a country site reposts a release of the whole.

Pages that share a rare sentence or the headline are compared word by word. A repost may have another dateline, leave
paragraphs out or change a word here and there; it states no figure that the longer page does not. A later release that
repeats an earlier one has figures of its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations

from rapidfuzz.distance import LCSseq

from corpus.document import Document
from corpus.editions.likeness import days_apart, figures_of
from corpus.editions.link import Found

_SHARED = 0.85
"""So much of the shorter text must stand in the longer one, word by word in the same order."""
_LEAST_WORDS = 25
"""Shorter texts prove nothing."""
_LEAST_PART = 0.35
"""A text shorter than this part of the other is a notice of it, no repost."""
_DAYS = 31
"""A repost may be so many days later; the same words a year later are news again."""
_SENTENCE_CHARACTERS = 40
_RARE = 30
"""A sentence or a headline that more pages have tells nothing."""


def by_words(documents: Sequence[Document]) -> Iterator[Found]:
    """Pages of one language that say the same, in the order of their ids."""
    words: dict[int, list[str]] = {}
    for one, other in sorted(_candidates(documents)):
        first, second = documents[one], documents[other]
        apart = days_apart(first.date, second.date)
        if first.language != second.language or (apart or 0) > _DAYS or not _agree(first, second):
            continue
        for place in (one, other):
            if place not in words:
                words[place] = documents[place].text.split()
        share = _share(words[one], words[other])
        if share >= _SHARED and _adds_no_figure(first, second):
            yield first, second, f"{share:.0%} of the words are the same, in the same order"


def _candidates(documents: Sequence[Document]) -> set[tuple[int, int]]:
    first: dict[str, int] = {}
    again: dict[str, list[int]] = {}
    for place, document in enumerate(documents):
        sentences = document.text.replace("\n\n", ". ").split(". ")
        for sentence in {document.title, *sentences}:
            if len(sentence) >= _SENTENCE_CHARACTERS and (met := first.setdefault(sentence, place)) != place:
                again.setdefault(sentence, [met]).append(place)
    return {pair for places in again.values() if len(places) <= _RARE for pair in combinations(places, 2)}


def _agree(one: Document, other: Document) -> bool:
    """Whether no stated part of the dates says that they are far apart."""
    if one.date is None or other.date is None or days_apart(one.date, other.date) is not None:
        return True
    return one.date.agrees_with(other.date)


def _share(one: Sequence[str], other: Sequence[str]) -> float:
    """The part of the shorter text that stands in the longer one; 0 where the lengths alone speak against a repost."""
    shorter, longer = sorted((len(one), len(other)))
    if shorter < _LEAST_WORDS or shorter < _LEAST_PART * longer:
        return 0.0
    return LCSseq.similarity(one, other, score_cutoff=int(_SHARED * shorter)) / shorter


def _adds_no_figure(one: Document, other: Document) -> bool:
    shorter, longer = sorted((one, other), key=lambda document: len(document.text))
    dated = {str(part) for each in (one, other) if each.date for part in (each.date.year, each.date.day)}
    return figures_of(shorter.text) - figures_of(longer.text) <= dated
