"""Growth as a picture (matplotlib, without a display)."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from matplotlib.figure import Figure

_BLUE, _ORANGE = "#0072B2", "#D55E00"


def write_growth(path: Path, sizes: Sequence[dict[str, Any]], machine: str) -> None:
    """Draw build time, search time and memory over the number of passages, all on logarithmic axes."""
    figure = Figure(figsize=(12, 4.4), dpi=120, layout="constrained")
    passages = [one["passages"] for one in sizes]
    panels = {
        "Build (s)": {"by the clock": "build_seconds", "of the processor": "build_processor_seconds"},
        "Search for the first 100 (ms)": {"p50": "p50_ms", "p95": "p95_ms"},
        "Memory and disk (MB)": {"resident memory of the index": "index_mb", "snapshot on disk": "snapshot_mb"},
    }
    for axes, (title, curves) in zip(figure.subplots(1, len(panels)), panels.items(), strict=True):
        for (name, field), colour, mark in zip(curves.items(), (_BLUE, _ORANGE), "os", strict=True):
            axes.loglog(passages, [one[field] for one in sizes], color=colour, marker=mark, label=name)
        axes.set(title=title, xlabel="passages (made-up text)")
        axes.grid(alpha=0.3, which="both")
        axes.legend()
    figure.suptitle(machine, fontsize=9)
    figure.savefig(path)
