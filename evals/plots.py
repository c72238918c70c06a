"""Reports as pictures (matplotlib lives here, without a display)."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from evals.abstention import calibration, risk_coverage
from evals.answers import Judgement
from evals.errors import PlotError
from evals.report import checkout
from evals.results import encoder_label
from evals.run import Measured, SetReport
from evals.significance import wilson
from evals.slices import rows, slices

_BLACK = "#000000"
_BLUE, _ORANGE, _GREEN = "#0072B2", "#D55E00", "#009E73"
"""Colours that the colour-blind tell apart (Okabe and Ito, 2008); languages also differ in their line."""
_LANGUAGES = {"fr": (_BLUE, "-"), "en": (_ORANGE, "--"), "es": (_GREEN, "-.")}
_DPI = 150


def write_plots(folder: Path, reports: Sequence[SetReport]) -> list[Path]:
    """Draw the reports of one encoder as PNG files in the folder; returns their paths.

    For each corpus whose answers were judged: risk over coverage, and reliability of the probability. For each set
    with judgements: Success@1 of its slices. Raises PlotError when a file cannot be written.
    """
    drawn: dict[str, Figure] = {}
    groups: dict[str, list[SetReport]] = {}
    for report in reports:
        groups.setdefault(report.corpus_digest, []).append(report)
    for group in groups.values():
        judgements = [one for report in group if report.answers for one in report.answers.judgements]
        if judgements:
            names = "+".join(report.name for report in group)
            drawn[f"{names}-risk-coverage"] = _with_footer(_risk_coverage(judgements, names), group)
            drawn[f"{names}-reliability"] = _with_footer(_reliability(judgements, names), group)
    for report in reports:
        if report.ranked:
            drawn[f"{report.name}-success"] = _with_footer(_success(report), [report])
    return [_written(folder / f"{name}-{encoder_label(reports[0].encoder)}.png", one) for name, one in drawn.items()]


def _risk_coverage(judgements: Sequence[Judgement], names: str) -> Figure:
    figure = Figure(figsize=(7, 5), dpi=_DPI, layout="constrained")
    axes = figure.add_subplot()
    by_language = slices(judgements)["language"]
    _curve(axes, judgements, "all", _BLACK, "-", 2.4)
    for language, some in by_language.items():
        _curve(axes, some, language, *_LANGUAGES[language], 1.6)
    axes.set(xlim=(0, 1), ylim=(0, 1), xlabel="Coverage (share of questions answered, 0 to 1)")
    axes.set_ylabel("Risk (share of the answers that are wrong, 0 to 1)")
    axes.set_title(f"Risk over coverage, {names}\nThe dot is the threshold in force", fontsize=11)
    axes.grid(alpha=0.3)
    axes.legend(title="Language of the question")
    return figure


def _curve(axes: Axes, judgements: Sequence[Judgement], label: str, colour: str, line: str, width: float) -> None:
    curve = risk_coverage(judgements)
    axes.plot(curve.coverage, curve.risk, line, color=colour, linewidth=width, label=f"{label} (n = {len(judgements)})")
    right = [judgement.right for judgement in judgements if judgement.answered]
    if right:
        axes.plot(len(right) / len(judgements), 1 - sum(right) / len(right), "o", color=colour, zorder=3)


def _reliability(judgements: Sequence[Judgement], names: str) -> Figure:
    figure = Figure(figsize=(7, 6), dpi=_DPI, layout="constrained")
    upper, lower = figure.subplots(2, 1, sharex=True, height_ratios=[3, 1])
    found = calibration(judgements)
    upper.plot([0, 1], [0, 1], ":", color=_BLACK, label="perfectly calibrated")
    title = f"Reliability of the probability, {names}"
    if found is not None:
        upper.plot(found.probability, found.frequency, "o-", color=_BLUE, label="measured", clip_on=False)
        lower.bar(found.probability, found.questions, width=0.04, color=_BLUE)
        title += f"\nExpected calibration error {found.error:.3f} (10 bins, n = {found.questions.sum()})"
    upper.set(xlim=(0, 1), ylim=(0, 1), ylabel="First statement from a relevant\ndocument (share, 0 to 1)")
    upper.set_title(title, fontsize=11)
    upper.grid(alpha=0.3)
    upper.legend(loc="upper left")
    lower.set(xlabel="Estimated probability that the documents answer (0 to 1)", ylabel="Questions\n(count)")
    lower.grid(alpha=0.3)
    return figure


def _success(report: SetReport) -> Figure:
    """Success@1 of all questions and of each slice, with 95 % intervals (Wilson)."""
    bars = [("all", report.judged), *rows(report.slices)]
    figure = Figure(figsize=(7, 1.4 + 0.24 * len(bars)), dpi=_DPI, layout="constrained")
    axes = figure.add_subplot()
    places = range(len(bars))
    shares = [measured.measures["Success@1"] for _, measured in bars]
    intervals = [_interval(measured) for _, measured in bars]
    errors = [
        [max(0.0, share - low) for share, (low, _) in zip(shares, intervals, strict=True)],
        [max(0.0, high - share) for share, (_, high) in zip(shares, intervals, strict=True)],
    ]
    colours = [_BLACK, *[_BLUE] * (len(bars) - 1)]
    axes.barh(places, shares, color=colours, alpha=0.75, xerr=errors, ecolor=_ORANGE, capsize=2)
    axes.set_yticks(places, [f"{label} (n = {measured.queries})" for label, measured in bars], fontsize=8)
    axes.set_ylim(len(bars) - 0.4, -0.6)
    axes.set(xlim=(0, 1), xlabel="Success@1 (share of questions, 0 to 1), with 95 % intervals")
    axes.set_title(f"First hit relevant, {report.name}, {encoder_label(report.encoder)}", fontsize=11)
    axes.grid(axis="x", alpha=0.3)
    return figure


def _interval(measured: Measured) -> tuple[float, float]:
    return wilson(round(measured.measures["Success@1"] * measured.queries), measured.queries)


def _with_footer(figure: Figure, reports: Sequence[SetReport]) -> Figure:
    digests = ", ".join(f"{report.name} {report.digest[:12]}" for report in reports)
    figure.supxlabel(f"Data {digests}; {checkout()}; encoder {encoder_label(reports[0].encoder)}",
                     fontsize=7, color="#555555")  # fmt: skip
    return figure


def _written(path: Path, figure: Figure) -> Path:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        figure.savefig(path)
    except OSError as error:
        raise PlotError(f"The plot {path} cannot be written ({error.strerror}): name another folder.") from error
    return path
