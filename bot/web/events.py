"""What happens when a visitor asks, asks again, stops, comes back or votes."""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import AsyncIterator
from dataclasses import replace
from itertools import count
from typing import Any

import gradio as gr
from markupsafe import Markup

from bot.answer import Answer, Answerer, AnswerStatus, Filters, Question
from bot.errors import FeedbackError
from bot.feedback import FeedbackLog, Reason, Vote
from bot.locales import texts
from bot.settings import Settings
from bot.suggest import Suggestions
from bot.web.conversation import (
    MAX_EARLIER,
    MAX_EXCHANGES,
    Conversation,
    Drawing,
    Exchange,
)
from bot.web.rendering import render
from corpus.document import DocumentKind, Language

_logger = logging.getLogger(__name__)
_PUBLIC_ID = re.compile(r"[\w-]{22}", re.ASCII)
_YEAR = re.compile(r"[1-9]\d{3}", re.ASCII)
MAX_PLACE_CHARACTERS = 80

Shown = list[Any]
"""Conversation, sources, state: what each event changes, in this order."""


class Chat:
    """The events of the chat page of one language. What comes from the browser is checked before it is used."""

    def __init__(
        self,
        language: Language,
        answerer: Answerer,
        feedback: FeedbackLog,
        settings: Settings,
        drawing: Drawing,
        suggestions: Suggestions | None = None,
    ) -> None:
        """Answer with `answerer`, log in `feedback`; `language` is that of the page."""
        self._language = language
        self._answerer = answerer
        self._feedback = feedback
        self._settings = settings
        self._drawing = drawing
        self._suggestions = suggestions
        self._notices = count()  # two notices that were alike would leave the page as it is

    async def ask(
        self, text: Any, since: Any, until: Any, place: Any, kinds: Any, conversation: Conversation
    ) -> AsyncIterator[Shown]:
        """Show the question, then its answer; the filters are as the visitor has set them."""
        question = readable(text)
        if not question.strip():
            yield [gr.skip()] * 3
            return
        conversation = conversation or ()
        yield [self._drawing.conversation(conversation, self._language, pending=question), gr.skip(), gr.skip()]
        filters = filters_of(since, until, place, kinds)
        # In a thread that is waited for here: a visitor who stops the question may ask the next one at once, though
        # the thread itself cannot be stopped.
        exchange = await asyncio.to_thread(self._exchange, question, filters, conversation)
        conversation = (*conversation, exchange)[-MAX_EXCHANGES:]
        yield [*self._drawn(conversation), conversation]

    async def ask_example(
        self, since: Any, until: Any, place: Any, kinds: Any, conversation: Conversation, event: gr.EventData
    ) -> AsyncIterator[Shown]:
        """The same for a question that the page offers and that was clicked."""
        async for shown in self.ask(_sent(event).get("question"), since, until, place, kinds, conversation):
            yield shown

    async def ask_again(
        self, since: Any, until: Any, place: Any, kinds: Any, conversation: Conversation, event: gr.EventData
    ) -> AsyncIterator[Shown]:
        """Ask the last question again, as it was or as the visitor has changed it, instead of the first time."""
        if not conversation:
            yield [gr.skip()] * 3
            return
        question = _sent(event).get("question") or conversation[-1].question
        async for shown in self.ask(question, since, until, place, kinds, conversation[:-1]):
            yield shown

    def interrupt(self, conversation: Conversation) -> Shown:
        """Show the conversation without the question that is being answered."""
        return [*self._drawn(conversation or ()), gr.skip()]

    def begin(self) -> Shown:
        """An empty conversation."""
        return [*self._drawn(()), ()]

    def restore(self, conversation: Conversation, event: gr.EventData) -> Shown:
        """The conversation that the visitor's browser remembers, drawn anew from the log: it sends nothing but ids."""
        if conversation:
            return [gr.skip()] * 3
        restored: Conversation = ()
        for public_id in _public_ids(_sent(event).get("answers")):
            answer = self._find(public_id)
            if answer is not None:
                restored = (*restored, self._drawing.exchange(len(restored) + 1, answer, public_id))
        return [*self._drawn(restored), restored] if restored else [gr.skip()] * 3

    def vote(self, event: gr.EventData) -> Markup:
        """Keep a vote; a sentence for the visitor that says whether it was kept."""
        sent = _sent(event)
        public_id, vote, reason = readable(sent.get("answer")), sent.get("vote"), sent.get("reason")
        kept = False
        if _PUBLIC_ID.fullmatch(public_id) and vote in set(Vote):
            chosen = Reason(reason) if vote == Vote.DOWN and reason in set(Reason) else None
            try:
                kept = self._feedback.vote(public_id, Vote(vote), chosen, readable(sent.get("comment")))
            except FeedbackError:
                _logger.exception("A vote could not be kept")
        shown = {"public_id": public_id, "kept": kept, "number": next(self._notices)}
        return render("notice.html", self._language, self._settings.server.root_path, **shown)

    def _drawn(self, conversation: Conversation) -> Shown:
        return [draw(conversation, self._language) for draw in (self._drawing.conversation, self._drawing.sources)]

    def _exchange(self, text: str, filters: Filters, conversation: Conversation) -> Exchange:
        number = conversation[-1].number + 1 if conversation else 1
        return self._drawing.exchange(number, *self._answer(text, filters, conversation))

    def _answer(self, text: str, filters: Filters, conversation: Conversation) -> tuple[Answer, str]:
        """The answer, and its id in the log (empty when it could not be logged)."""
        limit = self._settings.answer.max_question_characters
        asked = [one.question for one in conversation]
        earlier = tuple(one for one in asked if len(one) <= limit)[-MAX_EARLIER:]
        try:
            answer = self._answerer.answer(Question(text, earlier, filters))
        except Exception:  # whatever went wrong, the visitor gets a sentence and the log the cause
            _logger.exception("A question could not be answered")
            answer = Answer(text, self._language, AnswerStatus.ERROR)
        if self._suggestions is not None:
            answer = replace(answer, questions=self._suggestions.next_questions(answer, asked))
        try:
            return answer, self._feedback.record(answer)
        except FeedbackError:
            _logger.exception("An answer could not be logged")
            return answer, ""

    def _find(self, public_id: str) -> Answer | None:
        try:
            logged = self._feedback.find(public_id)
        except FeedbackError:
            _logger.exception("The log could not be read")
            return None
        return logged.answer if logged else None


def filters_of(since: Any, until: Any, place: Any, kinds: Any) -> Filters:
    """The filters that the page sent; what is none is passed over."""
    chosen = kinds if isinstance(kinds, list) else []
    return Filters(
        since=_year(since),
        until=_year(until),
        kinds=frozenset(DocumentKind(kind) for kind in chosen if kind in set(DocumentKind)),
        place=readable(place).strip()[:MAX_PLACE_CHARACTERS],
    )


def readable(text: Any) -> str:
    """What was sent as text that can be stored and shown: half surrogate pairs and null bytes cannot."""
    words = text if isinstance(text, str) else ""
    return words.encode("utf-8", "replace").decode("utf-8").replace("\x00", "")


def filter_texts(language: Language) -> list[tuple[str, str]]:
    """The kinds of documents as the page of a language offers them: shown text and value."""
    return [(texts(language)(f"kind_{kind}"), kind.value) for kind in DocumentKind]


def _year(value: Any) -> int | None:
    text = readable(value).strip()
    return int(text) if _YEAR.fullmatch(text) else None


def _public_ids(value: Any) -> list[str]:
    """Those of the values sent that may be ids, as many as a conversation holds."""
    sent = value[:MAX_EXCHANGES] if isinstance(value, list) else []
    return [one for one in sent if isinstance(one, str) and _PUBLIC_ID.fullmatch(one)]


def _sent(event: gr.EventData) -> dict[str, Any]:
    return event._data if isinstance(event._data, dict) else {}
