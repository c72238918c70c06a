"""`python -m benchmarks [SET_DIR…]`: measure, print, and write `benchmarks/results/<commit>.json` and `.md`.

The bundled sets are always measured; name the folders of other sets (in BEIR form) to measure them, too.
"""

from __future__ import annotations

import os

# Before numpy, faiss and torch are imported: single queries are faster on one thread than on two.
os.environ["OMP_NUM_THREADS"] = "1"
os.environ.setdefault("HF_HUB_OFFLINE", "1")
os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
os.environ.setdefault("GRADIO_ANALYTICS_ENABLED", "False")

import argparse
import json
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.scale import DEPTH, Scale, measure_scale
from benchmarks.speed import cold_ask_seconds, first_answer_seconds, initialise, server_memory_mb
from bot.settings import Settings, load_settings
from evals.errors import EvaluationError
from evals.measures import MEASURES
from evals.report import commit, machine, to_record
from evals.run import Measured, SetReport, evaluate_sets
from evals.sets import bundled_sets
from evals.testset import load_set
from index.encoder import open_encoder
from index.errors import SearchIndexError

_RESULTS = Path(__file__).parent / "results"
_QUESTIONS = 50


def main() -> int:
    """Measure everything; returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="Measure quality, speed and memory.")
    parser.add_argument("sets", nargs="*", type=Path, metavar="SET_DIR", help="further sets in BEIR form")
    parser.add_argument(
        "--passages", type=int, action="append", help="how many made-up passages to search [10000]; may be repeated"
    )
    arguments = parser.parse_args()
    try:
        with tempfile.TemporaryDirectory(prefix="orgbot-benchmark-") as place:
            record, table = _measured(arguments.sets, arguments.passages or [10_000], Path(place))
    except (EvaluationError, SearchIndexError) as error:
        print(f"benchmarks: {error}", file=sys.stderr)
        return 1
    _RESULTS.mkdir(exist_ok=True)
    name = (commit() or "unknown")[:12]
    (_RESULTS / f"{name}.json").write_text(json.dumps(record, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    (_RESULTS / f"{name}.md").write_text(table, encoding="utf-8")
    print(table)
    return 0


def _measured(set_dirs: Sequence[Path], sizes: Sequence[int], data: Path) -> tuple[dict[str, object], str]:
    """All figures, as one record for JSON and as tables in Markdown."""
    settings = load_settings(data)
    own = [load_set(folder) for folder in bundled_sets()]
    others = [load_set(folder) for folder in set_dirs]
    topics = own[0].judged
    _say("a first answer and the server's memory")
    initialise(data)
    seconds = cold_ask_seconds(data, topics[0].text)
    first = first_answer_seconds(data, topics[0].text)
    memory = server_memory_mb(data, topics[:: max(1, len(topics) // _QUESTIONS)][:_QUESTIONS])
    encoder = open_encoder(settings.index)
    scales = []
    for passages in sizes:
        _say(f"an index of {passages} made-up passages")
        scales.append(measure_scale(passages, topics, settings, encoder))
    _say("the sets of questions")
    reports = evaluate_sets(own, settings, encoder, answers=True) + evaluate_sets(others, settings, encoder)
    record: dict[str, object] = {
        "commit": commit(),
        "measured_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "machine": asdict(machine()),
        "cold_ask_seconds": seconds,
        "first_answer_seconds": first,
        "server_memory_mb": memory,
        "scales": [asdict(scale) for scale in scales],
        "sets": [to_record(report, settings) for report in reports],
    }
    return record, _markdown(reports, scales, (seconds, first), memory, settings)


def _markdown(
    reports: Sequence[SetReport],
    scales: Sequence[Scale],
    seconds: tuple[float, float],
    memory: float,
    settings: Settings,
) -> str:
    cold, first = seconds
    rows = [
        f"Measured on {machine()}, encoder {settings.index.encoder}, commit {(commit() or 'unknown')[:12]}.",
        "",
        f"| set | questions | n | {' | '.join(MEASURES)} |",
        "|---|---|---:|" + "---:|" * len(MEASURES),
    ]
    for report in reports:
        parts: list[tuple[str, Measured]] = [("all", report.judged)]
        if len(report.by_language) > 1:
            parts += report.by_language.items()
        if report.across:
            parts.append(("across languages", report.across))
        for name, measured in parts:
            if measured.queries:
                figures = " | ".join(f"{measured.measures[measure]:.3f}" for measure in MEASURES)
                rows.append(f"| {report.name} | {name} | {measured.queries} | {figures} |")
    rows += ["", *_answer_rows(reports), "", *_scale_rows(scales), "", "| speed and memory | |", "|---|---:|"]
    rows += [
        f"| cold `orgbot ask` (median of 3 processes) | {cold:.1f} s |",
        f"| `orgbot serve`, from launch to the first answer (median of 3) | {first:.1f} s |",
        f"| `orgbot serve`, highest resident memory over {_QUESTIONS} questions | {memory:.0f} MB |",
    ]
    return "\n".join(rows) + "\n"


def _scale_rows(scales: Sequence[Scale]) -> list[str]:
    """A table with a column for each number of made-up passages."""
    cells = [_scale_cells(scale) for scale in scales]
    heads = [f"{scale.passages:,} passages" for scale in scales]
    rows = [f"| made-up text | {' | '.join(heads)} |", "|---|" + "---:|" * len(scales)]
    return rows + [f"| {name} | {' | '.join(of_scale[name] for of_scale in cells)} |" for name in cells[0]]


def _scale_cells(scale: Scale) -> dict[str, str]:
    recalls = {"topics": scale.topics, "known items": scale.known_items}
    return {
        "encoding": f"{scale.encoded_per_second:.0f} passages/s",
        "index build": f"{scale.built_per_second:.0f} passages/s",
        **{f"… {name.lower()}": f"{seconds:.1f} s" for name, seconds in scale.build_steps.items()},
        "index build after one changed document": f"{scale.republish_seconds:.1f} s",
        f"search for the first {DEPTH}, one thread: p50": f"{scale.p50_ms:.1f} ms",
        "… p95": f"{scale.p95_ms:.1f} ms",
        "… p50 when the words were asked for before": f"{scale.again_p50_ms:.1f} ms",
        "… p50 of those for as many as an answer reads": f"{scale.answering_p50_ms:.1f} ms",
        "… p50 of as many, first asked": f"{scale.first_answering_p50_ms:.1f} ms",
        **{f"… {name}, p50": f"{milliseconds:.1f} ms" for name, milliseconds in scale.stages_ms.items()},
        "resident memory of the index": f"{scale.memory.index_mb:.0f} MB",
        "… of the process": f"{scale.memory.process_mb:.0f} MB",
        "snapshot on disk": f"{scale.snapshot_mb:.0f} MB",
        "known items found first": f"{scale.known_items_first:.1%}",
        **{f"recall@10 against exact search, {name}": f"{one.at_10:.1%}" for name, one in recalls.items()},
        **{f"recall@100 against exact search, {name}": f"{one.at_100:.1%}" for name, one in recalls.items()},
        **{
            f"first 10 in other languages (exact), {name}": f"{one.across:.1%} ({one.across_exact:.1%})"
            for name, one in recalls.items()
        },
    }


def _answer_rows(reports: Sequence[SetReport]) -> list[str]:
    rows = ["| answers | |", "|---|---:|"]
    for report in reports:
        if report.answers is None:
            continue
        shares = report.answers.shares
        named = {
            "answerable questions answered": shares.answered,
            "… with the short answer in the first statement": shares.in_first,
            "… with the short answer in a statement": shares.in_answer,
            "… that cite a judged document": shares.cites_judged,
            "unanswerable questions left unanswered": shares.abstained,
            "quotes that are verbatim": shares.verbatim if shares.answerable else None,
        }
        rows += [f"| {name} | {share:.1%} |" for name, share in named.items() if share is not None]
    abstention = next(report.answers.abstention for report in reports if report.answers)
    if abstention.auroc is not None:
        rows.append(f"| AUROC of the probability of an answer | {abstention.auroc:.3f} |")
    return rows


def _say(what: str) -> None:
    print(f"Measuring {what} …", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
