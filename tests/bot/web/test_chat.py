from __future__ import annotations

import asyncio
from typing import Any

import pytest

from bot.answer import Filters
from bot.feedback import FeedbackLog
from bot.settings import Settings
from bot.web.conversation import MAX_EXCHANGES, Conversation, Drawing
from bot.web.export import plain_text
from corpus.document import Language
from corpus.store import CorpusStore
from tests.bot.web.conftest import DOCUMENTS
from tests.bot.web.standin import ScriptedAnswerer, answered

NO_FILTERS = (None, None, "", [])


@pytest.fixture
def answerer() -> ScriptedAnswerer:
    return ScriptedAnswerer()


@pytest.fixture
def asking(answerer: ScriptedAnswerer, feedback: FeedbackLog, settings: Settings, store: CorpusStore) -> Any:
    from bot.web.events import Chat

    return Chat(Language.ENGLISH, answerer, feedback, settings, Drawing(settings, store))


def ask(asking: Any, text: object, conversation: Conversation = (), filters: tuple[object, ...] = NO_FILTERS) -> Any:
    async def all_shown() -> list[Any]:
        return [shown async for shown in asking.ask(text, *filters, conversation)]

    return asyncio.run(all_shown())


@pytest.mark.parametrize("text", ["", "   \n", None, 7, ["a"], {"a": 1}])
def test_what_is_no_question_is_not_asked(asking: Any, answerer: ScriptedAnswerer, text: object) -> None:
    for _ in ask(asking, text, ()):
        pass
    assert answerer.asked == []


def test_the_question_is_shown_before_its_answer(asking: Any) -> None:
    waiting, done = ask(asking, "Where?", ())
    assert "Where?" in waiting[0]
    assert "Searching the documents" in waiting[0]
    assert "Searching the documents" not in done[0]
    assert "I found no answer" in done[0]


def test_what_cannot_be_stored_or_shown_is_replaced(asking: Any, answerer: ScriptedAnswerer) -> None:
    *_, (_, _, conversation) = ask(asking, "a \ud800 b \x00c", ())
    assert answerer.asked[0].text == "a ? b c"
    assert conversation[0].question == "a ? b c"


def test_a_conversation_keeps_its_latest_exchanges(asking: Any) -> None:
    conversation: Conversation = ()
    for n in range(MAX_EXCHANGES + 3):
        *_, (_, _, conversation) = ask(asking, f"question {n}", conversation)
    assert len(conversation) == MAX_EXCHANGES
    assert [conversation[0].number, conversation[-1].number] == [4, MAX_EXCHANGES + 3]


def test_an_earlier_question_that_was_too_long_is_not_passed_on(
    asking: Any, answerer: ScriptedAnswerer, settings: Settings
) -> None:
    *_, (_, _, conversation) = ask(asking, "x" * (settings.answer.max_question_characters + 1), ())
    *_, (_, _, conversation) = ask(asking, "short", conversation)
    list(ask(asking, "shorter", conversation))
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


class Sent:
    """What Gradio hands on from a page."""

    def __init__(self, data: object) -> None:
        self._data = data


@pytest.mark.parametrize(
    "data", [None, [], {"answers": None}, {"answers": [7, None, "x" * 22, "../../etc/hosts-4567890"]}]
)
def test_nothing_is_restored_from_what_is_no_id_of_ours(asking: Any, data: object) -> None:
    assert all(isinstance(one, dict) for one in asking.restore((), Sent(data)))  # Gradio's sign for "as it was"


def test_a_conversation_is_restored_from_the_log_alone(asking: Any) -> None:
    *_, (_, _, conversation) = ask(asking, "Where?")
    public_id = asking._feedback.recent(1)[0].public_id
    *_, restored = asking.restore((), Sent({"answers": [public_id, "A" * 22]}))
    assert restored == conversation


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ({"vote": "up"}, True),
        ({"vote": "down", "reason": "outdated", "comment": "x"}, True),
        ({"vote": "down", "reason": "no such", "comment": 7}, True),
        ({"vote": "sideways"}, False),
        ({"vote": "up", "answer": "A" * 22}, False),
        ({"vote": "up", "answer": ["A"]}, False),
    ],
)
def test_a_vote_is_kept_when_it_is_one(asking: Any, sent: dict[str, object], kept: bool) -> None:
    list(ask(asking, "Where?"))
    public_id = asking._feedback.recent(1)[0].public_id
    notice = asking.vote(Sent({"answer": public_id, **sent}))
    assert ("data-kept" in notice) is kept
    assert (asking._feedback.find(public_id).voted is not None) is kept


@pytest.mark.parametrize(
    "filters", [(None, 7, ["x"], "release"), ("12345", "-1", None, None), ("", "", "  ", ["no such"])]
)
def test_filters_that_are_none_are_passed_over(asking: Any, answerer: ScriptedAnswerer, filters: Any) -> None:
    list(ask(asking, "Where?", (), filters))
    assert answerer.asked[0].filters == Filters()
