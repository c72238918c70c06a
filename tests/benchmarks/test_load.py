"""What `python -m benchmarks.load` makes of a server and of Locust's figures; Locust itself is not needed."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest

from benchmarks.load.__main__ import limits_off, main, table
from benchmarks.load.run import Load, Measured, failures, measure, percentile, timed
from benchmarks.memory import processor_seconds, resident_mb
from benchmarks.speed import initialise, serving
from bot.settings import load_settings

ENTRY = {
    "name": "api 200",
    "num_requests": 20,
    "num_failures": 1,
    "response_times": {"30": 1, "10": 18, "400": 1},
    "start_time": 100.0,
    "last_request_timestamp": 104.0,
    "max_response_time": 401.3,
}


@pytest.fixture
def measured() -> Measured:
    return Measured("api", 4.0, timed([ENTRY]), (), 370.0, 380.0, ((2.0, 375.0),), 0.25, 0.6)


def test_the_table_tells_times_errors_memory_and_processors(measured: Measured) -> None:
    row = "| api | api 200 | 20 | 1 | 5.0 | 10 | 30 | 401 | 370 → 380 MB | 0.25 + 0.60 |"
    assert table([measured]).splitlines()[-1] == row


def test_a_process_and_its_children_are_told_apart() -> None:
    with subprocess.Popen([sys.executable, "-c", "while True: pass"]) as busy:
        own, children = processor_seconds(os.getpid())
        until = time.monotonic() + 30
        while processor_seconds(os.getpid())[1] < children + 0.1 and time.monotonic() < until:
            time.sleep(0.05)
        assert processor_seconds(os.getpid())[1] >= children + 0.1
        assert own > 0
        busy.kill()


@pytest.mark.parametrize(("share", "time_ms"), [(0.5, 1.0), (0.51, 5.0), (0.95, 9.0), (1.0, 9.0)])
def test_a_percentile_is_the_time_that_the_share_does_not_pass(share: float, time_ms: float) -> None:
    assert percentile([(1.0, 5), (5.0, 4), (9.0, 1)], share) == time_ms
    assert percentile([], share) == 0


def test_all_visitors_may_come_from_one_address(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("ORGBOT_SERVER__REQUESTS_PER_MINUTE", "7")
    with limits_off(True):
        assert load_settings(tmp_path).server.questions_per_minute == 0
        assert load_settings(tmp_path).server.requests_per_minute == 0
    with limits_off(False):
        assert load_settings(tmp_path).server.questions_per_minute == 120
    assert os.environ["ORGBOT_SERVER__REQUESTS_PER_MINUTE"] == "7"


def test_a_load_that_there_is_not_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["nothing"])
    assert "there is no load nothing" in capsys.readouterr().err


def test_locust_that_says_nothing_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.executable", "/bin/false")
    with pytest.raises(RuntimeError, match="Locust did not run"):
        measure(Load("api", "ApiClient", 1, 1), "http://127.0.0.1:9", os.getpid())


def test_what_failed_is_told_with_how_often() -> None:
    said = """Exception in a visitor
KeyError: 'page'
Error report
# occurrences      Error
------------------|----------------------------
2                  POST api: ConnectionResetError(104)
------------------|----------------------------
"""
    assert failures(said) == ("KeyError: 'page'", "2 POST api: ConnectionResetError(104)")


real_server = pytest.mark.skipif(
    not os.environ.get("ORGBOT_TEST_LOAD"), reason="starts the real server, and Locust: ORGBOT_TEST_LOAD=1"
)


@real_server
def test_regular_visitors_end_when_enough_was_asked(tmp_path: Path) -> None:
    initialise(tmp_path)
    with limits_off(True), serving(tmp_path) as (address, process_id):
        time.sleep(15)  # until the chat is there
        measured = measure(Load("memory", "Regular", 4, 120, requests=60), address, process_id)
    assert measured.seconds < 60
    asked = {row.name: row.requests for row in measured.rows}
    assert asked["api 200"] + asked["chat join 200"] == 60
    assert asked["chat answer"] == asked["chat join 200"]
    assert not measured.errors


@real_server
def test_the_server_is_started_and_watched(tmp_path: Path) -> None:
    initialise(tmp_path)
    with serving(tmp_path) as (address, process_id):
        assert httpx.get(f"{address}/healthz").json() == {"status": "ok"}
        assert resident_mb(process_id) > 50
