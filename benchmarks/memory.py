"""`python -m benchmarks.memory SNAPSHOTS`: how much memory one process takes to search an index (psutil lives here).

Reads `{"settings": …, "queries": […]}` from standard input and writes `{"index_mb": …, "process_mb": …}`. A process of
its own is needed: what another measurement has left in memory would be counted.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import psutil

from index.encoder import open_encoder
from index.search import Index
from index.settings import IndexSettings


@dataclass(frozen=True, slots=True)
class IndexMemory:
    """Resident memory after all questions, in megabytes; pages of mapped files that were touched are counted."""

    index_mb: float
    """What opening and searching the index added to a process that had opened the encoder."""
    process_mb: float
    """The whole process."""


def index_memory(snapshots: Path, settings: IndexSettings, queries: Sequence[str]) -> IndexMemory:
    """Search the current snapshot for all queries in a fresh process; raise CalledProcessError when it fails."""
    asked = json.dumps({"settings": settings.model_dump(mode="json"), "queries": list(queries)})
    command = [sys.executable, "-m", "benchmarks.memory", str(snapshots)]
    done = subprocess.run(command, input=asked, capture_output=True, text=True, check=True)
    return IndexMemory(**json.loads(done.stdout))


def resident_mb(process_id: int) -> float:
    """The resident memory of a process with its child processes, in megabytes."""
    process = psutil.Process(process_id)
    resident = [int(one.memory_info().rss) for one in [process, *process.children(recursive=True)]]
    return sum(resident) / 1e6


def processor_seconds(process_id: int) -> tuple[float, float]:
    """What a process has spent so far, and what all its child processes have, in seconds of the processor."""
    process = psutil.Process(process_id)
    own, *children = (sum(one.cpu_times()[:2]) for one in [process, *process.children(recursive=True)])
    return float(own), float(sum(children))


def _measured(snapshots: Path, settings: IndexSettings, queries: Sequence[str]) -> IndexMemory:
    encoder = open_encoder(settings)
    before = resident_mb(os.getpid())
    index = Index.open(snapshots, encoder, settings)
    for query in queries:
        index.search(query)
    after = resident_mb(os.getpid())
    return IndexMemory(round(after - before, 1), round(after, 1))


if __name__ == "__main__":
    given = json.load(sys.stdin)
    print(json.dumps(asdict(_measured(Path(sys.argv[1]), IndexSettings(**given["settings"]), given["queries"]))))
