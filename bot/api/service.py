"""What all doors of the API share: answering by a bounded number of threads, and the log of questions."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Protocol

from bot.answer import Answer, Answerer, AnswerStatus, Filters, Question
from bot.errors import FeedbackError
from bot.feedback import FeedbackLog
from bot.settings import Settings
from corpus.document import Language
from index.passage import Hit

_logger = logging.getLogger(__name__)
_WAITING = 32
_EARLIER = 4


class Engine(Answerer, Protocol):
    """Whoever answers, searches, and knows from which snapshot: the pipeline, or a stand-in for it in tests."""

    def search(self, question: Question, k: int) -> list[tuple[Hit, str]]:
        """The `k` best passages, best first, each with the address of its page; raises SearchIndexError."""

    def snapshot(self) -> str:
        """The id of the snapshot that is open; raises SearchIndexError while none is."""


class Busy(Exception):
    """So many questions wait already that another one is sent away."""


class Service:
    """Answers and logs. It may be used from several threads; what does not fit in the line raises Busy."""

    def __init__(self, engine: Engine, feedback: FeedbackLog, settings: Settings) -> None:
        """Answer with `engine`, log in `feedback`."""
        self._engine = engine
        self._feedback = feedback
        self._limit = settings.answer.max_question_characters
        at_once = settings.server.questions_at_once
        self._seats = threading.BoundedSemaphore(at_once)
        self._line = threading.BoundedSemaphore(at_once + _WAITING)
        self._standing = 0
        self._counting = threading.Lock()

    def question(self, text: str, earlier: Sequence[str] = (), filters: Filters | None = None) -> Question:
        """A question with the latest of those before it that are not too long to be questions."""
        return Question(
            text, tuple(one for one in earlier if len(one) <= self._limit)[-_EARLIER:], filters or Filters()
        )

    def ask(self, question: Question) -> tuple[Answer, str | None]:
        """The answer and its id in the log, None when it could not be logged; a failure is the status `error`."""
        with self._seat():
            try:
                answer = self._engine.answer(question)
            except Exception:  # whatever went wrong, the caller gets a status and our log the cause
                _logger.exception("A question could not be answered")
                answer = Answer(question.text, Language.ENGLISH, AnswerStatus.ERROR)
        try:
            return answer, self._feedback.record(answer)
        except FeedbackError:
            _logger.exception("An answer could not be logged")
            return answer, None

    def search(self, question: Question, k: int) -> list[tuple[Hit, str]]:
        """The `k` best passages, each with the address of its page; raises SearchIndexError."""
        with self._seat():
            return self._engine.search(question, k)

    def snapshot(self) -> str:
        """The id of the snapshot that is open; raises SearchIndexError while none is."""
        return self._engine.snapshot()

    async def refuse_when_full(self) -> None:
        """Raise Busy when a question would be sent away: that takes no thread, while `ask` waits in one.

        A dependency of each address that asks.
        """
        if self._standing >= _WAITING:
            raise Busy

    def waiting(self) -> int:
        """How many questions wait for one before them."""
        return self._standing

    def _stand(self, change: int) -> None:
        with self._counting:
            self._standing += change

    @contextmanager
    def _seat(self) -> Iterator[None]:
        if not self._line.acquire(blocking=False):
            raise Busy
        try:
            self._stand(1)
            self._seats.acquire()
            self._stand(-1)
            try:
                yield
            finally:
                self._seats.release()
        finally:
            self._line.release()
