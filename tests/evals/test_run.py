"""Sets through a real index, into figures and run files."""

from __future__ import annotations

from pathlib import Path

import ir_measures
import pytest

from bot.settings import Settings
from corpus.document import Language
from evals.errors import RunError, SetEmpty
from evals.measures import MEASURES
from evals.report import to_record
from evals.run import evaluate_set, evaluate_sets, write_run
from evals.testset import load_set
from tests.conftest import WordHashEncoder
from tests.evals.conftest import DOCUMENTS, write_set


def test_a_set_is_measured_over_all_and_by_language(
    set_dir: Path, settings: Settings, encoder: WordHashEncoder
) -> None:
    report = evaluate_set(set_dir, settings, encoder)
    assert report.judged.queries == 3
    assert report.judged.measures["Success@1"] == 1.0
    assert {language: one.queries for language, one in report.by_language.items()} == dict.fromkeys(
        map(str, Language), 1
    )
    assert report.left_out == 1
    assert report.passages == 5
    assert not settings.data.exists()


def test_the_record_has_what_scripts_ask_for(set_dir: Path, settings: Settings, encoder: WordHashEncoder) -> None:
    record = to_record(evaluate_set(set_dir, settings, encoder), settings)
    assert record["set"] == "coast"
    assert str(record["system"]).endswith("word-hash")
    assert record["queries"] == 3
    assert set(record["measures"]) == set(MEASURES)  # type: ignore[call-overload]
    assert set(record["by_language"]) == {"fr", "en", "es"}  # type: ignore[call-overload]
    assert record["by_split"]["–"]["queries"] == 3  # type: ignore[index]
    assert record["across"] is None
    assert set(record["latency_ms"]) == {"p50", "p95"}  # type: ignore[call-overload]
    assert set(record["build"]) == {"passages", "seconds"}  # type: ignore[call-overload]
    assert record["digest"] == load_set(set_dir).digest


def test_a_document_of_many_passages_is_ranked_once(
    tmp_path: Path, settings: Settings, encoder: WordHashEncoder
) -> None:
    long = " ".join(f"Lighthouse number {number} of the coast was repaired in 2018." for number in range(80))
    documents = [*DOCUMENTS, {"_id": "long", "title": "Lighthouses", "text": long, "metadata": {"language": "en"}}]
    report = evaluate_set(write_set(tmp_path / "set", documents), settings, encoder)
    assert report.passages > 6
    for doc_ids in report.run.values():
        assert len(set(doc_ids)) == len(doc_ids)


def test_a_run_file_gives_the_same_figures_to_other_tools(
    tmp_path: Path, set_dir: Path, settings: Settings, encoder: WordHashEncoder
) -> None:
    report = evaluate_set(set_dir, settings, encoder)
    write_run(report, tmp_path / "runs" / "coast.trec")
    run = list(ir_measures.read_trec_run(str(tmp_path / "runs" / "coast.trec")))
    qrels = [ir_measures.Qrel(one.query_id, one.doc_id, one.relevance) for one in load_set(set_dir).qrels]
    assert ir_measures.calc_aggregate([ir_measures.nDCG @ 10], qrels, run)[ir_measures.nDCG @ 10] == pytest.approx(
        report.judged.measures["nDCG@10"], abs=1e-4
    )
    for query_id, doc_ids in report.run.items():
        scores = {scored.doc_id: scored.score for scored in run if scored.query_id == query_id}
        assert sorted(scores, key=lambda doc_id: -scores[doc_id]) == list(doc_ids)
        assert len(set(scores.values())) == len(doc_ids)


def test_an_id_that_a_run_file_cannot_hold_is_named(
    tmp_path: Path, settings: Settings, encoder: WordHashEncoder
) -> None:
    document = {"_id": "two words", "text": "Lighthouses stand on the coast."}
    queries = [{"_id": "q1", "text": "Where do lighthouses stand?"}]
    report = evaluate_set(write_set(tmp_path / "set", [document], queries, "q1\ttwo words\t1"), settings, encoder)
    with pytest.raises(RunError, match="'two words'"):
        write_run(report, tmp_path / "run.trec")


def test_a_set_without_judgements_is_not_measured_unless_answers_are(
    tmp_path: Path, settings: Settings, encoder: WordHashEncoder
) -> None:
    queries = [{"_id": "n1", "text": "Who won the cup?", "metadata": {"expected": "out_of_scope"}}]
    folder = write_set(tmp_path / "none", queries=queries, qrels=None)
    with pytest.raises(SetEmpty, match="--answers"):
        evaluate_set(folder, settings, encoder)
    report = evaluate_set(folder, settings, encoder, answers=True)
    assert report.judged.queries == 0
    assert report.answers is not None
    assert report.answers.shares.unanswerable == 1


def test_sets_over_one_corpus_share_its_index_and_keep_their_order(
    tmp_path: Path, set_dir: Path, settings: Settings, encoder: WordHashEncoder
) -> None:
    other = write_set(tmp_path / "other", DOCUMENTS[:3], qrels="q1\tlighthouse-2018\t1")
    again = write_set(tmp_path / "again")
    reports = evaluate_sets([load_set(folder) for folder in (set_dir, other, again)], settings, encoder)
    assert [report.name for report in reports] == ["coast", "other", "again"]
    assert encoder.encoded == 5 + 3
