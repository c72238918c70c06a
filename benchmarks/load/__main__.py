"""`python -m benchmarks.load [NAME…]`: many visitors at once, on this machine alone, the load generator included.

Starts `orgbot serve` over the bundled corpus for each load (all of them by default), lets Locust's visitors come,
prints one table, and writes `benchmarks/results/load-COMMIT.json`. Needs `pip install 'orgbot[load]'`.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, replace
from importlib.util import find_spec
from pathlib import Path

from benchmarks.load.run import NO_LIMITS, Load, Measured, measure
from benchmarks.speed import initialise, serving
from evals.report import commit, machine

_RESULTS = Path(__file__).parents[1] / "results"
_SETTLED_SECONDS = 15
"""The server asks itself the questions to suggest when it starts."""
_WARM_SHARE = 0.2
"""So many of the questions of `memory` are asked before memory is watched, beside all of them: caches fill first."""
_LOADS = (
    Load("chat", "ChatVisitor", 200, 120),
    Load("api", "ApiClient", 56, 60),
    Load("overload", "Crowd", 300, 30),
    Load("limited", "Crowd", 50, 15, limited=True),
    Load("memory", "Regular", 8, 3600, requests=20_000),
)


def table(results: Sequence[Measured]) -> str:
    """One row for each name of requests of each load, in Markdown."""
    lines = [
        "| load | requests | n | errors | a second | p50 ms | p95 ms | worst ms | memory before → after"
        " | processors: serving + answering |",
        "|---|---|---:|---:|---:|---:|---:|---:|---:|---:|",
    ]
    for one in results:
        memory = f"{one.memory_before_mb:.0f} → {one.memory_after_mb:.0f} MB"
        shares = f"{one.serving_share:.2f} + {one.answering_share:.2f}"
        lines += [
            f"| {one.load} | {row.name} | {row.requests} | {row.errors} | {row.per_second:.1f} | {row.p50:.0f} |"
            f" {row.p95:.0f} | {row.worst:.0f} | {memory} | {shares} |"
            for row in one.rows
        ]
    return "\n".join(lines)


@contextmanager
def limits_off(off: bool) -> Iterator[None]:
    """Within it, a server that is started limits no address, when `off`; else as its settings say by default."""
    before = {name: os.environ.get(name) for name in NO_LIMITS}
    for name, value in NO_LIMITS.items():
        os.environ.pop(name, None)
        if off:
            os.environ[name] = value
    try:
        yield
    finally:
        for name, kept in before.items():
            os.environ.pop(name, None)
            if kept is not None:
                os.environ[name] = kept


def run(load: Load) -> Measured:
    """Start a server over a fresh data folder and let the visitors come; before memory is watched, some others."""
    with tempfile.TemporaryDirectory(prefix="orgbot-load-") as place, limits_off(not load.limited):
        initialise(Path(place))
        with serving(Path(place)) as (address, process_id):
            time.sleep(_SETTLED_SECONDS)
            if load.requests:
                measure(replace(load, requests=max(1, round(load.requests * _WARM_SHARE))), address, process_id)
            return measure(load, address, process_id)


def _chosen(arguments: Sequence[str] | None) -> list[Load]:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.load")
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(one.name for one in _LOADS))
    parser.add_argument("--requests", type=int, default=20_000, help="questions of the load `memory`")
    given = parser.parse_args(arguments)
    unknown = set(given.names) - {one.name for one in _LOADS}
    if unknown:
        parser.error(f"there is no load {', '.join(sorted(unknown))}")
    return [
        Load(one.name, one.visitors, one.at_once, one.seconds, given.requests) if one.requests else one
        for one in _LOADS
        if not given.names or one.name in given.names
    ]


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print and write; returns the exit status."""
    loads = _chosen(arguments)
    if find_spec("locust") is None:
        print("benchmarks: Locust is missing: pip install 'orgbot[load]'.", file=sys.stderr)
        return 1
    results = []
    for load in loads:
        print(f"{load.name}: {load.at_once} at once …", file=sys.stderr, flush=True)
        results.append(run(load))
        print(table(results[-1:]), file=sys.stderr, flush=True)
    record = {"commit": commit(), "machine": asdict(machine()), "loads": [asdict(one) for one in results]}
    _RESULTS.mkdir(exist_ok=True)
    (_RESULTS / f"load-{(commit() or 'unknown')[:12]}.json").write_text(json.dumps(record, indent=1) + "\n", "utf-8")
    print(table(results))
    return 0


if __name__ == "__main__":
    sys.exit(main())
