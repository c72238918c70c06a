"""`python -m benchmarks.peers [--sizes 1000,10000] [SET_DIR…]`: orgbot beside what a user would pick instead.

Prints one table and writes it to `benchmarks/results/peers-<commit>.md` and `.json`. A peer is measured when its
environment is in `--venvs`; the table says how to make it where it is not.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console

from benchmarks.madeup import made_up_set
from benchmarks.peers.process import OWN, PEERS, Figures, measure, python_of
from benchmarks.peers.table import markdown, on_terminal
from evals.errors import EvaluationError
from evals.report import checkout, commit, machine
from evals.sets import ANSWERABLE
from evals.testset import QuestionSet, load_set

_RESULTS = Path(__file__).parents[1] / "results"
_VENVS = Path("data/peers")
_KNOWN_ITEMS = 100


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure all systems over all corpora; returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.peers", description="Compare with other systems.")
    parser.add_argument("sets", nargs="*", type=Path, metavar="SET_DIR", help="further sets in BEIR form")
    parser.add_argument("--sizes", default="1000,10000,100000", help="made-up passages [%(default)s]; '' for none")
    parser.add_argument("--no-bundled", action="store_true", help="leave the bundled set out")
    parser.add_argument("--limit", type=float, default=300, help="seconds for each of indexing and asking [300]")
    parser.add_argument("--venvs", type=Path, default=_VENVS, help="where the peers' environments are [data/peers]")
    parser.add_argument("--systems", default=",".join([OWN, *PEERS]), help="[%(default)s]")
    parser.add_argument("--out", type=Path, default=_RESULTS, help="folder of the two files [benchmarks/results]")
    given = parser.parse_args(arguments)
    systems = given.systems.split(",")
    unknown = [name for name in systems if name not in (OWN, *PEERS)]
    if unknown:
        parser.error(f"no system is called {unknown[0]!r}: choose from {', '.join([OWN, *PEERS])}")
    try:
        sizes = [int(size) for size in given.sizes.split(",") if size]
    except ValueError:
        parser.error(f"{given.sizes!r} is no list of numbers: write --sizes 1000,10000")
    try:
        sets = [load_set(folder) for folder in [*([] if given.no_bundled else [ANSWERABLE]), *given.sets]]
    except EvaluationError as error:
        print(f"benchmarks.peers: {error}", file=sys.stderr)
        return 1
    given.out.mkdir(parents=True, exist_ok=True)
    corpora = [*sets, *(made_up_set(size, min(size, _KNOWN_ITEMS)) for size in sizes)]
    figures: list[Figures] = []
    load = os.getloadavg()[0]
    for corpus in corpora:
        for system in systems:
            figures.append(_measured(system, corpus, given.venvs, given.limit))
            # After each, so that an interrupted run leaves what it has.
            _write(figures, given.out, given.venvs, given.limit, load)
    Console(width=None if sys.stdout.isatty() else 240).print(on_terminal(figures))
    return 0


def _measured(system: str, corpus: QuestionSet, venvs: Path, limit: float) -> Figures:
    print(f"Measuring {system} over {corpus.name} …", file=sys.stderr, flush=True)
    return measure(system, corpus, venvs, limit)


def _write(figures: Sequence[Figures], out: Path, venvs: Path, limit: float, load: float) -> None:
    name = f"peers-{(commit() or 'unknown')[:12]}"
    record = {
        "commit": commit(),
        "measured": checkout(),
        "measured_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "machine": asdict(machine()),
        "load_at_start": round(load, 2),
        "limit_seconds": limit,
        "requirements": {peer: _versions(peer, venvs) for peer in PEERS},
        "figures": [asdict(one) for one in figures],
    }
    head = (
        f"Measured on {machine()}, {checkout()}, at most {limit:.0f} s for each of indexing and asking; "
        f"the machine's load average at the start was {load:.1f} of {machine().cores} cores.\n\n"
    )
    (out / f"{name}.json").write_text(json.dumps(record, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    (out / f"{name}.md").write_text(head + markdown(figures), encoding="utf-8")


def _versions(peer: str, venvs: Path) -> dict[str, str]:
    """The versions that are installed of what the peer's requirements name."""
    python = python_of(peer, venvs)
    lines = (Path(__file__).parent / f"requirements-{peer}.txt").read_text("utf-8").splitlines()
    names = [line.partition("==")[0] for line in lines if "==" in line]
    if not python.exists():
        return {}
    code = "import json, sys, importlib.metadata as m; print(json.dumps({n: m.version(n) for n in sys.argv[1:]}))"
    done = subprocess.run([str(python), "-c", code, *names], capture_output=True, text=True, check=False)
    found: dict[str, str] = json.loads(done.stdout) if done.returncode == 0 else {}
    return found


if __name__ == "__main__":
    sys.exit(main())
