"""Whatever is typed at the command line or asked of the pipeline: a sentence and a status, never a traceback."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.answer import Question
from bot.feedback import FeedbackLog
from bot.pipeline import Pipeline
from bot.settings import Settings
from corpus.document import Language
from corpus.store import CorpusStore
from index.build import build_snapshot
from index.search import Index
from tests.api.test_malformed import tried
from tests.bot.test_cli import orgbot
from tests.bot.web.standin import answered
from tests.conftest import COAST, WordHashEncoder
from tests.test_architecture import ROOT

TEXTS = {document.doc_id: document.text for document in COAST}


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A data folder with everything in it, in a working folder of its own."""
    folder = tmp_path_factory.mktemp("malformed")
    settings = Settings(data=folder / "data")
    with CorpusStore.open(settings.corpus_path, create=True) as store:
        for document in COAST:
            store.add(document, origin=document.url)
    build_snapshot([(document, 1) for document in COAST], settings.snapshots_path, WordHashEncoder(), settings.index)
    with FeedbackLog.open(settings.feedback_path) as log:
        log.record(answered("What did it cost?", Language.ENGLISH, (COAST[0], "The work cost EUR 3.2 million.")))
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        patch.setattr("index.encoder.open_encoder", lambda _: WordHashEncoder())
        yield settings.data


@pytest.fixture(scope="module")
def pipeline(data: Path) -> Pipeline:
    settings = Settings(data=data)
    return Pipeline(Index.open(settings.snapshots_path, WordHashEncoder(), settings.index), settings)


TELLING = [
    "how",
    "many",
    "lighthouses",
    "combien",
    "de",
    "faros",
    "did",
    "la",
    "Coast",
    "Agency",
    "repair",
    "¿",
    "?",
    "2021",
    "100",
    "€",
    "the",
    "of",
    "IOM",
]
ASKED = st.one_of(
    st.text(),
    st.text(st.characters(exclude_categories=())),  # halves of surrogate pairs too
    st.lists(
        st.sampled_from(TELLING) | st.text(max_size=8),
        max_size=40,
    ).map(" ".join),
)


@tried()
@given(text=ASKED, earlier=st.lists(ASKED, max_size=4))
def test_whatever_is_asked_has_a_status_and_true_quotes(pipeline: Pipeline, text: str, earlier: list[str]) -> None:
    answer = pipeline.answer(Question(text, tuple(earlier)))
    assert answer.status != "error"
    assert bool(answer.statements) == answer.status.has_statements
    for citation in answer.citations:
        assert TEXTS[citation.doc_id][citation.start : citation.end] == citation.quote
    json.dumps(answer.to_record())


COMMANDS = [
    line.split()
    for line in [
        "\n    ask ",
        " search ",
        " nothing ",
        " evaluate ",
        " backup ",
        " restore ",
        " index build ",
        " index status ",
        " sync --dry-run ",
        " privacy erase\n    ",
        " corpus list ",
        " corpus show ",
        " corpus add ",
        " corpus trace ",
        " corpus withdraw ",
        " corpus reinstate ",
        " corpus withdrawn\n    ",
        " corpus verify ",
        " corpus editions ",
        " sources add ",
        " sources list ",
        " sources remove ",
        " staff list ",
        " staff remove ",
        "\n    ",
    ]
]
# No slash: as root, nothing but the working folder is to be written.
WORD = st.text(st.characters(exclude_characters="/\0", exclude_categories=["Cs"]), max_size=30)
ARGUMENT = st.one_of(
    WORD,
    st.sampled_from([
        "lighthouse-2021", "dunes-fr", "feed", "list", "folder", "https://[", "http://127.0.0.1:1/x",
        "How many lighthouses?",
        "--json", "--all", "--yes", "--force", "--k", "--why", "--revision", "--batch", "--words", "--since", "--until",
        "--answers", "--help", "-1", "0", "1e9", "2021-13-40", "data", ".", "..", "lines.jsonl", "x.tar.gz",
    ]),
)  # fmt: skip


@tried(3)
@given(command=st.sampled_from(COMMANDS), arguments=st.lists(ARGUMENT, max_size=5), lines=st.binary(max_size=80))
def test_whatever_is_typed_ends_without_a_traceback(
    data: Path, command: list[str], arguments: list[str], lines: bytes
) -> None:
    Path("lines.jsonl").write_bytes(lines)
    result = orgbot(data, *command, *arguments)  # which raises what is no exit
    assert result.exit_code in (0, 1, 2, 3), result.output
    assert "Traceback" not in result.output


LINE = st.one_of(
    st.binary(max_size=60),
    st.dictionaries(
        st.sampled_from(["qid", "question", "turns", "x"]), ASKED | st.integers() | st.lists(ASKED, max_size=3)
    ).map(lambda value: json.dumps(value).encode()),
)


@tried(3)
@given(st.lists(LINE, max_size=4))
def test_whatever_stands_in_a_batch_each_line_has_a_reply(data: Path, lines: list[bytes]) -> None:
    Path("batch.jsonl").write_bytes(b"\n".join(lines))
    result = orgbot(data, "ask", "--batch", "batch.jsonl", "--json")
    assert result.exit_code in (0, 1), result.output
    assert "Traceback" not in result.output
    for line in filter(None, result.stdout.split("\n")):  # other ends of lines may stand within a string
        json.loads(line)


def test_what_no_encoding_can_hold_is_escaped_or_said(data: Path) -> None:
    lines = [json.dumps({"qid": "half \ud800", "question": "How many \udc00 lighthouses?"})] * 2
    Path("half.jsonl").write_text("\n".join(lines))
    batch = run(data, "ask", "--batch", "half.jsonl", "--json")
    assert [json.loads(line)["qid"] for line in batch.stdout.split("\n") if line] == ["half \ud800"] * 2
    for arguments in (["corpus", "show", b"a\xffb"], ["corpus", "withdraw", b"a\xffb", "--why", "x"]):
        said = run(data, *arguments)
        assert said.returncode == 1
        assert said.stderr.startswith("orgbot: An argument ")
        assert "Traceback" not in said.stderr


def run(data: Path, *arguments: str | bytes) -> subprocess.CompletedProcess[str]:
    """In a process of its own, whose output is strict, unlike that of the test runner."""
    code = "import index.encoder, tests.conftest as made; index.encoder.open_encoder = lambda _: made.WordHashEncoder()"
    command = [sys.executable, "-c", f"{code}\nfrom bot.cli.main import main; main()", "--data", str(data), *arguments]
    environment = os.environ | {"PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8"}
    return subprocess.run(command, capture_output=True, text=True, env=environment)
