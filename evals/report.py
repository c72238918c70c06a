"""Reports as tables and as JSON, with what is needed to compare them: commit, data digest, machine, settings."""

from __future__ import annotations

import os
import platform
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TypeVar

from rich.console import Console
from rich.table import Table

from bot.settings import Settings
from corpus.document import Language
from evals.answers import Abstention, AnswerFigures, Shares
from evals.measures import MEASURES
from evals.run import Measured, SetReport

Part = TypeVar("Part")
_ROOT = Path(__file__).parents[1]
_LIBRARIES = ("orgbot", "numpy", "faiss-cpu", "torch", "sentence-transformers", "bm25s", "ir-measures")


@dataclass(frozen=True, slots=True)
class Machine:
    """Where figures were measured."""

    processor: str
    cores: int
    memory_gb: float
    system: str
    python: str
    versions: dict[str, str]

    def __str__(self) -> str:
        """One line for tables."""
        return f"{self.processor}, {self.cores} cores, {self.memory_gb:.0f} GB, Python {self.python}"


def machine() -> Machine:
    """This machine."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") if hasattr(os, "sysconf") else 0
    return Machine(
        processor=_processor(),
        cores=len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1,
        memory_gb=round(memory / 1e9, 1),
        system=f"{platform.system()} {platform.release()}",
        python=platform.python_version(),
        versions={name: found for name in _LIBRARIES if (found := _version(name))},
    )


@cache
def commit() -> str | None:
    """The commit that is checked out, or None outside a checkout.

    Read from git's files, so that neither git nor the right to run it is needed.
    """
    git = _ROOT / ".git"
    try:
        head = (git / "HEAD").read_text().strip()
        if not head.startswith("ref: "):
            return head
        reference = head.removeprefix("ref: ")
        if (git / reference).is_file():
            return (git / reference).read_text().strip()
        packed = (line.split() for line in (git / "packed-refs").read_text().splitlines())
        return next((parts[0] for parts in packed if parts[1:] == [reference]), None)
    except OSError:
        return None


def to_record(report: SetReport, settings: Settings) -> dict[str, object]:
    """A report as plain values, for JSON."""
    record: dict[str, object] = {
        "set": report.name,
        "system": report.system,
        **asdict(report.judged),
        "by_language": {language: asdict(measured) for language, measured in report.by_language.items()},
        "by_split": {split: asdict(measured) for split, measured in report.by_split.items()},
        "across": asdict(report.across) if report.across else None,
        "left_out": report.left_out,
        "latency_ms": report.latency_ms,
        "build": {"passages": report.passages, "seconds": report.seconds},
    }
    if report.answers:
        record["answers"] = _answers_record(report.answers)
    return record | {
        "digest": report.digest,
        "commit": commit(),
        "machine": asdict(machine()),
        "settings": {
            "index": settings.index.model_dump(mode="json"),
            "answer": settings.answer.model_dump(mode="json"),
        },
    }


def print_reports(reports: Sequence[SetReport], console: Console) -> None:
    """Tables of all reports, each within 80 columns."""
    retrieved = [report for report in reports if report.judged.queries]
    if retrieved:
        console.print(_retrieval_table(retrieved))
        console.print(_speed_table(retrieved))
    for report in retrieved:
        if report.left_out:
            console.print(f"{report.name}: {report.left_out} questions without a judgement are left out.")
    if any(report.answers for report in reports):
        tables = (_answerable_table(reports), _unanswerable_table(reports), _abstention_table(reports))
        console.print(*(table for table in tables if table.row_count), sep="")
    console.print(f"{machine()}; commit {(commit() or 'unknown')[:12]}", style="dim")


def _answers_record(answers: AnswerFigures) -> dict[str, object]:
    return {
        **asdict(answers.shares),
        "by_language": {language: asdict(shares) for language, shares in answers.by_language.items()},
        "by_split": {split: asdict(shares) for split, shares in answers.by_split.items()},
        "across": asdict(answers.across) if answers.across else None,
        "abstention": asdict(answers.abstention)
        | {"by_language": {language: asdict(one) for language, one in answers.abstention_by_language.items()}},
    }


def _retrieval_table(reports: Sequence[SetReport]) -> Table:
    table = _table("Retrieval", "Set", "Questions", "n", *MEASURES)
    for report in reports:
        table.add_row(report.name, "all", *_measured_cells(report.judged), style="bold")
        for name, measured in _parts(report.by_language, report.by_split, report.across):
            table.add_row("", name, *_measured_cells(measured))
    return table


def _speed_table(reports: Sequence[SetReport]) -> Table:
    table = _table("Speed", "Set", "Encoder", "p50 ms", "p95 ms", "passages", "passages/s")
    for report in reports:
        latency = (f"{report.latency_ms['p50']:.1f}", f"{report.latency_ms['p95']:.1f}")
        encoder = report.system.split(maxsplit=2)[-1]
        rate = f"{report.passages / report.seconds:.0f}" if report.seconds else "–"
        table.add_row(report.name, encoder, *latency, str(report.passages), rate)
    return table


def _answerable_table(reports: Sequence[SetReport]) -> Table:
    columns = ("answered", "1st right", "right", "cited", "verbatim")
    table = _table("Answers to answerable questions", "Set", "Questions", "n", *columns)
    for name, questions, shares, style in _share_rows(reports):
        if shares.answerable:
            found = (shares.answered, shares.in_first, shares.in_answer, shares.cites_judged, shares.verbatim)
            table.add_row(name, questions, str(shares.answerable), *map(_percent, found), style=style)
    return table


def _unanswerable_table(reports: Sequence[SetReport]) -> Table:
    table = _table("Answers to unanswerable questions", "Set", "Questions", "n", "abstained", "as expected")
    for name, questions, shares, style in _share_rows(reports):
        if shares.unanswerable:
            found = (shares.abstained, shares.expected_status)
            table.add_row(name, questions, str(shares.unanswerable), *map(_percent, found), style=style)
    return table


def _share_rows(reports: Sequence[SetReport]) -> Iterator[tuple[str, str, Shares, str]]:
    """The set, the part of its questions, their shares and the style of each row."""
    for report in reports:
        if report.answers:
            yield report.name, "all", report.answers.shares, "bold"
            answers = report.answers
            for name, shares in _parts(answers.by_language, answers.by_split, answers.across):
                yield "", name, shares, ""


def _parts(
    by_language: Mapping[Language, Part], by_split: Mapping[str, Part], across: Part | None
) -> Iterator[tuple[str, Part]]:
    """The figures of parts of the questions, each with the name of the part."""
    yield from by_language.items()
    yield from by_split.items()
    if across:
        yield "across", across


def _abstention_table(reports: Sequence[SetReport]) -> Table:
    table = _table("Abstention", "Sets", "Questions", "n", "AUROC", "coverage", "risk", "risk at 80 %")
    # Sets over one corpus share their figures: each is shown once.
    seen: dict[Abstention, tuple[list[str], AnswerFigures]] = {}
    for report in reports:
        if report.answers:
            seen.setdefault(report.answers.abstention, ([], report.answers))[0].append(report.name)
    for names, answers in seen.values():
        table.add_row(" +\n".join(names), "all", *_abstention_cells(answers.abstention), style="bold")
        for language, one in answers.abstention_by_language.items():
            table.add_row("", language, *_abstention_cells(one))
    return table


def _table(title: str, *columns: str) -> Table:
    table = Table(title=title, title_justify="left", box=None, header_style="bold")
    for position, name in enumerate(columns):
        table.add_column(name, justify="left" if position < 2 else "right", overflow="fold")
    return table


def _measured_cells(measured: Measured) -> tuple[str, ...]:
    return str(measured.queries), *(f"{measured.measures[name]:.3f}" for name in MEASURES)


def _abstention_cells(one: Abstention) -> tuple[str, ...]:
    auroc = "–" if one.auroc is None else f"{one.auroc:.3f}"
    return str(one.questions), auroc, *map(_percent, (one.coverage, one.risk, one.risk_at_80))


def _percent(share: float | None) -> str:
    return "–" if share is None else f"{share:.1%}"


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        lines = []
    names = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(names, "") or platform.processor() or platform.machine()


def _version(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None
