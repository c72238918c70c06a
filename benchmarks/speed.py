"""How long a first answer takes, and how much memory the server takes."""

from __future__ import annotations

import json
import os
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

import httpx

from benchmarks.memory import resident_mb
from evals.testset import Topic

_ORGBOT = str(Path(sys.executable).with_name("orgbot"))
_START_SECONDS = 120


def initialise(data: Path) -> None:
    """Make a data folder of the bundled corpus."""
    _run(["init", "--data", str(data)])


def cold_ask_seconds(data: Path, question: str, times: int = 3) -> float:
    """The median time of `orgbot ask` in fresh processes, from start to exit."""
    return round(statistics.median(_run(["ask", question, "--data", str(data)]) for _ in range(times)), 2)


def first_answer_seconds(data: Path, question: str, times: int = 3) -> float:
    """The median time from the launch of `orgbot serve` to its first answer to a program."""
    return round(statistics.median(_first_answer(data, question) for _ in range(times)), 2)


def server_memory_mb(data: Path, topics: Sequence[Topic]) -> float:
    """The highest resident memory of `orgbot serve` (with its child processes) while it answers the topics.

    They are asked as a browser does, through the queue of the chat page.
    """
    with serving(data) as (address, process_id):
        peak = resident_mb(process_id)
        with httpx.Client(base_url=address, timeout=60) as client:
            for number, topic in enumerate(topics):
                _ask(client, topic, f"benchmark{number}")
                peak = max(peak, resident_mb(process_id))
        return round(peak, 1)


def _run(arguments: list[str]) -> float:
    """The seconds that `orgbot` takes; raise CalledProcessError when it fails."""
    started = time.perf_counter()
    subprocess.run([_ORGBOT, *arguments], check=True, stdout=subprocess.DEVNULL, env=os.environ)
    return time.perf_counter() - started


def _first_answer(data: Path, question: str) -> float:
    started = time.perf_counter()
    with _launched(data) as (address, process):
        while process.poll() is None:
            with suppress(httpx.TransportError):
                httpx.post(f"{address}/api/v1/ask", json={"question": question}, timeout=60).raise_for_status()
                return time.perf_counter() - started
            time.sleep(0.02)
    raise RuntimeError("`orgbot serve` ended before it answered")


@contextmanager
def serving(data: Path) -> Iterator[tuple[str, int]]:
    """A running server's address and process id, the chat being there."""
    with _launched(data) as (address, process):
        _wait_until_ready(address, process)
        yield address, process.pid


@contextmanager
def _launched(data: Path) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    address = f"http://127.0.0.1:{port}"
    command = [_ORGBOT, "serve", "--data", str(data), "--port", str(port)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as started:
        try:
            yield address, started
        finally:
            started.terminate()


def _wait_until_ready(address: str, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            httpx.get(f"{address}/readyz").raise_for_status()
            return
        except httpx.HTTPError:  # not there yet, or the chat is still being made
            time.sleep(0.2)
    raise RuntimeError(f"`orgbot serve` did not answer at {address} within {_START_SECONDS} seconds")


def _ask(client: httpx.Client, topic: Topic, session: str) -> None:
    """Ask on the page of the topic's language, and wait until the answer is shown."""
    page = f"/{topic.language}/gradio_api/queue"
    # The chat's first event is the question's; no filter is set, and its state starts empty.
    asked = {"data": [topic.text, None, None, "", [], None], "fn_index": 0, "session_hash": session}
    client.post(f"{page}/join", json=asked).raise_for_status()
    with client.stream("GET", f"{page}/data", params={"session_hash": session}) as events:
        for line in events.iter_lines():
            event = json.loads(line.removeprefix("data:")) if line.startswith("data:") else {}
            if event.get("msg") == "process_completed":
                if not event["success"]:
                    raise RuntimeError(f"The chat did not answer {topic.text!r}: {event['output']}")
                return
    raise RuntimeError(f"The chat closed the connection before it answered {topic.text!r}")
