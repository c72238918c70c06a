"""Sets of questions → what was found, how well and how fast."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from importlib.metadata import version
from pathlib import Path

import numpy as np

from bot.settings import Settings
from evals.ablation import variants
from evals.answers import Judgement, judge
from evals.errors import RunError, SetEmpty
from evals.measures import Run, means, scored
from evals.ranking import Found, Ranked, document_run, rank
from evals.shares import AnswerFigures, figures
from evals.slices import ACROSS, Sliced, sliced
from evals.testset import QuestionSet, Topic, load_set
from index.build import Progress, build_snapshot
from index.encoder import Encoder
from index.passage import Hit
from index.search import Index
from index.settings import IndexSettings

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
    snapshots: Path
    passages: int
    seconds: float


@dataclass(frozen=True, slots=True)
class SetReport:
    """The figures of one set from one system."""

    name: str
    encoder: str
    digest: str
    """SHA-256 over the set's files."""
    corpus_digest: str
    judged: Measured
    slices: Sliced[Measured]
    left_out: int
    """Questions without a judgement, which no measure counts."""
    latency_ms: dict[str, float]
    passages: int
    seconds: float
    run: Run
    ranked: tuple[Ranked, ...]
    signals: tuple[str, ...]
    """What retrieval weighed."""
    answers: AnswerFigures | None = None
    ablation: dict[str, Measured] = field(default_factory=dict)
    """By the name of each variant of the system, the whole first; empty when that was not asked for."""

    @property
    def system(self) -> str:
        """The system's name, version and encoder."""
        return f"orgbot {version('orgbot')} {self.encoder}"

    @property
    def by_language(self) -> dict[str, Measured]:
        """The measures of the questions of each language."""
        return self.slices["language"]

    @property
    def across(self) -> Measured | None:
        """Of the questions that only a document of another language answers; None when the set has none."""
        return self.slices[ACROSS].get(ACROSS)


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
    *,
    ablate: bool = False,
) -> list[SetReport]:
    """A report for each set, in the given order; sets over one corpus share its index.

    Answerable and unanswerable questions of such sets are taken together where citations and abstention are judged.
    `ablate` also measures retrieval with signals switched off: see `evals.ablation`.
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
                report = _report(sets[place], built, judgements[place], together)
                reports[place] = _ablated(report, sets[place], built, settings.index) if ablate else report
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
        index = Index.open(Path(place), encoder, settings.index)
        yield BuiltIndex(index, Path(place), manifest.passages, seconds)


def search(topics: Sequence[Topic], index: Index) -> tuple[Found, list[float]]:
    """The hits of each topic, best first, and what each search took in milliseconds.

    The language of a question is detected, as it is for visitors.
    """
    if topics:
        index.search(topics[0].text, DEPTH)  # the first search also pays for what is loaded lazily
    found: dict[str, list[Hit]] = {}
    milliseconds = []
    for topic in topics:
        started = time.perf_counter()
        found[topic.query_id] = index.search(topic.text, DEPTH)
        milliseconds.append((time.perf_counter() - started) * 1000)
    return found, milliseconds


def measured(ranked: Sequence[Ranked]) -> Measured:
    """The mean measures of some questions."""
    return Measured(len(ranked), means(one.measures for one in ranked))


def percentiles(milliseconds: Sequence[float]) -> dict[str, float]:
    """The median and the 95th percentile; 0 of nothing."""
    p50, p95 = np.percentile(milliseconds, [50, 95]) if milliseconds else (0.0, 0.0)
    return {"p50": round(float(p50), 2), "p95": round(float(p95), 2)}


def write_run(report: SetReport, path: Path) -> None:
    """Write what was found as a TREC run file; raise RunError when it cannot be written or an id has white space."""
    tag = "-".join(report.system.split())
    lines = []
    for query_id, doc_ids in report.run.items():
        for place, (doc_id, score) in enumerate(scored(doc_ids), start=1):
            columns = (query_id, "Q0", doc_id, str(place), str(score), tag)
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
    found, milliseconds = search(question_set.judged, built.index)
    ranked = rank(question_set, found)
    return SetReport(
        name=question_set.name,
        encoder=built.index.encoder.name,
        digest=question_set.digest,
        corpus_digest=question_set.corpus_digest,
        judged=measured(ranked),
        slices=sliced(ranked, measured),
        left_out=len(question_set.topics) - len(question_set.judged),
        latency_ms=percentiles(milliseconds),
        passages=built.passages,
        seconds=round(built.seconds, 3),
        run=document_run(found),
        ranked=tuple(ranked),
        signals=tuple(dict.fromkeys(name for hits in found.values() for hit in hits[:1] for name in hit.signals)),
        answers=figures(judgements, together) if judgements else None,
    )


def _ablated(report: SetReport, question_set: QuestionSet, built: BuiltIndex, settings: IndexSettings) -> SetReport:
    """The report with the figures of each variant, measured over the one index."""
    found = {}
    for name, changed in variants(settings, report.signals).items():
        index = Index.open(built.snapshots, built.index.encoder, changed)
        found[name] = measured(rank(question_set, search(question_set.judged, index)[0]))
    return replace(report, ablation=found)
