"""Figures as one table, in Markdown and on the terminal, and what they say about the marks."""

from __future__ import annotations

from collections.abc import Sequence

from rich.table import Table

from benchmarks.peers.process import OWN, Figures

_PARTS = ("all", "en", "fr", "es", "across")
HEADS = (
    "corpus", "system", "indexed", "passages/s", "p50 ms", "p95 ms", "p50 ms, 16", "p95 ms, 16", "cold start s",
    "memory MB", *(f"Success@1 {part}" for part in _PARTS), "note",
)  # fmt: skip
_TEXTS = ("corpus", "system", "note")


def cells(one: Figures) -> list[str]:
    """The row of one system over one corpus."""
    indexed = f"{one.passages:,}" if one.passages == one.of else f"{one.passages:,} of {one.of:,}"
    latencies = [*(one.one_client_ms or (None, None)), *(one.clients_ms or (None, None))]
    success = [f"{one.success[part]:.3f}" if part in one.success else "–" for part in _PARTS]
    numbers = [_number(one.per_second, 0), *(_number(ms, 1) for ms in latencies), _number(one.cold_seconds, 1)]
    return [one.corpus, one.system, indexed, *numbers, _number(one.memory_mb, 0), *success, one.note]


def markdown(figures: Sequence[Figures]) -> str:
    """The table, and what it says about the marks."""
    rows = [f"| {' | '.join(HEADS)} |", "|" + "".join("---|" if head in _TEXTS else "---:|" for head in HEADS)]
    rows += [f"| {' | '.join(cells(one))} |" for one in figures]
    return "\n".join([*rows, "", *marks(figures)]).rstrip() + "\n"


def on_terminal(figures: Sequence[Figures]) -> Table:
    """The table for the terminal."""
    table = Table(*HEADS)
    for head, column in zip(HEADS, table.columns, strict=True):
        column.justify = "left" if head in _TEXTS else "right"
        column.overflow = "fold"
    for one in figures:
        table.add_row(*cells(one))
    return table


def marks(figures: Sequence[Figures]) -> list[str]:
    """For each corpus: how our indexing and latency stand to those of the peers that were measured, met or not."""
    lines = []
    for corpus in dict.fromkeys(one.corpus for one in figures):
        of_corpus = [one for one in figures if one.corpus == corpus]
        ours = next((one for one in of_corpus if one.system == OWN), None)
        peers = [one for one in of_corpus if one.system != OWN and one.per_second]
        if ours is None or not ours.per_second or not peers:
            continue
        fastest = max(peers, key=lambda one: one.per_second or 0)
        times = ours.per_second / (fastest.per_second or 1)
        lines.append(f"- {corpus}: orgbot indexes {times:.0f} times as fast as the fastest peer ({fastest.system}).")
        answering = [one for one in peers if one.one_client_ms]
        if ours.one_client_ms and answering:
            quick = min(answering, key=lambda one: (one.one_client_ms or (0, 0))[1])
            p95 = (quick.one_client_ms or (0, 0))[1]
            lines.append(
                f"- {corpus}: p95 of one client {ours.one_client_ms[1]:.1f} ms; of the quickest peer {p95:.1f} ms "
                f"({quick.system}), at Success@1 {_success(ours)} and {_success(quick)}."
            )
    return lines


def _success(one: Figures) -> str:
    return f"{one.success['all']:.3f}" if one.success else "unknown"


def _number(value: float | None, digits: int) -> str:
    return "–" if value is None else f"{value:,.{digits}f}"
