"""Accessibility by axe-core (WCAG 2.2 AA), at narrow widths, enlarged, in the dark; screenshots are artefacts."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from corpus.document import Language
from tests.bot.web.standin import ScriptedAnswerer, answered, cited, not_found
from tests.browser.conftest import DESKTOP, PHONE, ask, serving
from tests.conftest import COAST

ARTEFACTS = Path(__file__).parent.parent / "artefacts"
RULES = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}}
# What Gradio's own markup falls short of, by axe's rule and the element; none of it can be mended from outside.
GRADIOS: set[tuple[str, str]] = set()
QUESTIONS = {"en": "How many lighthouses?", "fr": "Combien de phares ?", "es": "¿Cuántos faros?"}
NARROW = (320, 640)
ENLARGED = (640, 400)  # what 1280 × 800 is at 200 %

OpenPage = Callable[..., Page]


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    lighthouse = COAST[0]
    answers = []
    for language, question in QUESTIONS.items():
        full = answered(
            question, Language(language), (lighthouse, "The work cost EUR 3.2 million."),
            (lighthouse, "“A dark coast is a dangerous coast,” said Director Ada Marsh."),
        )  # fmt: skip
        newer = (cited(3, COAST[1], "The Coast Agency repaired 12 lighthouses in 2018."),)
        answers.append(replace(full, newer=newer, questions=("Why?", "How?"), filtered=True))
    answers.append(replace(not_found("nothing", Language.ENGLISH, *COAST[:2]), questions=("Why?",)))
    with serving(tmp_path_factory.mktemp("access"), ScriptedAnswerer(*answers), COAST) as (address, _):
        yield address


def violations(page: Page) -> set[tuple[str, str]]:
    """Each rule that is broken, with the element that breaks it."""
    found = Axe().run(page, options=RULES).response["violations"]
    return {(one["id"], str(node["target"][-1])) for one in found for node in one["nodes"]}


def picture(page: Page, name: str) -> None:
    ARTEFACTS.mkdir(exist_ok=True)
    page.screenshot(path=ARTEFACTS / f"chat-{name}.png")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [DESKTOP, PHONE, NARROW, ENLARGED], ids=["desktop", "phone", "narrow", "enlarged"])
@pytest.mark.parametrize("language", list(QUESTIONS))
def test_no_rule_is_broken(
    open_page: OpenPage, address: str, language: str, size: tuple[int, int], scheme: str
) -> None:
    page = open_page(address, locale=language, size=size)
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    page.locator(".greeting").wait_for()
    broken = violations(page)
    ask(page, QUESTIONS[language])
    ask(page, "nothing")
    page.locator("#exchange-2 [data-vote=down]").click()
    page.locator("#exchange-2 .why").wait_for()
    page.locator("#filters > button").click()
    page.locator("#kinds").wait_for()
    broken |= violations(page)
    page.locator("#filters > button").click()
    page.locator("#exchange-1 .chip").last.click()
    expect(page.locator("#card-1-3")).to_be_in_viewport()
    picture(page, f"{language}-{size[0]}-{scheme}")
    broken |= violations(page)
    assert broken - GRADIOS == set()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_permanent_page_breaks_none(open_page: OpenPage, address: str, scheme: str) -> None:
    page = open_page(address, size=NARROW)
    ask(page, QUESTIONS["en"])
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    page.goto(address + (page.locator(".tools a").get_attribute("href") or ""))
    page.locator(".statement").first.wait_for()
    picture(page, f"permanent-{scheme}")
    assert violations(page) == set()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_question_answer_and_sources_are_read_in_this_order(open_page: OpenPage, address: str) -> None:
    page = open_page(address)
    ask(page, QUESTIONS["en"])
    order = page.evaluate(
        "['.asked', '.words', '#sources .card'].map(one => document.querySelector(one))"
        ".every((one, i, all) => !i || all[i - 1].compareDocumentPosition(one) & Node.DOCUMENT_POSITION_FOLLOWING)"
    )
    assert order
    expect(page.locator("#announcement")).to_contain_text("The work cost EUR 3.2 million.")


def test_all_is_done_by_keyboard_and_the_focus_is_seen(open_page: OpenPage, address: str) -> None:
    page = open_page(address)
    ask(page, QUESTIONS["en"])
    page.locator("#exchange-1 .chip").first.focus()
    reached, unseen = [], []
    for _ in range(60):
        page.keyboard.press("Tab")
        name, seen = page.evaluate(
            """() => { const at = document.activeElement, style = getComputedStyle(at);
            return [Object.keys(at.dataset).join() || at.id || at.tagName,
              at === document.body || style.outlineStyle !== 'none' || style.boxShadow !== 'none']; }"""
        )
        reached.append(name)
        if not seen:
            unseen.append(name)
    for wanted in ("card", "copy", "again", "edit", "vote", "question", "export", "back"):
        assert any(wanted in one.split(",") for one in reached), (wanted, reached)
    assert unseen == []


def test_motion_is_left_out_when_it_is_not_wanted(open_page: OpenPage, address: str) -> None:
    page = open_page(address, size=PHONE, reduced_motion="reduce")
    page.locator("#panel").wait_for(state="attached")
    assert page.locator("#panel").evaluate("one => getComputedStyle(one).transitionDuration") in ("0s", "0s, 0s")
    moving = open_page(address, size=PHONE, reduced_motion="no-preference")
    moving.locator("#panel").wait_for(state="attached")
    assert "0.2s" in moving.locator("#panel").evaluate("one => getComputedStyle(one).transitionDuration")
