"""The editions of an organisation's own releases as parallel text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import combinations

import numpy as np

from corpus.document import Document
from corpus.sentences import sentence_spans
from index.encoder import Encoder

Texts = tuple[str, str]
_ALIKE = 0.4
"""The least cosine of two sentences that are taken for translations of each other."""


def edition_pairs(documents: Iterable[Document], encoder: Encoder) -> list[Texts]:
    """Headlines and sentences of the editions of each release with their translations, whichever two languages.

    Two sentences are taken for translations when each is the other's nearest by `encoder` (mutual nearest neighbours)
    and they are near enough; what an edition adds or leaves out then has no partner.
    """
    groups: dict[str, list[Document]] = {}
    for document in documents:
        if document.edition_group:
            groups.setdefault(document.edition_group, []).append(document)
    pairs: list[Texts] = []
    for editions in groups.values():
        for one, other in combinations(editions, 2):
            if one.language != other.language:
                pairs.append((one.title, other.title))
                pairs += _sentence_pairs(list(_sentences(one)), list(_sentences(other)), encoder)
    return pairs


def _sentences(document: Document) -> Iterator[str]:
    for start, end in sentence_spans(document.text, document.language):
        yield document.text[start:end]


def _sentence_pairs(ones: list[str], others: list[str], encoder: Encoder) -> Iterator[Texts]:
    if not ones or not others:
        return
    cosines = encoder.encode_passages(ones) @ encoder.encode_passages(others).T
    nearest, back = cosines.argmax(axis=1), cosines.argmax(axis=0)
    for row, column in enumerate(nearest):
        if back[column] == row and cosines[row, column] >= _ALIKE:
            yield ones[row], others[int(column)]


def held_out(pairs: list[Texts], every: int = 10) -> tuple[list[Texts], list[Texts]]:
    """Pairs to learn from, and every tenth to measure with."""
    kept = np.arange(len(pairs)) % every != every - 1
    return [pair for pair, keep in zip(pairs, kept, strict=True) if keep], pairs[every - 1 :: every]
