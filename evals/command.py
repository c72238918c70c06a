"""What `orgbot evaluate` does."""

from __future__ import annotations

import json as json_format
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console

from bot.settings import Settings
from evals.compare import compare_results, comparison_records, print_comparisons
from evals.errors import EvaluationError, ResultError, RunError
from evals.gate import bundled_floors, shortfalls
from evals.report import to_record
from evals.results import encoder_label, write_results
from evals.run import SetReport, evaluate_sets, write_run
from evals.sets import ANSWERABLE, bundled_sets
from evals.tables import print_reports
from evals.testset import QuestionSet, load_set
from index.build import Progress


@dataclass(frozen=True, slots=True)
class Options:
    """What is measured besides retrieval, and where it goes."""

    answers: bool = False
    """Answer every question and judge the answers."""
    gate: bool = False
    """Judge answers too, and give 1 when a figure of a bundled set is below its floor."""
    ablate: bool = False
    """Measure retrieval with each signal off, too."""
    slices: bool = False
    """Show the figures of parts of the questions in the tables; JSON always has them."""
    json: bool = False
    encoders: tuple[str, ...] = ()
    """Further sentence-transformers models, measured beside the one of the settings."""
    query_prefix: str = ""
    passage_prefix: str = ""
    """Put before each text for the further models."""
    run_out: Path | None = None
    """Where TREC run files go: a folder, or, of a single set and encoder, a file."""
    out: Path | None = None
    """The folder of the files of results."""
    plots: Path | None = None
    """The folder of the plots; judges answers, too."""

    @property
    def judges_answers(self) -> bool:
        """Whether answers are judged."""
        return self.answers or self.gate or self.plots is not None


def evaluate(set_dirs: Sequence[Path], settings: Settings, options: Options, progress: Progress | None = None) -> int:
    """Evaluate sets (the bundled ones when none is named) and print the figures; returns the exit status.

    Sets that cannot be read, and files that cannot be written, give one sentence on standard error, and 1. `progress`
    is told how far each build has come.
    """
    try:
        return _evaluate(list(set_dirs), settings, options, progress)
    except EvaluationError as error:
        return _failed([str(error)])


def compare(first: Path, second: Path, json: bool = False) -> int:
    """Compare two files of results and print the differences; returns the exit status."""
    try:
        comparisons = compare_results(first, second)
    except EvaluationError as error:
        return _failed([str(error)])
    if json:
        _print_json(comparison_records(comparisons))
    else:
        print_comparisons(comparisons, first, second, Console(highlight=False))
    return 0


@dataclass(frozen=True, slots=True)
class _Evaluated:
    """One system and its reports."""

    settings: Settings
    reports: list[SetReport]


def _evaluate(set_dirs: list[Path], settings: Settings, options: Options, progress: Progress | None) -> int:
    if not set_dirs or options.gate:
        set_dirs += bundled_sets() if options.judges_answers else [ANSWERABLE]
    # Every set is read before the first is indexed: a mistake is said at once.
    sets = [load_set(folder) for folder in {folder.resolve(): folder for folder in set_dirs}.values()]
    systems = [settings, *_further(settings, options)]
    labels = [encoder_label(one.index.encoder) for one in systems]
    doubled = next((label for label in labels if labels.count(label) > 1), None)
    if doubled:
        raise ResultError(f"Two encoders are named {doubled}: evaluate them one by one.")
    paths = _run_paths([one.name for one in sets if one.judged], labels, options.run_out)
    evaluated = [_Evaluated(one, _reports(sets, one, options, progress)) for one in systems]
    written = _write(evaluated, paths, options)
    records = [[to_record(report, one.settings) for report in one.reports] for one in evaluated]
    if options.json:
        _print_json([record for group in records for record in group])
    else:
        console = Console(highlight=False)
        print_reports([report for one in evaluated for report in one.reports], console, options.slices)
        for path in written:
            console.print(f"Wrote {path}", style="dim", soft_wrap=True)
    if options.gate:  # the floors are those of the settings' own encoder
        return _failed([str(shortfall) for shortfall in shortfalls(records[0], bundled_floors())])
    return 0


def _further(settings: Settings, options: Options) -> list[Settings]:
    """The settings with each further encoder in place of their own."""
    prefixes = {"query_prefix": options.query_prefix, "passage_prefix": options.passage_prefix}
    return [
        settings.model_copy(update={"index": settings.index.model_copy(update={"encoder": name, **prefixes})})
        for name in options.encoders
    ]


def _reports(
    sets: Sequence[QuestionSet], settings: Settings, options: Options, progress: Progress | None
) -> list[SetReport]:
    from index.encoder import open_encoder

    encoder = open_encoder(settings.index)
    return evaluate_sets(sets, settings, encoder, options.judges_answers, progress, ablate=options.ablate)


def _write(evaluated: Sequence[_Evaluated], paths: dict[tuple[str, str], Path], options: Options) -> list[Path]:
    """Write runs, results and plots, as far as they are asked for; returns the paths."""
    written = []
    for one in evaluated:
        for report in one.reports:
            path = paths.get((encoder_label(one.settings.index.encoder), report.name))
            if path:
                write_run(report, path)
                written.append(path)
        if options.out:
            written.append(write_results(options.out, one.reports, one.settings))
        if options.plots:
            from evals.plots import write_plots

            written += write_plots(options.plots, one.reports)
    return written


def _run_paths(names: Sequence[str], encoders: Sequence[str], run_out: Path | None) -> dict[tuple[str, str], Path]:
    """Where the run of each encoder and set goes: into the folder, or, of a single one, into the file that is named."""
    if run_out is None:
        return {}
    if len(names) == len(encoders) == 1 and run_out.suffix and not run_out.is_dir():
        return {(encoders[0], names[0]): run_out}
    doubled = next((name for name in names if names.count(name) > 1), None)
    if doubled:
        raise RunError(f"Two sets are named {doubled}: evaluate them one by one, or rename one of the folders.")
    several = len(encoders) > 1
    return {
        (encoder, name): run_out / (f"{name}-{encoder}.trec" if several else f"{name}.trec")
        for encoder in encoders
        for name in names
    }


def _print_json(value: object) -> None:
    # Straight to standard output: rich would wrap and colour it.
    sys.stdout.write(json_format.dumps(value, ensure_ascii=False, indent=2) + "\n")


def _failed(sentences: Sequence[str]) -> int:
    for sentence in sentences:
        sys.stderr.write(f"orgbot: {sentence}\n")
    return 1 if sentences else 0
