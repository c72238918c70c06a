"""What is looked for → Hits, the language versions of one release as one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.understand import Understanding
from corpus.document import DocumentKind, Language
from index.passage import Hit
from index.search import Index

_DEPTH = 50
_ABOUT_PRIOR = 6.0
"""Added to the score of about pages for questions about the organisation itself, in the deviations of `index.fuse`."""


def retrieve(understanding: Understanding, index: Index, k: int) -> list[Hit]:
    """The `k` best passages, of each release in one language: the visitor's where that edition is found."""
    hits = index.search(understanding.search_text, max(2 * k, _DEPTH), understanding.language)
    if understanding.about_organisation:
        hits = sorted(hits, key=lambda hit: -(hit.score + _ABOUT_PRIOR * (index.kind(hit) is DocumentKind.ABOUT)))
    kept = one_edition(hits, understanding.language)[:k]
    return [replace(hit, rank=rank) for rank, hit in enumerate(kept, start=1)]


def one_edition(hits: Sequence[Hit], language: Language) -> list[Hit]:
    """The hits without those of other editions than the one in `language`, or else than the best found one."""
    shown: dict[str, Language] = {}
    for hit in hits:
        key = hit.passage.edition_key
        if hit.passage.language == language:
            shown[key] = language
        shown.setdefault(key, hit.passage.language)
    return [hit for hit in hits if shown[hit.passage.edition_key] == hit.passage.language]
