"""The lists of the staff desk: questions by filters, and their export."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Mapping
from datetime import date
from enum import StrEnum
from typing import TypeVar
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from fastapi.responses import Response, StreamingResponse

from bot.feedback import Action, LoggedAnswer, Selection, Show
from bot.web.staff_desk import Desk, paged
from corpus.document import Language

_MAX_CHARACTERS = 200
_COLUMNS = (
    "id", "asked_at", "language", "status", "probability", "question", "answer", "documents",
    "vote", "reason", "comment",
)  # fmt: skip
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""What a cell must not begin with: a spreadsheet would compute it (OWASP, CSV Injection)."""
Choice = TypeVar("Choice", bound=StrEnum)


def question_routes(desk: Desk) -> APIRouter:
    """`/staff`, `/staff/export.csv` and `/staff/export.jsonl`, each with the filters as its query."""
    router = APIRouter(prefix="/staff", route_class=desk.route())

    @router.get("")
    def questions(request: Request) -> Response:
        selection = selected(request.query_params)
        return desk.page(
            request,
            "questions.html",
            page=paged(request, lambda limit, offset: desk.feedback.recent(limit, offset, selection)),
            total=desk.feedback.count(selection),
            selection=selection,
            query=query_of(selection),
            cited=desk.cited(),
            days=desk.settings.server.keep_questions_days,
        )

    @router.get("/export.csv")
    def export_csv(request: Request) -> Response:
        desk.note(request, Action.EXPORTED, "csv")
        answers = desk.feedback.each(selected(request.query_params))
        return _download(_csv(answers), "text/csv; charset=utf-8", "questions.csv")

    @router.get("/export.jsonl")
    def export_jsonl(request: Request) -> Response:
        desk.note(request, Action.EXPORTED, "jsonl")
        answers = desk.feedback.each(selected(request.query_params))
        return _download(_jsonl(answers), "application/jsonl; charset=utf-8", "questions.jsonl")

    return router


def selected(query: Mapping[str, str]) -> Selection:
    """The selection that an address names; what makes no sense in it is passed over."""
    return Selection(
        show=_choice(query.get("show", ""), Show) or Show.ALL,
        language=_choice(query.get("language", ""), Language),
        since=_day(query.get("since", "")),
        until=_day(query.get("until", "")),
        doc_id=query.get("document", "").strip()[:_MAX_CHARACTERS],
        words=query.get("words", "").strip()[:_MAX_CHARACTERS],
    )


def query_of(selection: Selection) -> str:
    """The query that `selected` reads."""
    values = {
        "show": selection.show if selection.show is not Show.ALL else "",
        "language": selection.language or "",
        "since": selection.since or "",
        "until": selection.until or "",
        "document": selection.doc_id,
        "words": selection.words,
    }
    return urlencode({name: value for name, value in values.items() if value})


def _choice(text: str, choices: type[Choice]) -> Choice | None:
    return next((choice for choice in choices if choice == text), None)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _download(lines: Iterator[str], media_type: str, name: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return StreamingResponse(lines, media_type=media_type, headers=headers)


def _csv(answers: Iterator[LoggedAnswer]) -> Iterator[str]:
    yield "\ufeff"  # without it, spreadsheets do not read the file as UTF-8
    yield _csv_line(_COLUMNS)
    for answer in answers:
        record = _record(answer)
        yield _csv_line([_cell(record[name]) for name in _COLUMNS])


def _csv_line(cells: tuple[str, ...] | list[str]) -> str:
    line = io.StringIO()
    csv.writer(line).writerow(cells)
    return line.getvalue()


def _cell(value: object) -> str:
    """The value as text that no spreadsheet takes for a formula; numbers cannot be one."""
    if isinstance(value, float):
        return str(value)
    text = " ".join(value) if isinstance(value, list) else str(value or "")
    return f"'{text}" if text.lstrip(" ").startswith(_FORMULA) else text


def _jsonl(answers: Iterator[LoggedAnswer]) -> Iterator[str]:
    for answer in answers:
        yield json.dumps(_record(answer), ensure_ascii=False) + "\n"


def _record(answer: LoggedAnswer) -> dict[str, object]:
    voted = answer.voted
    return {
        "id": answer.public_id,
        "asked_at": answer.asked_at.isoformat(timespec="seconds"),
        "language": answer.language,
        "status": answer.status,
        "probability": answer.probability,
        "question": answer.question,
        "answer": " ".join(statement.text for statement in answer.statements),
        "documents": list(dict.fromkeys(citation.doc_id for citation in answer.citations)),
        "vote": voted.vote if voted else None,
        "reason": voted.reason if voted else None,
        "comment": voted.comment if voted else "",
    }
