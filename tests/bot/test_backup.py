"""`orgbot backup` and `orgbot restore`: one file, consistent while serving, checked before it replaces anything."""

from __future__ import annotations

import hashlib
import io
import json
import os
import sqlite3
import tarfile
import threading
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from bot.backup.restore import restore
from bot.backup.save import back_up
from bot.errors import BackupError, BotError
from bot.feedback import FeedbackLog
from bot.settings import Settings
from corpus.document import Language
from corpus.store import CorpusStore
from index.build import build_snapshot
from index.search import Index
from index.settings import IndexSettings
from tests.bot.test_cli import orgbot, said
from tests.bot.web.standin import answered
from tests.conftest import COAST, WordHashEncoder

QUOTE = "The work cost EUR 3.2 million."


@pytest.fixture
def data(tmp_path: Path, encoder: WordHashEncoder) -> Path:
    """A data folder with everything in it."""
    data = tmp_path / "data"
    with CorpusStore.open(data / "corpus.sqlite3", create=True) as store:
        for document in COAST:
            store.add(document, origin=document.url)
        store.add(replace(COAST[1], text=f"A correction. {COAST[1].text}"))
        store.withdraw("dunes-fr", "not ours", by_hand=True)
        documents = [(stored.document, stored.revision) for stored in store.documents()]
    with FeedbackLog.open(data / "feedback.sqlite3") as log:
        log.record(answered("What did it cost?", Language.ENGLISH, (COAST[0], QUOTE)))
    build_snapshot(documents, data / "snapshots", encoder, IndexSettings(), data / "embeddings.sqlite3")
    (data / "orgbot.toml").write_text("[organisation]\nacronyms = ['CA']\n")
    (data / "staff.toml").write_text("")
    return data


@pytest.fixture
def file(data: Path, tmp_path: Path) -> Path:
    file = tmp_path / "kept.tar.gz"
    back_up(Settings(data=data), file)
    return file


def state(data: Path) -> dict[str, str]:
    """The contents of all files of a folder."""
    paths = [path for path in data.rglob("*") if path.is_file()]
    return {path.relative_to(data).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in paths}


def rewritten(file: Path, change: Callable[[dict[str, bytes]], None]) -> None:
    """Change the files in a back-up and write it anew, the manifest first."""
    with tarfile.open(file) as archive:
        contents = {member.name: archive.extractfile(member).read() for member in archive}  # type: ignore[union-attr]
    change(contents)
    with tarfile.open(file, "w:gz") as archive:
        for name, content in contents.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))


def test_everything_comes_back(data: Path, file: Path, tmp_path: Path, encoder: WordHashEncoder) -> None:
    other = tmp_path / "other"
    with CorpusStore.open(data / "corpus.sqlite3") as store:
        digest = store.digest()
    shown = orgbot(other, "restore", str(file))
    assert shown.exit_code == 0, shown.output
    with CorpusStore.open(other / "corpus.sqlite3") as store:
        assert store.digest() == digest
        assert store.get(COAST[1].doc_id, revision=1).document == COAST[1]
        assert [one.why for one in store.withdrawals()] == ["not ours"]
    with FeedbackLog.open(other / "feedback.sqlite3") as log:
        assert [one.citations[0].quote for one in log.recent()] == [QUOTE]
    assert Index.open(other / "snapshots", encoder, IndexSettings()).manifest.documents == len(COAST) - 1
    assert (other / "orgbot.toml").read_text() == (data / "orgbot.toml").read_text()
    assert (other / "staff.toml").stat().st_mode & 0o777 == 0o600
    assert orgbot(other, "corpus", "verify").exit_code == 0
    with closing(sqlite3.connect(other / "corpus.sqlite3")) as connection:  # many readers beside a writer
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)


def test_a_back_up_while_others_write_is_of_one_moment(data: Path, tmp_path: Path) -> None:
    stopped = threading.Event()

    def write() -> None:
        """A document of each pair is added with its answer, so that no back-up may hold the answer alone."""
        with CorpusStore.open(data / "corpus.sqlite3") as store, FeedbackLog.open(data / "feedback.sqlite3") as log:
            number = 0
            while not stopped.is_set():
                document = replace(COAST[0], doc_id=f"new-{number}")
                store.add(document, origin=f"https://coast.example/new-{number}")
                log.record(answered(f"Question {number}?", Language.ENGLISH, (document, QUOTE)))
                number += 1

    writer = threading.Thread(target=write)
    writer.start()
    try:
        files = [tmp_path / f"{number}.tar.gz" for number in range(3)]
        for file in files:
            back_up(Settings(data=data), file)
    finally:
        stopped.set()
        writer.join()
    for number, file in enumerate(files):
        restored = tmp_path / f"restored-{number}"
        restore(Settings(data=restored), file)
        with FeedbackLog.open(restored / "feedback.sqlite3") as log:
            assert len(log.recent(10_000)) > number
        assert orgbot(restored, "corpus", "verify").stdout == "Nothing is amiss.\n"


def test_neither_a_file_nor_a_folder_is_replaced_unasked(data: Path, file: Path, tmp_path: Path) -> None:
    before = state(data), file.read_bytes()
    assert "exists already" in said(orgbot(data, "backup", str(file)))
    assert "is not empty" in said(orgbot(data, "restore", str(file)))
    assert (state(data), file.read_bytes()) == before
    assert orgbot(data, "backup", str(file), "--force").exit_code == 0
    assert file.stat().st_mode & 0o777 == 0o600
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


def test_what_is_replaced_is_kept(data: Path, file: Path) -> None:
    with CorpusStore.open(data / "corpus.sqlite3") as store:
        store.add(replace(COAST[0], doc_id="later"))
    assert orgbot(data, "restore", str(file), "--force").exit_code == 0
    with CorpusStore.open(data / "corpus.sqlite3") as store:
        assert "later" not in [stored.document.doc_id for stored in store.documents()]
    (kept,) = data.glob("replaced-*")
    with CorpusStore.open(kept / "corpus.sqlite3") as store:
        assert store.get("later")
    assert (data / "embeddings.sqlite3").exists()


def _flip(contents: dict[str, bytes]) -> None:
    contents["corpus.sqlite3"] = contents["corpus.sqlite3"][:-1] + b"!"


def _leave_out(contents: dict[str, bytes]) -> None:
    del contents["feedback.sqlite3"]


def _add(contents: dict[str, bytes]) -> None:
    contents["../outside.toml"] = b""


def _name(contents: dict[str, bytes]) -> None:
    manifest = json.loads(contents["orgbot-backup.json"])
    manifest["files"]["../outside.toml"] = hashlib.sha256(b"").hexdigest()
    contents["orgbot-backup.json"] = json.dumps(manifest).encode()
    _add(contents)


def _later_format(contents: dict[str, bytes]) -> None:
    contents["orgbot-backup.json"] = contents["orgbot-backup.json"].replace(b'"format": 1', b'"format": 2')


def _damage_inside(contents: dict[str, bytes]) -> None:
    """Damage that the checksums agree with: it was there before."""
    content = contents["corpus.sqlite3"]
    content = content[:8192] + b"\x55" * (len(content) - 8192)
    manifest = json.loads(contents["orgbot-backup.json"])
    manifest["files"]["corpus.sqlite3"] = hashlib.sha256(content).hexdigest()
    contents["orgbot-backup.json"] = json.dumps(manifest).encode()
    contents["corpus.sqlite3"] = content


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (_flip, "its checksum differs"),
        (_leave_out, "lacks feedback.sqlite3"),
        (_add, "which it does not name"),
        (_name, "which is no file of ours"),
        (_later_format, "has format 2"),
        (_damage_inside, "is damaged"),
    ],
)
def test_a_bad_back_up_replaces_nothing(
    data: Path, file: Path, change: Callable[[dict[str, bytes]], None], told: str
) -> None:
    rewritten(file, change)
    before = state(data)
    assert told in said(orgbot(data, "restore", str(file), "--force"))
    assert state(data) == before
    assert sorted(path.name for path in file.parent.iterdir()) == ["data", "kept.tar.gz"]


@pytest.mark.parametrize("size", [0, 10, 5000])
def test_a_cut_off_file_is_told(file: Path, tmp_path: Path, size: int) -> None:
    file.write_bytes(file.read_bytes()[:size])
    assert str(file) in said(orgbot(tmp_path / "other", "restore", str(file)))
    assert not (tmp_path / "other").exists()


def test_what_is_not_there_is_told(data: Path, tmp_path: Path) -> None:
    assert "does not exist" in said(orgbot(tmp_path / "other", "restore", str(tmp_path / "nowhere.tar.gz")))
    assert "does not exist" in said(orgbot(data, "backup", str(tmp_path / "nowhere" / "kept.tar.gz")))
    assert "There is no corpus" in said(orgbot(tmp_path / "other", "backup", str(tmp_path / "kept.tar.gz")))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["data"]


def test_a_failed_replacement_is_undone(data: Path, file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = state(data)
    rename, renamed = os.rename, 0

    def fail_late(source: Path, target: Path) -> None:
        nonlocal renamed
        renamed += 1
        if renamed == 7:
            raise OSError(28, "No space left on device")
        rename(source, target)

    monkeypatch.setattr(os, "rename", fail_late)
    with pytest.raises(BackupError, match="No space left"):
        restore(Settings(data=data), file, force=True)
    assert renamed > 7
    assert state(data) == before


def test_a_folder_in_use_is_not_replaced(data: Path, file: Path) -> None:
    with FeedbackLog.open(data / "feedback.sqlite3"):
        assert "stop the server" in said(orgbot(data, "restore", str(file), "--force"))
    assert orgbot(data, "restore", str(file), "--force").exit_code == 0


def test_a_damaged_database_is_not_backed_up_and_can_be_restored(data: Path, file: Path, tmp_path: Path) -> None:
    content = (data / "corpus.sqlite3").read_bytes()
    (data / "corpus.sqlite3").write_bytes(content[:8192] + b"\x55" * (len(content) - 8192))
    with pytest.raises(BotError, match="damaged"):
        back_up(Settings(data=data), tmp_path / "new.tar.gz")
    assert not (tmp_path / "new.tar.gz").exists()
    assert orgbot(data, "restore", str(file), "--force").exit_code == 0
    assert orgbot(data, "corpus", "verify").exit_code == 0
