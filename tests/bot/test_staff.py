"""Users of the desk: the command, the file, the lock; and the set that judgements make, run by `orgbot evaluate`."""

from __future__ import annotations

import json
import stat
import tomllib
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode

import pytest
from fastapi.testclient import TestClient
from typer.testing import CliRunner, Result

from bot.answer import AnswerStatus
from bot.cli.main import app
from bot.errors import FeedbackError, StaffError
from bot.feedback import FeedbackLog, RightPassage, Verdict
from bot.feedback.testset import export_set
from bot.settings import Settings
from bot.staff import StaffUsers, hash_password, is_right
from bot.web.server import create_pages
from bot.web.signin import ATTEMPTS, ATTEMPTS_OF_ADDRESS
from corpus.document import Document, Language
from corpus.store import CorpusStore
from tests.bot.web.standin import answered, not_found
from tests.conftest import COAST

PASSWORD = "a long enough password"
LIGHTS, _, _, DUNES, _ = COAST


def orgbot(data: Path, *arguments: str, given: str | None = None) -> Result:
    return CliRunner().invoke(app, ["--data", str(data), *arguments], input=given)


def test_users_are_added_listed_and_removed(tmp_path: Path) -> None:
    assert orgbot(tmp_path, "staff", "add", "ada", given=f"{PASSWORD}\n{PASSWORD}\n").exit_code == 0
    added = orgbot(tmp_path, "staff", "add", "ben@coast.example", "--password-stdin", given=f"{PASSWORD}\n")
    assert added.exit_code == 0
    assert PASSWORD not in added.output
    assert json.loads(orgbot(tmp_path, "staff", "list", "--json").stdout) == ["ada", "ben@coast.example"]
    file = tmp_path / "staff.toml"
    assert PASSWORD not in file.read_text()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    hashes = tomllib.loads(file.read_text())["users"]
    assert hashes["ada"] != hashes["ben@coast.example"]  # each has a salt of its own
    assert is_right(PASSWORD, hashes["ada"])
    assert not is_right("another password", hashes["ada"])
    assert orgbot(tmp_path, "staff", "remove", "ada").exit_code == 0
    assert orgbot(tmp_path, "staff", "list").stdout.split() == ["ben@coast.example"]
    with FeedbackLog.open(Settings(data=tmp_path).feedback_path) as log:
        assert [(one.user, one.action, one.about) for one in log.actions.recent()] == [
            ("orgbot staff", "removed_user", "ada"),
            ("orgbot staff", "added_user", "ben@coast.example"),
            ("orgbot staff", "added_user", "ada"),
        ]


@pytest.mark.parametrize(
    ("name", "password", "said"),
    [("ada", "short", "12 characters"), ("a b", PASSWORD, "no user name"), ('"', PASSWORD, "no user name")],
)
def test_what_will_not_do_is_said_in_one_sentence(tmp_path: Path, name: str, password: str, said: str) -> None:
    result = orgbot(tmp_path, "staff", "add", name, "--password-stdin", given=f"{password}\n")
    assert result.exit_code == 1
    assert said in result.stderr
    assert not (tmp_path / "staff.toml").exists()


def test_nobody_is_removed_twice_or_from_the_settings(tmp_path: Path) -> None:
    assert "no user 'ada'" in orgbot(tmp_path, "staff", "remove", "ada").stderr
    settings = Settings(data=tmp_path, server={"staff_password": PASSWORD})  # type: ignore[arg-type]
    with pytest.raises(StaffError, match="stands in the settings"):
        StaffUsers.of(settings).remove("staff")


def test_a_broken_file_lets_nobody_in(tmp_path: Path) -> None:
    (tmp_path / "staff.toml").write_text("users = [1")
    with pytest.raises(StaffError, match=r"staff\.toml"):
        StaffUsers.of(Settings(data=tmp_path)).names()
    for hashed in ("", "scrypt$1$2", "plain$16384$8$5$AAAA$AAAA", f"{hash_password('')}x", None):
        assert not is_right("", hashed)


@pytest.fixture
def served(tmp_path: Path) -> Iterator[tuple[TestClient, StaffUsers, FeedbackLog]]:
    """A client, the users it may sign in as, and the log."""
    settings = Settings(data=tmp_path)
    users = StaffUsers.of(settings)
    users.add("ada", PASSWORD)
    with (
        CorpusStore.open(settings.corpus_path, create=True) as store,
        FeedbackLog.open(settings.feedback_path) as log,
        TestClient(create_pages(settings, store, log), base_url="http://127.0.0.1", follow_redirects=False) as client,
    ):
        yield client, users, log


def sign_in(client: TestClient, user: str, password: str) -> int:
    return client.post("/staff/sign-in", content=urlencode({"user": user, "password": password})).status_code


def test_a_session_ends_with_the_password_and_with_the_user(
    served: tuple[TestClient, StaffUsers, FeedbackLog],
) -> None:
    client, users, _ = served
    assert sign_in(client, "ada", PASSWORD) == 303
    assert client.get("/staff").status_code == 200
    users.add("ada", "quite another password")
    assert client.get("/staff").status_code == 401
    assert sign_in(client, "ada", "quite another password") == 303
    users.add("ben", PASSWORD)
    users.remove("ada")
    assert client.get("/staff").status_code == 401
    users.remove("ben")
    assert client.get("/staff").status_code == 404


def test_failures_lock_a_user_and_an_address_and_are_logged(
    served: tuple[TestClient, StaffUsers, FeedbackLog], monkeypatch: pytest.MonkeyPatch
) -> None:
    client, users, log = served
    monkeypatch.setattr("bot.web.signin.is_right", lambda given, hashed: given == PASSWORD and hashed is not None)
    users.add("ben", PASSWORD)
    assert [sign_in(client, "ada", "guess") for _ in range(ATTEMPTS)] == [401] * ATTEMPTS
    assert [sign_in(client, "ada", PASSWORD) for _ in range(3)] == [429] * 3  # logged once: a log can be filled
    assert sign_in(client, "ben", PASSWORD) == 303  # success is no failure, and ben is not ada
    assert [(one.user, one.action) for one in log.actions.recent()] == [("ben", "signed_in"), ("", "locked")]
    for n in range(ATTEMPTS, ATTEMPTS_OF_ADDRESS):
        assert sign_in(client, f"guess {n}", "guess") == 401
    assert sign_in(client, "ben", PASSWORD) == 429


@pytest.fixture
def judged(tmp_path: Path) -> Iterator[FeedbackLog]:
    """Judgements of each sort."""
    wrong = answered("How many lighthouses were repaired in 2018?", Language.ENGLISH, (LIGHTS, LIGHTS.text[:49]))
    asked = [
        (answered("What did the work cost?", Language.ENGLISH, (LIGHTS, LIGHTS.text[50:80])), Verdict.CORRECT, None),
        (wrong, Verdict.WRONG, COAST[1]),
        (not_found("What shields the town?", Language.ENGLISH), Verdict.SHOULD_HAVE, DUNES),
        (not_found("Qui a gagné la coupe ?", Language.FRENCH), Verdict.CORRECT, None),
        (answered("What is love?", Language.ENGLISH, (DUNES, DUNES.text[:20])), Verdict.SHOULD_NOT_HAVE, None),
        (not_found("Where is the moon?", Language.ENGLISH), Verdict.SHOULD_HAVE, None),  # says too little
    ]
    with FeedbackLog.open(Settings(data=tmp_path).feedback_path) as log:
        for answer, verdict, right in asked:
            logged = log.find(log.record(answer))
            assert logged is not None
            log.judgements.judge(logged, verdict, "ada")
            if right:
                log.judgements.mark(logged, [RightPassage(right.doc_id, 1, 0, 9, right.text[:9])], "ada")
        yield log


def stored(data: Path, documents: list[Document]) -> None:
    with CorpusStore.open(Settings(data=data).corpus_path, create=True) as store:
        for document in documents:
            store.add(document)


def test_judgements_make_a_set_that_evaluate_runs(tmp_path: Path, judged: FeedbackLog) -> None:
    stored(tmp_path, COAST)
    folder = tmp_path / "judged"
    result = orgbot(tmp_path, "staff", "export-set", str(folder))
    assert result.exit_code == 0, result.output
    assert "3 questions with answers and 2 without" in " ".join(result.stdout.split())
    topics = {one["text"]: one for one in map(json.loads, (folder / "queries.jsonl").read_text().splitlines())}
    ids = {one["_id"]: text for text, one in topics.items()}
    rows = [line.split("\t") for line in (folder / "qrels.tsv").read_text().splitlines()[1:]]
    assert {(ids[query_id], doc_id, grade) for query_id, doc_id, grade in rows} == {
        ("What did the work cost?", "lighthouse-2021", "1"),
        ("How many lighthouses were repaired in 2018?", "lighthouse-2021", "0"),
        ("How many lighthouses were repaired in 2018?", "lighthouse-2018", "1"),
        ("What shields the town?", "dunes-en", "1"),
    }
    assert topics["What is love?"]["metadata"]["expected"] == AnswerStatus.NO_ANSWER
    assert "Where is the moon?" not in topics
    evaluated = orgbot(tmp_path, "evaluate", str(folder), "--answers", "--json")
    assert evaluated.exit_code == 0, evaluated.output
    (report,) = json.loads(evaluated.stdout)
    assert (report["set"], report["queries"]) == ("judged", 3)
    assert (report["answers"]["answerable"], report["answers"]["unanswerable"]) == (3, 2)
    assert len(judged.judgements.all()) == 6
    (exported,) = judged.actions.recent()
    assert (exported.user, exported.action, exported.about) == ("orgbot staff", "exported", "set")


def test_documents_that_are_gone_are_left_out(tmp_path: Path, judged: FeedbackLog) -> None:
    exported = export_set(tmp_path / "some", judged.judgements.all(), [LIGHTS])
    assert (exported.answerable, exported.unanswerable, exported.left_out) == (1, 2, 3)
    again = export_set(tmp_path / "some", judged.judgements.all(), [])
    assert (again.answerable, again.unanswerable) == (0, 2)
    assert not (tmp_path / "some" / "qrels.tsv").exists()
    with pytest.raises(FeedbackError, match="No judgement makes a test question yet"):
        export_set(tmp_path / "none", [], COAST)
    assert not (tmp_path / "none").exists()
