"""One answer beside its stored documents, and what staff think of it."""

from __future__ import annotations

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import Response

from bot.errors import FeedbackDamaged
from bot.feedback import Action, LoggedAnswer, Verdict, verdicts_for
from bot.web.staff_desk import Desk, field, see
from bot.web.staff_revisions import cited_documents


def answer_routes(desk: Desk) -> APIRouter:
    """`/staff/questions/{public_id}`, `…/verdict` and `…/withdraw`."""
    router = APIRouter(prefix="/staff/questions/{public_id}", route_class=desk.route())

    @router.get("")
    def question(request: Request, public_id: str) -> Response:
        judgement = desk.feedback.judgements.of(public_id)
        try:
            logged, damaged = desk.feedback.find(public_id), False
        except FeedbackDamaged:
            logged, damaged = None, True
        if logged is None:
            status = 200 if damaged else 404
            known = {"judgement": judgement, "public_id": public_id, "damaged": damaged}
            return desk.page(request, "question.html", status, logged=None, **known)
        desk.note(request, Action.OPENED, public_id)
        return desk.page(
            request,
            "question.html",
            logged=logged,
            public_id=public_id,
            judgement=judgement,
            verdicts=verdicts_for(logged.status),
            cited=cited_documents(logged.citations, desk, _revision(request)),
        )

    @router.post("/verdict")
    def judge(request: Request, public_id: str) -> Response:
        logged = kept(desk, public_id)
        verdict = next((one for one in verdicts_for(logged.status) if one == field(request, "verdict")), None)
        if verdict is None:
            raise HTTPException(422)
        desk.feedback.judgements.judge(logged, Verdict(verdict), request.state.user)
        desk.note(request, Action.JUDGED, f"{public_id} {verdict}")
        return see(f"/staff/questions/{public_id}")

    @router.post("/withdraw")
    def withdraw(request: Request, public_id: str) -> Response:
        if not desk.feedback.judgements.withdraw(public_id):
            raise HTTPException(404)
        desk.note(request, Action.WITHDREW, public_id)
        return see(f"/staff/questions/{public_id}" if desk.feedback.find(public_id) else "/staff/judgements")

    return router


def kept(desk: Desk, public_id: str) -> LoggedAnswer:
    """The answer of that id; HTTPException (404) when it is not or no longer kept."""
    logged = desk.feedback.find(public_id)
    if logged is None:
        raise HTTPException(404)
    return logged


def _revision(request: Request) -> int | None:
    text = request.query_params.get("against", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else None
