"""`python -m evals.editions`: how well the documents of one release are found; fails below the floor of F1."""

from __future__ import annotations

import sys

from rich.console import Console
from rich.table import Table

from evals.editions.measure import FLOOR, Figures, Measured, link_sets, measure


def table(measured: list[Measured]) -> Table:
    """A row for each set and kind of link."""
    printed = Table(box=None, header_style="bold")
    printed.add_column("Set")
    printed.add_column("Links")
    for name in ("documents", "pairs", "precision", "recall", "F1"):
        printed.add_column(name, justify="right")
    for one in measured:
        for kind, figures in (("editions", one.editions), ("reposts", one.reposts)):
            printed.add_row(one.name, kind, str(one.documents), *_cells(figures))
    return printed


def _cells(figures: Figures) -> list[str]:
    shares = (figures.precision, figures.recall, figures.f1)
    return [str(len(figures.wanted)), *(f"{share:.3f}" for share in shares)]


def main() -> int:
    """Print the measures; returns the exit status."""
    measured = [measure(one) for one in link_sets()]
    console = Console()
    console.print(table(measured))
    for one in measured:
        for kind, figures in (("edition", one.editions), ("repost", one.reposts)):
            for pair in sorted(figures.wanted ^ figures.found):
                missed = "missed" if pair in figures.wanted else "wrong"
                console.print(f"{one.name}: {kind} {missed}: {' – '.join(pair)}", markup=False)
    return int(any(figures.f1 < FLOOR for one in measured for figures in (one.editions, one.reposts)))


if __name__ == "__main__":
    sys.exit(main())
