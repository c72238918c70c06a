"""`orgbot serve` as a process of its own, over one page, for tests of what it tells."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from tests.bot.test_cli import PAGE, orgbot

ORGBOT = [sys.executable, "-c", "from bot.cli.main import main; main()"]


@dataclass(frozen=True, slots=True)
class Served:
    """A running server: its address, its data folder, its process and where its standard error goes."""

    address: str
    data: Path
    process: subprocess.Popen[bytes]
    log: Path
    metrics: str

    def events(self) -> list[dict[str, Any]]:
        """All that was logged; each line must be one JSON object."""
        return [json.loads(line) for line in self.log.read_text("utf-8").splitlines()]

    def event(self, **fields: object) -> dict[str, Any]:
        """The last event with these fields, which may be written a moment after the reply."""
        for _ in range(50):
            for event in reversed(self.events()):
                if all(event.get(name) == value for name, value in fields.items()):
                    return event
            time.sleep(0.1)
        raise AssertionError(f"No event with {fields} in {self.log.read_text('utf-8')}")


def made_data(folder: Path) -> Path:
    """A data folder with one page and its index."""
    (folder / "lights.txt").write_text(PAGE.format(name="lights", number=41))
    assert orgbot(folder / "data", "corpus", "add", str(folder / "lights.txt")).exit_code == 0
    assert orgbot(folder / "data", "index", "build").exit_code == 0
    return folder / "data"


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        return int(free.getsockname()[1])


@contextmanager
def serving(data: Path, log: Path, **variables: str) -> Iterator[Served]:
    """Serve until the end of the block."""
    port, metrics = free_port(), free_port()
    environment = {name: value for name, value in os.environ.items() if not name.startswith("ORGBOT_")}
    environment |= {"ORGBOT_SERVER__WORKERS": "1"} | variables  # one starts sooner than two
    environment = {name: value.replace("{metrics}", str(metrics)) for name, value in environment.items()}
    address = f"http://127.0.0.1:{port}"
    with log.open("wb") as written:
        process = subprocess.Popen(
            [*ORGBOT, "--data", str(data), "serve", "--port", str(port)],
            env=environment, stdout=subprocess.DEVNULL, stderr=written,
        )  # fmt: skip
        try:
            while process.poll() is None:
                try:
                    httpx.get(f"{address}/readyz").raise_for_status()
                    break
                except httpx.HTTPError:  # not there yet, or the chat is still being made
                    time.sleep(0.1)
            assert process.poll() is None, log.read_text("utf-8")
            yield Served(address, data, process, log, f"http://127.0.0.1:{metrics}/metrics")
        finally:
            process.terminate()
            process.wait(30)
