"""The command as a user types it: every bad input gets one sentence, nothing a traceback."""

from __future__ import annotations

import json
import socket
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from bot.cli.main import app
from index.snapshot import current_snapshot

PAGE = """URL: https://coast.example/news/{name}
Menu
About us
Coast Agency repairs {number} lighthouses on the northern shore
Porthaven, 5 November 2021 – The Coast Agency repaired {number} lighthouses in 2021, it said today at its seat.
The work on the lighthouses of the northern shore cost EUR 3.2 million, paid by the ports.
"""


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "data"


def orgbot(data: Path, *arguments: str) -> Result:
    result = CliRunner().invoke(app, ["--data", str(data), *arguments])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


def said(result: Result) -> str:
    """The one sentence of a failure."""
    assert result.exit_code == 1
    assert "Traceback" not in result.output
    lines = [line for line in result.stderr.splitlines() if line.startswith("orgbot: ")]
    assert len(lines) == 1, result.output
    return lines[0]


@pytest.fixture
def built(data: Path, tmp_path: Path) -> Path:
    (tmp_path / "lights.txt").write_text(PAGE.format(name="lights", number=41))
    assert orgbot(data, "corpus", "add", str(tmp_path / "lights.txt")).exit_code == 0
    assert orgbot(data, "index", "build").exit_code == 0
    return data


def test_from_a_page_to_a_cited_answer(built: Path) -> None:
    record = json.loads(
        orgbot(built, "ask", "How many lighthouses did the Coast Agency repair in 2021?", "--json").stdout
    )
    assert record["status"] == "answered"
    citation = record["citations"][0]
    shown = json.loads(orgbot(built, "corpus", "show", citation["doc_id"], "--json").stdout)
    assert shown["text"][citation["start"] : citation["end"]] == citation["quote"]
    assert "41 lighthouses" in citation["quote"]
    assert citation["url"] == "https://coast.example/news/lights"
    assert citation["link"].startswith("https://coast.example/news/lights#:~:text=")


def test_the_same_page_again_changes_nothing_and_a_changed_one_is_a_revision(built: Path, tmp_path: Path) -> None:
    page = tmp_path / "lights.txt"
    assert "1 unchanged" in orgbot(built, "corpus", "add", str(page)).stdout
    page.write_text(PAGE.format(name="lights", number=43))
    assert "1 revised" in orgbot(built, "corpus", "add", str(page)).stdout
    listed = json.loads(orgbot(built, "corpus", "list", "--json").stdout)
    assert [one["revision"] for one in listed] == [2]


def test_a_batch_gives_a_line_for_each_line(built: Path, tmp_path: Path) -> None:
    batch = tmp_path / "batch.jsonl"
    lines = [
        {"qid": "a", "question": "How many lighthouses were repaired in 2021?"},
        {"qid": "b", "turns": ["How many lighthouses were repaired in 2021?", "What did the work cost?"]},
        {"qid": "c", "question": 7},
        {"qid": "d", "question": ""},
    ]
    batch.write_text("".join(json.dumps(line) + "\n" for line in lines) + "not json\n")
    out = [json.loads(line) for line in orgbot(built, "ask", "--batch", str(batch), "--json").stdout.splitlines()]
    assert [record["qid"] for record in out] == ["a", "b", "c", "d", None]
    assert [record["status"] for record in out][2:] == ["error", "refused", "error"]
    assert "line 3" in out[2]["message"]
    found = [json.loads(line) for line in orgbot(built, "search", "--batch", str(batch), "--json").stdout.splitlines()]
    assert found[0]["hits"][0]["text"].startswith("Porthaven")


@pytest.mark.parametrize("command", [["ask", "Who?"], ["search", "Who?"], ["index", "status"], ["serve"]])
def test_before_any_build_it_says_what_to_run(data: Path, command: list[str]) -> None:
    assert "run `orgbot index build` first" in said(orgbot(data, *command))
    assert not data.exists()


def test_bad_pages_are_named_and_the_good_one_is_kept(data: Path, tmp_path: Path) -> None:
    good = tmp_path / "good.txt"
    good.write_text(PAGE.format(name="good", number=3))
    bad = {
        "binary.txt": bytes(range(256)) * 50,
        "empty.txt": b"",
        "german.txt": (
            "Die Küstenbehörde hat im Jahr 2021 mehrere Leuchttürme erneuert und lobt die Arbeit. " * 20
        ).encode(),
        "huge.txt": b"a line of text\n" * 3_500_000,
    }
    for name, content in bad.items():
        (tmp_path / name).write_bytes(content)
    paths = [str(tmp_path / name) for name in [*bad, "missing.txt", "good.txt"]]
    result = orgbot(data, "corpus", "add", *paths)
    assert result.exit_code == 1
    for name in [*bad, "missing.txt"]:
        assert sum(name in line for line in result.stderr.splitlines()) == 1, result.stderr
    assert "1 added" in result.stdout
    assert len(json.loads(orgbot(data, "corpus", "list", "--json").stdout)) == 1


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["ask"], "one question"),
        (["ask", "Who?", "--batch", "x"], "one question"),
        (["ask", "--batch", "nowhere.jsonl"], "nowhere.jsonl does not exist"),
        (["corpus", "show", "nowhere"], "nowhere"),
        (["evaluate", "nowhere"], "nowhere"),
    ],
)
def test_a_wrong_argument_is_named(built: Path, arguments: list[str], sentence: str) -> None:
    assert sentence in said(orgbot(built, *arguments))


def test_a_broken_index_is_named(built: Path) -> None:
    folder = built / "snapshots" / current_snapshot(built / "snapshots")
    (folder / "dense.faiss").write_bytes(b"broken")
    sentence = said(orgbot(built, "ask", "How many lighthouses?"))
    assert "dense.faiss" in sentence
    assert "orgbot index build" in sentence


def test_an_index_of_another_encoder_is_named(built: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ORGBOT_INDEX__ENCODER", "all-MiniLM-L6-v2")
    assert "built by the encoder 'trilingual'" in said(orgbot(built, "ask", "How many lighthouses?"))


def test_an_encoder_that_is_not_there_is_named(built: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ORGBOT_INDEX__ENCODER", "nobody/nothing")
    assert "'nobody/nothing'" in said(orgbot(built, "index", "build"))


def test_a_wrong_setting_is_named(built: Path) -> None:
    (built / "orgbot.toml").write_text("[server]\nport = 0\n")
    assert "server.port" in said(orgbot(built, "ask", "How many lighthouses?"))


def test_a_taken_port_is_named(built: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert str(port) in said(orgbot(built, "serve", "--port", str(port)))


@pytest.mark.parametrize("question", ["", "\x00", "😀", "?" * 10_000, "word " * 2_000])
def test_a_question_that_is_none_gets_a_sentence(built: Path, question: str) -> None:
    record = json.loads(orgbot(built, "ask", question, "--json").stdout)
    assert record["status"] == "refused"
    assert record["message"].endswith(".")


def test_init_makes_a_working_installation_once(data: Path) -> None:
    assert orgbot(data, "init").exit_code == 0
    first = current_snapshot(data / "snapshots")
    assert orgbot(data, "init").exit_code == 0
    assert current_snapshot(data / "snapshots") == first
    record = json.loads(
        orgbot(data, "ask", "Que pense l'OIM du Pacte européen sur la migration et l'asile ?", "--json").stdout
    )
    assert record["status"] == "answered"
    assert record["citations"][0]["digest"] is True
    assert record["citations"][0]["link"] == record["citations"][0]["stored_link"]
