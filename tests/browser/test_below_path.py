"""The server below a path, as the proxy that leaves the path on asks it: nothing may lead to what lies beside it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from bot.feedback import FeedbackLog
from corpus.document import Language
from tests.bot.web.standin import ScriptedAnswerer, answered
from tests.browser.conftest import PASSWORD, Tripwire, ask, serving
from tests.browser.test_chat import COST, LIGHTHOUSE, REPAIRED
from tests.conftest import COAST

ROOT = "/ask"


class BelowRoot(Tripwire):
    """Nothing but what is below the root may be asked."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[str] = []

    def _request(self, url: str) -> None:
        super()._request(url)
        self.asked.append(urlsplit(url).path)
        if urlsplit(url).scheme in ("http", "https") and not urlsplit(url).path.startswith(f"{ROOT}/"):
            self.found.append(f"request {url}")


@pytest.fixture
def tripwire() -> Iterator[BelowRoot]:
    wire = BelowRoot()
    yield wire
    assert wire.found == []


@pytest.fixture(scope="module")
def below(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, FeedbackLog]]:
    answerer = ScriptedAnswerer(
        answered("How many lighthouses?", Language.ENGLISH, (LIGHTHOUSE, REPAIRED), (LIGHTHOUSE, COST))
    )
    folder = tmp_path_factory.mktemp("below")
    with serving(folder, answerer, COAST, public_url=f"http://127.0.0.1{ROOT}/") as (address, log):
        yield f"{address}{ROOT}", log


def test_a_visitor_asks_follows_a_citation_and_keeps_the_answer(
    open_page: Callable[..., Page], below: tuple[str, FeedbackLog], tripwire: BelowRoot
) -> None:
    address, log = below
    page = open_page(f"{address}/")
    expect(page).to_have_url(f"{address}/en/")
    ask(page, "How many lighthouses?")
    expect(page.locator(".statement .words")).to_have_text([REPAIRED, COST])
    assert {f"{ROOT}/en/theme.css", f"{ROOT}/en/gradio_api/queue/data"} <= set(tripwire.asked)
    page.locator(".chip").first.click()
    stored = page.locator(f"#card-1-1 .links a[href^='{ROOT}/documents/']").get_attribute("href") or ""
    document = page.context.new_page()
    document.goto(f"{address.removesuffix(ROOT)}{stored}")
    expect(document.locator("mark").first).to_have_text(REPAIRED)
    document.locator("footer a").click()
    expect(document).to_have_url(f"{address}/en/")
    with page.context.expect_page() as opened:
        page.get_by_role("link", name="Permanent link").click()
    assert opened.value.url == f"{address}/en/answers/{log.recent(1)[0].public_id}"
    expect(opened.value.locator(".statement .words")).to_have_text([REPAIRED, COST])
    page.locator(".languages a", has_text="Français").click()
    expect(page).to_have_url(f"{address}/fr/")


def test_staff_sign_in_and_out(open_page: Callable[..., Page], below: tuple[str, FeedbackLog]) -> None:
    address, _ = below
    page = open_page(f"{address}/staff")
    page.locator("#user").fill("staff")
    page.locator("#password").fill(PASSWORD)
    page.locator("form.sign-in button").click()
    page.locator(".desk-pages").wait_for()
    expect(page).to_have_url(f"{address}/staff")
    (cookie,) = page.context.cookies(f"{address}/staff")
    assert cookie["path"] == f"{ROOT}/staff"
    for link in page.locator(".desk-pages a").all():
        assert (link.get_attribute("href") or "").startswith(f"{ROOT}/staff")
    page.locator(".desk-pages a").nth(1).click()
    expect(page.locator(".desk-pages a[aria-current]")).to_have_attribute("href", f"{ROOT}/staff/figures")
    page.locator(".desk form button").click()
    page.locator("form.sign-in").wait_for()
    assert page.context.cookies(f"{address}/staff") == []


def test_the_page_about_the_api_finds_its_schema(
    open_page: Callable[..., Page], below: tuple[str, FeedbackLog]
) -> None:
    page = open_page(f"{below[0]}/api/docs")
    expect(page.locator(".opblock-summary-path").first).to_be_visible()
    expect(page.locator(".servers select option")).to_have_text([f"{ROOT}/api"])
