"""Results kept as files, compared, and drawn."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.settings import Settings
from evals import command, report
from evals.command import Options
from evals.compare import compare_results
from evals.errors import ResultError
from evals.results import encoder_label, read_results
from tests.conftest import WordHashEncoder
from tests.evals.conftest import DOCUMENTS, write_set

COMMIT = "0123456789abcdef"


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch, encoder: WordHashEncoder) -> None:
    monkeypatch.setattr("index.encoder.open_encoder", lambda _settings: encoder)
    monkeypatch.setattr("evals.results.version_label", lambda: COMMIT[:12])


@pytest.fixture
def unanswerable(tmp_path: Path) -> Path:
    queries = [{"_id": "n1", "text": "Who won the cup?", "metadata": {"expected": "out_of_scope"}}]
    return write_set(tmp_path / "none", queries=queries, qrels=None)


@pytest.fixture
def result(tmp_path: Path, set_dir: Path, unanswerable: Path, settings: Settings) -> Path:
    options = Options(json=True, answers=True, out=tmp_path / "out")
    assert command.evaluate([set_dir, unanswerable], settings, options) == 0
    return tmp_path / "out" / "0123456789ab-word-hash.json"


def changed(result: Path, name: str, change: Callable[[dict[str, object]], object]) -> Path:
    """A copy of a file of results in which each question of the answerable set is changed."""
    record = json.loads(result.read_text())
    for question in record["sets"][0]["questions"]:
        change(question)
    copy = result.with_name(name)
    copy.write_text(json.dumps(record))
    return copy


def test_a_file_holds_every_record_and_every_question(result: Path) -> None:
    coast, none = json.loads(result.read_text())["sets"]
    assert coast["measures"]["Success@1"] == 1.0
    assert coast["answers"]["together"]["unanswerable"] == 1
    first = coast["questions"][0]
    assert (first["query_id"], first["language"], first["expected"]) == ("q1", "en", None)
    assert (first["rank"], first["reciprocal_rank"], first["nDCG@10"], first["Success@1"]) == (1, 1.0, 1.0, 1.0)
    assert {"answered", "right", "probability", "status"} <= first.keys()
    (question,) = none["questions"]
    assert (question["query_id"], question["answered"], question["right"]) == ("n1", False, False)
    assert "rank" not in question


def test_scores_are_read_back_by_kind_of_question(result: Path) -> None:
    coast, none = read_results(result)
    assert coast.scores["Success@1"] == {"q1": 1.0, "q2": 1.0, "q3": 1.0}
    assert {"answered", "right"} <= coast.scores.keys()
    assert none.scores == {"abstained": {"n1": 1.0}}


@pytest.mark.parametrize(
    ("name", "label"),
    [("trilingual", "trilingual"), ("intfloat/multilingual-e5-small", "intfloat-multilingual-e5-small"), ("..", None)],
)
def test_an_encoder_names_no_other_folder(name: str, label: str | None) -> None:
    assert encoder_label(name) == (label or Path("..").resolve().name)
    assert "/" not in encoder_label(name)


def test_a_result_without_a_commit_says_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(report, "_ROOT", tmp_path)
    report.commit.cache_clear()
    try:
        assert report.version_label() == "uncommitted"
        assert report.checkout() == "commit unknown"
    finally:
        report.commit.cache_clear()


@pytest.mark.parametrize(
    ("changes", "label", "words"),
    [
        (b"", "0123456789ab", "commit 0123456789ab"),
        (b" M evals/run.py\n", "uncommitted", "uncommitted changes to 0123456789ab"),
    ],
)
def test_only_packages_as_they_were_committed_are_named_by_their_commit(
    monkeypatch: pytest.MonkeyPatch, changes: bytes, label: str, words: str
) -> None:
    def status(command: list[str], **_: object) -> subprocess.CompletedProcess[bytes]:
        return subprocess.CompletedProcess(command, 0, changes)

    monkeypatch.setattr(report.subprocess, "run", status)
    monkeypatch.setattr(report, "commit", lambda: COMMIT)
    assert (report.version_label(), report.checkout()) == (label, words)


def test_one_result_does_not_differ_from_itself(result: Path) -> None:
    for comparison in compare_results(result, result):
        for one in comparison.differences:
            assert (one.difference, one.p, one.p_holm) == (0.0, 1.0, 1.0)


def test_a_worse_result_is_compared_score_by_score(result: Path, capsys: pytest.CaptureFixture[str]) -> None:
    worse = changed(result, "worse.json", lambda question: question.update({"nDCG@10": 0.5, "Success@1": 0.0}))
    capsys.readouterr()
    assert command.compare(result, worse, json=True) == 0
    coast, none = json.loads(capsys.readouterr().out)
    found = {one["score"]: one for one in coast["differences"]}
    assert (found["nDCG@10"]["mean_a"], found["nDCG@10"]["mean_b"], found["nDCG@10"]["difference"]) == (1.0, 0.5, -0.5)
    # Three of three lost: 2 · (1/2)^3, and corrected for all scores of the set.
    assert found["Success@1"]["p"] == 0.25
    assert found["Success@1"]["p_holm"] == 1.0
    assert [one["score"] for one in none["differences"]] == ["abstained"]
    assert command.compare(result, worse) == 0
    printed = capsys.readouterr().out
    assert "-0.500" in printed
    assert "B is worse.json" in printed


def test_other_questions_cannot_be_compared(
    tmp_path: Path, result: Path, settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    other = write_set(tmp_path / "other" / "coast", DOCUMENTS[:3], qrels="q1\tlighthouse-2018\t1")
    assert command.evaluate([other], settings, Options(json=True, out=tmp_path / "others")) == 0
    capsys.readouterr()
    assert command.compare(result, tmp_path / "others" / result.name) == 1
    printed = capsys.readouterr()
    assert printed.out == ""
    assert "The set coast is not the same" in printed.err
    assert "evaluate both systems on the same documents, questions and judgements" in printed.err


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"sets": [{"set": "coast"}]}', '{"sets": [7]}'])
def test_what_is_no_result_is_named(tmp_path: Path, text: str) -> None:
    (tmp_path / "broken.json").write_text(text)
    with pytest.raises(ResultError, match=r"broken\.json holds no results"):
        read_results(tmp_path / "broken.json")


def test_a_file_that_is_not_there_and_results_that_share_nothing_are_named(tmp_path: Path, result: Path) -> None:
    with pytest.raises(ResultError, match=r"nowhere\.json cannot be read"):
        compare_results(result, tmp_path / "nowhere.json")
    empty = tmp_path / "empty.json"
    empty.write_text('{"sets": []}')
    with pytest.raises(ResultError, match="share no set"):
        compare_results(result, empty)


def test_results_that_cannot_be_written_are_named(
    tmp_path: Path, set_dir: Path, settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_text("")
    assert command.evaluate([set_dir], settings, Options(json=True, out=tmp_path / "file" / "out")) == 1
    assert "name another folder" in capsys.readouterr().err


def test_plots_are_drawn_for_what_was_judged(
    tmp_path: Path, set_dir: Path, unanswerable: Path, settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command.evaluate([set_dir, unanswerable], settings, Options(plots=tmp_path / "plots")) == 0
    names = {path.name for path in (tmp_path / "plots").iterdir()}
    assert names == {
        "coast+none-risk-coverage-word-hash.png",
        "coast+none-reliability-word-hash.png",
        "coast-success-word-hash.png",
    }
    assert all(path.read_bytes().startswith(b"\x89PNG") for path in (tmp_path / "plots").iterdir())
    assert "coast-success-word-hash.png" in capsys.readouterr().out
