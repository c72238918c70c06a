"""What is looked for → Hits, the language versions of one release as one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

from bot.observe.stages import stage
from bot.understand import Expected, Understanding
from corpus.document import DocumentKind, Language
from index.passage import Hit
from index.search import Index

_DEPTH = 50
_ABOUT_PRIOR = 6.0
"""Added to the score of about pages for questions about the organisation itself, in the deviations of `index.fuse`."""
_RECENCY_PRIOR = 0.5
"""Added to the newest document found for a question that asks for a figure and states no year; older ones get less."""
_HALF_LIFE = 4.0
"""After so many years a figure gets half as much of it."""
_FIGURES = frozenset({Expected.NUMBER, Expected.MONEY, Expected.SHARE})


@stage("retrieve")
def retrieve(understanding: Understanding, index: Index, k: int) -> list[Hit]:
    """The `k` best passages, of each release in one language: the visitor's where that edition is found."""
    hits = index.search(understanding.search_text, max(2 * k, _DEPTH), understanding.language)
    if understanding.about_organisation:
        hits = _sorted(hits, [_ABOUT_PRIOR * (index.kind(hit) is DocumentKind.ABOUT) for hit in hits])
    elif understanding.expected in _FIGURES and not understanding.years:
        hits = _sorted(hits, [_RECENCY_PRIOR * recency for recency in _recencies(hits, index)])
    kept = without_reposts(one_edition(hits, understanding.language), index)[:k]
    return [replace(hit, rank=rank) for rank, hit in enumerate(kept, start=1)]


def without_reposts(hits: Sequence[Hit], index: Index) -> list[Hit]:
    """The hits without pages that repeat one which is found, too: that one is cited before them."""
    pages: dict[str, set[str]] = defaultdict(set)
    for hit in hits:
        pages[hit.passage.edition_key].add(hit.passage.doc_id)
    # Only where a release has several pages, since reading a document takes time.
    several = {doc_id for found in pages.values() if len(found) > 1 for doc_id in found}
    reposts = {doc_id for doc_id in several if index.document(doc_id)[0].repost_of in several}
    return [hit for hit in hits if hit.passage.doc_id not in reposts]


def _sorted(hits: Sequence[Hit], priors: Sequence[float]) -> list[Hit]:
    """The hits with their priors added to their scores, best first."""
    moved = [replace(hit, score=hit.score + prior) for hit, prior in zip(hits, priors, strict=True)]
    return sorted(moved, key=lambda hit: -hit.score)


def _recencies(hits: Sequence[Hit], index: Index) -> list[float]:
    """1 for the newest year among the hits, less for older ones, 0 where the year is unknown."""
    dates = [index.document(hit.passage.doc_id)[0].date for hit in hits]
    years = [date.year if date else None for date in dates]
    newest = max((year for year in years if year), default=0)
    return [0.5 ** ((newest - year) / _HALF_LIFE) if year else 0.0 for year in years]


def one_edition(hits: Sequence[Hit], language: Language) -> list[Hit]:
    """The hits without those of other editions than the one in `language`, or else than the best found one."""
    shown: dict[str, Language] = {}
    for hit in hits:
        key = hit.passage.edition_key
        if hit.passage.language == language:
            shown[key] = language
        shown.setdefault(key, hit.passage.language)
    return [hit for hit in hits if shown[hit.passage.edition_key] == hit.passage.language]
