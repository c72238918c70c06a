"""What holds two documents of one release together."""

from __future__ import annotations

from dataclasses import dataclass

from corpus.document import Document

Found = tuple[Document, Document, str]
"""Two documents that a rule takes for the same release, and the reason."""


@dataclass(frozen=True, slots=True)
class Link:
    """Two documents, by id in order, that are one release: its editions, or in one language the same words again."""

    one: str
    other: str
    why: str
    by_hand: bool = False


def in_order(one: str, other: str) -> tuple[str, str]:
    """Two ids as links and decisions name them, the lesser first."""
    return (one, other) if one < other else (other, one)
