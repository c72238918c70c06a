"""A set of questions on the documents of the Coast Agency."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from bot.settings import Settings
from tests.conftest import COAST

DOCUMENTS = [
    {
        "_id": document.doc_id,
        "title": document.title,
        "text": document.text,
        "metadata": {"language": document.language},
    }
    for document in COAST
]
QUERIES = [
    {"_id": "q1", "text": "How many lighthouses were repaired in 2018?", "metadata": {"answer": ["12"]}},
    {"_id": "q2", "text": "Combien d'oyats ont été plantés ?", "metadata": {"answer": "9 000 oyats"}},
    {"_id": "q3", "text": "¿Dónde abrió la agencia puertos pesqueros?", "metadata": {"answer": ["Villamar"]}},
    {"_id": "q4", "text": "Who likes lighthouses?"},
]
QRELS = "query-id\tcorpus-id\tscore\nq1\tlighthouse-2018\t1\nq2\tdunes-fr\t1\nq3\tpuertos-es\t1\n"


def write_set(
    folder: Path,
    documents: Sequence[object] = DOCUMENTS,
    queries: Sequence[object] = QUERIES,
    qrels: str | None = QRELS,
) -> Path:
    """A BEIR folder of these lines; a text stands for a line as it is."""
    folder.mkdir(parents=True)
    for name, records in (("corpus.jsonl", documents), ("queries.jsonl", queries)):
        lines = [one if isinstance(one, str) else json.dumps(one, ensure_ascii=False) for one in records]
        (folder / name).write_text("\n".join(lines), encoding="utf-8")
    if qrels is not None:
        (folder / "qrels.tsv").write_text(qrels, encoding="utf-8")
    return folder


@pytest.fixture
def set_dir(tmp_path: Path) -> Path:
    return write_set(tmp_path / "coast")


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data=tmp_path / "data")
