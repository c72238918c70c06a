"""The systems compared, and how one is run over a corpus: each step in a process and environment of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from statistics import fmean
from typing import Any

import numpy as np

from benchmarks.peers.system import Text
from evals.testset import QuestionSet
from index.split import split_document

_ROOT = Path(__file__).parents[2]
_GRACE_SECONDS = 120
"""What a step may take beyond its limit: to load a model, to index terms and to write."""
PEERS = {"langchain": "LangChain", "haystack": "Haystack", "txtai": "txtai", "llamaindex": "LlamaIndex"}
"""By the name of the adapter, of the environment and of the file of requirements."""
OWN = "orgbot"


@dataclass(frozen=True, slots=True)
class Figures:
    """What one system did with one corpus; None is what was not measured, and `note` says why."""

    corpus: str
    system: str
    of: int
    """Passages of the corpus."""
    note: str = ""
    passages: int = 0
    """Passages indexed."""
    per_second: float | None = None
    one_client_ms: tuple[float, float] | None = None
    """p50 and p95 of one client."""
    clients_ms: tuple[float, float] | None = None
    """p50 and p95 of 16 clients at once."""
    cold_seconds: float | None = None
    """From the start of a process to its first answer, the index being on disk."""
    memory_mb: float | None = None
    """The most that the answering process had resident."""
    success: dict[str, float] = field(default_factory=dict)
    """Success@1 of all questions, by language, and `across`; empty when not every passage was indexed."""


class StepError(Exception):
    """A step failed or took too long; the message says which."""


def python_of(system: str, venvs: Path) -> Path:
    """The interpreter of the system's environment."""
    return Path(sys.executable) if system == OWN else venvs / system / "bin" / "python"


def how_to_install(system: str, venvs: Path) -> str:
    """The commands that make the environment of a peer."""
    requirements = f"benchmarks/peers/requirements-{system}.txt"
    python = python_of(system, venvs)
    return f"python -m venv {venvs / system} && {python} -m pip install -r {requirements}"


def measure(system: str, question_set: QuestionSet, venvs: Path, limit: float) -> Figures:
    """Index the corpus and ask its questions; `limit` is in seconds, for each of indexing and asking."""
    texts, doc_ids = _cut(question_set)
    figures = Figures(question_set.name, PEERS.get(system, system), len(texts))
    if not python_of(system, venvs).exists():
        return replace(figures, note=f"not installed: {how_to_install(system, venvs)}")
    questions = [topic.text for topic in question_set.judged]
    with tempfile.TemporaryDirectory(prefix="orgbot-peers-") as place:
        folder = Path(place)
        columns = [[one.passage_id, one.language, one.title, one.body] for one in texts]
        (folder / "passages.json").write_text(json.dumps(columns), encoding="utf-8")
        (folder / "questions.json").write_text(json.dumps(questions), encoding="utf-8")
        try:
            indexed = _step("index", system, folder, venvs, limit)
        except StepError as error:
            return replace(figures, note=str(error))
        rate = round(indexed["passages"] / indexed["seconds"], 1)
        figures = replace(figures, passages=indexed["passages"], per_second=rate)
        whole = indexed["passages"] == len(texts)
        note = "" if whole else f"stopped after {limit:.0f} s"
        try:
            asked = _step("ask", system, folder, venvs, limit)
        except StepError as error:
            return replace(figures, note="; ".join(filter(None, [note, str(error)])))
    if len(asked["first"]) < len(questions):
        note = "; ".join(filter(None, [note, f"{len(asked['first'])} of {len(questions)} questions in the time"]))
        whole = False
    first = [[doc_ids[passage_id] for passage_id in found] for found in asked["first"]]
    return replace(
        figures,
        note=note,
        one_client_ms=_percentiles(asked["one_client_ms"]),
        clients_ms=_percentiles(asked["clients_ms"]),
        cold_seconds=round(asked["cold_seconds"], 1),
        memory_mb=round(asked["memory_mb"]),
        success=_success(question_set, first) if whole else {},
    )


def _cut(question_set: QuestionSet) -> tuple[list[Text], dict[str, str]]:
    """The passages as we would index them, and the document of each."""
    texts, doc_ids = [], {}
    for document in question_set.documents:
        for number, passage in enumerate(split_document(document, 1000)):
            passage_id = f"{document.doc_id}-{number}"
            texts.append(Text(passage_id, document.language.value, passage.title, passage.text))
            doc_ids[passage_id] = document.doc_id
    return texts, doc_ids


def _step(step: str, system: str, folder: Path, venvs: Path, limit: float) -> dict[str, Any]:
    (folder / "index").mkdir(exist_ok=True)
    job, result = folder / "job.json", folder / f"{step}.json"
    environment = {name: value for name, value in os.environ.items() if name != "OMP_NUM_THREADS"}
    environment |= {"HF_HUB_OFFLINE": "1", "TRANSFORMERS_OFFLINE": "1", "HAYSTACK_TELEMETRY_ENABLED": "False"}
    given = {
        "system": system,
        "step": step,
        "folder": str(folder / "index"),
        "passages": str(folder / "passages.json"),
        "questions": str(folder / "questions.json"),
        "result": str(result),
        "limit": limit,
        "started": time.time(),
    }
    job.write_text(json.dumps(given), encoding="utf-8")
    command = [str(python_of(system, venvs)), "-m", "benchmarks.peers.worker", str(job)]
    most = (1 if step == "index" else 2) * limit + _GRACE_SECONDS
    try:
        done = subprocess.run(
            command, cwd=_ROOT, env=environment, capture_output=True, text=True, timeout=most, check=False
        )
    except subprocess.TimeoutExpired:
        raise StepError(f"{step}: not done after {most:.0f} s") from None
    if done.returncode or not result.exists():
        raise StepError(f"{step}: failed ({(done.stderr.strip().splitlines() or ['no message'])[-1][:200]})")
    measured: dict[str, Any] = json.loads(result.read_text("utf-8"))
    return measured


def _percentiles(milliseconds: Sequence[float]) -> tuple[float, float] | None:
    if not milliseconds:
        return None
    p50, p95 = np.percentile(milliseconds, [50, 95])
    return round(float(p50), 1), round(float(p95), 1)


def _success(question_set: QuestionSet, first: Sequence[Sequence[str]]) -> dict[str, float]:
    """Whether the first passage is of a document that answers: all, by the question's language, across languages."""
    hits: dict[str, list[bool]] = {}
    for topic, doc_ids in zip(question_set.judged, first, strict=True):
        hit = bool(doc_ids) and doc_ids[0] in question_set.relevant.get(topic.query_id, frozenset())
        for part in ("all", topic.language.value, *(["across"] if topic.across else [])):
            hits.setdefault(part, []).append(hit)
    return {part: round(fmean(found), 3) for part, found in hits.items()}
