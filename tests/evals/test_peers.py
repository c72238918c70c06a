"""The comparison with other systems, from the command to the files, without any of them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from benchmarks.peers.__main__ import main
from benchmarks.peers.process import PEERS, Figures
from benchmarks.peers.table import HEADS, cells, markdown, marks


def row(system: str, per_second: float, p95: float, success: float) -> Figures:
    return Figures(
        "made-up", system, 1000, passages=1000, per_second=per_second, one_client_ms=(p95 / 2, p95),
        clients_ms=(p95, 2 * p95), cold_seconds=2.0, memory_mb=300, success={"all": success, "fr": success},
    )  # fmt: skip


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the command writes over a tiny corpus, no peer being installed."""
    folder = tmp_path_factory.mktemp("peers")
    questions = [("q-en", "When did the harbour open?", "d-en"), ("q-fr", "Quand le port a-t-il ouvert ?", "d-fr")]
    texts = {"d-en": "The harbour opened in May 2021.", "d-fr": "Le port a ouvert en mai 2021 après deux ans."}
    tiny = folder / "tiny"
    tiny.mkdir()
    lines = [{"_id": key, "title": "", "text": text, "metadata": {"language": key[2:]}} for key, text in texts.items()]
    (tiny / "corpus.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines), "utf-8")
    asked = [{"_id": key, "text": text, "metadata": {"language": key[2:]}} for key, text, _ in questions]
    (tiny / "queries.jsonl").write_text("".join(json.dumps(line) + "\n" for line in asked), "utf-8")
    (tiny / "qrels.tsv").write_text("".join(f"{key}\t{doc_id}\t1\n" for key, _, doc_id in questions), "utf-8")
    venvs, out = folder / "none", folder / "out"
    arguments = [str(tiny), "--no-bundled", "--sizes", "30", "--venvs", str(venvs), "--out", str(out), "--limit", "60"]
    assert main(arguments) == 0
    return out


def test_our_row_has_every_figure_and_the_right_answers(written: Path) -> None:
    (path,) = written.glob("peers-*.json")
    record = json.loads(path.read_text("utf-8"))
    tiny, made_up = (one for one in record["figures"] if one["system"] == "orgbot")
    assert (tiny["passages"], tiny["of"], made_up["passages"], made_up["of"]) == (2, 2, 30, 30)
    assert tiny["success"] == {"all": 1.0, "en": 1.0, "fr": 1.0}
    assert made_up["success"]["all"] > 0.9
    for one in (tiny, made_up):
        assert one["note"] == ""
        assert min(one["per_second"], one["cold_seconds"], one["memory_mb"]) > 0
        assert 0 < one["one_client_ms"][0] <= one["one_client_ms"][1]
        assert 0 < one["clients_ms"][0] <= one["clients_ms"][1]
    assert record["machine"]["cores"] > 0
    assert record["limit_seconds"] == 60


def test_a_peer_that_is_not_installed_says_how_to_install_it(written: Path) -> None:
    (path,) = written.glob("peers-*.md")
    lines = path.read_text("utf-8").splitlines()
    for peer, name in PEERS.items():
        of_peer = [line for line in lines if f"| {name} |" in line]
        assert len(of_peer) == 2
        for line in of_peer:
            assert "not installed: python -m venv " in line
            assert f"-m pip install -r benchmarks/peers/requirements-{peer}.txt" in line


def test_a_set_that_is_missing_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(tmp_path / "absent"), "--out", str(tmp_path)]) == 1
    assert "absent" in capsys.readouterr().err


@pytest.mark.parametrize("wrong", [["--systems", "orgbot,other"], ["--sizes", "many"]], ids=["system", "size"])
def test_a_wrong_argument_is_named(wrong: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(wrong)
    assert wrong[1].split(",")[-1] in capsys.readouterr().err


def test_a_row_says_how_far_a_stopped_system_went() -> None:
    stopped = Figures("made-up", "Other", 100_000, "stopped after 300 s", passages=15_104, per_second=50.3)
    shown = dict(zip(HEADS, cells(stopped), strict=True))
    assert shown["indexed"] == "15,104 of 100,000"
    assert shown["note"] == "stopped after 300 s"
    assert shown["Success@1 all"] == shown["p95 ms"] == "–"


def test_the_marks_compare_with_the_fastest_and_the_quickest_peer() -> None:
    figures = [row("orgbot", 5000, 20, 0.8), row("Slow", 50, 15, 0.5), row("Fast", 100, 40, 0.7)]
    indexing, latency = marks(figures)
    assert "50 times as fast as the fastest peer (Fast)" in indexing
    assert "20.0 ms; of the quickest peer 15.0 ms (Slow), at Success@1 0.800 and 0.500" in latency
    assert indexing in markdown(figures)


def test_without_a_peer_nothing_is_said_of_the_marks() -> None:
    assert marks([row("orgbot", 5000, 20, 0.8), Figures("made-up", "Other", 1000, "not installed: …")]) == []
