"""Questions by what they have in common: the same slices for retrieval and for answers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol, TypeVar

from evals.testset import Topic

UNKNOWN = "–"
ACROSS = "across"
_SLICES: dict[str, Callable[[Topic], str]] = {
    "language": lambda topic: topic.language,
    "across": lambda topic: ACROSS if topic.across else "own language",
    "split": lambda topic: topic.split or UNKNOWN,
    "kind": lambda topic: topic.kind or UNKNOWN,
    "year": lambda topic: str(topic.year or UNKNOWN),
}


class OfTopic(Protocol):
    """Whatever is known of one topic: how it was ranked, how its answer was judged."""

    @property
    def topic(self) -> Topic:
        """The topic."""


Item = TypeVar("Item", bound=OfTopic)
Figures = TypeVar("Figures")
Sliced = dict[str, dict[str, Figures]]
"""Figures by the name of a slice and a value of it: `sliced["language"]["fr"]`."""


def slices(items: Sequence[Item]) -> Sliced[list[Item]]:
    """The items by each slice and its values; the values are in order, the unknown one last.

    `language` is the question's; `across` tells whether only documents of other languages answer; `kind` is what is
    asked for; `year` is that of the relevant documents.
    """
    return {name: _grouped(items, value_of) for name, value_of in _SLICES.items()}


def sliced(items: Sequence[Item], figures: Callable[[list[Item]], Figures]) -> Sliced[Figures]:
    """The figures of the items of each slice."""
    return {name: {value: figures(group) for value, group in groups.items()} for name, groups in slices(items).items()}


def rows(parts: Sliced[Figures]) -> list[tuple[str, Figures]]:
    """The figures of each value with a label, `year 2019`; a slice of one value is left out, for it says nothing."""
    return [
        (value if name == ACROSS else f"{name} {value}", figures)
        for name, values in parts.items()
        if len(values) > 1
        for value, figures in values.items()
    ]


def _grouped(items: Sequence[Item], value_of: Callable[[Topic], str]) -> dict[str, list[Item]]:
    groups: dict[str, list[Item]] = {}
    for item in items:
        groups.setdefault(str(value_of(item.topic)), []).append(item)
    return {value: groups[value] for value in sorted(groups, key=lambda value: (value == UNKNOWN, value))}
