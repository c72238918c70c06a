"""What the server logs of a failure: where and what kind, never what a visitor wrote."""

from __future__ import annotations

import io
import logging
import sys
from collections.abc import Iterator

import pytest

from bot.answer import Question
from bot.api.service import Service
from bot.errors import FeedbackError
from bot.feedback import FeedbackLog
from bot.settings import Settings
from bot.web.logs import WordlessFormatter, log_config
from tests.bot.web.standin import ScriptedAnswerer

WORDS = "Where is my brother Telling Name?"


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(WordlessFormatter("%(levelname)s %(message)s"))
    logging.getLogger().addHandler(handler)
    yield stream
    logging.getLogger().removeHandler(handler)


class Failing(ScriptedAnswerer):
    """Fails with the question in its message, and in that of what caused it."""

    def answer(self, question: Question) -> object:  # type: ignore[override]
        try:
            raise KeyError(question.text)
        except KeyError as error:
            raise ValueError(f"cannot read {question.text!r}") from error


def test_a_question_that_fails_leaves_no_words_in_the_log(
    log: io.StringIO, feedback: FeedbackLog, settings: Settings
) -> None:
    service = Service(Failing(), feedback, settings)  # type: ignore[arg-type]
    service.ask(Question(WORDS))
    logged = log.getvalue()
    assert "A question could not be answered" in logged
    assert "builtins.ValueError" in logged
    assert "builtins.KeyError" in logged
    assert "test_logs.py" in logged
    assert "Telling" not in logged


def test_a_log_that_cannot_be_written_is_named(log: io.StringIO, feedback: FeedbackLog, settings: Settings) -> None:
    feedback.close()
    service = Service(Failing(), feedback, settings)  # type: ignore[arg-type]
    service.ask(Question(WORDS))
    assert "bot.errors.FeedbackError: The log of questions" in log.getvalue()
    assert "Telling" not in log.getvalue()


@pytest.mark.parametrize("with_messages", [False, True])
def test_the_settings_decide_whether_messages_are_logged(with_messages: bool) -> None:
    config = log_config(with_messages)
    name = config["formatters"]["plain"]["()"]
    formatter = (logging.Formatter if isinstance(name, str) else name)("%(message)s")
    try:
        raise RuntimeError(WORDS)
    except RuntimeError:
        said = formatter.formatException(sys.exc_info())
    assert (WORDS in said) is with_messages


def test_a_loop_of_causes_ends_and_our_own_errors_are_said() -> None:
    error = FeedbackError("The disk is full: make room.")
    error.__cause__ = RuntimeError(WORDS)
    error.__cause__.__cause__ = error
    said = WordlessFormatter().formatException((FeedbackError, error, None))
    assert "The disk is full" in said
    assert WORDS not in said
