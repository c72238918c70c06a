"""The server below a path of a site, behind nginx that leaves the path on or takes it off: nothing leads beside it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from fastapi import FastAPI
from fastapi.responses import HTMLResponse
from playwright.sync_api import Page, expect

from bot.feedback import FeedbackLog, Vote
from corpus.document import Language
from tests.api.debian_nginx import free_port, nginx_running, site_above
from tests.bot.web.standin import ScriptedAnswerer, answered
from tests.browser.conftest import PASSWORD, Tripwire, ask, running, serving
from tests.browser.test_chat import COST, LIGHTHOUSE, REPAIRED
from tests.conftest import COAST

OpenPage = Callable[..., Page]
Below = tuple[str, FeedbackLog]

ROOT = "/ask"
QUESTION = "How many lighthouses?"
_EMBEDDING = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Elsewhere</title><link rel="icon" href="data:,">
<script src="{chat}/widget.js" defer></script></head><body><h1>Elsewhere</h1></body></html>"""


class BelowRoot(Tripwire):
    """Of the host of the chat nothing but what is below the path may be asked; another site is at `localhost`."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[str] = []

    def _request(self, url: str) -> None:
        parts = urlsplit(url)
        if parts.hostname == "localhost":
            return
        super()._request(url)
        self.asked.append(parts.path)
        if parts.scheme in ("http", "https") and not parts.path.startswith(f"{ROOT}/"):
            self.found.append(f"request {url}")


@pytest.fixture
def tripwire() -> Iterator[BelowRoot]:
    wire = BelowRoot()
    yield wire
    assert wire.found == []


@pytest.fixture(scope="module")
def elsewhere() -> Iterator[str]:
    """The address of another site, whose page `?chat=…` embeds the chat of that address."""
    site = FastAPI()

    @site.get("/page")
    def page(chat: str) -> HTMLResponse:
        return HTMLResponse(_EMBEDDING.format(chat=chat))

    with running(site) as address:
        yield address.replace("127.0.0.1", "localhost")


@pytest.fixture(scope="module")
def behind(tmp_path_factory: pytest.TempPathFactory, elsewhere: str) -> Iterator[tuple[str, FeedbackLog]]:
    answerer = ScriptedAnswerer(answered(QUESTION, Language.ENGLISH, (LIGHTHOUSE, REPAIRED), (LIGHTHOUSE, COST)))
    server = {"public_url": f"http://www.example.org{ROOT}/", "allowed_origins": [elsewhere]}
    with serving(tmp_path_factory.mktemp("below"), answerer, COAST, **server) as served:
        yield served


@pytest.fixture(scope="module", params=[False, True], ids=["kept", "stripped"])
def below(
    tmp_path_factory: pytest.TempPathFactory, behind: tuple[str, FeedbackLog], request: pytest.FixtureRequest
) -> Iterator[Below]:
    folder, port = tmp_path_factory.mktemp("nginx"), free_port()
    with nginx_running(folder, site_above(folder, port, behind[0], strips=request.param), port):
        yield f"http://127.0.0.1:{port}{ROOT}", behind[1]


def test_a_visitor_asks_follows_a_citation_and_keeps_the_answer(
    open_page: OpenPage, below: Below, tripwire: BelowRoot
) -> None:
    address, log = below
    page = open_page(f"{address}/")
    expect(page).to_have_url(f"{address}/en/")
    ask(page, QUESTION)
    expect(page.locator(".statement .words")).to_have_text([REPAIRED, COST])
    assert {f"{ROOT}/en/theme.css", f"{ROOT}/en/gradio_api/queue/data"} <= set(tripwire.asked)
    page.locator(".chip").first.click()
    with page.context.expect_page() as opened:
        page.locator("#card-1-1").get_by_role("link", name="Stored document").click()
    assert opened.value.url.startswith(f"{address}/documents/{LIGHTHOUSE.doc_id}?")
    expect(opened.value.locator("mark").first).to_have_text(REPAIRED)
    opened.value.locator("footer a").click()
    expect(opened.value).to_have_url(f"{address}/en/")
    with page.context.expect_page() as opened:
        page.get_by_role("link", name="Permanent link").click()
    assert opened.value.url == f"{address}/en/answers/{log.recent(1)[0].public_id}"
    expect(opened.value.locator(".statement .words")).to_have_text([REPAIRED, COST])
    page.locator(".languages a", has_text="Français").click()
    expect(page).to_have_url(f"{address}/fr/")
    expect(page.locator(".statement .words")).to_have_text([REPAIRED, COST])  # the browser remembers them


def test_a_visitor_votes_and_takes_the_conversation_along(open_page: OpenPage, below: Below) -> None:
    address, log = below
    page = open_page(f"{address}/en/")
    ask(page, QUESTION)
    page.locator("[data-vote=up]").click()
    expect(page.locator(".voted")).to_have_text("Thank you: your opinion was recorded.")
    logged = log.recent(1)[0]
    assert logged.voted is not None
    assert logged.voted.vote is Vote.UP
    with page.expect_download() as downloading:
        page.get_by_role("button", name="JSON").click()
    (kept,) = json.loads(Path(downloading.value.path()).read_text("utf-8"))
    assert kept["address"] == f"http://www.example.org{ROOT}/en/answers/{logged.public_id}"


def test_a_question_is_answered_in_the_widget_on_another_site(
    open_page: OpenPage, below: Below, elsewhere: str
) -> None:
    page = open_page(f"{elsewhere}/page?chat={below[0]}")
    page.get_by_role("button", name="Ask a question").click()
    chat = page.frame_locator("iframe")
    box = chat.locator("#question textarea, #question input")
    box.fill(QUESTION)
    box.press("Enter")
    expect(chat.locator(".statement .words")).to_have_text([REPAIRED, COST])
    box.press("Escape")  # of which the frame tells the page: it knows the chat's origin, which has no path
    expect(page.get_by_role("dialog")).to_be_hidden()


def test_staff_sign_in_judge_and_sign_out(open_page: OpenPage, below: Below) -> None:
    address, log = below
    public_id = log.record(answered(QUESTION, Language.ENGLISH, (LIGHTHOUSE, COST)))
    page = open_page(f"{address}/staff/questions/{public_id}")
    page.locator("#user").fill("staff")
    page.locator("#password").fill(PASSWORD)
    page.locator("form.sign-in button").click()
    expect(page).to_have_url(f"{address}/staff")
    (cookie,) = page.context.cookies(f"{address}/staff")
    assert cookie["path"] == f"{ROOT}/staff"
    assert page.context.cookies(address.removesuffix(ROOT)) == []
    page.locator("table.questions a").first.click()
    expect(page).to_have_url(f"{address}/staff/questions/{public_id}")
    wrong = page.get_by_role("button", name="Wrong", exact=True)
    wrong.click()
    expect(wrong).to_have_attribute("aria-pressed", "true")
    expect(page).to_have_url(f"{address}/staff/questions/{public_id}")
    (judgement,) = log.judgements.all()
    assert judgement.verdict == "wrong"
    page.get_by_role("button", name="Withdraw").click()
    expect(wrong).to_have_attribute("aria-pressed", "false")
    page.locator(".desk-pages a").nth(1).click()
    expect(page.locator(".desk-pages a[aria-current]")).to_have_attribute("href", f"{ROOT}/staff/figures")
    page.locator(".desk form button").click()
    page.locator("form.sign-in").wait_for()
    assert page.context.cookies(f"{address}/staff") == []


def test_a_page_that_is_not_there_leads_back_to_the_chat(
    open_page: OpenPage, below: Below, tripwire: BelowRoot
) -> None:
    page = open_page(f"{below[0]}/nowhere")
    expect(page.locator("h1")).to_be_visible()
    assert page.evaluate("document.styleSheets.length") == 1
    page.locator("main a").click()
    expect(page).to_have_url(f"{below[0]}/en/")
    page.locator(".greeting").wait_for()
    assert [one for one in tripwire.found if "status of 404" not in one] == []
    tripwire.found.clear()


def test_the_page_about_the_api_finds_its_schema_and_asks(open_page: OpenPage, below: Below) -> None:
    page = open_page(f"{below[0]}/api/docs")
    expect(page.locator(".servers select option")).to_have_text([f"{ROOT}/api"])
    ask_form = page.locator("#operations-questions-ask")
    ask_form.click()
    ask_form.get_by_role("button", name="Try it out").click()
    ask_form.locator("textarea").fill(json.dumps({"question": QUESTION}))
    ask_form.get_by_role("button", name="Execute").click()
    expect(ask_form.locator(".live-responses-table .response .response-col_status").first).to_have_text("200")
