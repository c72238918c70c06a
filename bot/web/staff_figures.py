"""Pictures of what was asked: drawn on the server as SVG, each with its table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from fastapi import APIRouter, Request
from fastapi.responses import Response

from bot.feedback import Day, LoggedAnswer, Show
from bot.likeness import alike
from bot.web.staff_desk import Desk
from bot.web.staff_questions import query_of, selected

WIDTH, HEIGHT = 720, 160
"""Of the picture of days, in user units of SVG."""
_DAYS = 60
_GROUPED = 400
_GROUPS = 12
_GAP = 0.2
"""The share of a column's place that stays empty."""
_WIDEST = 40
"""Of a column, in user units: a few days are no wall."""


@dataclass(frozen=True, slots=True)
class Column:
    """The column of one day, from the bottom: what was answered, and on it what was not. In user units."""

    day: Day
    x: float
    width: float
    answered: float
    unanswered: float


@dataclass(frozen=True, slots=True)
class Bar:
    """A row of a table with its bar; `share` is of the longest bar, 0 to 100. `link` leads to the answers counted."""

    label: str
    value: int
    share: float
    link: str = ""
    language: str = ""


def figure_routes(desk: Desk) -> APIRouter:
    """`/staff/figures`, with the filters as its query; without a first day, of the last 60 days."""
    router = APIRouter(prefix="/staff", route_class=desk.route())

    @router.get("/figures")
    def figures(request: Request) -> Response:
        selection = selected(request.query_params)
        if selection.since is None:
            first = (selection.until or datetime.now(UTC).date()) - timedelta(days=_DAYS - 1)
            selection = replace(selection, since=first)
        totals = desk.feedback.totals(selection)
        titles = {doc_id: desk.stored(doc_id) for doc_id, _ in totals.documents}
        unanswered = desk.feedback.recent(_GROUPED, selection=replace(selection, show=Show.UNANSWERED))
        return desk.page(
            request,
            "staff_figures.html",
            selection=selection,
            totals=totals,
            cited=desk.cited(),
            columns=columns(totals.days),
            most=max((day.questions for day in totals.days), default=0),
            votes=bars(list(totals.votes.items())),
            reasons=bars(list(totals.reasons.items())),
            documents=[
                replace(
                    bar,
                    link=query_of(replace(selection, doc_id=bar.label)),
                    label=stored.document.title if stored else bar.label,
                    language=stored.document.language if stored else "",
                )
                for bar in bars(totals.documents)
                for stored in [titles[bar.label]]
            ],
            groups=_groups(desk, unanswered),
            grouped=len(unanswered),
        )

    return router


def columns(days: Sequence[Day]) -> list[Column]:
    """The columns of consecutive days, side by side over the whole width."""
    most = max((day.questions for day in days), default=0)
    if not most:
        return []
    place = WIDTH / len(days)
    width = min(place * (1 - _GAP), _WIDEST)
    return [
        Column(
            day=day,
            x=round(n * place + (place - width) / 2, 2),
            width=round(width, 2),
            answered=round(day.answered / most * HEIGHT, 2),
            unanswered=round((day.questions - day.answered) / most * HEIGHT, 2),
        )
        for n, day in enumerate(days)
    ]


def bars(rows: Sequence[tuple[str, int]]) -> list[Bar]:
    """Bars of labels and values, the longest the whole width."""
    most = max((value for _, value in rows), default=0)
    return [Bar(label, value, round(100 * value / most, 2) if most else 0.0) for label, value in rows]


def _groups(desk: Desk, unanswered: Sequence[LoggedAnswer]) -> list[list[LoggedAnswer]]:
    """Questions without answers that ask for like things, the most frequent first; none without an encoder."""
    if desk.explainer is None or not unanswered:
        return []
    vectors = desk.explainer.vectors([one.question for one in unanswered])
    return [[unanswered[position] for position in group] for group in alike(vectors)[:_GROUPS]]
