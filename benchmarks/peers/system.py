"""What every system compared has to do, in plain values: nothing here or in the worker imports what orgbot needs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

K = 10
"""How many passages a question asks for, of each system alike: their own defaults are between 2 and 10."""


@dataclass(frozen=True, slots=True)
class Text:
    """A passage, cut beforehand, so that all systems index the same."""

    passage_id: str
    language: str
    title: str
    body: str

    @property
    def text(self) -> str:
        """What a system without titles indexes."""
        return f"{self.title}\n{self.body}".strip()


class System(Protocol):
    """A retriever at its defaults. Its constructor loads the model, which is not counted as indexing."""

    def index(self, batches: Iterator[Sequence[Text]], folder: Path) -> None:
        """Index all batches and write what `open` needs to the folder, as far as the system can write it.

        The batches end when the time is up.
        """

    def open(self, folder: Path) -> None:
        """Make ready to search what `index` has written."""

    def search(self, question: str) -> list[str]:
        """The ids of the best `K` passages, best first; called from several threads."""
