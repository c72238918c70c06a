"""`python -m benchmarks.growth [--passages N …]`: how build time, search and memory grow with the number of passages.

Writes `docs/growth.json` and draws it as `docs/growth.png`. The largest sizes take long: 1,000,000 passages some
twenty minutes and 5 GB of memory.
"""

from __future__ import annotations

import os

os.environ["OMP_NUM_THREADS"] = "1"  # before numpy and faiss are imported: as the server runs
os.environ.setdefault("HF_HUB_OFFLINE", "1")

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from benchmarks.growth_plot import write_growth
from benchmarks.madeup import made_up_set
from benchmarks.memory import index_memory
from benchmarks.scale import DEPTH, KNOWN_ITEMS
from benchmarks.stopwatch import Stopwatch
from bot.settings import load_settings
from evals.report import commit, machine
from evals.sets import bundled_sets
from evals.testset import Topic, load_set
from index.build import build_snapshot
from index.encoder import Encoder, open_encoder
from index.search import Index
from index.settings import IndexSettings

_DOCS = Path(__file__).parents[1] / "docs"
_SIZES = (1_000, 10_000, 100_000)


@dataclass(frozen=True, slots=True)
class Growth:
    """One size. A build from nothing, one thread asking, each question for the first 100 passages."""

    passages: int
    build_seconds: float
    build_processor_seconds: float
    """Of all threads: less than the clock shows where other programs run, or the disk is waited for."""
    steps: dict[str, float]
    """The processor seconds of each step of the build."""
    p50_ms: float
    p95_ms: float
    processor_p50_ms: float
    again_p50_ms: float
    """When all their words were asked for before."""
    index_mb: float
    """What opening and searching the index adds to the resident memory."""
    snapshot_mb: float
    known_items_first: float
    """The share of known-item questions whose document is found first."""


def measure(passages: int, topics: Sequence[Topic], settings: IndexSettings, encoder: Encoder) -> Growth:
    """Build and search one size."""
    made_up = made_up_set(passages, min(KNOWN_ITEMS, passages))
    with tempfile.TemporaryDirectory(prefix="orgbot-growth-") as place:
        snapshots, stopwatch = Path(place), Stopwatch(time.process_time)
        started = time.perf_counter()
        documents = ((document, 1) for document in made_up.documents)
        build_snapshot(documents, snapshots, encoder, settings, progress=stopwatch)
        built, steps = time.perf_counter() - started, stopwatch.seconds()
        size = sum(path.stat().st_size for path in snapshots.rglob("*") if path.is_file())
        memory = index_memory(snapshots, settings, [topic.text for topic in (*topics, *made_up.topics)])
        index = Index.open(snapshots, encoder, settings)
        index.search("lighthouse", DEPTH)  # pays for what is loaded lazily
        clock, processor = _milliseconds(index, topics)
        again, _ = _milliseconds(index, topics)
        wanted = [qrel.doc_id for qrel in made_up.qrels]
        first = [index.search(topic.text, 1)[0].passage.doc_id for topic in made_up.topics]
    p50, p95 = np.percentile(clock, [50, 95])
    return Growth(
        passages=passages,
        build_seconds=round(built, 1),
        build_processor_seconds=round(sum(steps.values()), 1),
        steps=steps,
        p50_ms=round(float(p50), 1),
        p95_ms=round(float(p95), 1),
        processor_p50_ms=round(float(np.median(processor)), 1),
        again_p50_ms=round(float(np.median(again)), 1),
        index_mb=memory.index_mb,
        snapshot_mb=round(size / 1e6, 1),
        known_items_first=round(float(np.mean([one == other for one, other in zip(first, wanted, strict=True)])), 3),
    )


def _milliseconds(index: Index, topics: Sequence[Topic]) -> tuple[list[float], list[float]]:
    """What the clock and the processor spend on each question."""
    clock, processor = [], []
    for topic in topics:
        begun, busy = time.perf_counter(), time.process_time()
        index.search(topic.text, DEPTH)
        clock.append(1000 * (time.perf_counter() - begun))
        processor.append(1000 * (time.process_time() - busy))
    return clock, processor


def main() -> int:
    """Measure, write and draw; returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.growth", description="Measure and plot growth.")
    parser.add_argument("--passages", type=int, action="append", help=f"a size {list(_SIZES)}; may be repeated")
    settings = load_settings(Path(tempfile.gettempdir())).index
    encoder = open_encoder(settings)
    topics = load_set(bundled_sets()[0]).judged
    grown = []
    for passages in parser.parse_args().passages or _SIZES:
        print(f"Measuring {passages} passages …", file=sys.stderr, flush=True)
        grown.append(asdict(measure(passages, topics, settings, encoder)))
        print(json.dumps(grown[-1]), file=sys.stderr, flush=True)
    record = {"commit": commit(), "machine": asdict(machine()), "sizes": grown}
    (_DOCS / "growth.json").write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")
    write_growth(_DOCS / "growth.png", grown, f"{machine()}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
