"""`orgbot doctor`: a sound installation passes, and each thing amiss is named with its mend."""

from __future__ import annotations

import json
import os
import shutil
import socket
import sqlite3
import threading
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from bot.doctor import environment, kept
from bot.doctor.environment import package_findings, text_findings
from bot.feedback import FeedbackLog
from bot.settings import Settings, load_settings
from corpus.document import Language
from corpus.store import CorpusStore
from index.snapshot import current_snapshot
from tests.bot.test_cli import PAGE, orgbot
from tests.bot.web.standin import answered
from tests.conftest import COAST


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder as it should be."""
    folder = tmp_path_factory.mktemp("doctor")
    (folder / "lights.txt").write_text(PAGE.format(name="lights", number=41))
    data = folder / "data"
    assert orgbot(data, "corpus", "add", str(folder / "lights.txt")).exit_code == 0
    assert orgbot(data, "index", "build").exit_code == 0
    FeedbackLog.open(data / "feedback.sqlite3").close()
    return data


@pytest.fixture
def data(sound: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of it, with a free port of its own."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        monkeypatch.setenv("ORGBOT_SERVER__PORT", str(free.getsockname()[1]))
    shutil.copytree(sound, tmp_path / "data")
    return tmp_path / "data"


def problems(data: Path) -> list[tuple[str, str]]:
    """Of each problem, the check and the sentence with its mend; the exit status agrees."""
    result = orgbot(data, "doctor", "--json")
    found = [one for one in json.loads(result.stdout) if one["state"] == "problem"]
    assert result.exit_code == (1 if found else 0)
    return [(one["check"], f"{one['says']}: {one['mend']}") for one in found]


def test_a_sound_installation_passes(data: Path) -> None:
    assert problems(data) == []


def test_an_index_of_linked_editions_is_in_step(data: Path) -> None:
    english = replace(COAST[0], doc_id="english", url="https://coast.example/en/news/12", edition_group=None)
    english = replace(english, language=Language.ENGLISH, digest=False)
    french = replace(english, doc_id="french", url="https://coast.example/fr/news/12", language=Language.FRENCH)
    with CorpusStore.open(data / "corpus.sqlite3") as store:
        for document in (english, french):
            store.add(document, origin=document.url)
    assert orgbot(data, "index", "build").exit_code == 0
    assert problems(data) == []
    said = orgbot(data, "doctor")
    assert said.exit_code == 0
    for check in ("python", "packages", "texts", "settings", "data folder", "corpus", "index", "questions", "port"):
        assert any(line.startswith(f"ok      {check}") for line in said.stdout.splitlines()), check


def test_an_empty_folder_is_told_what_to_run(tmp_path: Path) -> None:
    said = orgbot(tmp_path / "none", "doctor")
    assert said.exit_code == 1
    assert "orgbot init" in said.stdout
    assert not (tmp_path / "none").exists()


def _by_sql(path: Path, statement: str) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute(statement)


def _overwrite(path: Path) -> None:
    path.write_bytes(b"\0" * path.stat().st_size)


def _dense(data: Path) -> Path:
    return data / "snapshots" / current_snapshot(data / "snapshots") / "dense.faiss"


def _add_a_page(data: Path) -> None:
    with CorpusStore.open(data / "corpus.sqlite3") as store:
        store.add(COAST[0], origin=COAST[0].url)


def _withdraw_all(data: Path) -> None:
    with CorpusStore.open(data / "corpus.sqlite3") as store:
        for stored in list(store.documents()):
            store.withdraw(stored.document.doc_id, "not ours", by_hand=True)


def _cite_what_is_gone(data: Path) -> None:
    with FeedbackLog.open(data / "feedback.sqlite3") as log:
        log.record(answered("What did it cost?", Language.ENGLISH, (COAST[0], "The work cost EUR 3.2 million.")))


def _write_openly(data: Path, name: str, text: str) -> None:
    (data / name).write_text(text)
    (data / name).chmod(0o644)


AMISS: dict[str, tuple[Callable[[Path], object], str, str]] = {
    "settings": (lambda data: (data / "orgbot.toml").write_text("[server]\nprot = 1"), "settings", "server.prot"),
    "no TOML": (lambda data: (data / "orgbot.toml").write_text("["), "settings", "not valid TOML"),
    "corpus gone": (lambda data: (data / "corpus.sqlite3").unlink(), "corpus", "orgbot corpus add"),
    "corpus damaged": (lambda data: _overwrite(data / "corpus.sqlite3"), "corpus", "cannot be used"),
    "record changed": (
        lambda data: _by_sql(data / "corpus.sqlite3", "UPDATE revision SET record = replace(record, '41', '14')"),
        "corpus",
        "digests differ",
    ),
    "record unreadable": (
        lambda data: _by_sql(data / "corpus.sqlite3", "UPDATE revision SET record = 'x'"),
        "corpus",
        "cannot be read",
    ),
    "index gone": (lambda data: shutil.rmtree(data / "snapshots"), "index", "orgbot index build"),
    "index damaged": (lambda data: _overwrite(_dense(data)), "index", "dense.faiss"),
    "encoder": (
        lambda data: (data / "orgbot.toml").write_text('[index]\nencoder = "all-MiniLM-L6-v2"'),
        "index",
        "orgbot index build",
    ),
    "no such encoder": (
        lambda data: (data / "orgbot.toml").write_text('[index]\nencoder = "none/such"'),
        "index",
        "set index.encoder",
    ),
    "corpus newer": (_add_a_page, "index", "orgbot index build"),
    "withdrawn": (_withdraw_all, "index", "orgbot index build"),
    "log damaged": (lambda data: _overwrite(data / "feedback.sqlite3"), "questions", "feedback.sqlite3"),
    "quote gone": (_cite_what_is_gone, "questions", "not stored"),
    "sources": (lambda data: (data / "sources.toml").write_text("[[source]]\n"), "sources", "sources.toml"),
    "no source folder": (
        lambda data: (data / "sources.toml").write_text('[[source]]\nname="a"\nkind="folder"\npath="/no/such"'),
        "sources",
        "orgbot sources remove a",
    ),
    "users": (lambda data: _write_openly(data, "staff.toml", "["), "staff", "staff.toml"),
    "hashes open": (lambda data: _write_openly(data, "staff.toml", "[users]\na='b'"), "secrets", "chmod 600"),
    "password open": (
        lambda data: _write_openly(data, "orgbot.toml", '[server]\nstaff_password="a good long one"'),
        "secrets",
        "chmod 600",
    ),
}


@pytest.mark.parametrize("what", AMISS)
def test_what_is_amiss_is_named_with_its_mend(data: Path, what: str) -> None:
    change, check, told = AMISS[what]
    change(data)
    assert any(named == check and told in sentence for named, sentence in problems(data)), problems(data)


def test_a_misspelt_variable_is_told(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ORGBOT_SEVRER__PORT", "1")
    assert [sentence for check, sentence in problems(data) if "ORGBOT_SEVRER__PORT" in sentence]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_cannot_be_written_is_told(data: Path) -> None:
    data.chmod(0o500)
    assert ("data folder", "writable") in [(check, "writable") for check, said in problems(data) if "writable" in said]
    data.chmod(0o700)


def test_a_full_disk_is_told(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept, "MIN_FREE_BYTES", 2**60)
    assert [check for check, said in problems(data) if "free some disk space" in said] == ["data folder"]


@pytest.mark.parametrize(
    ("status", "record", "told"),
    [
        (200, {"status": "ready", "snapshot": "abc"}, None),
        (503, {"detail": "No snapshot is open"}, "No snapshot is open"),
        (200, {"hello": "world"}, "no orgbot answers there"),
    ],
)
def test_who_listens_on_the_port_is_asked(
    data: Path, monkeypatch: pytest.MonkeyPatch, status: int, record: object, told: str | None
) -> None:
    class Served(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = json.dumps(record).encode()
            self.send_response(status if self.path == "/readyz" else 404)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    with HTTPServer(("127.0.0.1", 0), Served) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        monkeypatch.setenv("ORGBOT_SERVER__PORT", str(server.server_address[1]))
        found = problems(data)
        server.shutdown()
        thread.join()
    assert [check for check, _ in found] == ([] if told is None else ["port"])
    assert told is None or told in found[0][1]


def test_packages_are_held_against_what_is_needed_and_what_was_tested(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    constraints = tmp_path / "constraints.txt"
    constraints.write_text("# tested\nnumpy==0.1\nnot-installed-here==1\n")
    (found,) = package_findings(constraints)
    assert found.state == "note"
    assert "instead of 0.1" in found.says
    assert "not-installed-here" not in found.says
    monkeypatch.setattr(environment, "requires", lambda _: ["numpy>=99", "no-such-package-of-ours>=1", "x; extra=='y'"])
    assert [(one.state.value, one.says.split()[2]) for one in package_findings(constraints)] == [
        ("problem", "numpy"),
        ("problem", "no-such-package-of-ours"),
    ]


def test_a_text_that_one_language_lacks_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(environment, "keys", lambda language: {"a"} if language == "fr" else {"a", "b"})
    (found,) = text_findings()
    assert found.state == "problem"
    assert "'fr'" in found.says


def test_it_changes_nothing(data: Path) -> None:
    def state() -> dict[str, bytes]:
        return {str(path): path.read_bytes() for path in sorted(data.rglob("*")) if path.is_file()}

    before = state()
    orgbot(data, "doctor")
    assert state() == before
    assert load_settings(data) == Settings(data=data)
