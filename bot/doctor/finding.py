"""What a check of the installation found."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    """How a check came out."""

    OK = "ok"
    NOTE = "note"
    """Not as usual, yet it may be meant so: the installation works."""
    PROBLEM = "problem"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at."""

    check: str
    """What was looked at, in one or two words."""
    state: State
    says: str
    """What was found."""
    mend: str = ""
    """What to do, as an imperative; empty when nothing is to be done or when `says` already ends with it."""
