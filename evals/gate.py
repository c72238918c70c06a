"""The gate: no measure of a bundled set may fall below its floor."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from evals.errors import FloorsError

_FLOORS = Path(__file__).with_name("floors.toml")


@dataclass(frozen=True, slots=True)
class Shortfall:
    """A figure below its floor."""

    set_name: str
    figure: str
    value: float
    floor: float

    def __str__(self) -> str:
        """One sentence."""
        return f"{self.set_name}: {self.figure} is {self.value:.4f}, below its floor of {self.floor:.4f}."


def bundled_floors() -> dict[str, dict[str, float]]:
    """The floors that come with the package: for each set, figures by their path in its JSON record."""
    floors: dict[str, dict[str, float]] = tomllib.loads(_FLOORS.read_text("utf-8"))
    return floors


def shortfalls(records: Sequence[Mapping[str, object]], floors: Mapping[str, Mapping[str, float]]) -> list[Shortfall]:
    """Every figure that is below its floor; raise FloorsError when a floor's set or figure was not measured."""
    by_name = {str(record["set"]): record for record in records}
    found = []
    for set_name, of_set in floors.items():
        if set_name not in by_name:
            raise FloorsError(f"The set {set_name} has floors but was not evaluated: evaluate it, too.")
        for figure, floor in of_set.items():
            value = _figure(by_name[set_name], figure, set_name)
            if value < floor:
                found.append(Shortfall(set_name, figure, value, floor))
    return found


def _figure(record: object, path: str, set_name: str) -> float:
    for name in path.split("."):
        record = record.get(name) if isinstance(record, Mapping) else None
    if not isinstance(record, int | float):
        raise FloorsError(f"The set {set_name} has no figure {path}: correct its name in floors.toml.")
    return float(record)
