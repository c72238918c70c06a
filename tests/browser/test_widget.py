"""The widget on a page of another site, and the page about the API.

The chat is at 127.0.0.1; the page of the other site is at `localhost`, which is allowed, and, by another port, at
127.0.0.1, which is not.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

import pytest
from fastapi import FastAPI
from fastapi.responses import HTMLResponse
from playwright.sync_api import Page, expect

from bot.settings import Settings
from corpus.document import Language
from tests.api.conftest import HARBOURS, JOBS, LIGHTHOUSE, REPAIRED, ScriptedEngine, whole_server
from tests.bot.web.standin import answered
from tests.browser.conftest import DESKTOP, Tripwire, running

OpenPage = Callable[..., Page]
NARROW = (320, 560)
QUESTION = "Combien d’emplois ?"
_PAGE = """<!doctype html>
<html lang="es"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Elsewhere</title>
<script src="{chat}/widget.js"{language} defer></script></head>
<body><h1>Elsewhere</h1><p><a href="#">A link</a></p></body></html>"""


@dataclass(frozen=True)
class Sites:
    """The addresses: of the chat, of a page that may show it, of one that may not."""

    chat: str
    allowed: str
    other: str


class TwoHosts(Tripwire):
    """Both names of this machine may be asked."""

    def _request(self, url: str) -> None:
        if urlsplit(url).hostname != "localhost":
            super()._request(url)


@pytest.fixture
def tripwire() -> Iterator[Tripwire]:
    wire = TwoHosts()
    yield wire
    assert wire.found == []


@pytest.fixture(scope="module")
def sites(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sites]:
    chat = []
    elsewhere = FastAPI()

    @elsewhere.get("/{language}")
    def page(language: str) -> HTMLResponse:
        named = "" if language == "unnamed" else f' data-language="{language}"'
        # As strict as a site can be that wants the widget.
        policy = f"default-src 'none'; script-src {chat[0]}; frame-src {chat[0]}; connect-src {chat[0]}; img-src 'self'"
        return HTMLResponse(_PAGE.format(chat=chat[0], language=named), headers={"Content-Security-Policy": policy})

    @elsewhere.get("/favicon.ico")
    def icon() -> HTMLResponse:
        return HTMLResponse("")

    engine = ScriptedEngine(
        answered(QUESTION, Language.FRENCH, (HARBOURS, JOBS)),
        answered("How many?", Language.ENGLISH, (LIGHTHOUSE, REPAIRED)),
    )
    with running(elsewhere) as other:
        allowed = other.replace("127.0.0.1", "localhost")
        folder = tmp_path_factory.mktemp("widget")
        settings = Settings(data=folder, server={"allowed_origins": [allowed]})  # type: ignore[arg-type]
        with whole_server(settings, engine) as address:
            chat.append(address)
            yield Sites(address, allowed, other)


def opened(page: Page, name: str = "Poser une question") -> None:
    page.get_by_role("button", name=name).click()
    page.frame_locator("iframe").locator("#question textarea, #question input").wait_for()


def test_a_question_is_answered_on_a_page_of_another_site(open_page: OpenPage, sites: Sites) -> None:
    page = open_page(f"{sites.allowed}/fr")
    opened(page)
    chat = page.frame_locator("iframe")
    box = chat.locator("#question textarea, #question input")
    box.fill(QUESTION)
    box.press("Enter")
    expect(chat.locator(".statement .words")).to_have_text([JOBS])
    expect(chat.locator("html")).to_have_attribute("lang", "fr")
    assert page.context.cookies() == []


def test_nothing_is_asked_before_it_is_opened(open_page: OpenPage, sites: Sites) -> None:
    page = open_page("about:blank")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{sites.allowed}/en")
    page.get_by_role("button", name="Ask a question").wait_for()
    assert [url for url in asked if url.startswith(sites.chat)] == [f"{sites.chat}/widget.js"]
    assert page.locator("iframe").count() == 0


@pytest.mark.parametrize(("path", "name"), [("en", "Ask a question"), ("unnamed", "Hacer una pregunta")])
def test_its_language_is_the_one_named_or_else_the_pages(
    open_page: OpenPage, sites: Sites, path: str, name: str
) -> None:
    page = open_page(f"{sites.allowed}/{path}", locale="fr-FR")
    expect(page.get_by_role("button", name=name)).to_be_visible()


def test_it_is_worked_by_the_keyboard_and_gives_the_focus_back(open_page: OpenPage, sites: Sites) -> None:
    page = open_page(f"{sites.allowed}/fr")
    button = page.get_by_role("button", name="Poser une question")
    panel = page.get_by_role("dialog", name="Questions et réponses")
    expect(button).to_have_attribute("aria-expanded", "false")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    expect(button).to_be_focused()
    page.keyboard.press("Enter")
    expect(panel).to_be_visible()
    expect(button).to_have_attribute("aria-expanded", "true")
    expect(page.get_by_role("button", name="Fermer")).to_be_focused()
    page.keyboard.press("Escape")
    expect(panel).to_be_hidden()
    expect(button).to_be_focused()
    expect(button).to_have_attribute("aria-expanded", "false")


def test_escape_inside_the_chat_closes_it_and_keeps_the_conversation(open_page: OpenPage, sites: Sites) -> None:
    page = open_page(f"{sites.allowed}/fr")
    opened(page)
    chat = page.frame_locator("iframe")
    box = chat.locator("#question textarea, #question input")
    box.fill(QUESTION)
    box.press("Enter")
    expect(chat.locator(".statement .words")).to_have_text([JOBS])
    box.press("Escape")
    button = page.get_by_role("button", name="Poser une question")
    expect(page.get_by_role("dialog")).to_be_hidden()
    expect(button).to_be_focused()
    button.click()
    expect(chat.locator(".statement .words")).to_have_text([JOBS])
    page.get_by_role("button", name="Fermer").click()
    expect(page.get_by_role("dialog")).to_be_hidden()


def test_no_message_of_another_window_closes_it(open_page: OpenPage, sites: Sites) -> None:
    page = open_page(f"{sites.allowed}/fr")
    opened(page)
    page.evaluate("new Promise((done) => { addEventListener('message', done); postMessage('orgbot:close', '*'); })")
    expect(page.get_by_role("dialog")).to_be_visible()


def test_it_fills_a_narrow_screen(open_page: OpenPage, sites: Sites) -> None:
    page = open_page(f"{sites.allowed}/fr", size=NARROW)
    button = page.get_by_role("button", name="Poser une question").bounding_box()
    assert button
    assert button["x"] >= 0
    assert button["x"] + button["width"] <= NARROW[0]
    assert button["height"] >= 44
    opened(page)
    assert page.get_by_role("dialog").bounding_box() == {"x": 0, "y": 0, "width": NARROW[0], "height": NARROW[1]}
    close = page.get_by_role("button", name="Fermer").bounding_box()
    assert close
    assert min(close["width"], close["height"]) >= 44
    assert page.evaluate("document.documentElement.scrollWidth") <= NARROW[0]
    inside = page.frame_locator("iframe").locator("html")
    assert inside.evaluate("(html) => html.scrollWidth <= innerWidth")


def test_it_leaves_a_wide_page_in_sight(open_page: OpenPage, sites: Sites) -> None:
    page = open_page(f"{sites.allowed}/fr", size=DESKTOP)
    opened(page)
    panel = page.get_by_role("dialog").bounding_box()
    assert panel
    assert panel["width"] <= 480
    assert panel["x"] + panel["width"] <= DESKTOP[0]
    assert panel["y"] >= 0


def test_it_follows_the_visitors_colours_and_wish_for_calm(open_page: OpenPage, sites: Sites) -> None:
    page = open_page(f"{sites.allowed}/fr")
    opened(page)
    panel = page.get_by_role("dialog")
    style = "(panel) => [getComputedStyle(panel).backgroundColor, getComputedStyle(panel).animationName]"
    assert panel.evaluate(style) == ["rgb(255, 255, 255)", "none"]
    page.emulate_media(color_scheme="dark", reduced_motion="no-preference")
    assert panel.evaluate(style) == ["rgb(16, 22, 31)", "rise"]


def test_the_browser_shows_the_chat_to_no_other_origin(open_page: OpenPage, sites: Sites, tripwire: Tripwire) -> None:
    page = open_page(f"{sites.other}/fr")
    with page.expect_console_message(lambda message: "frame-ancestors" in message.text):
        page.get_by_role("button", name="Poser une question").click()
    assert page.frame_locator("iframe").locator("#question").count() == 0
    assert [one for one in tripwire.found if "frame-ancestors" not in one] == []
    tripwire.found.clear()


@pytest.mark.parametrize("is_allowed", [True, False])
def test_the_browser_gives_replies_to_allowed_origins_alone(
    open_page: OpenPage, sites: Sites, tripwire: Tripwire, is_allowed: bool
) -> None:
    page = open_page(f"{sites.allowed if is_allowed else sites.other}/fr")
    asked = """(address) => fetch(`${address}/api/v1/ask`, {
        method: 'POST', headers: {'Content-Type': 'application/json'}, body: JSON.stringify({question: 'How many?'}),
    }).then((reply) => reply.json()).then((answer) => answer.statements[0].text, (error) => error.name)"""
    assert page.evaluate(asked, sites.chat) == (REPAIRED if is_allowed else "TypeError")
    if not is_allowed:
        assert any("CORS" in one for one in tripwire.found)
        tripwire.found.clear()


def test_the_page_about_the_api_is_drawn_and_works(open_page: OpenPage, sites: Sites) -> None:
    page = open_page(f"{sites.chat}/api/docs")
    expect(page.locator(".opblock")).to_have_count(5)
    ask = page.locator("#operations-questions-ask")
    ask.click()
    ask.get_by_role("button", name="Try it out").click()
    ask.locator("textarea").fill('{"question": "How many?"}')
    ask.get_by_role("button", name="Execute").click()
    expect(ask.locator(".live-responses-table .response .response-col_description").first).to_contain_text(REPAIRED)
