"""A site of many pages in three languages, taken in whole, and by a process that is killed again and again."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from corpus.settings import CorpusSettings
from corpus.sources.declared import add_source
from corpus.step import Step
from corpus.store import CorpusStore
from tests.corpus.test_sync import World, counts
from tests.corpus.website import served

PAGES = int(os.environ.get("ORGBOT_TEST_PAGES", "30"))
KILLS = int(os.environ.get("ORGBOT_TEST_KILLS", "3"))
"""300 pages and 50 kills are tried by hand: a page costs a tenth of a second, a kill a start of Python."""

SCRIPT = """
import sys
from pathlib import Path
from corpus.fetch_state import FetchState
from corpus.settings import CorpusSettings
from corpus.sources.declared import load_sources
from corpus.sources.fetch import Fetcher
from corpus.store import CorpusStore
from corpus.sync import Sync

class Silent:
    def step(self, name, total): print("began", flush=True)
    def advance(self, units): pass

data, settings = Path(sys.argv[1]), CorpusSettings.model_validate_json(sys.argv[2])
with (
    CorpusStore.open(data / "corpus.sqlite3", create=True) as store,
    FetchState.open(data / "fetch.sqlite3") as state,
    Fetcher(settings.fetch, resolve=lambda host, port: ["127.0.0.1"]) as fetcher,
):
    for event in Sync(store, state, fetcher, settings, Silent()).run(load_sources(data)[0]):
        print(event.step, flush=True)
"""


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with served() as site:
        world = World(site, tmp_path)
        for n in range(PAGES):
            world.page(f"page-{n}", n, ("en", "fr", "es")[n % 3])
        yield world


def test_all_pages_are_taken_in_and_the_second_sync_transfers_no_page(world: World) -> None:
    assert counts(world.sync()) == {Step.ADDED: PAGES}
    asked = Counter(request.path for request in world.site.log)
    assert set(asked.values()) == {1}
    world.site.bodies = 0
    assert counts(world.sync()) == {Step.UNCHANGED: PAGES}
    assert world.site.bodies == 1  # the sitemap
    assert world.site.connections == 2  # one for each sync


def test_a_sync_that_is_killed_loses_nothing_and_does_nothing_twice(world: World) -> None:
    add_source(world.data, world.source)
    settings = CorpusSettings(fetch={"delay_seconds": 0, "allow_loopback": True}).model_dump(mode="json")  # type: ignore[arg-type]
    command = [sys.executable, "-c", SCRIPT, str(world.data), json.dumps(settings)]
    chance = random.Random(5)
    killed = 0
    for _ in range(KILLS):
        process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        assert process.stdout is not None
        process.stdout.readline()  # it has begun
        time.sleep(chance.uniform(0, 1.0))
        process.send_signal(signal.SIGKILL)
        process.communicate()
        killed += process.returncode == -signal.SIGKILL
    assert killed >= KILLS // 2, "too few kills landed"
    world.sync()
    assert len(world.titles()) == PAGES
    with CorpusStore.open(world.data / "corpus.sqlite3") as store:
        assert {one.revision for one in store.documents()} == {1}
    sent = Counter({path: times for path, times in world.site.sent.items() if "/news/" in path})
    assert len(sent) == PAGES
    # What was under way at the moment of a kill may be sent once more.
    assert sent.total() - PAGES <= killed
    assert counts(world.sync()) == {Step.UNCHANGED: PAGES}
