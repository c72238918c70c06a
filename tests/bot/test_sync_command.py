"""`orgbot sources` and `orgbot sync`, as a user or cron runs them, against a site on loopback."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from filelock import FileLock

from index.snapshot import current_snapshot
from tests.bot.test_cli import orgbot, said
from tests.corpus.website import Reply, Site, served

BODY = (
    "Porthaven, 5 November 2021 – The Coast Agency repaired {n} lighthouses in 2021, it said today at its seat. The"
    " work on the lighthouses of the northern shore cost EUR 3.2 million, paid by the ports."
)


@pytest.fixture
def site(monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    monkeypatch.setenv("ORGBOT_CORPUS__FETCH__ALLOW_LOOPBACK", "true")
    monkeypatch.setenv("ORGBOT_CORPUS__FETCH__DELAY_SECONDS", "0")
    monkeypatch.setenv("ORGBOT_CORPUS__FETCH__RETRIES", "0")
    with served() as running:
        for n in (41, 42):
            running.html(f"/news/{n}", f"Coast Agency repairs {n} lighthouses", BODY.format(n=n))
        running.sitemap("/sitemap.xml", [running.address(f"/news/{n}", "127.0.0.1") for n in (41, 42)])
        yield running


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "data"


def add(data: Path, site: Site, *options: str) -> None:
    place = site.address("/sitemap.xml", "127.0.0.1")
    assert orgbot(data, "sources", "add", "news", "sitemap", place, *options).exit_code == 0


def test_from_a_sitemap_to_a_cited_answer_and_a_withdrawal(data: Path, site: Site) -> None:
    add(data, site)
    assert json.loads(orgbot(data, "sources", "list", "--json").stdout)[0]["kind"] == "sitemap"
    dry = orgbot(data, "sync", "--dry-run")
    assert dry.exit_code == 0
    assert "would be: 2 added" in dry.stdout
    assert not (data / "snapshots").exists()
    done = orgbot(data, "sync")
    assert done.exit_code == 0
    assert "2 added, 0 changed, 0 withdrawn" in done.stdout
    question = "How much did the work on the lighthouses of the northern shore cost?"
    record = json.loads(orgbot(data, "ask", question, "--json").stdout)
    assert record["citations"][0]["url"].startswith(site.address("/news/", "127.0.0.1"))
    first = current_snapshot(data / "snapshots")
    assert "the index is in step" in orgbot(data, "sync").stdout
    site.pages["/news/41"] = Reply(410)
    assert "1 withdrawn" in orgbot(data, "sync").stdout
    assert current_snapshot(data / "snapshots") != first
    assert len(json.loads(orgbot(data, "corpus", "list", "--json").stdout)) == 1
    site.pages["/news/42"] = Reply(410)
    assert "1 withdrawn" in orgbot(data, "sync").stdout
    assert json.loads(orgbot(data, "index", "status", "--json").stdout)["documents"] == 0
    assert "the index is in step" in orgbot(data, "sync").stdout


def test_an_index_that_was_not_published_is_published_by_the_next_sync(data: Path, site: Site) -> None:
    add(data, site)
    orgbot(data, "sync")
    (data / "snapshots" / "current").unlink()  # as if the sync had been killed before the end
    assert "published" in orgbot(data, "sync").stdout


def test_cron_learns_from_the_exit_status(data: Path, site: Site) -> None:
    assert "orgbot sources add" in said(orgbot(data, "sync"))
    add(data, site)
    site.pages["/news/41"] = Reply(500)
    result = orgbot(data, "sync", "--json")
    assert result.exit_code == 3
    assert json.loads(result.stdout)["counts"]["failed"] == 1
    assert "status 500" in result.stderr
    with FileLock(data / ".sync.lock"):
        assert "Another sync" in said(orgbot(data, "sync"))


def test_wrong_words_get_one_sentence(data: Path, site: Site) -> None:
    add(data, site)
    assert "already" in said(orgbot(data, "sources", "add", "news", "list", "https://coast.example/a"))
    assert "is one place" in said(orgbot(data, "sources", "add", "files", "folder", "a", "b"))
    assert "no source nothing" in said(orgbot(data, "sources", "remove", "nothing"))
    assert "no source nothing" in said(orgbot(data, "sync", "nothing"))
    assert "is no time" in said(orgbot(data, "sync", "--every", "soon"))
    (data / "sources.toml").write_text("[[source")
    assert "sources.toml" in said(orgbot(data, "sync"))
