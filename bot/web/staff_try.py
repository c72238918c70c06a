"""Try it: the whole way of a question, step by step."""

from __future__ import annotations

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import Response

from bot.answer import Question
from bot.feedback import Action
from bot.read import FEATURES
from bot.web.staff_desk import Desk

_MAX_CHARACTERS = 2000
_SENTENCES = 10


def try_routes(desk: Desk) -> APIRouter:
    """`/staff/try`, query `question`; 404 where nobody can show the way."""
    router = APIRouter(prefix="/staff", route_class=desk.route())

    @router.get("/try")
    def try_it(request: Request) -> Response:
        if desk.explainer is None:
            raise HTTPException(404)
        text = request.query_params.get("question", "")[:_MAX_CHARACTERS]
        asked = bool(text.strip())
        if asked:
            desk.note(request, Action.TRIED)
        return desk.page(
            request,
            "staff_try.html",
            question=text,
            asked=asked,
            way=desk.explainer.explain(Question(text)) if asked else None,
            features=FEATURES,
            shown=_SENTENCES,
        )

    return router
