"""BEIR folders, sound and broken."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.answer import AnswerStatus
from corpus.document import DocumentKind, Language, PartialDate
from evals.errors import SetEmpty, SetError, SetMalformed, SetMissing
from evals.testset import Qrel, load_set
from tests.evals.conftest import DOCUMENTS, QRELS, QUERIES, write_set


def test_a_folder_is_read(set_dir: Path) -> None:
    coast = load_set(set_dir)
    assert coast.name == "coast"
    assert len(coast.documents) == 5
    assert [topic.query_id for topic in coast.judged] == ["q1", "q2", "q3"]
    assert coast.qrels[1] == Qrel("q2", "dunes-fr", 1)
    assert coast.topics[1].answers == ("9 000 oyats",)


def test_the_language_of_a_query_and_of_a_document_is_detected_unless_stated(tmp_path: Path) -> None:
    documents = [{"_id": 1, "text": "L’agence a planté des oyats sur les dunes."}]
    queries = [{"id": 7, "text": "¿Dónde?", "metadata": {"language": "en"}}, {"id": 8, "text": "¿Cuántos puertos hay?"}]
    coast = load_set(write_set(tmp_path / "set", documents, queries, "7\t1\t1\n"))
    assert coast.documents[0].language == Language.FRENCH
    assert [topic.language for topic in coast.topics] == [Language.ENGLISH, Language.SPANISH]


def test_metadata_of_a_document_is_kept(tmp_path: Path) -> None:
    metadata = {
        "language": "fr", "url": "https://coast.example/dunes", "kind": "statement", "date": "--04-30",
        "places": ["Sablonne"], "edition_group": "dunes", "digest": True,
    }  # fmt: skip
    document = {"_id": "dunes", "title": "Dunes", "text": "Les dunes protègent la ville.", "metadata": metadata}
    found = load_set(write_set(tmp_path / "set", [document], [{"_id": "q", "text": "?"}], "q\tdunes\t1")).documents[0]
    assert (found.kind, found.date) == (DocumentKind.STATEMENT, PartialDate(month=4, day=30))
    assert (found.url, found.places) == ("https://coast.example/dunes", ("Sablonne",))
    assert (found.edition_group, found.digest) == ("dunes", True)


def test_a_topic_has_its_kind_and_the_year_that_its_relevant_documents_share(tmp_path: Path) -> None:
    dates = {"a": "2019-05-04", "b": "2019", "c": "2021", "d": "--04-30"}
    documents = [{"_id": name, "text": "Dunes.", "metadata": {"date": date}} for name, date in dates.items()]
    queries = [{"_id": name, "text": "Who?", "metadata": {"kind": "who"}} for name in ("one", "two", "none")]
    qrels = "one\ta\t1\none\tb\t1\none\tc\t0\ntwo\tb\t1\ntwo\tc\t1\nnone\td\t1"
    topics = load_set(write_set(tmp_path / "set", documents, queries, qrels)).topics
    assert {topic.query_id: topic.year for topic in topics} == {"one": 2019, "two": None, "none": None}
    assert {topic.kind for topic in topics} == {"who"}


@pytest.mark.parametrize(
    "qrels",
    [
        QRELS,
        QRELS.partition("\n")[2],
        QRELS.replace("\t", " "),
        QRELS.replace("\n", "\r\n"),
        "\ufeff" + QRELS,
    ],
    ids=["header", "no header", "blanks", "carriage returns", "byte order mark"],
)
def test_judgements_are_read_with_or_without_a_header_line(tmp_path: Path, qrels: str) -> None:
    assert len(load_set(write_set(tmp_path / "set", qrels=qrels)).qrels) == 3


def test_judgements_may_lie_in_a_folder_of_their_own(tmp_path: Path) -> None:
    folder = write_set(tmp_path / "set", qrels=None)
    (folder / "qrels").mkdir()
    (folder / "qrels" / "test.tsv").write_text(QRELS)
    assert len(load_set(folder).qrels) == 3


def test_a_set_without_answers_needs_no_judgements_and_may_borrow_a_corpus(tmp_path: Path, set_dir: Path) -> None:
    folder = tmp_path / "none"
    folder.mkdir()
    (folder / "set.json").write_text('{"corpus": "../coast"}')
    (folder / "queries.jsonl").write_text(
        '{"_id": "n1", "text": "Who won the cup?", "metadata": {"expected": "out_of_scope"}}'
    )
    none = load_set(folder)
    assert none.topics[0].expected == AnswerStatus.OUT_OF_SCOPE
    assert none.corpus_digest == load_set(set_dir).corpus_digest
    assert not none.judged


@pytest.mark.parametrize(
    ("broken", "error", "message"),
    [
        ({"documents": []}, SetEmpty, r"corpus\.jsonl holds nothing"),
        ({"queries": []}, SetEmpty, r"queries\.jsonl holds nothing"),
        ({"qrels": "query-id\tcorpus-id\tscore\n"}, SetEmpty, r"qrels\.tsv holds nothing"),
        ({"qrels": None}, SetMissing, r"has no qrels\.tsv"),
        ({"qrels": QRELS + "q1\tdunes-en\n"}, SetMalformed, r"qrels\.tsv, line 5: expected 3 columns, got 2\."),
        ({"qrels": QRELS + "q1\tdunes-en\thigh\n"}, SetMalformed, r"line 5: expected a whole number.*'high'"),
        ({"qrels": QRELS + "q1\tno-such\t1\n"}, SetMalformed, r"judges the document 'no-such' for 'q1'"),
        ({"qrels": QRELS + "q9\tdunes-en\t1\n"}, SetMalformed, r"judges the query 'q9'"),
        ({"qrels": QRELS + "q1\tlighthouse-2018\t1\n"}, SetMalformed, r"holds q1 lighthouse-2018 twice"),
        ({"documents": [*DOCUMENTS, DOCUMENTS[0]]}, SetMalformed, r"corpus\.jsonl holds lighthouse-2021 twice"),
        ({"queries": [*QUERIES, QUERIES[0]]}, SetMalformed, r"queries\.jsonl holds q1 twice"),
        ({"queries": [*QUERIES, "{"]}, SetMalformed, r"queries\.jsonl, line 5: expected a JSON object"),
        ({"queries": [*QUERIES, "[1]"]}, SetMalformed, r"line 5: expected a JSON object, got \[1\]"),
        ({"queries": ['{"_id": "q1", "text": "\\ud83d"}']}, SetMalformed, r"line 1: expected Unicode text"),
        ({"queries": [{"text": "Who?"}]}, SetMalformed, r'line 1: expected an id under "_id", got nothing'),
        ({"queries": [{"_id": "q1"}]}, SetMalformed, r'line 1: expected a text under "text", got nothing'),
        ({"documents": [{"_id": "d", "text": 5}]}, SetMalformed, r'corpus\.jsonl, line 1: expected a text.*got 5'),
        (
            {"documents": [{"_id": "d", "text": "Dunes", "metadata": {"language": "de"}}]},
            SetMalformed,
            r'expected one of fr, en, es under "language", got "de"',
        ),
        (
            {"documents": [{"_id": "d", "text": "Dunes", "metadata": {"date": "30 April"}}]},
            SetMalformed,
            r"line 1: the date is unusable",
        ),
        (
            {"queries": [{"_id": "q1", "text": "Who?", "metadata": {"expected": "answered"}}]},
            SetMalformed,
            r'expected one of no_answer, out_of_scope, refused under "expected"',
        ),
    ],
)  # fmt: skip
def test_a_broken_set_is_said_in_one_sentence(
    tmp_path: Path, broken: dict[str, object], error: type[SetError], message: str
) -> None:
    with pytest.raises(error, match=message) as raised:
        load_set(write_set(tmp_path / "set", **broken))  # type: ignore[arg-type]
    assert "\n" not in str(raised.value)


def test_whole_surrogate_pairs_are_text(tmp_path: Path) -> None:
    queries = ['{"_id": "q1", "text": "Who likes \\ud83d\\udea2?"}']
    topics = load_set(write_set(tmp_path / "set", queries=queries, qrels="q1\tdunes-fr\t1")).topics
    assert topics[0].text == "Who likes 🚢?"


def test_missing_folders_and_files_are_named(tmp_path: Path, set_dir: Path) -> None:
    with pytest.raises(SetMissing, match="nowhere is no folder"):
        load_set(tmp_path / "nowhere")
    (set_dir / "queries.jsonl").unlink()
    with pytest.raises(SetMissing, match=r"queries\.jsonl does not exist"):
        load_set(set_dir)


def test_a_file_that_is_no_utf8_is_named(set_dir: Path) -> None:
    (set_dir / "corpus.jsonl").write_bytes('{"_id": "d", "text": "é"}'.encode("latin-1"))
    with pytest.raises(SetMalformed, match=r"corpus\.jsonl is not UTF-8"):
        load_set(set_dir)


def test_the_digest_changes_with_any_file(set_dir: Path) -> None:
    before = load_set(set_dir)
    (set_dir / "qrels.tsv").write_text(QRELS.replace("q1\tlighthouse-2018", "q1\tlighthouse-2021"))
    after = load_set(set_dir)
    assert after.digest != before.digest
    assert after.corpus_digest == before.corpus_digest
