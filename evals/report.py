"""Reports as JSON, with what is needed to compare them: commit, data digest, machine, settings."""

from __future__ import annotations

import os
import platform
import subprocess
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TypeVar

from bot.settings import Settings
from evals.abstention import Abstention
from evals.run import Measured, SetReport
from evals.shares import AnswerFigures, Shares
from evals.slices import ACROSS, Sliced

Part = TypeVar("Part", Measured, Shares, Abstention)
_ROOT = Path(__file__).parents[1]
_PACKAGES = ("corpus", "index", "bot", "evals")
UNCOMMITTED = "uncommitted"
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


def version_label() -> str:
    """The first 12 digits of the commit when our packages are as they were committed, otherwise `uncommitted`.

    What cannot be known to be a commit is not named by one.
    """
    git = ["git", "--no-optional-locks", "-C", str(_ROOT), "status", "--porcelain", "--", *_PACKAGES]
    try:
        changed = subprocess.run(git, capture_output=True, check=True, timeout=30).stdout
    except (OSError, subprocess.SubprocessError):
        return UNCOMMITTED
    found = commit()
    return UNCOMMITTED if changed or found is None else found[:12]


def checkout() -> str:
    """What was measured, in words: a commit, or changes to one."""
    label, found = version_label(), commit()
    if label != UNCOMMITTED:
        return f"commit {label}"
    return f"uncommitted changes to {found[:12]}" if found else "commit unknown"


def to_record(report: SetReport, settings: Settings) -> dict[str, object]:
    """A report as plain values, for JSON."""
    record: dict[str, object] = {
        "set": report.name,
        "system": report.system,
        **asdict(report.judged),
        **_sliced_record(report.slices),
        "left_out": report.left_out,
        "latency_ms": report.latency_ms,
        "build": {"passages": report.passages, "seconds": report.seconds},
    }
    if report.ablation:
        record["ablation"] = {name: measured.measures for name, measured in report.ablation.items()}
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


def _answers_record(answers: AnswerFigures) -> dict[str, object]:
    return {
        **asdict(answers.shares),
        **_sliced_record(answers.slices),
        "together": asdict(answers.together) | {"by_language": _plain(answers.together_by_language)},
        "abstention": asdict(answers.abstention) | {"by_language": _plain(answers.abstention_by_language)},
    }


def _sliced_record(parts: Sliced[Part]) -> dict[str, object]:
    """Each slice as `by_…`, and the questions that need another language by a name of their own, for the floors."""
    record: dict[str, object] = {f"by_{name}": _plain(values) for name, values in parts.items()}
    return record | {"across": _plain(parts[ACROSS]).get(ACROSS)}


def _plain(parts: Mapping[str, Part]) -> dict[str, dict[str, object]]:
    return {name: asdict(figures) for name, figures in parts.items()}


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
