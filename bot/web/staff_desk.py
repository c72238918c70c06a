"""What all pages of the staff desk share: who asks, what they sent, how a page is drawn and an action logged."""

from __future__ import annotations

import logging
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any, NamedTuple
from urllib.parse import urlencode

from fastapi import HTTPException, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from fastapi.routing import APIRoute
from starlette.concurrency import run_in_threadpool

from bot.errors import FeedbackError, StaffError
from bot.explain import Explainer
from bot.feedback import Action, FeedbackLog
from bot.settings import Settings
from bot.staff import StaffUsers
from bot.web.documents import message_page
from bot.web.languages import visitor_language
from bot.web.rendering import render
from bot.web.signin import Form, SignIn, sent_form
from corpus.citable import LinkedCorpus
from corpus.errors import DocumentNotFound, StoreError
from corpus.store import CorpusStore, StoredDocument
from index.errors import SearchIndexError

SIGN_IN = "/staff/sign-in"
PER_PAGE = 50
_MAX_PAGE = 10_000
_CITED = 100
_logger = logging.getLogger(__name__)


class PageOf(NamedTuple):
    """One page of a long list; `number` counts from 0."""

    items: list[Any]
    number: int
    has_older: bool


@dataclass(frozen=True, slots=True)
class Desk:
    """What the pages draw from."""

    settings: Settings
    store: CorpusStore
    feedback: FeedbackLog
    explainer: Explainer | None
    """Who shows the way of a question; None where nobody can."""
    users: StaffUsers
    sign_in: SignIn
    linked: LinkedCorpus

    def page(self, request: Request, template: str, status: int = 200, **values: object) -> Response:
        """A template in the language of the visitor."""
        language, root = visitor_language(request), self.settings.server.root_path
        values |= {
            "organisation": self.settings.organisation.names.get(language, ""),
            "user": getattr(request.state, "user", None),
            "can_explain": self.explainer is not None,
            "here": root + request.url.path,
        }
        return HTMLResponse(render(template, language, root, **values), status_code=status)

    def note(self, request: Request, action: Action, about: str = "") -> None:
        """Log what the signed-in user does."""
        self.feedback.actions.note(request.state.user, action, about)

    def stored(self, doc_id: str, revision: int | None = None) -> StoredDocument | None:
        """A document, or None when it is not stored in that revision."""
        try:
            return self.store.get(doc_id, revision)
        except DocumentNotFound:
            return None

    def cited(self) -> list[tuple[str, str]]:
        """Id and headline of the documents that can be filtered by, the most cited first."""
        found = ((doc_id, self.stored(doc_id)) for doc_id in self.feedback.cited(_CITED))
        return [(doc_id, stored.document.title if stored else "") for doc_id, stored in found]

    def unavailable(self, request: Request) -> Response:
        """The page that says that something cannot be read."""
        return message_page(self.settings, visitor_language(request), "unavailable", 503)

    def route(self) -> type[APIRoute]:
        """The kind of route that stands before every page of the desk.

        It is open to signed-in users alone, takes forms from our own pages alone, and lets nothing be cached; there
        is no page at all while there is no user. So no page can forget any of it.
        """
        desk = self

        class DeskRoute(APIRoute):
            def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
                return desk.before(super().get_route_handler())

        return DeskRoute

    def before(
        self, handle: Callable[[Request], Coroutine[Any, Any, Response]]
    ) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """`handle` behind the checks that `route` names."""

        async def checked(request: Request) -> Response:
            try:
                if not await run_in_threadpool(self.users.any):
                    raise HTTPException(404)
                request.state.user = await run_in_threadpool(self.sign_in.user, request)
                if request.method == "POST":
                    request.state.form = await sent_form(request, self.settings.server)
                if request.state.user is None and request.url.path != SIGN_IN:
                    response = self.page(request, "signin.html", 401, problem="")
                else:
                    response = await handle(request)
            except (FeedbackError, StaffError, StoreError, SearchIndexError):
                _logger.exception("A page of the staff desk could not be shown")
                response = self.unavailable(request)
            response.headers["Cache-Control"] = "no-store"
            return response

        return checked


def field(request: Request, name: str) -> str:
    """The first value of a field of the form that was sent; empty when it was not."""
    form: Form = request.state.form
    return form.get(name, [""])[0]


def page_number(request: Request) -> int:
    """The page asked for, from 0; what is no number counts as 0."""
    text = request.query_params.get("page", "")
    return min(int(text), _MAX_PAGE) if text.isascii() and text.isdigit() and len(text) < 9 else 0


def paged(request: Request, fetch: Callable[[int, int], list[Any]]) -> PageOf:
    """The page asked for of a list; `fetch` takes a limit and an offset."""
    number = page_number(request)
    items = fetch(PER_PAGE + 1, number * PER_PAGE)
    return PageOf(items[:PER_PAGE], number, len(items) > PER_PAGE)


def see(path: str, **query: str) -> Response:
    """Lead to a page after a form was sent: reloading it then sends nothing again."""
    return RedirectResponse(f"{path}?{urlencode(query)}" if query else path, 303)
