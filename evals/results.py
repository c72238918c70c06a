"""Results as files named by commit and encoder, with the figures of every single question."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from bot.settings import Settings
from evals.answers import Judgement
from evals.errors import ResultError
from evals.measures import BINARY, MEASURES
from evals.ranking import Ranked
from evals.report import commit, to_record, version_label
from evals.run import SetReport
from evals.testset import Topic

ANSWERED, RIGHT, ABSTAINED = "answered", "right", "abstained"
BINARY_SCORES = BINARY | {ANSWERED, RIGHT, ABSTAINED}
"""The scores of a question that are 0 or 1; the others are the other measures. Higher is better for each."""


@dataclass(frozen=True, slots=True)
class SetScores:
    """The scores of one set's questions in a file of results."""

    name: str
    digest: str
    scores: dict[str, dict[str, float]]
    """By the name of the score and the id of the question. What is counted of answers differs: an answerable question
    is `answered` and `right` or not, an unanswerable one `abstained` on or not."""


def encoder_label(encoder: str) -> str:
    """An encoder's name as a part of a file's name: of a folder its last part, and nothing but letters and the like."""
    name = Path(encoder).resolve().name if Path(encoder).is_dir() else encoder
    return re.sub(r"[^\w.-]+", "-", name).strip("-.") or "encoder"


def write_results(folder: Path, reports: Sequence[SetReport], settings: Settings) -> Path:
    """Write the reports of one encoder to `folder/<commit or uncommitted>-<encoder>.json`; returns the path.

    Raises ResultError when it cannot be written.
    """
    label = version_label()
    path = folder / f"{label}-{encoder_label(reports[0].encoder)}.json"
    record = {
        "version": label,
        "commit": commit(),
        "encoder": reports[0].encoder,
        "measured_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "sets": [to_record(report, settings) | {"questions": question_records(report)} for report in reports],
    }
    try:
        folder.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(record, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    except OSError as error:
        raise ResultError(f"The results {path} cannot be written ({error.strerror}): name another folder.") from error
    return path


def question_records(report: SetReport) -> list[dict[str, object]]:
    """One record a question that was ranked or answered: its slices, its rank and measures, its answer."""
    records: dict[str, dict[str, object]] = {}
    for ranked in report.ranked:
        records[ranked.topic.query_id] = _topic_record(ranked.topic) | _ranked_record(ranked)
    for judgement in report.answers.judgements if report.answers else ():
        record = records.setdefault(judgement.topic.query_id, _topic_record(judgement.topic))
        record |= _judgement_record(judgement)
    return list(records.values())


def read_results(path: Path) -> list[SetScores]:
    """The scores of each set in a file that `write_results` wrote; raise ResultError when it is none."""
    try:
        sets = json.loads(path.read_text(encoding="utf-8"))["sets"]
        return [SetScores(str(one["set"]), str(one["digest"]), _scores(one["questions"])) for one in sets]
    except OSError as error:
        raise ResultError(f"The results {path} cannot be read ({error.strerror}): name another file.") from error
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise ResultError(
            f"{path} holds no results of single questions: name a file that `orgbot evaluate --out` wrote."
        ) from None


def _scores(questions: Sequence[dict[str, object]]) -> dict[str, dict[str, float]]:
    scores: dict[str, dict[str, float]] = {}
    for question in questions:
        for name, value in _scores_of(question).items():
            scores.setdefault(name, {})[str(question["query_id"])] = value
    return scores


def _scores_of(question: Mapping[str, object]) -> dict[str, float]:
    """The measures of a question, and what became of it: answered and right, or abstained on."""
    known = {name: float(str(question[name])) for name in MEASURES if name in question}
    if ANSWERED in question:
        if question["expected"]:
            known[ABSTAINED] = float(not question[ANSWERED])
        else:
            known |= {ANSWERED: float(bool(question[ANSWERED])), RIGHT: float(bool(question[RIGHT]))}
    return known


def _topic_record(topic: Topic) -> dict[str, object]:
    return {
        "query_id": topic.query_id,
        "language": topic.language,
        "across": topic.across,
        "split": topic.split,
        "kind": topic.kind,
        "year": topic.year,
        "expected": topic.expected,
    }


def _ranked_record(ranked: Ranked) -> dict[str, object]:
    return {"rank": ranked.rank, "reciprocal_rank": 1 / ranked.rank if ranked.rank else 0.0, **ranked.measures}


def _judgement_record(judgement: Judgement) -> dict[str, object]:
    """The answer; an answer to a question that has none is never right."""
    return {
        "status": judgement.status,
        ANSWERED: judgement.answered,
        RIGHT: judgement.right,
        "probability": judgement.probability,
    }
