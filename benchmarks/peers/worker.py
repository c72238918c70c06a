"""`python -m benchmarks.peers.worker JOB.json`: one step of one system, in the environment of that system.

A job is `{"system", "step": "index" or "ask", "folder", "passages", "questions", "result", "limit", "started"}`; what
was measured is written to the file `result`, since libraries print to standard output.
"""

from __future__ import annotations

import importlib
import json
import resource
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, cast

from benchmarks.peers.system import System, Text

CLIENTS = 16
_BATCH = 256
"""Passages given at a time: several of each system's own batches, and few enough to stop in time."""
_CONCURRENT = 200
"""At most so many questions, spread over all, are asked by the clients at once."""


class _Batches:
    """The passages in batches until the time is up, counted."""

    def __init__(self, passages: Sequence[Text], limit: float) -> None:
        self.given = 0
        self._passages = passages
        self._limit = limit

    def __iter__(self) -> Iterator[Sequence[Text]]:
        end = time.monotonic() + self._limit
        while self.given < len(self._passages) and time.monotonic() < end:
            batch = self._passages[self.given : self.given + _BATCH]
            self.given += len(batch)
            yield batch


def run(job: dict[str, Any]) -> dict[str, Any]:
    """Do the step and tell what it took; times are in seconds, latencies in milliseconds."""
    system = cast(System, importlib.import_module(f"benchmarks.peers.adapters.{job['system']}").open_system())
    return _index(system, job) if job["step"] == "index" else _ask(system, job)


def _index(system: System, job: dict[str, Any]) -> dict[str, Any]:
    passages = [Text(*columns) for columns in json.loads(Path(job["passages"]).read_text("utf-8"))]
    batches = _Batches(passages, job["limit"])
    started = time.perf_counter()
    system.index(iter(batches), Path(job["folder"]))
    return {"passages": batches.given, "seconds": time.perf_counter() - started}


def _ask(system: System, job: dict[str, Any]) -> dict[str, Any]:
    questions: list[str] = json.loads(Path(job["questions"]).read_text("utf-8"))
    system.open(Path(job["folder"]))
    system.search(questions[0])
    cold = time.time() - job["started"]
    found, one_client = [], []
    end = time.monotonic() + job["limit"]
    for question in questions:
        if time.monotonic() > end:
            break
        started = time.perf_counter()
        found.append(system.search(question)[:1])
        one_client.append(1000 * (time.perf_counter() - started))
    some = questions[:: -(-len(questions) // _CONCURRENT)]
    clients = _concurrent(system, some, job["limit"])
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss  # in KiB on Linux, in bytes on macOS
    return {
        "cold_seconds": cold,
        "first": found,
        "one_client_ms": one_client,
        "clients_ms": clients,
        "memory_mb": peak * (1 if sys.platform == "darwin" else 1024) / 1e6,
    }


def _concurrent(system: System, questions: Sequence[str], limit: float) -> list[float]:
    """Clients that each ask the next question as soon as they have their answer."""
    waiting, lock, milliseconds = iter(questions), threading.Lock(), []
    end = time.monotonic() + limit

    def client() -> None:
        while time.monotonic() < end:
            with lock:
                question = next(waiting, None)
            if question is None:
                return
            started = time.perf_counter()
            system.search(question)
            milliseconds.append(1000 * (time.perf_counter() - started))

    with ThreadPoolExecutor(CLIENTS) as pool:
        for done in [pool.submit(client) for _ in range(CLIENTS)]:
            done.result()
    return milliseconds


if __name__ == "__main__":
    given = json.loads(Path(sys.argv[1]).read_text("utf-8"))
    Path(given["result"]).write_text(json.dumps(run(given)), encoding="utf-8")
