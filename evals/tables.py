"""Reports as tables, each within 80 columns as long as names are short."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.console import Console
from rich.table import Table

from evals.ablation import WHOLE
from evals.abstention import Abstention
from evals.measures import MEASURES
from evals.report import checkout, machine
from evals.run import Measured, SetReport
from evals.shares import AnswerFigures, Shares
from evals.slices import rows

_ABLATED = ("Success@1", "Release Success@1", "nDCG@10")


def print_reports(reports: Sequence[SetReport], console: Console, slices: bool = False) -> None:
    """Tables of all reports; `slices` also gives the figures of parts of the questions.

    Reports of several encoders stand beside each other, each row with its encoder.
    """
    retrieved = [report for report in reports if report.judged.queries]
    tables = []
    if retrieved:
        tables += [_retrieval_table(retrieved, slices), _speed_table(retrieved)]
    if any(report.ablation for report in retrieved):
        tables.append(_ablation_table(retrieved))
    if any(report.answers for report in reports):
        tables += [_answerable_table(reports, slices), _unanswerable_table(reports, slices)]
        tables += [_citation_table(reports, slices), _abstention_table(reports, slices)]
    console.print(*(each for each in tables if each.row_count), sep="")
    left_out = {report.name: report.left_out for report in retrieved if report.left_out}
    for name, count in left_out.items():
        console.print(f"{name}: {count} questions without a judgement are left out.")
    console.print(f"{machine()}; {checkout()}", style="dim", soft_wrap=True)


def table(title: str, *columns: str, left: int = 2) -> Table:
    """A table whose first `left` columns hold words, and the others figures."""
    made = Table(
        title=title, title_justify="left", box=None, header_style="bold", collapse_padding=True, pad_edge=False
    )
    for position, name in enumerate(columns):
        made.add_column(name, justify="left" if position < left else "right", overflow="fold")
    return made


def header(measure: str) -> str:
    """The name of a measure, broken so that it leaves room for the names of sets."""
    return measure.replace("Release ", "Release\n").replace("Success@", "Success\n@")


def _retrieval_table(reports: Sequence[SetReport], slices: bool) -> Table:
    made = table("Retrieval", "Set", "Questions", "n", *map(header, MEASURES))
    for report in reports:
        made.add_row(_named(report, reports), "all", *_measured_cells(report.judged), style="bold")
        for name, measured in rows(report.slices) if slices else ():
            made.add_row("", name, *_measured_cells(measured))
    return made


def _speed_table(reports: Sequence[SetReport]) -> Table:
    made = table("Speed", "Set", "Encoder", "p50 ms", "p95 ms", "passages", "passages/s")
    for report in reports:
        latency = (f"{report.latency_ms['p50']:.1f}", f"{report.latency_ms['p95']:.1f}")
        rate = f"{report.passages / report.seconds:.0f}" if report.seconds else "–"
        made.add_row(report.name, report.encoder, *latency, str(report.passages), rate)
    return made


def _ablation_table(reports: Sequence[SetReport]) -> Table:
    made = table("Ablation", "Set", "Signals", "n", *(column for name in _ABLATED for column in (header(name), "±")))
    for report in reports:
        for name, measured in report.ablation.items():
            cells = []
            for measure in _ABLATED:
                value, whole = measured.measures[measure], report.ablation[WHOLE].measures[measure]
                cells += [f"{value:.3f}", "" if name == WHOLE else f"{value - whole:+.3f}"]
            first = name == WHOLE
            shown = _named(report, reports) if first else ""
            made.add_row(shown, name, str(measured.queries), *cells, style="bold" if first else "")
    return made


def _answerable_table(reports: Sequence[SetReport], slices: bool) -> Table:
    made = table("Answers to answerable questions", "Set", "Questions", "n", "answered", "1st right", "right", "cited")
    for name, questions, shares, style in _share_rows(reports, slices):
        if shares.answerable:
            found = (shares.answered, shares.in_first, shares.in_answer, shares.cites_judged)
            made.add_row(name, questions, str(shares.answerable), *map(_percent, found), style=style)
    return made


def _unanswerable_table(reports: Sequence[SetReport], slices: bool) -> Table:
    made = table("Answers to unanswerable questions", "Set", "Questions", "n", "abstained", "as expected")
    for name, questions, shares, style in _share_rows(reports, slices):
        if shares.unanswerable:
            found = (shares.abstained, shares.expected_status)
            made.add_row(name, questions, str(shares.unanswerable), *map(_percent, found), style=style)
    return made


def _share_rows(reports: Sequence[SetReport], slices: bool) -> Iterator[tuple[str, str, Shares, str]]:
    """The set, the part of its questions, their shares and the style of each row."""
    for report in reports:
        if report.answers:
            yield _named(report, reports), "all", report.answers.shares, "bold"
            for name, shares in rows(report.answers.slices) if slices else ():
                yield "", name, shares, ""


def _citation_table(reports: Sequence[SetReport], slices: bool) -> Table:
    made = table("Citations", "Sets", "Questions", "citations", "precision", "recall", "verbatim")
    for names, answers in _together(reports):
        made.add_row(names, "all", *_citation_cells(answers.together), style="bold")
        for language, shares in answers.together_by_language.items() if slices else ():
            made.add_row("", f"language {language}", *_citation_cells(shares))
    return made


def _abstention_table(reports: Sequence[SetReport], slices: bool) -> Table:
    made = table("Abstention", "Sets", "Questions", "n", "AUROC", "coverage", "risk", "risk at 80 %", "AURC")
    for names, answers in _together(reports):
        made.add_row(names, "all", *_abstention_cells(answers.abstention), style="bold")
        for language, one in answers.abstention_by_language.items() if slices else ():
            made.add_row("", f"language {language}", *_abstention_cells(one))
    return made


def _together(reports: Sequence[SetReport]) -> Iterator[tuple[str, AnswerFigures]]:
    """The names and the figures of the sets that were judged together: those over one corpus, by one encoder."""
    groups: dict[tuple[str, str], list[tuple[SetReport, AnswerFigures]]] = {}
    for report in reports:
        if report.answers:
            groups.setdefault((report.encoder, report.corpus_digest), []).append((report, report.answers))
    for group in groups.values():
        names = " +\n".join(report.name for report, _ in group)
        yield f"{names}{_encoder(group[0][0], reports)}", group[0][1]


def _named(report: SetReport, reports: Sequence[SetReport]) -> str:
    return f"{report.name}{_encoder(report, reports)}"


def _encoder(report: SetReport, reports: Sequence[SetReport]) -> str:
    """The encoder on a line of its own, where reports of several are shown."""
    return f"\n{report.encoder}" if len({one.encoder for one in reports}) > 1 else ""


def _measured_cells(measured: Measured) -> tuple[str, ...]:
    return str(measured.queries), *(f"{measured.measures[name]:.3f}" for name in MEASURES)


def _citation_cells(shares: Shares) -> tuple[str, ...]:
    found = (shares.citation_precision, shares.citation_recall, shares.verbatim)
    return str(shares.citations), *map(_percent, found)


def _abstention_cells(one: Abstention) -> tuple[str, ...]:
    auroc, aurc = ("–" if value is None else f"{value:.3f}" for value in (one.auroc, one.aurc))
    return str(one.questions), auroc, *map(_percent, (one.coverage, one.risk, one.risk_at_80)), aurc


def _percent(share: float | None) -> str:
    return "–" if share is None else f"{share:.1%}"
