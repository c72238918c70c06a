"""Sets of questions → what was found, how well and how fast."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

import numpy as np

from bot.settings import Settings
from corpus.document import Language
from evals.answers import AnswerFigures, Judgement, figures, judge
from evals.errors import RunError, SetEmpty
from evals.measures import Run, measure, scored
from evals.testset import QuestionSet, Topic, load_set
from index.build import Progress, build_snapshot
from index.encoder import Encoder
from index.search import Index

DEPTH = 100
"""How many passages are retrieved for each question."""


@dataclass(frozen=True, slots=True)
class Measured:
    """The measures of some of a set's questions."""

    queries: int
    measures: dict[str, float]


@dataclass(frozen=True, slots=True)
class BuiltIndex:
    """An index of a set's corpus, and what building it took: splitting, encoding and writing, nothing cached."""

    index: Index
    passages: int
    seconds: float


@dataclass(frozen=True, slots=True)
class SetReport:
    """The figures of one set from one system."""

    name: str
    system: str
    digest: str
    judged: Measured
    by_language: dict[Language, Measured]
    by_split: dict[str, Measured]
    across: Measured | None
    """Of the questions that only a document of another language answers; None when the set has none."""
    left_out: int
    """Questions without a judgement, which no measure counts."""
    latency_ms: dict[str, float]
    passages: int
    seconds: float
    run: Run
    answers: AnswerFigures | None = None


def evaluate_set(
    set_dir: Path, settings: Settings, encoder: Encoder, answers: bool = False, progress: Progress | None = None
) -> SetReport:
    """Index the corpus of one folder in a temporary place and measure retrieval (and answers) on its questions.

    Raises what `load_set` raises, SetEmpty when no question can be measured, and SearchIndexError.
    """
    return evaluate_sets([load_set(set_dir)], settings, encoder, answers, progress)[0]


def evaluate_sets(
    sets: Sequence[QuestionSet],
    settings: Settings,
    encoder: Encoder,
    answers: bool = False,
    progress: Progress | None = None,
) -> list[SetReport]:
    """A report for each set, in the given order; sets over one corpus share its index.

    Answerable and unanswerable questions of such sets are taken together where abstention is judged.
    """
    for one in sets:
        if not one.judged and not (answers and any(topic.expected for topic in one.topics)):
            what = "evaluate it with --answers" if any(topic.expected for topic in one.topics) else "add judgements"
            raise SetEmpty(f"The set {one.name} has no judged question: {what}.")
    reports: dict[int, SetReport] = {}
    for digest in dict.fromkeys(one.corpus_digest for one in sets):
        places = [place for place, one in enumerate(sets) if one.corpus_digest == digest]
        with built_index(sets[places[0]], settings, encoder, progress) as built:
            judgements = {place: judge(sets[place], built.index, settings) if answers else [] for place in places}
            together = [judgement for place in places for judgement in judgements[place]]
            for place in places:
                reports[place] = _report(sets[place], built, judgements[place], together)
    return [reports[place] for place in range(len(sets))]


@contextmanager
def built_index(
    question_set: QuestionSet, settings: Settings, encoder: Encoder, progress: Progress | None = None
) -> Iterator[BuiltIndex]:
    """An index of the set's corpus, in a temporary place that is removed afterwards."""
    with tempfile.TemporaryDirectory(prefix="orgbot-evaluate-") as place:
        documents = [(document, 1) for document in question_set.documents]
        started = time.perf_counter()
        manifest = build_snapshot(documents, Path(place), encoder, settings.index, progress=progress)
        seconds = time.perf_counter() - started
        yield BuiltIndex(Index.open(Path(place), encoder, settings.index), manifest.passages, seconds)


def search(topics: Sequence[Topic], index: Index) -> tuple[Run, list[float]]:
    """The documents found for each topic, best first, and what each search took in milliseconds.

    A document is ranked where the first of its passages is. The language of a question is detected, as it is for
    visitors.
    """
    if topics:
        index.search(topics[0].text, DEPTH)  # the first search also pays for what is loaded lazily
    run: dict[str, tuple[str, ...]] = {}
    milliseconds = []
    for topic in topics:
        started = time.perf_counter()
        hits = index.search(topic.text, DEPTH)
        milliseconds.append((time.perf_counter() - started) * 1000)
        run[topic.query_id] = tuple(dict.fromkeys(hit.passage.doc_id for hit in hits))
    return run, milliseconds


def percentiles(milliseconds: Sequence[float]) -> dict[str, float]:
    """The median and the 95th percentile; 0 of nothing."""
    p50, p95 = np.percentile(milliseconds, [50, 95]) if milliseconds else (0.0, 0.0)
    return {"p50": round(float(p50), 2), "p95": round(float(p95), 2)}


def write_run(report: SetReport, path: Path) -> None:
    """Write what was found as a TREC run file; raise RunError when it cannot be written or an id has white space."""
    tag = "-".join(report.system.split())
    lines = []
    for query_id, doc_ids in report.run.items():
        for rank, (doc_id, score) in enumerate(scored(doc_ids), start=1):
            columns = (query_id, "Q0", doc_id, str(rank), str(score), tag)
            if any(len(column.split()) != 1 for column in columns):
                raise RunError(
                    f"A TREC run file cannot hold {query_id!r} and {doc_id!r}: take the white space out of the ids."
                )
            lines.append(" ".join(columns) + "\n")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("".join(lines), encoding="utf-8")
    except OSError as error:
        raise RunError(f"The run file {path} cannot be written ({error.strerror}): name another place.") from error


def _report(
    question_set: QuestionSet, built: BuiltIndex, judgements: list[Judgement], together: list[Judgement]
) -> SetReport:
    topics = question_set.judged
    run, milliseconds = search(topics, built.index)
    across = [topic for topic in topics if topic.across]

    def measured(some: Iterable[Topic]) -> Measured:
        query_ids = {topic.query_id for topic in some}
        qrels = [qrel for qrel in question_set.qrels if qrel.query_id in query_ids]
        return Measured(len(query_ids), measure(run, qrels) if qrels else {})

    return SetReport(
        name=question_set.name,
        system=f"orgbot {version('orgbot')} {built.index.encoder.name}",
        digest=question_set.digest,
        judged=measured(topics),
        by_language={
            language: measured(topic for topic in topics if topic.language == language)
            for language in sorted({topic.language for topic in topics})
        },
        by_split={
            split: measured(topic for topic in topics if topic.split == split)
            for split in sorted({topic.split for topic in topics if topic.split})
        },
        across=measured(across) if across else None,
        left_out=len(question_set.topics) - len(topics),
        latency_ms=percentiles(milliseconds),
        passages=built.passages,
        seconds=round(built.seconds, 3),
        run=run,
        answers=figures(judgements, together) if judgements else None,
    )
