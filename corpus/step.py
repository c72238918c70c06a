"""What a sync says of each page, as it goes."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Step(StrEnum):
    """What a sync does, or in a dry run would do, with one page."""

    ADDED = "added"
    CHANGED = "changed"
    WITHDRAWN = "withdrawn"
    UNCHANGED = "unchanged"
    LEFT_OUT = "left out"
    """Of another language, kind, format or host than wanted, refused by robots.txt, or gone before."""
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Event:
    """One page, or one source, and what became of it; `note` is a headline or a reason."""

    step: Step
    address: str
    note: str = ""
