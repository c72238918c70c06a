"""`python -m benchmarks.publish [--documents N] [--joined N]`: how long one changed page takes to be published.

Fills a corpus with made-up documents, builds its index, then changes one document again and again and publishes: as the
running `orgbot sync --every …` does it, and by `orgbot index build`, its start included.
"""

from __future__ import annotations

import os

os.environ.setdefault("OMP_NUM_THREADS", "1")  # before numpy and faiss are imported: as the commands set it

import argparse
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from statistics import median

from benchmarks.madeup import made_up_set
from bot.cli.sync import publish_changes
from bot.settings import Settings, load_settings
from corpus.document import Document, PartialDate
from corpus.store import CorpusStore
from evals.report import commit, machine

_TIMES = 5


def documents(count: int, joined: int) -> Iterator[Document]:
    """So many made-up documents, each of the text of so many, on the days of fifteen years."""
    parts: dict[str, list[Document]] = {}
    number = 0
    for one in made_up_set(count * joined + 3 * joined, 1).documents:
        mine = parts.setdefault(one.language, [])
        mine.append(one)
        if len(mine) < joined or number == count:
            continue
        text, day = (
            "\n\n".join(part.text for part in mine),
            PartialDate(2010 + number % 15, 1 + number % 12, 1 + number % 28),
        )
        yield replace(mine[0], text=text, date=day, url=f"https://www.example.org/{one.language}/{mine[0].doc_id}")
        mine.clear()
        number += 1


def measure(settings: Settings, count: int, joined: int) -> dict[str, float]:
    """Seconds by the clock, medians of five: `service` and `command`, and `first` for the first build of all."""
    with CorpusStore.open(settings.corpus_path, create=True) as store:
        for document in documents(count, joined):
            store.add(document)
    figures = {"first": _seconds(lambda: publish_changes(settings))}
    command = [str(Path(sys.executable).with_name("orgbot")), "index", "build", "--data", str(settings.data)]
    ways: dict[str, Callable[[], object]] = {
        "service": lambda: publish_changes(settings),
        "command": lambda: subprocess.run(command, check=True, capture_output=True),
    }
    for name, publish in ways.items():
        seconds = []
        for _ in range(_TIMES):
            _change(settings)
            seconds.append(_seconds(publish))
        figures[name] = median(seconds)
    return figures


def _change(settings: Settings) -> None:
    with CorpusStore.open(settings.corpus_path) as store:
        document = next(store.documents()).document
        store.add(replace(document, text=f"{document.text}\nOne more."))


def _seconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def main() -> int:
    """Measure and print; returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.publish")
    parser.add_argument("--documents", type=int, default=10_000)
    parser.add_argument(
        "--joined", type=int, default=1, help="how many made-up texts of 700 characters make a document"
    )
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="orgbot-publish-") as place:
        figures = measure(load_settings(Path(place)), given.documents, given.joined)
    print(f"{given.documents} documents of {given.joined} × 700 characters, commit {commit()}, {machine().processor}")
    for name, seconds in figures.items():
        print(f"{name:8} {seconds:6.2f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main())
