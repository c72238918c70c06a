"""Whatever write fails, and however: one sentence says so, and what was there before is whole."""

from __future__ import annotations

import errno
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from typer.testing import Result

from bot.answer import Question
from bot.api.service import Service
from bot.feedback import FeedbackLog
from bot.settings import Settings
from corpus.document import Language
from corpus.integrity import corpus_problems, file_problems
from corpus.store import CorpusStore
from index.search import Index
from index.settings import IndexSettings
from index.snapshot import current_snapshot
from tests.bot.faults import ERRORS, refusing, remount, small_disk
from tests.bot.test_cli import PAGE, orgbot
from tests.bot.web.standin import ScriptedAnswerer, answered
from tests.conftest import COAST, WordHashEncoder

QUOTE = "The work cost EUR 3.2 million."
OLD, NEW = 41, 52
EVERY = os.environ.get("ORGBOT_TEST_EVERY_WRITE") == "1"
"""Each write fails in one of the ways; by hand, in all of them."""


@pytest.fixture(autouse=True)
def _quick_encoder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("index.encoder.open_encoder", lambda _: WordHashEncoder())


@pytest.fixture
def state(tmp_path: Path) -> Path:
    """A data folder with everything in it, a changed page beside it, and a back-up of it."""
    state = tmp_path / "state"
    pages = state / "pages"
    pages.mkdir(parents=True)
    data = state / "data"
    for name in ("lights", "bridges"):
        (pages / f"{name}.txt").write_text(PAGE.format(name=name, number=OLD))
    assert orgbot(data, "corpus", "add", str(pages)).exit_code == 0
    assert orgbot(data, "index", "build").exit_code == 0
    assert orgbot(data, "sources", "add", "news", "folder", str(pages)).exit_code == 0
    with FeedbackLog.open(data / "feedback.sqlite3") as log:
        log.record(answered("What did it cost?", Language.ENGLISH, (COAST[0], QUOTE)))
    assert orgbot(data, "backup", str(state / "old.tar.gz")).exit_code == 0
    for name in ("lights", "bridges"):
        (pages / f"{name}.txt").write_text(PAGE.format(name=name, number=NEW))
    return state


Operation = Callable[[Path], Result]
OPERATIONS: dict[str, Operation] = {
    "add": lambda state: orgbot(state / "data", "corpus", "add", str(state / "pages")),
    "build": lambda state: orgbot(state / "data", "index", "build"),
    "sync": lambda state: orgbot(state / "data", "sync"),
    "backup": lambda state: orgbot(state / "data", "backup", str(state / "new.tar.gz")),
    "restore": lambda state: orgbot(state / "data", "restore", str(state / "old.tar.gz"), "--force"),
    "first add": lambda state: orgbot(state / "fresh", "corpus", "add", str(state / "pages")),
    "sources": lambda state: orgbot(state / "data", "sources", "remove", "news"),
    "erase": lambda state: orgbot(state / "data", "privacy", "erase", "--all", "--yes"),
}


def assert_whole(state: Path) -> None:
    """Nothing is half written: every document is the old one or the new one, and the index is one of them."""
    data = state / "data"
    for path in [*data.glob("*.sqlite3"), *state.glob("fresh/*.sqlite3")]:
        assert file_problems(path) == []
    assert list(corpus_problems(data / "corpus.sqlite3")) == []
    with CorpusStore.open(data / "corpus.sqlite3") as store:
        stored = [one.document.text for one in store.documents(checked=True)]
    assert len(stored) == 2
    assert all(f"repaired {OLD} " in text or f"repaired {NEW} " in text for text in stored)
    index = Index.open(data / "snapshots", WordHashEncoder(), IndexSettings())
    assert len(index.search("lighthouses repaired in 2021")) == 2
    with FeedbackLog.open(data / "feedback.sqlite3") as log:
        assert log.damaged() == []
        log.recent()
    if (state / "new.tar.gz").exists():
        assert orgbot(state / "restored", "restore", str(state / "new.tar.gz")).exit_code == 0
        shutil.rmtree(state / "restored")


def assert_said(result: Result, what: str) -> None:
    """One sentence, which names what could not be written; no traceback."""
    assert result.exit_code == 1, (what, result.output)
    said = [line for line in result.stderr.splitlines() if line.startswith("orgbot: ")]
    assert len(said) == 1, (what, result.output)
    assert "Traceback" not in result.output
    assert "state/" in said[0], (what, said)


def left_over(state: Path) -> set[str]:
    """Names of what only an operation that is under way has."""
    return {path.name for path in [*state.rglob(".*"), *state.rglob("*.new")] if not path.name.endswith("lock")}


@pytest.mark.parametrize("error", ERRORS)
@pytest.mark.parametrize("name", OPERATIONS)
def test_each_write_that_fails_is_said_and_harms_nothing(state: Path, tmp_path: Path, name: str, error: str) -> None:
    if name == "build":
        assert OPERATIONS["add"](state).exit_code == 0
    failed, call = 0, 0 if EVERY else list(ERRORS).index(error)
    while True:
        tried = tmp_path / str(call)
        shutil.copytree(state, tried / "state")
        with refusing(tried / "state", call, ERRORS[error]) as fault:
            result = OPERATIONS[name](tried / "state")
        if not fault.struck:
            assert result.exit_code == 0, result.output
            break
        if result.exit_code:  # some can be done without: the cache of vectors
            assert_said(result, fault.struck)
            failed += 1
        assert_whole(tried / "state")
        assert left_over(tried / "state") == set(), fault.struck
        shutil.rmtree(tried)
        call += 1 if EVERY else len(ERRORS)
    assert failed > 0 or call < 2 * len(ERRORS)  # some operations write little
    print(f"\n{name}, {error}: {failed} writes failed")


@pytest.mark.parametrize("name", [name for name in OPERATIONS if name != "sources"])
def test_a_disk_that_is_really_full_is_said_and_harms_nothing(state: Path, tmp_path: Path, name: str) -> None:
    if name == "build":
        assert OPERATIONS["add"](state).exit_code == 0
    disk = tmp_path / "disk"
    used = sum(-(-path.stat().st_size // 4096) * 4096 for path in state.rglob("*") if path.is_file())
    failed, free = 0, 0
    with small_disk(disk, 64 << 20):
        while True:
            shutil.copytree(state, disk / "state")
            room = int(os.statvfs(disk).f_blocks - os.statvfs(disk).f_bfree) * os.statvfs(disk).f_bsize
            remount(disk, f"size={room + free}")
            result = OPERATIONS[name](disk / "state")
            remount(disk, f"size={64 << 20}")
            if result.exit_code:
                assert_said(result, f"{free} bytes free")
                failed += 1
            assert_whole(disk / "state")
            assert left_over(disk / "state") == set()
            shutil.rmtree(disk / "state")
            if not result.exit_code and free > 0:
                break
            free += 4096 if free < 64 << 10 else used // 16 // 4096 * 4096 + 4096
    assert failed > 0


@pytest.mark.parametrize("name", OPERATIONS)
def test_a_disk_that_is_really_read_only_is_said(state: Path, tmp_path: Path, name: str) -> None:
    disk = tmp_path / "disk"
    with small_disk(disk, 64 << 20):
        shutil.copytree(state, disk / "state")
        remount(disk, "ro")
        result = OPERATIONS[name](disk / "state")
        remount(disk, "rw")
        assert_said(result, os.strerror(errno.EROFS))
        assert_whole(disk / "state")


@pytest.mark.parametrize("name", OPERATIONS)
def test_a_folder_that_may_really_not_be_written_is_said(state: Path, name: str) -> None:
    nobody = 65534
    with tempfile.TemporaryDirectory() as folder:  # not below that of the test, which only its owner may enter
        shutil.copytree(state, Path(folder) / "state")
        with closed_to(nobody, Path(folder)):
            result = OPERATIONS[name](Path(folder) / "state")
        assert_said(result, name)
        assert_whole(Path(folder) / "state")


@contextmanager
def closed_to(nobody: int, folder: Path) -> Iterator[None]:
    """All below the folder may be read and not written; root, whom modes do not stop, is someone else meanwhile."""
    for path in [folder, *folder.rglob("*")]:
        path.chmod(0o555 if path.is_dir() else 0o444)
    is_root = os.geteuid() == 0
    if is_root:
        os.seteuid(nobody)
    try:
        yield
    finally:
        if is_root:
            os.seteuid(0)
        for path in [folder, *folder.rglob("*")]:
            path.chmod(0o755 if path.is_dir() else 0o644)


def test_a_visitor_is_answered_though_the_question_cannot_be_logged(tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    engine = ScriptedAnswerer(answered("What did it cost?", Language.ENGLISH, (COAST[0], QUOTE)))
    with small_disk(disk, 1 << 20), FeedbackLog.open(disk / "feedback.sqlite3") as log:
        service = Service(engine, log, Settings(data=disk))  # type: ignore[arg-type]
        (disk / "filler").write_bytes(bytes(os.statvfs(disk).f_bavail * os.statvfs(disk).f_bsize))
        asked = [service.ask(Question("What did it cost?")) for _ in range(40)]
        assert {answer.statements[0].text for answer, _ in asked} == {QUOTE}
        assert asked[-1][1] is None
        (disk / "filler").unlink()
        public_id = service.ask(Question("What did it cost?"))[1]
        assert public_id is not None
        assert log.find(public_id) is not None
        assert log.damaged() == []


def test_the_current_snapshot_stays_when_a_build_cannot_be_written(state: Path) -> None:
    before = current_snapshot(state / "data" / "snapshots")
    with refusing(state / "data" / "snapshots", 6, errno.ENOSPC):
        assert OPERATIONS["build"](state).exit_code == 1
    assert current_snapshot(state / "data" / "snapshots") == before
    assert OPERATIONS["build"](state).exit_code == 0
