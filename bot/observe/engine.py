"""An engine that tells of each question how it ended and how long it took, never what was asked."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from typing import Protocol

from bot.answer import Answer, AnswerStatus, Question
from bot.observe.logs import log, of_request
from bot.observe.stages import timed
from bot.understand import clean
from index.passage import Hit
from index.query import query_language


class Engine(Protocol):
    """Whoever answers, searches, and knows from which snapshot."""

    def answer(self, question: Question) -> Answer:
        """Answer one question."""

    def search(self, question: Question, k: int) -> list[tuple[Hit, str]]:
        """The `k` best passages, each with the address of its page."""

    def snapshot(self) -> str:
        """The id of the snapshot that is open."""


class Figures(Protocol):
    """Whoever counts questions."""

    def answering(self) -> AbstractContextManager[object]:
        """Within it, one more question is being answered."""

    def answered(self, face: str, language: str, status: str, seconds: float, stages: dict[str, float]) -> None:
        """A question has ended: where it was asked, in which language, how it ended, and its times in seconds."""


class ObservedEngine:
    """Answers by another engine; logs and counts each question. It may be used from several threads."""

    def __init__(
        self,
        engine: Engine,
        figures: Figures | None = None,
        face: str = "",
        request_id: Callable[[], str] | None = None,
    ) -> None:
        """Observe `engine`. `face` and `request_id`: of where no request is known, by default those of the task."""
        self._engine = engine
        self._figures = figures
        self._face = face
        self._request_id = request_id

    def answer(self, question: Question) -> Answer:
        """The engine's answer, or what it raises."""
        started = time.perf_counter()
        language, status, snapshot = "", AnswerStatus.ERROR, ""
        with timed() as stages, self._figures.answering() if self._figures else nullcontext():
            try:
                answer = self._engine.answer(question)
                language, status, snapshot = answer.language, answer.status, answer.snapshot
                return answer
            finally:
                seconds = time.perf_counter() - started
                language = language or query_language(clean(question.text)[:1000])
                face = self._face or of_request("face") or "other"
                if self._figures is not None:
                    self._figures.answered(face, language, status, seconds, stages)
                request_id = self._request_id() if self._request_id else of_request("request_id")
                log(
                    __name__,
                    "question",
                    request_id=request_id,
                    face=face,
                    status=str(status),
                    language=str(language),
                    snapshot=snapshot,
                    ms=round(seconds * 1000, 1),
                    stages_ms={name: round(spent * 1000, 1) for name, spent in stages.items()},
                )

    def search(self, question: Question, k: int) -> list[tuple[Hit, str]]:
        """What the engine finds."""
        return self._engine.search(question, k)

    def snapshot(self) -> str:
        """The id of the snapshot that is open."""
        return self._engine.snapshot()
