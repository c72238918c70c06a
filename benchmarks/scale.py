"""How fast, how large and how exact an index of many made-up passages is."""

from __future__ import annotations

import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from statistics import fmean, median
from typing import Any
from unittest.mock import patch

import numpy as np

from benchmarks.madeup import made_up_set
from benchmarks.memory import IndexMemory, index_memory
from benchmarks.stopwatch import Stopwatch
from bot.settings import Settings
from evals.testset import QuestionSet, Topic
from index.build import build_snapshot
from index.dense import DenseIndex
from index.encoder import Encoder
from index.lexical.bm25 import LexicalIndex
from index.passages import PassageTable
from index.search import Index
from index.words import WordIndex

KNOWN_ITEMS = 300
DEPTH = 100
"""How many passages are retrieved for each question."""
_EXACT = 100
"""How many questions of each kind are also searched exactly, which takes much longer."""
_STAGES = {
    "BM25": (LexicalIndex, "scores"),
    "dense: nearest": (DenseIndex, "search"),
    "dense: signals": (DenseIndex, "scores"),
    "words: look-up": (WordIndex, "look_up"),
    "words: translations": (WordIndex, "translations"),
    "BM25 over translations": (LexicalIndex, "translated_scores"),
    "words: interaction": (WordIndex, "interaction"),
    "reading passages": (PassageTable, "passages"),
}


@dataclass(frozen=True, slots=True)
class Recall:
    """The final ranking against the same fusion with every passage as a candidate."""

    questions: int
    at_10: float
    """The share of the exact first 10 that is among the first 10, mean over questions."""
    at_100: float
    across: float
    """The share of the first 10 that is in another language than the question."""
    across_exact: float
    """The same of the exact ranking."""


@dataclass(frozen=True, slots=True)
class Scale:
    """An index of made-up passages. Single queries, one after the other, each for the 100 best passages.

    p50 and p95 are of questions asked for the first time, whose words are looked up as far as no other had them.
    """

    passages: int
    encoding_seconds: float
    """`encode_passages` over all texts, nothing else."""
    build_seconds: float
    build_steps: dict[str, float]
    """The seconds of each step of the build."""
    republish_seconds: float
    """A build after one document of all changed, the vectors of the others known."""
    queries: int
    p50_ms: float
    p95_ms: float
    again_p50_ms: float
    """When all their words were asked for before, as most are of a service that runs."""
    answering_p50_ms: float
    """The same for as many passages as are retrieved to answer a question."""
    first_answering_p50_ms: float
    """… when the questions are asked for the first time."""
    stages_ms: dict[str, float]
    """The median over questions of the milliseconds that a question spends in each part of the search."""
    memory: IndexMemory
    snapshot_mb: float
    known_items_first: float
    """The share of known-item questions whose document is found first."""
    known_items: Recall
    topics: Recall

    @property
    def encoded_per_second(self) -> float:
        """The rate of encoding alone."""
        return self.passages / self.encoding_seconds

    @property
    def built_per_second(self) -> float:
        """The rate of the build: splitting, encoding, indexing and writing."""
        return self.passages / self.build_seconds


def measure_scale(passages: int, topics: Sequence[Topic], settings: Settings, encoder: Encoder) -> Scale:
    """Build an index of so many made-up passages, nothing cached, and search it for the topics and known items."""
    made_up = made_up_set(passages, min(KNOWN_ITEMS, passages))
    stored = [(document, 1) for document in made_up.documents]
    encoding = _encoding_seconds(made_up, encoder)
    with tempfile.TemporaryDirectory(prefix="orgbot-benchmark-") as place:
        snapshots, stopwatch = Path(place), Stopwatch()
        building = _seconds(lambda: build_snapshot(stored, snapshots, encoder, settings.index, progress=stopwatch))
        steps = stopwatch.seconds()
        size = sum(path.stat().st_size for path in snapshots.rglob("*") if path.is_file())
        memory = index_memory(snapshots, settings.index, [topic.text for topic in (*topics, *made_up.topics)])
        index = Index.open(snapshots, encoder, settings.index)
        every = settings.index.model_copy(update={"candidates": passages})
        exact = Index.open(snapshots, encoder, every)
        milliseconds = _latencies(topics, index)
        p50, p95 = np.percentile(milliseconds, [50, 95])
        again, answering = (_latencies(topics, index, depth) for depth in (DEPTH, settings.answer.hits))
        unasked = Index.open(snapshots, encoder, settings.index)
        first_answering = _latencies(topics, unasked, settings.answer.hits)
        return Scale(
            passages=index.manifest.passages,
            encoding_seconds=round(encoding, 2),
            build_seconds=round(building, 2),
            build_steps=steps,
            republish_seconds=round(_republish_seconds(made_up, settings, encoder), 2),
            queries=len(topics),
            p50_ms=round(float(p50), 2),
            p95_ms=round(float(p95), 2),
            again_p50_ms=round(median(again), 2),
            answering_p50_ms=round(median(answering), 2),
            first_answering_p50_ms=round(median(first_answering), 2),
            stages_ms=_stages(topics, index),
            memory=memory,
            snapshot_mb=round(size / 1e6, 1),
            known_items_first=_found_first(made_up, index),
            known_items=_recall(_some(made_up.topics), index, exact),
            topics=_recall(_some(topics), index, exact),
        )


def _seconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def _encoding_seconds(made_up: QuestionSet, encoder: Encoder) -> float:
    texts = [f"{document.title}\n{document.text}" for document in made_up.documents]
    return _seconds(lambda: encoder.encode_passages(texts))


def _republish_seconds(made_up: QuestionSet, settings: Settings, encoder: Encoder) -> float:
    first, *others = made_up.documents
    changed = [(replace(first, text=f"{first.text}\nOne more."), 2), *((document, 1) for document in others)]
    with tempfile.TemporaryDirectory(prefix="orgbot-benchmark-") as place:
        snapshots, cache = Path(place, "snapshots"), Path(place, "embeddings.sqlite3")
        build_snapshot([(document, 1) for document in made_up.documents], snapshots, encoder, settings.index, cache)
        return _seconds(lambda: build_snapshot(changed, snapshots, encoder, settings.index, cache))


def _latencies(topics: Sequence[Topic], index: Index, depth: int = DEPTH) -> list[float]:
    """The milliseconds of each search, after one that pays for what is loaded lazily."""
    index.search(topics[0].text, depth)
    return [1000 * _seconds(partial(index.search, topic.text, depth)) for topic in topics]


def _stages(topics: Sequence[Topic], index: Index) -> dict[str, float]:
    """The median milliseconds that a question spends in each stage, in a run of its own: watching costs time."""
    spent: dict[str, list[float]] = {name: [] for name in _STAGES}
    now: dict[str, float] = defaultdict(float)

    def timed(name: str, method: Callable[..., Any]) -> Callable[..., Any]:
        def call(*arguments: Any) -> Any:
            started = time.perf_counter()
            try:
                return method(*arguments)
            finally:
                now[name] += 1000 * (time.perf_counter() - started)

        return call

    with ExitStack() as watched:
        for name, (owner, method) in _STAGES.items():
            watched.enter_context(patch.object(owner, method, timed(name, getattr(owner, method))))
        for topic in topics:
            now.clear()
            index.search(topic.text, DEPTH)
            for name in _STAGES:
                spent[name].append(now[name])
    return {name: round(median(milliseconds), 2) for name, milliseconds in spent.items()}


def _found_first(made_up: QuestionSet, index: Index) -> float:
    """The share of known-item questions whose document is found first."""
    wanted = {qrel.query_id: qrel.doc_id for qrel in made_up.qrels}
    found = [index.search(topic.text, 1)[0].passage.doc_id == wanted[topic.query_id] for topic in made_up.topics]
    return round(fmean(found), 3)


def _some(topics: Sequence[Topic]) -> Sequence[Topic]:
    return topics[:: max(1, len(topics) // _EXACT)][:_EXACT]


def _recall(topics: Sequence[Topic], index: Index, exact: Index) -> Recall:
    shares: dict[str, list[float]] = defaultdict(list)
    for topic in topics:
        found, wanted = index.search(topic.text, DEPTH), exact.search(topic.text, DEPTH)
        for depth in (10, DEPTH):
            first = {hit.passage.passage_id for hit in wanted[:depth]}
            shares[f"at {depth}"].append(len(first & {hit.passage.passage_id for hit in found[:depth]}) / len(first))
        for name, hits in (("across", found[:10]), ("across exact", wanted[:10])):
            shares[name].append(fmean(hit.passage.language != topic.language for hit in hits))
    at_10, at_100, across, across_exact = (
        round(fmean(shares[name]), 4) for name in ("at 10", f"at {DEPTH}", "across", "across exact")
    )
    return Recall(len(topics), at_10, at_100, across, across_exact)
