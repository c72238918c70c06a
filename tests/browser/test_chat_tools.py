"""What can be done with an answer: asked again, changed, stopped, voted on, kept, linked to."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from bot.answer import Answer, Filters, Question
from bot.feedback import FeedbackLog, Reason, Vote
from corpus.document import DocumentKind, Language
from tests.bot.web.standin import ScriptedAnswerer, answered, cited, not_found
from tests.browser.conftest import PHONE, ask, serving
from tests.conftest import COAST

OpenPage = Callable[..., Page]

DOCUMENTS = {document.doc_id: document for document in COAST}
LIGHTHOUSE, DUNES = DOCUMENTS["lighthouse-2021"], DOCUMENTS["dunes-fr"]
REPAIRED = "The Coast Agency repaired 41 lighthouses in 2021."
COST = "The work cost EUR 3.2 million."
SPEECH = "“A dark coast is a dangerous coast,” said Director Ada Marsh."
PLANTED = "L’Agence du littoral a planté 9 000 oyats sur les dunes de Sablonne en mars 2020."
SUGGESTED = "What did it cost?"


class SlowAnswerer(ScriptedAnswerer):
    """Answers "slow" when it is let."""

    def __init__(self, *answers: Answer) -> None:
        super().__init__(*answers)
        self.may_answer = threading.Event()

    def answer(self, question: Question) -> Answer:
        if question.text == "slow":
            self.may_answer.wait(20)
        return super().answer(question)


@pytest.fixture(scope="module")
def answerer() -> SlowAnswerer:
    first = answered("How many lighthouses?", Language.ENGLISH, (LIGHTHOUSE, REPAIRED), (LIGHTHOUSE, SPEECH))
    speech = replace(first.citations[1], speaker="Ada Marsh", office="Director")
    return SlowAnswerer(
        replace(
            first,
            citations=(first.citations[0], speech),
            newer=(cited(3, LIGHTHOUSE, COST),),
            questions=(SUGGESTED,),
        ),
        answered(SUGGESTED, Language.ENGLISH, (LIGHTHOUSE, COST)),
        answered("Combien d’oyats ?", Language.FRENCH, (DUNES, PLANTED)),
    )


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory, answerer: SlowAnswerer) -> Iterator[tuple[str, FeedbackLog]]:
    with serving(tmp_path_factory.mktemp("tools"), answerer, COAST) as served:
        yield served


@pytest.fixture
def address(served: tuple[str, FeedbackLog]) -> str:
    return served[0]


@pytest.fixture
def feedback(served: tuple[str, FeedbackLog]) -> FeedbackLog:
    return served[1]


def shown_questions(page: Page) -> list[str]:
    return [one.removeprefix("You asked").strip() for one in page.locator(".asked").all_inner_texts()]


def test_a_card_tells_the_speaker_the_newer_figure_and_the_other_editions(open_page: OpenPage, address: str) -> None:
    page = open_page(address)
    ask(page, "How many lighthouses?")
    expect(page.locator("#card-1-2 .speaker")).to_contain_text("Ada Marsh (Director)")
    expect(page.locator("#card-1-1 .speaker")).to_have_count(0)
    newer = page.locator(".newer")
    expect(newer).to_contain_text(f"A newer document (5 November 2021) states: {COST}")
    newer.locator(".chip").click()
    expect(page.locator("#card-1-3 mark")).to_have_text(COST)
    expect(page.locator("#card-1-3")).to_be_focused()
    ask(page, "Combien d’oyats ?")
    edition = page.locator("#card-2-1 .links a[lang=en]")
    expect(edition).to_contain_text(DOCUMENTS["dunes-en"].title)
    assert edition.get_attribute("href") == "/documents/dunes-en"


def test_a_source_can_be_copied_as_citation(open_page: OpenPage, address: str) -> None:
    page = open_page(address)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    ask(page, "How many lighthouses?")
    page.locator("#card-1-1").get_by_role("button", name="Copy as citation").click()
    expect(page.locator("#announcement")).to_have_text("Copied")
    assert page.evaluate("navigator.clipboard.readText()") == (
        f"“{LIGHTHOUSE.title}”, International Organization for Migration, 5 November 2021, {LIGHTHOUSE.url}"
    )


def test_a_suggested_question_is_asked_with_one_click(
    open_page: OpenPage, tmp_path_factory: pytest.TempPathFactory, answerer: SlowAnswerer
) -> None:
    page_answer = not_found("offers", Language.ENGLISH, LIGHTHOUSE)
    scripted = ScriptedAnswerer(replace(page_answer, questions=(SUGGESTED,)), answerer.script[SUGGESTED])
    with serving(tmp_path_factory.mktemp("suggested"), scripted, COAST) as (address, _):
        page = open_page(address)
        ask(page, "offers")
        page.locator(".next").get_by_role("button", name=SUGGESTED).click()
        expect(page.locator("#exchange-2 .words")).to_have_text([COST])


def test_the_last_question_can_be_asked_again_and_changed(
    open_page: OpenPage, address: str, answerer: SlowAnswerer
) -> None:
    page = open_page(address)
    ask(page, "first")
    ask(page, "How many lighthouses?")
    asked = len(answerer.asked)
    page.get_by_role("button", name="Ask again").click()
    expect(page.locator("#exchange-2")).to_be_visible()
    page.wait_for_function("!document.querySelector('.exchange.pending')")
    expect(page.locator(".exchange")).to_have_count(2)
    assert [(one.text, one.earlier) for one in answerer.asked[asked:]] == [("How many lighthouses?", ("first",))]
    page.get_by_role("button", name="Edit the question").click()
    box = page.locator("#exchange-2").get_by_label("Your question, changed")
    expect(box).to_be_focused()
    box.fill(SUGGESTED)
    page.keyboard.press("Enter")
    expect(page.locator("#exchange-2 .words")).to_have_text([COST])
    assert shown_questions(page) == ["first", SUGGESTED]
    page.get_by_role("button", name="Edit the question").click()
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Edit the question")).to_be_focused()
    expect(page.locator("#exchange-2 .asked")).to_be_visible()


def test_a_question_can_be_stopped(open_page: OpenPage, address: str, answerer: SlowAnswerer) -> None:
    answerer.may_answer.clear()
    page = open_page(address)
    ask(page, "How many lighthouses?")
    page.locator("#question textarea, #question input").fill("slow")
    page.keyboard.press("Enter")
    expect(page.locator(".pending .searching")).to_be_visible()
    # Gradio lets no second question in before it has been told that the first one is stopped.
    with page.expect_response("**/gradio_api/reset"):
        page.get_by_role("button", name="Stop").click()
    expect(page.locator(".pending")).to_have_count(0)
    ask(page, SUGGESTED)  # which is answered though the thread of the stopped one still runs
    answerer.may_answer.set()
    assert shown_questions(page) == ["How many lighthouses?", SUGGESTED]


def test_an_answer_is_voted_on_with_a_reason(open_page: OpenPage, address: str, feedback: FeedbackLog) -> None:
    page = open_page(address)
    ask(page, "How many lighthouses?")
    page.get_by_role("button", name="Yes, useful").click()
    expect(page.locator(".voted")).to_have_text("Thank you: your opinion was recorded.")
    public_id = page.locator(".exchange").get_attribute("data-answer") or ""
    voted = feedback.find(public_id).voted  # type: ignore[union-attr]
    assert voted is not None
    assert voted.vote is Vote.UP
    page.get_by_role("button", name="No, not useful").click()
    page.get_by_role("button", name="The source does not say this").click()
    page.get_by_label("Comment (optional)").fill("<b>Not so</b>")
    page.locator(".why").get_by_role("button", name="Send").click()
    expect(page.locator(".why")).to_be_hidden()
    expect(page.locator(".voted")).to_have_text("Thank you: your opinion was recorded.")
    expect(page.locator("[data-vote=down]")).to_have_attribute("aria-pressed", "true")
    voted = feedback.find(public_id).voted  # type: ignore[union-attr]
    assert voted is not None
    assert (voted.vote, voted.reason, voted.comment) == (Vote.DOWN, Reason.UNSUPPORTED, "<b>Not so</b>")


def test_the_conversation_survives_a_reload_and_a_change_of_language(open_page: OpenPage, address: str) -> None:
    page = open_page(address)
    ask(page, "How many lighthouses?")
    ask(page, "Combien d’oyats ?")
    page.locator("#exchange-2 [data-vote=up]").click()
    expect(page.locator("#exchange-2 .voted")).not_to_be_empty()
    page.reload()
    expect(page.locator(".statement .words")).to_have_text([REPAIRED, SPEECH, PLANTED])
    expect(page.locator("#exchange-2 [data-vote=up]")).to_have_attribute("aria-pressed", "true")
    expect(page.locator("#card-2-1")).to_be_visible()
    page.get_by_role("link", name="Español").click()
    expect(page.locator(".exchange")).to_have_count(2)
    ask(page, SUGGESTED)
    page.reload()
    expect(page.locator(".exchange")).to_have_count(3)
    page.get_by_role("button", name="Nueva conversación").click()
    expect(page.locator(".exchange")).to_have_count(0)
    page.reload()
    page.locator(".greeting").wait_for()
    assert page.evaluate("localStorage.length") == 0


def test_it_survives_a_restart_of_the_server(open_page: OpenPage, tmp_path: Path, answerer: SlowAnswerer) -> None:
    with serving(tmp_path, answerer, COAST) as (address, _):
        page = open_page(address)
        ask(page, "How many lighthouses?")
        kept = page.evaluate("localStorage.getItem('orgbot-conversation')")
        page.close()
    with serving(tmp_path, answerer, COAST) as (address, _):  # at another port, which is another origin to a browser
        page = open_page(f"{address}/documents/puertos-es")
        page.evaluate("kept => localStorage.setItem('orgbot-conversation', kept)", kept)
        page.goto(address)
        expect(page.locator(".statement .words")).to_have_text([REPAIRED, SPEECH])


@pytest.mark.parametrize(
    "kept",
    [
        "<script>", "[]", "{}", "[null, 7]", '[{"id": "../../etc/hosts-4567890"}]', '[{"id": "<img src=x onerror=a>"}]',
        json.dumps([{"id": "A" * 22}] * 500), '[{"id": ["A"]}]',
    ],
)  # fmt: skip
def test_what_else_the_browser_remembers_is_passed_over(open_page: OpenPage, address: str, kept: str) -> None:
    page = open_page(f"{address}/documents/puertos-es")
    page.evaluate("kept => localStorage.setItem('orgbot-conversation', kept)", kept)
    page.goto(address)
    ask(page, SUGGESTED)
    expect(page.locator(".exchange")).to_have_count(1)


def test_an_answer_has_a_permanent_page(open_page: OpenPage, address: str, feedback: FeedbackLog) -> None:
    page = open_page(address)
    ask(page, "How many lighthouses?")
    with page.context.expect_page() as opened:
        page.get_by_role("link", name="Permanent link").click()
    permanent = opened.value
    (logged,) = feedback.recent(1)
    assert permanent.url == f"{address}/en/answers/{logged.public_id}"
    expect(permanent.locator(".statement .words")).to_have_text([REPAIRED, SPEECH])
    expect(permanent.locator("mark")).to_have_text([REPAIRED, SPEECH, COST])
    assert permanent.locator("script, button").count() == 0
    permanent.locator(".statement .chip").last.click()
    expect(permanent.locator("#card-1-2")).to_be_in_viewport()


@pytest.mark.parametrize("form", ["Markdown", "JSON"])
def test_a_conversation_can_be_kept_as_a_file(open_page: OpenPage, address: str, form: str) -> None:
    page = open_page(address)
    ask(page, "How many lighthouses?")
    ask(page, "Combien d’oyats ?")
    with page.expect_download() as downloading:
        page.get_by_role("button", name=form).click()
    text = Path(downloading.value.path()).read_text("utf-8")
    if form == "JSON":
        first, second = json.loads(text)
        assert downloading.value.suggested_filename == "conversation.json"
        assert [one["quote"] for one in first["citations"]] == [REPAIRED, SPEECH]
        assert first["newer"][0]["quote"] == COST
        assert second["statements"][0]["text"] == PLANTED
        assert "/fr/answers/" in second["address"]
    else:
        assert downloading.value.suggested_filename == "conversation.md"
        assert text.startswith("## How many lighthouses?\n")
        assert f"\n{REPAIRED} \\[1\\]\n" in text
        assert "\n## Combien d’oyats ?\n" in text


def test_filters_go_with_the_question(open_page: OpenPage, address: str, answerer: SlowAnswerer) -> None:
    page = open_page(address, size=PHONE)
    page.get_by_role("button", name="Filters").click()
    page.get_by_label("From year").fill("2019")
    page.get_by_label("To year").fill("soon")
    page.get_by_label("Country or place").fill(" Porthaven ")
    page.get_by_label("Press release").check()
    ask(page, "How many lighthouses?")
    assert answerer.asked[-1].filters == Filters(2019, None, frozenset({DocumentKind.RELEASE}), "Porthaven")
    page.get_by_role("button", name="Ask again").click()
    page.wait_for_function("!document.querySelector('.exchange.pending')")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
