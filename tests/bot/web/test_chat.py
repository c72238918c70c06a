from __future__ import annotations

from typing import Any

import pytest

from bot.feedback import FeedbackLog
from bot.settings import Settings
from bot.web.conversation import MAX_EXCHANGES, Conversation, plain_text
from corpus.document import Language
from tests.bot.web.conftest import DOCUMENTS
from tests.bot.web.standin import ScriptedAnswerer, answered


@pytest.fixture
def answerer() -> ScriptedAnswerer:
    return ScriptedAnswerer()


@pytest.fixture
def asking(answerer: ScriptedAnswerer, feedback: FeedbackLog, settings: Settings) -> Any:
    from bot.web.chat import Chat

    return Chat(Language.ENGLISH, answerer, feedback, settings)


@pytest.mark.parametrize("text", ["", "   \n", None, 7, ["a"], {"a": 1}])
def test_what_is_no_question_is_not_asked(asking: Any, answerer: ScriptedAnswerer, text: object) -> None:
    for _ in asking.ask(text, ()):
        pass
    assert answerer.asked == []


def test_the_question_is_shown_before_its_answer(asking: Any) -> None:
    waiting, done = asking.ask("Where?", ())
    assert "Where?" in waiting[0]
    assert "Searching the documents" in waiting[0]
    assert "Searching the documents" not in done[0]
    assert "I found no answer" in done[0]


def test_what_cannot_be_stored_or_shown_is_replaced(asking: Any, answerer: ScriptedAnswerer) -> None:
    *_, (_, _, _, conversation) = asking.ask("a \ud800 b \x00c", ())
    assert answerer.asked[0].text == "a ? b c"
    assert conversation[0].question == "a ? b c"


def test_a_conversation_keeps_its_latest_exchanges(asking: Any) -> None:
    conversation: Conversation = ()
    for n in range(MAX_EXCHANGES + 3):
        *_, (_, _, _, conversation) = asking.ask(f"question {n}", conversation)
    assert len(conversation) == MAX_EXCHANGES
    assert [conversation[0].number, conversation[-1].number] == [4, MAX_EXCHANGES + 3]


def test_an_earlier_question_that_was_too_long_is_not_passed_on(
    asking: Any, answerer: ScriptedAnswerer, settings: Settings
) -> None:
    *_, (_, _, _, conversation) = asking.ask("x" * (settings.answer.max_question_characters + 1), ())
    *_, (_, _, _, conversation) = asking.ask("short", conversation)
    list(asking.ask("shorter", conversation))
    assert answerer.asked[-1].earlier == ("short",)


def test_an_answer_as_plain_text_says_what_is_a_digest() -> None:
    answer = answered("¿Empleos?", Language.SPANISH, (DOCUMENTS["puertos-es"], "600 personas de Villamar."))
    assert plain_text(answer).splitlines() == [
        "¿Empleos?",
        "",
        "600 personas de Villamar. [1]",
        "",
        "[1] Tres puertos pesqueros nuevos en Villamar (fecha no indicada por la página). Resumen redactado por"
        f" nosotros; Hechos tomados de: https://coast.example/puertos-es; {answer.citations[0].link}",
    ]
