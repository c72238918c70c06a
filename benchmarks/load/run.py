"""Runs one kind of visitors against a running server, and reads what Locust has measured."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.memory import processor_seconds, resident_mb

_LOCUSTFILE = Path(__file__).with_name("locustfile.py")
_SAMPLES_SECONDS = 2.0
NO_LIMITS = {"ORGBOT_SERVER__QUESTIONS_PER_MINUTE": "0", "ORGBOT_SERVER__REQUESTS_PER_MINUTE": "0"}
"""All visitors of a run share one address."""


@dataclass(frozen=True, slots=True)
class Load:
    """Who comes, how many at once, and for how long."""

    name: str
    visitors: str
    """A class of `locustfile.py`."""
    at_once: int
    seconds: int
    requests: int = 0
    """End after so many questions, when that is before the time is up; 0 for no such end."""
    limited: bool = False
    """Whether the server's limits by address hold."""


@dataclass(frozen=True, slots=True)
class Timed:
    """The requests of one name; times in milliseconds (Locust keeps two digits of them)."""

    name: str
    requests: int
    errors: int
    per_second: float
    p50: float
    p95: float
    worst: float


@dataclass(frozen=True, slots=True)
class Measured:
    """What one load was answered with; memory is resident, of the server with its child processes."""

    load: str
    seconds: float
    rows: tuple[Timed, ...]
    errors: tuple[str, ...]
    memory_before_mb: float
    memory_after_mb: float
    memory_mb: tuple[tuple[float, float], ...]
    """Seconds since the start, and megabytes."""
    serving_share: float = 0.0
    """Of one processor, by the process that serves, over all the seconds."""
    answering_share: float = 0.0
    """… by those that answer."""


def measure(load: Load, address: str, process_id: int) -> Measured:
    """Let the visitors come; raise RuntimeError when Locust did not run."""
    command = [sys.executable, "-m", "locust", "-f", str(_LOCUSTFILE), "--headless", "--json", "--host", address]
    command += ["-u", str(load.at_once), "-r", str(max(1, load.at_once // 5)), "-t", f"{load.seconds}s"]
    command += ["--exit-code-on-error", "0", "--loglevel", "WARNING", load.visitors]
    environment = {**os.environ, "ORGBOT_LOAD_REQUESTS": str(load.requests)}
    spent, before, started = processor_seconds(process_id), resident_mb(process_id), time.perf_counter()
    curve: list[tuple[float, float]] = []
    ended = threading.Event()

    def watch() -> None:
        while not ended.wait(_SAMPLES_SECONDS):
            curve.append((round(time.perf_counter() - started, 1), round(resident_mb(process_id), 1)))

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        done = subprocess.run(command, capture_output=True, text=True, env=environment)
    finally:
        ended.set()
        watcher.join()
    seconds = time.perf_counter() - started
    try:
        rows = timed(json.loads(done.stdout))
    except ValueError:
        raise RuntimeError(f"Locust did not run: {done.stderr[-2000:]}") from None
    after = resident_mb(process_id)
    shares = [round((now - then) / seconds, 2) for now, then in zip(processor_seconds(process_id), spent, strict=True)]
    return Measured(
        load.name,
        round(seconds, 1),
        rows,
        failures(done.stderr),
        round(before, 1),
        round(after, 1),
        tuple(curve),
        *shares,
    )


def timed(entries: Sequence[dict[str, Any]]) -> tuple[Timed, ...]:
    """The figures of each entry of Locust's statistics, by name."""
    return tuple(_timed(entry) for entry in sorted(entries, key=lambda entry: str(entry["name"])))


def _timed(entry: dict[str, Any]) -> Timed:
    times = sorted((float(ms), int(times)) for ms, times in entry["response_times"].items())
    spent = max(entry["last_request_timestamp"] - entry["start_time"], 1.0)
    return Timed(
        name=entry["name"],
        requests=entry["num_requests"],
        errors=entry["num_failures"],
        per_second=round(entry["num_requests"] / spent, 1),
        p50=percentile(times, 0.5),
        p95=percentile(times, 0.95),
        worst=round(entry["max_response_time"] or 0.0, 1),
    )


def percentile(times: Sequence[tuple[float, int]], share: float) -> float:
    """The smallest time, of pairs of time and how often, that `share` of all requests do not pass; 0 without any."""
    left = share * sum(often for _, often in times)
    for time_ms, often in times:
        left -= often
        if left <= 0:
            return time_ms
    return 0.0


def failures(said: str) -> tuple[str, ...]:
    """What Locust says of failures, each with how often it was, and of exceptions in the visitors themselves."""
    before, _, report = said.partition("Error report")
    raised = [line for line in before.splitlines() if "Error" in line or "Traceback" in line]
    failed = [" ".join(line.split()) for line in report.splitlines() if line[:1].isdigit()]
    return tuple([*raised, *failed][:20])
