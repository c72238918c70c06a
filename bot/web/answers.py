"""The permanent page of an answer, as it was shown: a plain page without script."""

from __future__ import annotations

from fastapi import APIRouter, HTTPException
from fastapi.responses import HTMLResponse

from bot.errors import FeedbackError
from bot.feedback import FeedbackLog
from bot.settings import Settings
from bot.web.conversation import Drawing
from bot.web.documents import message_page
from bot.web.rendering import render
from corpus.document import Language
from corpus.store import CorpusStore


def answer_routes(settings: Settings, store: CorpusStore, feedback: FeedbackLog) -> APIRouter:
    """`/{language}/answers/{public_id}`; who has the id may see the answer, for as long as the log keeps it."""
    router = APIRouter()
    drawing = Drawing(settings, store)

    @router.get("/{language}/answers/{public_id}", response_class=HTMLResponse)
    def answer(language: str, public_id: str) -> HTMLResponse:
        if language not in set(Language):
            raise HTTPException(404)
        return shown(Language(language), public_id)

    def shown(language: Language, public_id: str) -> HTMLResponse:
        try:
            logged = feedback.find(public_id)
        except FeedbackError:
            return message_page(settings, language, "unavailable", 503)
        if logged is None:
            return message_page(settings, language, "answer_missing", 404)
        page = render(
            "answer.html",
            language,
            settings.server.root_path,
            organisation=settings.organisation.names.get(language, ""),
            logged=logged,
            exchange=drawing.exchange(1, logged.answer, public_id, fixed=True),
            days=settings.server.keep_questions_days,
        )
        # A visitor's question is nobody else's to find.
        return HTMLResponse(page, headers={"X-Robots-Tag": "noindex", "Cache-Control": "no-store"})

    return router
