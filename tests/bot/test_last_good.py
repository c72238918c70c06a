"""The running server over a damaged snapshot: the last good one serves, and /readyz says which."""

from __future__ import annotations

from pathlib import Path

import httpx

from index.snapshot import current_snapshot
from tests.bot.served import free_port, made_data, serving
from tests.bot.test_cli import orgbot, said

QUESTION = "How many lighthouses did the Coast Agency repair in 2021?"


def test_a_server_started_with_a_damaged_snapshot_serves_the_last_good_one(tmp_path: Path) -> None:
    data = made_data(tmp_path)
    good = current_snapshot(data / "snapshots")
    assert orgbot(data, "index", "build").exit_code == 0
    damaged = current_snapshot(data / "snapshots")
    vectors = data / "snapshots" / damaged / "dense.faiss"
    vectors.write_bytes(vectors.read_bytes()[:-1] + b"\x55")
    with serving(data, tmp_path / "log") as served:
        assert httpx.get(f"{served.address}/readyz").json() == {"status": "ready", "snapshot": good}
        answer = httpx.post(f"{served.address}/api/v1/ask", json={"question": QUESTION}, timeout=20).json()
        assert (answer["status"], answer["snapshot"]) == ("answered", good)
        (event,) = [one for one in served.events() if one["level"] == "error"]
        assert damaged in event["event"]
        assert good in event["event"]
        # A good one is turned to, without a restart.
        assert orgbot(data, "index", "build").exit_code == 0
        mended = current_snapshot(data / "snapshots")
        assert httpx.get(f"{served.address}/readyz").json()["snapshot"] == mended


def test_without_any_good_snapshot_no_server_starts(tmp_path: Path) -> None:
    data = made_data(tmp_path)
    (data / "snapshots" / current_snapshot(data / "snapshots") / "dense.faiss").write_bytes(b"")
    assert "dense.faiss" in said(orgbot(data, "serve", "--port", str(free_port())))


def test_an_index_is_not_built_from_a_record_that_was_not_stored(tmp_path: Path) -> None:
    data = made_data(tmp_path)
    before = current_snapshot(data / "snapshots")
    content = (data / "corpus.sqlite3").read_bytes()
    assert b"41 lighthouses" in content
    (data / "corpus.sqlite3").write_bytes(content.replace(b"41 lighthouses", b"40 lighthouses"))
    assert "is damaged" in said(orgbot(data, "index", "build"))
    assert current_snapshot(data / "snapshots") == before
