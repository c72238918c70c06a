"""`orgbot index build` killed at any moment while a client asks without pause: each answer is of one whole snapshot."""

from __future__ import annotations

import os
import random
import re
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from index.settings import IndexSettings
from index.snapshot import current_snapshot, read_manifest, verify
from tests.bot.served import Served, serving
from tests.bot.test_cli import orgbot

KILLS = int(os.environ.get("ORGBOT_TEST_KILLS", "3"))
"""100 are tried by hand: each costs some seconds."""

PAGE = """URL: https://coast.example/news/{what}
Coast Agency repairs {number} {what} on the northern shore
Porthaven, 5 November 2021 – The Coast Agency repaired {number} {what} in 2021, it said today at its seat.
The work on the {what} of the northern shore cost EUR 3.2 million, paid by the ports.
"""
SUBJECTS = ("lighthouses", "footbridges")
FIRST = 41


@dataclass
class Asking:
    """A client that asks without pause, and what it was told."""

    served: Served
    figures: dict[str, set[int]] = field(default_factory=dict)
    """The figures that were stated, by snapshot."""
    answers: int = 0
    failures: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._over = threading.Event()
        self._texts: dict[tuple[str, int], str] = {}
        self._thread = threading.Thread(target=self._ask)

    def __enter__(self) -> Asking:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _ask(self) -> None:
        with httpx.Client(base_url=f"{self.served.address}/api/v1", timeout=30) as client:
            while not self._over.is_set() and len(self.failures) < 3:
                subject = SUBJECTS[self.answers % len(SUBJECTS)]
                self.answers += 1
                try:
                    question = {"question": f"How many {subject} did the Coast Agency repair in 2021?"}
                    reply = client.post("/ask", json=question)
                    assert reply.status_code == 200, reply.text
                    self._look_at(client, subject, reply.json())
                except Exception as error:  # told by the test, which runs in another thread
                    self.failures.append(repr(error))

    def _look_at(self, client: httpx.Client, subject: str, answer: dict[str, Any]) -> None:
        assert answer["status"] == "answered", answer
        stated = re.fullmatch(rf".*repaired (\d+) {subject} in 2021.*", answer["statements"][0]["text"])
        assert stated, answer
        self.figures.setdefault(answer["snapshot"], set()).add(int(stated[1]))
        for citation in answer["citations"]:
            document = citation["doc_id"], citation["revision"]
            if document not in self._texts:
                got = client.get(f"/documents/{document[0]}", params={"revision": document[1]})
                self._texts[document] = got.raise_for_status().json()["text"]
            assert self._texts[document][citation["start"] : citation["end"]] == citation["quote"]


def add_pages(data: Path, number: int) -> None:
    """Every page of a version states the same figure, so that a mixture of two versions would show."""
    pages = data.parent / "pages"
    pages.mkdir(exist_ok=True)
    for subject in SUBJECTS:
        (pages / f"{subject}.txt").write_text(PAGE.format(what=subject, number=number))
    assert orgbot(data, "corpus", "add", str(pages)).exit_code == 0


def unfinished(data: Path) -> set[Path]:
    return set((data / "snapshots").glob(".building-*"))


def complete(data: Path) -> set[str]:
    return {path.parent.name for path in (data / "snapshots").glob("[!.]*/manifest.json")}


BUILDER = """
import os, sys
import index.build, index.encoder
from bot.cli.main import main

sys.argv = ["orgbot", "--data", sys.argv[1], "index", "build"]
for _ in sys.stdin:
    child = os.fork()
    if not child:
        os.dup2(2, 1)
        main()
    print(child, flush=True)
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
"""
"""Each build is a process of its own, which is spared the seconds that importing takes."""


class Builds:
    """Builds of the index that are killed at moments drawn by chance."""

    def __init__(self, data: Path, chance: random.Random) -> None:
        self._data = data
        self._chance = chance
        self._process = subprocess.Popen(
            [sys.executable, "-c", BUILDER, str(data)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
        )  # fmt: skip
        self._before_files = self._with_files = 0.0

    def __enter__(self) -> Builds:
        """Build to the end, to learn how long a build takes before its first file and from there on."""
        for _ in range(2):  # of which the first warms up
            self._start()
            began = time.monotonic()
            self._wait_for_files(set())
            first = time.monotonic()
            assert self._told() == 0
            self._before_files, self._with_files = first - began, time.monotonic() - first
        return self

    def __exit__(self, *_: object) -> None:
        self._process.communicate(timeout=60)

    def kill(self) -> str | None:
        """Kill a build; say how far it had come, or None when it had ended before."""
        left, known, before = unfinished(self._data), complete(self._data), self._current()
        build = self._start()
        if self._chance.random() < 0.1:
            time.sleep(self._chance.uniform(0, self._before_files))
        else:  # it reads and opens its encoder for longer than it writes, which is what a kill could harm
            self._wait_for_files(left)
            time.sleep(self._chance.uniform(0, self._with_files))
        os.kill(build, signal.SIGKILL)
        if self._told() != -signal.SIGKILL:
            return None
        if self._current() != before:
            return "published"
        if complete(self._data) - known:
            return "complete, not published"
        return "building" if unfinished(self._data) - left else "starting"

    def _start(self) -> int:
        assert self._process.stdin is not None
        self._process.stdin.write("\n")
        self._process.stdin.flush()
        return self._told()

    def _wait_for_files(self, left: set[Path]) -> None:
        until = time.monotonic() + 60
        while not unfinished(self._data) - left and time.monotonic() < until:
            time.sleep(0.0005)

    def _told(self) -> int:
        assert self._process.stdout is not None
        return int(self._process.stdout.readline())

    def _current(self) -> str:
        return current_snapshot(self._data / "snapshots")


def killed_builds(builds: Builds, data: Path) -> Iterator[tuple[int, str | None]]:
    """Each time a new version of the pages; as many tries as it takes for all kills to land."""
    landed, number = 0, FIRST
    while landed < KILLS and number < FIRST + 3 * KILLS + 3:
        number += 1
        add_pages(data, number)
        how_far = builds.kill()
        landed += how_far is not None
        yield number, how_far


def test_whatever_build_is_killed_each_answer_is_of_one_whole_snapshot(tmp_path: Path) -> None:
    data = tmp_path / "data"
    snapshots = data / "snapshots"
    add_pages(data, FIRST)
    figures: dict[str, int] = {}
    came, number = Counter[str](), FIRST
    unlimited = {"ORGBOT_SERVER__QUESTIONS_PER_MINUTE": "0", "ORGBOT_SERVER__REQUESTS_PER_MINUTE": "0"}
    with Builds(data, random.Random(23)) as builds, serving(data, tmp_path / "log", **unlimited) as served:
        figures[current_snapshot(snapshots)] = FIRST
        with Asking(served) as asking:
            for number, how_far in killed_builds(builds, data):
                came[how_far or "ended before"] += 1
                current = current_snapshot(snapshots)
                verify(snapshots / current, read_manifest(snapshots / current))
                if how_far in (None, "published"):
                    figures[current] = number
                assert current in figures, "what a killed build left became the current snapshot later"
            assert orgbot(data, "index", "build").exit_code == 0
            last = current_snapshot(snapshots)
            figures[last] = number
            asked = asking.answers
            while last not in asking.figures and asking.answers < asked + 20 and not asking.failures:
                time.sleep(0.05)
        assert served.process.poll() is None
        assert not [event for event in served.events() if event["level"] == "error"]
    print(f"\n{dict(came)}; {asking.answers} answers of {len(asking.figures)} snapshots")
    assert came.total() - came["ended before"] == KILLS, came
    assert asking.failures == []
    assert last in asking.figures
    assert asking.figures == {snapshot: {figures[snapshot]} for snapshot in asking.figures}
    # The clean build took away what the killed ones left.
    kept = sorted(path.name for path in snapshots.iterdir() if path.name not in ("current", ".lock"))
    assert kept == sorted(complete(data))
    assert len(kept) <= IndexSettings().keep_snapshots
