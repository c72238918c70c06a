"""What `orgbot evaluate` does."""

from __future__ import annotations

import json as json_format
import sys
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console

from bot.settings import Settings
from evals.errors import EvaluationError, RunError
from evals.gate import bundled_floors, shortfalls
from evals.report import print_reports, to_record
from evals.run import SetReport, evaluate_sets, write_run
from evals.sets import ANSWERABLE, bundled_sets
from evals.testset import load_set
from index.build import Progress


def evaluate(
    set_dirs: Sequence[Path],
    settings: Settings,
    *,
    json: bool = False,
    run_out: Path | None = None,
    answers: bool = False,
    gate: bool = False,
    progress: Progress | None = None,
) -> int:
    """Evaluate sets (the bundled ones when none is named) and print the figures; returns the exit status.

    `gate` also judges answers, and gives 1 when a figure of a bundled set is below its floor. Sets that cannot be
    read give one sentence on standard error, and 1. `progress` is told how far each build has come.
    """
    try:
        return _evaluate(list(set_dirs), settings, json, run_out, answers or gate, gate, progress)
    except EvaluationError as error:
        return _failed([str(error)])


def _evaluate(
    set_dirs: list[Path],
    settings: Settings,
    json: bool,
    run_out: Path | None,
    answers: bool,
    gate: bool,
    progress: Progress | None,
) -> int:
    from index.encoder import open_encoder

    if not set_dirs or gate:
        set_dirs += bundled_sets() if answers else [ANSWERABLE]
    # Every set is read before the first is indexed: a mistake is said at once.
    sets = [load_set(folder) for folder in {folder.resolve(): folder for folder in set_dirs}.values()]
    paths = _run_paths([one.name for one in sets if one.judged], run_out)
    reports = evaluate_sets(sets, settings, open_encoder(settings.index), answers, progress)
    for report in reports:
        if report.name in paths:
            write_run(report, paths[report.name])
    records = [to_record(report, settings) for report in reports]
    _print(reports, records, json)
    if gate:
        return _failed([str(shortfall) for shortfall in shortfalls(records, bundled_floors())])
    return 0


def _run_paths(names: Sequence[str], run_out: Path | None) -> dict[str, Path]:
    """Where the run of each set goes: into the folder, or, of a single set, into the file that is named."""
    if run_out is None:
        return {}
    if len(names) == 1 and run_out.suffix and not run_out.is_dir():
        return {names[0]: run_out}
    doubled = next((name for name in names if names.count(name) > 1), None)
    if doubled:
        raise RunError(f"Two sets are named {doubled}: evaluate them one by one, or rename one of the folders.")
    return {name: run_out / f"{name}.trec" for name in names}


def _print(reports: Sequence[SetReport], records: Sequence[dict[str, object]], json: bool) -> None:
    if json:
        # Straight to standard output: rich would wrap and colour it.
        sys.stdout.write(json_format.dumps(records, ensure_ascii=False, indent=2) + "\n")
    else:
        print_reports(reports, Console(highlight=False))


def _failed(sentences: Sequence[str]) -> int:
    for sentence in sentences:
        sys.stderr.write(f"orgbot: {sentence}\n")
    return 1 if sentences else 0
