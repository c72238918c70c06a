from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from playwright.sync_api import Page, expect

from bot.answer import Answer, AnswerStatus
from bot.feedback import FeedbackLog
from corpus.document import Document, Language, PartialDate
from tests.bot.web.standin import BrokenAnswerer, ScriptedAnswerer, answered, not_found
from tests.browser.conftest import DESKTOP, PHONE, ask, serving
from tests.conftest import COAST

DOCUMENTS: dict[str, Document] = {document.doc_id: document for document in COAST}
LIGHTHOUSE = DOCUMENTS["lighthouse-2021"]
HARBOURS = DOCUMENTS["puertos-es"]
REPAIRED = "The Coast Agency repaired 41 lighthouses in 2021."
COST = "The work cost EUR 3.2 million."
PLANS = "The agency will repair 17 more lighthouses."
JOBS = "Los puertos dan trabajo a 600 personas de Villamar."

OpenPage = Callable[..., Page]


@pytest.fixture(scope="module")
def answerer() -> ScriptedAnswerer:
    return ScriptedAnswerer(
        answered(
            "How many lighthouses?", Language.ENGLISH, (LIGHTHOUSE, REPAIRED), (LIGHTHOUSE, COST), (LIGHTHOUSE, PLANS)
        ),
        answered("Combien d’emplois ?", Language.FRENCH, (HARBOURS, JOBS)),
        not_found("¿Y los faros?", Language.SPANISH, LIGHTHOUSE, HARBOURS),
        Answer("Do it", Language.ENGLISH, AnswerStatus.REFUSED, message="Put it as a question."),
        Answer("La soupe ?", Language.FRENCH, AnswerStatus.OUT_OF_SCOPE),
    )


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory, answerer: ScriptedAnswerer) -> Iterator[tuple[str, FeedbackLog]]:
    with serving(tmp_path_factory.mktemp("chat"), answerer, COAST) as served:
        yield served


@pytest.fixture(scope="module")
def address(served: tuple[str, FeedbackLog]) -> str:
    return served[0]


@pytest.mark.parametrize("size", [DESKTOP, PHONE])
def test_an_answer_stands_beside_its_passages(open_page: OpenPage, address: str, size: tuple[int, int]) -> None:
    page = open_page(address, size=size)
    ask(page, "How many lighthouses?")
    expect(page.locator(".statement .words")).to_have_text([REPAIRED, COST, PLANS])
    expect(page.locator(".chip")).to_have_text(["1", "2", "3"])
    expect(page.locator(".when")).to_have_text(["as of 5 November 2021"] * 3)
    marks = page.locator("#sources .card mark")
    expect(marks).to_have_text([REPAIRED, COST, PLANS])
    expect(page.locator("#sources .card blockquote").nth(1)).to_contain_text(REPAIRED + " " + COST)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize("size", [DESKTOP, PHONE])
def test_a_citation_number_brings_its_passage_forward(open_page: OpenPage, address: str, size: tuple[int, int]) -> None:
    page = open_page(address, size=size)
    ask(page, "How many lighthouses?")
    ask(page, "Combien d’emplois ?")
    older = page.locator("#card-1-3")
    expect(older).to_be_hidden()
    if size == DESKTOP:
        expect(page.locator("#card-2-1")).to_be_visible()
    chip = page.locator("#exchange-1 .chip").nth(2)
    chip.focus()
    page.keyboard.press("Enter")
    expect(older).to_be_visible()
    expect(older).to_be_in_viewport()
    expect(older).to_be_focused()
    expect(page.locator(".card.current")).to_have_count(1)
    expect(page.locator("#card-2-1")).to_be_hidden()
    back = older.get_by_role("button", name="Back to the answer")
    back.focus()
    page.keyboard.press("Enter")
    expect(chip).to_be_focused()
    expect(chip).to_be_in_viewport()


def test_on_a_wide_screen_the_question_box_and_the_sources_stay_in_view(open_page: OpenPage, address: str) -> None:
    page = open_page(address)
    for _ in range(6):
        ask(page, "How many lighthouses?")
    expect(page.locator("#question")).to_be_in_viewport()
    expect(page.locator("#exchange-6 .asked")).to_be_in_viewport()
    expect(page.locator("#sources-title")).to_be_in_viewport()
    assert page.evaluate("document.documentElement.scrollHeight <= innerHeight")


def test_on_a_phone_the_sources_are_a_sheet_below_the_answer(open_page: OpenPage, address: str) -> None:
    page = open_page(address, size=PHONE)
    expect(page.locator("#send")).to_be_in_viewport(ratio=1)
    ask(page, "How many lighthouses?")
    panel, chip = page.locator("#panel"), page.locator(".chip").first
    expect(panel).to_be_hidden()
    chip.click()
    expect(panel).to_be_visible()
    expect(page.locator("#card-1-1")).to_be_focused()
    box = panel.bounding_box()
    assert box is not None
    assert box["width"] == PHONE[0]
    assert box["y"] + box["height"] == pytest.approx(PHONE[1], abs=1)
    assert box["y"] > PHONE[1] / 4  # the answer stays in view
    page.keyboard.press("Escape")
    expect(panel).to_be_hidden()
    expect(chip).to_be_focused()
    chip.click()
    page.get_by_role("button", name="Close the sources").click()
    expect(panel).to_be_hidden()
    expect(chip).to_be_focused()


def test_a_citation_that_has_the_focus_shows_its_passage(open_page: OpenPage, address: str) -> None:
    page = open_page(address)
    ask(page, "How many lighthouses?")
    ask(page, "Combien d’emplois ?")
    chip = page.locator("#exchange-1 .chip").nth(2)
    chip.focus()
    expect(page.locator("#card-1-3")).to_be_visible()
    expect(page.locator("#card-1-3")).to_have_class("card current")
    expect(chip).to_be_focused()


def test_a_page_leads_to_the_words_and_a_digest_to_our_own_copy(open_page: OpenPage, address: str) -> None:
    page = open_page(address)
    ask(page, "How many lighthouses?")
    links = page.locator("#card-1-2 .links a")
    assert links.nth(0).get_attribute("href") == f"{LIGHTHOUSE.url}#:~:text=The%20work%20cost%20EUR%203.2%20million."
    stored = links.nth(1).get_attribute("href")
    assert stored is not None
    assert stored.startswith("/documents/lighthouse-2021?revision=1&start=")
    with page.context.expect_page() as opened:
        links.nth(1).click()
    expect(opened.value.locator("mark#quote")).to_have_text(COST)
    expect(opened.value.locator("mark#quote")).to_be_in_viewport()

    ask(page, "Combien d’emplois ?")
    card = page.locator("#card-2-1")
    expect(card).to_contain_text("Résumé rédigé par nous")
    expect(card).to_contain_text(f"Faits tirés de : {HARBOURS.url}", use_inner_text=False)
    hrefs = card.locator("a").evaluate_all("links => links.map(link => link.getAttribute('href'))")
    assert hrefs[0].startswith("/documents/puertos-es?")
    assert hrefs[1:] == [HARBOURS.url]


def test_words_of_another_language_are_announced_and_tagged(open_page: OpenPage, address: str) -> None:
    page = open_page(address, locale="fr-FR")
    ask(page, "Combien d’emplois ?")
    expect(page.locator("#exchange-1 .aside")).to_contain_text(
        "dans une autre langue que votre question : ces mots sont en espagnol, publiés ainsi depuis :"
    )
    expect(page.locator("#exchange-1 .words")).to_have_attribute("lang", "es")
    expect(page.locator("#exchange-1")).to_have_attribute("lang", "fr")
    expect(page.locator("#announcement")).to_contain_text(JOBS)


@pytest.mark.parametrize(
    ("question", "sentence"),
    [
        ("¿Y los faros?", "No he encontrado respuesta a esta pregunta en los documentos de la organización."),
        ("Do it", "Put it as a question."),
        ("La soupe ?", "Cette question ne porte pas sur ce dont parlent les documents de l’organisation."),
    ],
)
def test_what_is_not_answered_is_said_plainly(open_page: OpenPage, address: str, question: str, sentence: str) -> None:
    page = open_page(address)
    ask(page, question)
    expect(page.locator(".sentence")).to_have_text(sentence)
    expect(page.locator(".contact a")).to_have_attribute("href", "https://www.iom.int/contact-us")
    expect(page.locator(".statement")).to_have_count(0)


def test_the_nearest_documents_are_offered(open_page: OpenPage, address: str) -> None:
    page = open_page(address)
    ask(page, "¿Y los faros?")
    nearest = page.locator("ul.nearest a")
    expect(nearest).to_have_count(2)
    assert nearest.nth(0).get_attribute("href") == "/documents/lighthouse-2021"
    expect(nearest.nth(0)).to_contain_text(LIGHTHOUSE.title)


def test_the_page_speaks_the_browsers_language_and_can_be_switched(open_page: OpenPage, address: str) -> None:
    page = open_page(address, locale="fr-FR")
    expect(page.get_by_role("button", name="Envoyer")).to_be_visible()
    expect(page.locator("html")).to_have_attribute("lang", "fr")
    page.get_by_role("link", name="Español").click()
    expect(page.get_by_role("button", name="Enviar")).to_be_visible()
    expect(page.get_by_label("Su pregunta")).to_be_visible()
    expect(page.locator("html")).to_have_attribute("lang", "es")
    expect(page.locator(".examples button").first).to_have_attribute("lang", "es")


def test_an_example_is_asked_with_one_click(open_page: OpenPage, address: str, answerer: ScriptedAnswerer) -> None:
    page = open_page(address)
    example = page.locator(".examples button").first
    question = example.inner_text()
    example.click()
    expect(page.locator("#exchange-1 .asked")).to_contain_text(question)
    assert answerer.asked[-1].text == question


def test_a_question_brings_the_last_four_with_it_until_a_new_conversation(
    open_page: OpenPage, address: str, answerer: ScriptedAnswerer
) -> None:
    page = open_page(address)
    for n in range(6):
        ask(page, f"question {n}")
    assert answerer.asked[-1].earlier == ("question 1", "question 2", "question 3", "question 4")
    page.get_by_role("button", name="New conversation").click()
    expect(page.locator(".exchange")).to_have_count(0)
    expect(page.locator("#sources .card")).to_have_count(0)
    ask(page, "afresh")
    assert answerer.asked[-1].earlier == ()


def test_visitors_do_not_see_each_others_questions(open_page: OpenPage, address: str) -> None:
    first, second = open_page(address), open_page(address)
    ask(first, "a question of the first")
    ask(second, "a question of the second")
    expect(second.locator("#conversation")).not_to_contain_text("of the first")
    ask(first, "another one")
    expect(first.locator("#conversation")).not_to_contain_text("of the second")


def test_an_answer_can_be_copied_with_its_citations(open_page: OpenPage, address: str) -> None:
    page = open_page(address)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    ask(page, "How many lighthouses?")
    page.get_by_role("button", name="Copy the answer").click()
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert f"{COST} [2]" in copied
    assert f"[2] {LIGHTHOUSE.title} (5 November 2021). {LIGHTHOUSE.url}#:~:text=" in copied


def test_every_answer_is_logged_as_it_was_shown(open_page: OpenPage, served: tuple[str, FeedbackLog]) -> None:
    address, feedback = served
    ask(open_page(address), "How many lighthouses?")
    (logged,) = feedback.recent(1)
    assert [citation.quote for citation in logged.citations] == [REPAIRED, COST, PLANS]


def test_all_can_be_reached_by_keyboard(open_page: OpenPage, address: str) -> None:
    page = open_page(address)
    page.locator("#send").wait_for()
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#question textarea, #question input")).to_be_focused()
    page.keyboard.type("How many lighthouses?")
    page.keyboard.press("Enter")
    page.locator("#exchange-1 .answer").wait_for()
    reached = set()
    for _ in range(25):
        page.keyboard.press("Tab")
        reached.add(page.evaluate("((at) => at.className || at.tagName)(document.activeElement)"))
    assert any("chip" in one for one in reached)
    assert "A" in reached


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_words_stand_out_from_their_ground(open_page: OpenPage, address: str, scheme: str) -> None:
    page = open_page(address)
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    page.reload()
    ask(page, "Combien d’emplois ?")
    too_faint = page.evaluate(CONTRAST)
    assert too_faint == []


def test_the_log_failing_does_not_stop_an_answer(
    open_page: OpenPage, tmp_path_factory: pytest.TempPathFactory, answerer: ScriptedAnswerer
) -> None:
    with serving(tmp_path_factory.mktemp("broken-log"), answerer, COAST) as (address, feedback):
        page = open_page(address)
        page.locator("#send").wait_for()
        feedback.close()
        ask(page, "How many lighthouses?")
        expect(page.locator(".statement")).to_have_count(3)


def test_a_failing_answerer_is_said_plainly(open_page: OpenPage, tmp_path_factory: pytest.TempPathFactory) -> None:
    with serving(tmp_path_factory.mktemp("broken"), BrokenAnswerer(), COAST) as (address, _):
        page = open_page(address, locale="fr")
        ask(page, "Combien ?")
        expect(page.locator(".sentence")).to_have_text(
            "La réponse n’a pas pu être préparée. Réessayez dans un instant."
        )


def test_a_date_without_a_year_says_so(open_page: OpenPage, tmp_path_factory: pytest.TempPathFactory) -> None:
    undated = replace(LIGHTHOUSE, doc_id="undated", date=PartialDate(None, 4, 30))
    answerer = ScriptedAnswerer(answered("Quand ?", Language.FRENCH, (undated, COST)))
    with serving(tmp_path_factory.mktemp("undated"), answerer, [undated]) as (address, _):
        page = open_page(address)
        ask(page, "Quand ?")
        expect(page.locator(".when")).to_have_text("au 30 avril, année non précisée par la page")


# The contrast of each text with its ground, by WCAG 2.2, 1.4.3; what falls short of 4.5.
CONTRAST = """() => {
  const parse = (colour) => colour.match(/[\\d.]+/g).map(Number);
  const light = ([r, g, b]) => [r, g, b].map((c) => c / 255)
    .map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4))
    .reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
  const ground = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const colour = parse(getComputedStyle(at).backgroundColor);
      if (colour.length < 4 || colour[3] === 1) return colour;
    }
    return matchMedia('(prefers-color-scheme: dark)').matches ? [0, 0, 0] : [255, 255, 255];
  };
  const faint = [];
  for (const element of document.querySelectorAll('body *')) {
    const own = [...element.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim());
    if (!own || !element.checkVisibility() || element.matches('.unseen, .skip, script, style')) continue;
    const [a, b] = [light(parse(getComputedStyle(element).color)), light(ground(element))];
    const contrast = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (contrast < 4.5) faint.push(`${element.tagName}.${element.className}: ${contrast.toFixed(2)}`);
  }
  return faint;
}"""
