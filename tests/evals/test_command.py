"""`orgbot evaluate` as a script sees it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bot.settings import Settings
from evals import command
from evals.command import Options
from evals.errors import FloorsError
from evals.gate import bundled_floors, shortfalls
from tests.conftest import WordHashEncoder
from tests.evals.conftest import QRELS, write_set


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch, encoder: WordHashEncoder) -> None:
    monkeypatch.setattr("index.encoder.open_encoder", lambda _settings: encoder)


def test_json_is_a_list_of_one_object_a_set(
    tmp_path: Path, set_dir: Path, settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    other = write_set(tmp_path / "other")
    assert command.evaluate([set_dir, other], settings, Options(json=True, answers=True)) == 0
    records = json.loads(capsys.readouterr().out)
    assert [record["set"] for record in records] == ["coast", "other"]
    assert records[0]["measures"]["Success@1"] == 1.0
    assert records[0]["answers"]["answerable"] == 3
    assert records[0]["machine"]["cores"] >= 1


def test_tables_name_sets_languages_and_what_is_left_out(
    set_dir: Path, settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command.evaluate([set_dir], settings, Options(answers=True, slices=True)) == 0
    printed = capsys.readouterr().out
    for expected in (
        "coast",
        "nDCG@10",
        "p95 ms",
        "1 questions without a judgement are left out",
        "AUROC",
        "AURC",
        "language fr",
        "precision",
    ):
        assert expected in printed
    assert "year" not in printed  # no document has one
    assert max(map(len, printed.splitlines()[:-1])) <= 80


def test_parts_of_the_questions_are_shown_only_when_they_are_asked_for(
    set_dir: Path, settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command.evaluate([set_dir], settings, Options(answers=True)) == 0
    assert "language fr" not in capsys.readouterr().out


def test_runs_are_written_to_a_folder_or_to_the_file_that_is_named(
    tmp_path: Path, set_dir: Path, settings: Settings
) -> None:
    assert command.evaluate([set_dir], settings, Options(json=True, run_out=tmp_path / "runs")) == 0
    assert command.evaluate([set_dir], settings, Options(json=True, run_out=tmp_path / "mine.run")) == 0
    in_folder = (tmp_path / "runs" / "coast.trec").read_text()
    assert in_folder == (tmp_path / "mine.run").read_text()
    query_id, q0, doc_id, rank, _, tag = in_folder.splitlines()[0].split(" ")
    assert (query_id, q0, doc_id, rank) == ("q1", "Q0", "lighthouse-2018", "1")
    assert tag.startswith("orgbot-")


def test_a_broken_set_gives_one_sentence_and_status_1(
    set_dir: Path, settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    (set_dir / "qrels.tsv").write_text(QRELS + "q1\tdunes-en\n")
    assert command.evaluate([set_dir], settings, Options(json=True)) == 1
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.count("\n") == 1
    assert "qrels.tsv, line 5: expected 3 columns, got 2." in printed.err


def test_two_sets_of_one_name_cannot_share_a_folder_of_runs(
    tmp_path: Path, set_dir: Path, settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    twin = write_set(tmp_path / "elsewhere" / "coast")
    assert command.evaluate([set_dir, twin], settings, Options(run_out=tmp_path / "runs")) == 1
    assert "Two sets are named coast" in capsys.readouterr().err


RECORD = {"set": "coast", "measures": {"nDCG@10": 0.5}, "answers": {"verbatim": None}}


def test_the_gate_names_each_figure_below_its_floor() -> None:
    assert shortfalls([RECORD], {"coast": {"measures.nDCG@10": 0.5}}) == []
    (found,) = shortfalls([RECORD], {"coast": {"measures.nDCG@10": 0.51}})
    assert str(found) == "coast: measures.nDCG@10 is 0.5000, below its floor of 0.5100."


@pytest.mark.parametrize(
    ("floors", "message"),
    [
        ({"dunes": {"measures.nDCG@10": 0.1}}, "dunes has floors but was not evaluated"),
        ({"coast": {"measures.nDCG": 0.1}}, r"coast has no figure measures\.nDCG:"),
        ({"coast": {"answers.verbatim": 1.0}}, r"coast has no figure answers\.verbatim:"),
    ],
)
def test_a_floor_that_nothing_measures_is_an_error(floors: dict[str, dict[str, float]], message: str) -> None:
    with pytest.raises(FloorsError, match=message):
        shortfalls([RECORD], floors)


def test_each_bundled_floor_is_a_share() -> None:
    floors = bundled_floors()
    assert set(floors) == {"iom", "iom-unanswerable"}
    assert all(0 < floor <= 1 for of_set in floors.values() for floor in of_set.values())
