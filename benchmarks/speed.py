"""How fast retrieval, the build and a first answer are, and how much memory the server takes (psutil lives here)."""

from __future__ import annotations

import json
import os
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import psutil

from benchmarks.madeup import made_up_set
from bot.settings import Settings
from evals.run import built_index, percentiles, search
from evals.testset import Topic
from index.encoder import Encoder

_ORGBOT = str(Path(sys.executable).with_name("orgbot"))
_START_SECONDS = 120


@dataclass(frozen=True, slots=True)
class RetrievalSpeed:
    """Single queries, one after the other, over made-up passages."""

    passages: int
    queries: int
    p50_ms: float
    p95_ms: float
    build_seconds: float

    @property
    def passages_per_second(self) -> float:
        """The rate of the build: splitting, encoding and writing."""
        return self.passages / self.build_seconds


def retrieval_speed(passages: int, topics: Sequence[Topic], settings: Settings, encoder: Encoder) -> RetrievalSpeed:
    """Build an index of so many made-up passages, nothing cached, and search it for each topic."""
    with built_index(made_up_set(passages), settings, encoder) as built:
        _, milliseconds = search(topics, built.index)
        latency = percentiles(milliseconds)
        return RetrievalSpeed(built.passages, len(topics), latency["p50"], latency["p95"], round(built.seconds, 2))


def initialise(data: Path) -> None:
    """Make a data folder of the bundled corpus."""
    _run(["init", "--data", str(data)])


def cold_ask_seconds(data: Path, question: str, times: int = 3) -> float:
    """The median time of `orgbot ask` in fresh processes, from start to exit."""
    return round(statistics.median(_run(["ask", question, "--data", str(data)]) for _ in range(times)), 2)


def server_memory_mb(data: Path, topics: Sequence[Topic]) -> float:
    """The highest resident memory of `orgbot serve` (with its child processes) while it answers the topics.

    They are asked as a browser does, through the queue of the chat page.
    """
    with _serving(data) as (address, process):
        peak = _resident_mb(process)
        with httpx.Client(base_url=address, timeout=60) as client:
            for number, topic in enumerate(topics):
                _ask(client, topic, f"benchmark{number}")
                peak = max(peak, _resident_mb(process))
        return round(peak, 1)


def _run(arguments: list[str]) -> float:
    """The seconds that `orgbot` takes; raise CalledProcessError when it fails."""
    started = time.perf_counter()
    subprocess.run([_ORGBOT, *arguments], check=True, stdout=subprocess.DEVNULL, env=os.environ)
    return time.perf_counter() - started


@contextmanager
def _serving(data: Path) -> Iterator[tuple[str, psutil.Process]]:
    """A running server's address and process."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    address = f"http://127.0.0.1:{port}"
    command = [_ORGBOT, "serve", "--data", str(data), "--port", str(port)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as started:
        try:
            _wait_until_ready(address, started)
            yield address, psutil.Process(started.pid)
        finally:
            started.terminate()


def _wait_until_ready(address: str, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            httpx.get(f"{address}/healthz").raise_for_status()
            return
        except httpx.TransportError:
            time.sleep(0.2)
    raise RuntimeError(f"`orgbot serve` did not answer at {address} within {_START_SECONDS} seconds")


def _ask(client: httpx.Client, topic: Topic, session: str) -> None:
    """Ask on the page of the topic's language, and wait until the answer is shown."""
    page = f"/{topic.language}/gradio_api/queue"
    # The chat's first event is the question's; its state starts empty.
    asked = {"data": [topic.text, None], "fn_index": 0, "session_hash": session}
    client.post(f"{page}/join", json=asked).raise_for_status()
    with client.stream("GET", f"{page}/data", params={"session_hash": session}) as events:
        for line in events.iter_lines():
            event = json.loads(line.removeprefix("data:")) if line.startswith("data:") else {}
            if event.get("msg") == "process_completed":
                if not event["success"]:
                    raise RuntimeError(f"The chat did not answer {topic.text!r}: {event['output']}")
                return
    raise RuntimeError(f"The chat closed the connection before it answered {topic.text!r}")


def _resident_mb(process: psutil.Process) -> float:
    resident = [int(one.memory_info().rss) for one in [process, *process.children(recursive=True)]]
    return sum(resident) / 1e6
