"""The staff desk: signing in, and the pages below `/staff` put together.

Plain pages without script: there is no API beside them that would have to be guarded.
"""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import Response

from bot.explain import Explainer
from bot.feedback import Action, FeedbackLog
from bot.settings import Settings
from bot.staff import StaffUsers
from bot.web.signin import SignIn, TooManyAttempts
from bot.web.staff_answer import answer_routes
from bot.web.staff_desk import SIGN_IN, Desk, paged, see
from bot.web.staff_editions import edition_routes
from bot.web.staff_figures import figure_routes
from bot.web.staff_passages import passage_routes
from bot.web.staff_questions import question_routes
from bot.web.staff_try import try_routes
from corpus.citable import LinkedCorpus
from corpus.store import CorpusStore


def staff_routes(
    settings: Settings, store: CorpusStore, feedback: FeedbackLog, explainer: Explainer | None = None
) -> APIRouter:
    """`/staff` and all below it; 404 while there is no user who could sign in."""
    users = StaffUsers.of(settings)
    desk = Desk(settings, store, feedback, explainer, users, SignIn(users, settings.server), LinkedCorpus(store))
    router = APIRouter()
    for routes in (
        _sign_in_routes,
        question_routes,
        answer_routes,
        passage_routes,
        figure_routes,
        edition_routes,
        try_routes,
        _record_routes,
    ):
        router.include_router(routes(desk))
    return router


def _sign_in_routes(desk: Desk) -> APIRouter:
    router = APIRouter(prefix="/staff", route_class=desk.route())

    @router.post(SIGN_IN.removeprefix("/staff"))
    def enter(request: Request) -> Response:
        response = see("/staff")
        try:
            user = desk.sign_in.enter(request, request.state.form, response)
        except TooManyAttempts as refused:
            # The name is not kept: people type their password in the wrong field.
            if refused.is_new:
                desk.feedback.actions.note("", Action.LOCKED)
            return desk.page(request, "signin.html", 429, problem="staff_too_many")
        if user is None:
            return desk.page(request, "signin.html", 401, problem="staff_wrong")
        desk.feedback.actions.note(user, Action.SIGNED_IN)
        return response

    @router.post("/sign-out")
    def leave(request: Request) -> Response:
        response = see("/staff")
        desk.note(request, Action.SIGNED_OUT)
        desk.sign_in.leave(request, response)
        return response

    return router


def _record_routes(desk: Desk) -> APIRouter:
    """`/staff/judgements` and `/staff/actions`: what staff think and did."""
    router = APIRouter(prefix="/staff", route_class=desk.route())

    @router.get("/judgements")
    def judgements(request: Request) -> Response:
        return desk.page(request, "staff_judgements.html", judgements=desk.feedback.judgements.all())

    @router.get("/actions")
    def actions(request: Request) -> Response:
        return desk.page(request, "staff_actions.html", page=paged(request, desk.feedback.actions.recent))

    return router
