"""`python -m benchmarks.answer`: how much of a processor an answer takes, and how long each of its stages.

Asks the bundled questions over the bundled corpus twice, none of them remembered as an answer; the second time their
words were asked for before. Prints JSON; all times are in milliseconds.
"""

from __future__ import annotations

import os

os.environ["OMP_NUM_THREADS"] = "1"  # before numpy and faiss are imported: as the server runs
os.environ.setdefault("HF_HUB_OFFLINE", "1")

import json
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from benchmarks.speed import initialise
from bot.answer import Question
from bot.observe.stages import timed
from bot.pipeline import Pipeline, open_pipeline
from bot.settings import Settings, load_settings
from evals.report import checkout, machine
from evals.sets import ANSWERABLE
from evals.testset import Topic, load_set


def measure(pipeline: Pipeline, topics: Sequence[Topic]) -> dict[str, float]:
    """The median time of the processor for an answer, and the mean time by the clock of each stage."""
    spent: list[float] = []
    stages: dict[str, float] = {}
    for topic in topics:
        begun = time.process_time()
        with timed() as seconds:
            pipeline.answer(Question(topic.text))
        spent.append(1000 * (time.process_time() - begun))
        for name, taken in seconds.items():
            stages[name] = stages.get(name, 0.0) + 1000 * taken / len(topics)
    return {"processor_ms": round(statistics.median(spent), 1)} | {
        f"{name}_ms": round(taken, 1) for name, taken in stages.items()
    }


def unremembered(settings: Settings) -> Settings:
    """The settings, but that no answer is given again from memory."""
    return settings.model_copy(update={"answer": settings.answer.model_copy(update={"remember_seconds": 0})})


def main() -> int:
    """Measure and print; returns the exit status."""
    topics = load_set(ANSWERABLE).topics
    with tempfile.TemporaryDirectory(prefix="orgbot-benchmark-") as place:
        initialise(Path(place))
        pipeline = open_pipeline(unremembered(load_settings(Path(place))))
        pipeline.answer(Question("lighthouse"))  # pays for what is loaded lazily
        record = {
            "measured": checkout(),
            "machine": asdict(machine()),
            "questions": len(topics),
            "first": measure(pipeline, topics),
            "again": measure(pipeline, topics),
        }
    print(json.dumps(record, indent=1))
    return 0


if __name__ == "__main__":
    sys.exit(main())
