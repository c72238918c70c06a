"""The staff desk in Chromium: every path, three languages, phone and desktop, axe-core; screenshots are artefacts."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from bot.feedback import FeedbackLog, Reason, Selection, Show, Vote
from bot.locales import texts
from bot.pipeline import Pipeline
from bot.settings import Settings
from bot.web.server import create_pages
from corpus.document import Language
from corpus.store import CorpusStore
from index.build import build_snapshot
from index.search import Index
from tests.bot.web.standin import answered, not_found
from tests.browser.conftest import DESKTOP, PASSWORD, PHONE, running
from tests.conftest import COAST, WordHashEncoder

ARTEFACTS = Path(__file__).parent.parent / "artefacts"
COST = "The work cost EUR 3.2 million."
STORMS = "Storms had damaged most of them."
LIGHTS, OLD = COAST[0], COAST[1]
OpenPage = Callable[..., Page]


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[tuple[str, FeedbackLog]]:
    """A server of all but the chat with a few questions; its address and its log."""
    settings = Settings(data=tmp_path, server={"staff_password": PASSWORD})  # type: ignore[arg-type]
    encoder = WordHashEncoder()
    build_snapshot([(document, 1) for document in COAST], settings.snapshots_path, encoder, settings.index)
    pipeline = Pipeline(Index.open(settings.snapshots_path, encoder, settings.index), settings)
    with (
        CorpusStore.open(settings.corpus_path, create=True) as store,
        FeedbackLog.open(settings.feedback_path) as log,
    ):
        for document in COAST:
            store.add(document)
        store.add(
            replace(OLD, text="The Coast Agency repaired 13 lighthouses in 2018. Storms had damaged two of them.")
        )
        log.record(not_found("Where are the tall ships?", Language.ENGLISH))
        log.record(not_found("Where are the tall ships now?", Language.ENGLISH))
        log.record(not_found("Où sont les phares ?", Language.FRENCH))
        answer = answered("What did the storms and the work cost?", Language.ENGLISH, (LIGHTS, COST), (OLD, STORMS))
        log.vote(log.record(replace(answer, probability=0.5)), Vote.DOWN, Reason.OUTDATED, "This is old.")
        with running(create_pages(settings, store, log, pipeline)) as address:
            yield address, log


def sign_in(page: Page) -> None:
    page.locator("#user").fill("staff")
    page.locator("#password").fill(PASSWORD)
    page.locator("form.sign-in button").click()
    page.locator(".desk-pages").wait_for()


def text(language: str, key: str, **values: object) -> str:
    return texts(Language(language))(key, **values)


def voted_down(log: FeedbackLog) -> str:
    return log.recent(selection=Selection(Show.VOTED_DOWN))[0].public_id


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
@pytest.mark.parametrize("language", list(Language))
def test_every_page_is_accessible_in_every_language(
    desk: tuple[str, FeedbackLog], open_page: OpenPage, language: str, size: tuple[int, int]
) -> None:
    address, log = desk
    page = open_page(f"{address}/staff", locale=language, size=size)
    ARTEFACTS.mkdir(exist_ok=True)
    check(page, f"{language}-{size[0]}-signin", size)
    sign_in(page)
    answer = f"/staff/questions/{voted_down(log)}"
    endless = f"/staff/questions/{log.record(not_found('tall' * 200, Language.ENGLISH))}"
    for name, path, title in (
        ("questions", "/staff", "staff_questions"),
        ("answer", answer, ""),
        ("endless", endless, ""),
        ("search", f"{answer}/passages", "staff_mark_passage"),
        ("passages", f"{answer}/passages?document={LIGHTS.doc_id}", "staff_mark_passage"),
        ("figures", "/staff/figures", "staff_figures"),
        ("judgements", "/staff/judgements", "staff_judgements"),
        ("editions", "/staff/editions", "staff_editions"),
        ("release", f"/staff/editions?document={COAST[3].doc_id}", ""),
        ("try", "/staff/try?question=How+many+lighthouses+were+repaired+in+2021%3F", "staff_try"),
        ("actions", "/staff/actions", "staff_actions"),
    ):
        page.goto(f"{address}{path}")
        expect(page.locator("html")).to_have_attribute("lang", language)
        if title:
            expect(page.locator("h1")).to_have_text(text(language, title))
        check(page, f"{language}-{size[0]}-{name}", size)


def check(page: Page, name: str, size: tuple[int, int]) -> None:
    page.screenshot(path=ARTEFACTS / f"staff-{name}.png", full_page=True)
    assert page.evaluate("document.documentElement.scrollWidth") <= size[0], f"{name} scrolls sideways"
    found = Axe().run(page)
    assert [(one["id"], [node["target"] for node in one["nodes"]]) for one in found.response["violations"]] == [], name


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_signing_in_out_and_failing(desk: tuple[str, FeedbackLog], open_page: OpenPage, size: tuple[int, int]) -> None:
    page = open_page(f"{desk[0]}/staff", size=size)
    page.locator("#user").fill("staff")
    page.locator("#password").fill("not the password")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_have_text(text("en", "staff_wrong"))
    sign_in(page)
    (cookie,) = page.context.cookies(f"{desk[0]}/staff")
    assert (cookie["httpOnly"], cookie["sameSite"]) == (True, "Strict")
    assert page.evaluate("document.cookie") == ""
    page.get_by_role("button", name=text("en", "staff_sign_out")).click()
    expect(page.locator("#password")).to_be_visible()


@pytest.mark.parametrize("language", list(Language))
def test_filters_narrow_the_list_and_the_export(
    desk: tuple[str, FeedbackLog], open_page: OpenPage, language: str
) -> None:
    page = open_page(f"{desk[0]}/staff", locale=language)
    sign_in(page)
    rows = page.locator("table.questions tbody tr")
    expect(rows).to_have_count(4)
    for show, count in (("unanswered", 3), ("voted_down", 1), ("unsure", 1), ("unjudged", 4)):
        page.locator("#show").select_option(show)
        page.locator("form.filters button").click()
        expect(rows).to_have_count(count)
    page.locator("#show").select_option("unanswered")
    page.locator("#words").fill("PHARES ou")
    page.keyboard.press("Enter")
    expect(rows).to_have_count(1)
    with page.expect_download() as downloading:
        page.get_by_role("link", name=text(language, "staff_export_jsonl")).click()
    (line,) = downloading.value.path().read_text("utf-8").splitlines()
    assert json.loads(line)["question"] == "Où sont les phares ?"
    with page.expect_download() as downloading:
        page.get_by_role("link", name=text(language, "staff_export_csv")).click()
    assert len(downloading.value.path().read_text("utf-8-sig").splitlines()) == 2


@pytest.mark.parametrize(("language", "size"), [("en", DESKTOP), ("fr", PHONE), ("es", PHONE)])
def test_an_answer_is_judged_and_its_right_passage_marked(
    desk: tuple[str, FeedbackLog], open_page: OpenPage, language: str, size: tuple[int, int]
) -> None:
    address, log = desk
    page = open_page(f"{address}/staff?show=voted_down", locale=language, size=size)
    sign_in(page)
    page.goto(f"{address}/staff?show=voted_down")
    page.locator("table.questions a").click()
    expect(page.locator("article.card mark")).to_have_text([COST, STORMS])
    expect(page.locator(".changes del")).to_have_count(2)
    expect(page.get_by_text(text(language, "staff_stands_not"))).to_be_visible()
    wrong = page.get_by_role("button", name=text(language, "staff_verdict_wrong"), exact=True)
    wrong.click()
    expect(wrong).to_have_attribute("aria-pressed", "true")
    page.get_by_role("link", name=text(language, "staff_mark_passage")).click()
    page.locator("#words").fill("dunes of Sablonne")
    page.keyboard.press("Enter")
    page.get_by_role("link", name="9,000 marram grasses planted on the dunes of Sablonne").click()
    page.get_by_label("The dunes shield the town.").check()
    page.get_by_role("button", name=text(language, "staff_mark"), exact=True).click()
    expect(page.locator(".right blockquote")).to_have_text("The dunes shield the town.")
    (judgement,) = log.judgements.all()
    assert (judgement.verdict, judgement.passages[0].quote) == ("wrong", "The dunes shield the town.")
    page.get_by_role("button", name=text(language, "staff_withdraw")).click()
    expect(wrong).to_have_attribute("aria-pressed", "false")
    assert log.judgements.all() == []


@pytest.mark.parametrize("language", list(Language))
def test_a_question_is_tried(desk: tuple[str, FeedbackLog], open_page: OpenPage, language: str) -> None:
    page = open_page(f"{desk[0]}/staff", locale=language)
    sign_in(page)
    page.get_by_role("link", name=text(language, "staff_try")).click()
    page.locator("#question").fill("How many lighthouses were repaired in 2021?")
    page.keyboard.press("Enter")
    expect(page.locator("#understood")).to_be_visible()
    expect(page.locator(".way-sentences li").first).to_contain_text("41 lighthouses in 2021")
    expect(page.locator("section[aria-labelledby=retrieved] tbody tr").first).to_contain_text(LIGHTS.title)
    page.get_by_role("link", name=text(language, "staff_actions")).click()
    expect(page.locator("tbody tr").first).to_contain_text(text(language, "staff_action_tried"))


@pytest.mark.parametrize(("language", "size"), [("en", DESKTOP), ("fr", PHONE), ("es", PHONE)])
def test_a_link_between_editions_is_undone_and_done_again(
    desk: tuple[str, FeedbackLog], open_page: OpenPage, language: str, size: tuple[int, int]
) -> None:
    page = open_page(f"{desk[0]}/staff", locale=language, size=size)
    sign_in(page)
    page.goto(f"{desk[0]}/staff/editions")
    page.locator("#document").fill("dunes-fr")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text(COAST[2].title)
    page.get_by_label(text(language, "staff_why_apart")).fill("two plantings")
    page.get_by_role("button", name=text(language, "staff_keep_apart")).click()
    expect(page.get_by_role("heading", name=text(language, "staff_kept_apart"))).to_be_visible()
    expect(page.get_by_text("two plantings")).to_be_visible()
    expect(page.get_by_text(text(language, "staff_no_links"))).to_be_visible()
    page.get_by_role("button", name=text(language, "staff_undo_decision")).click()
    expect(page.get_by_role("button", name=text(language, "staff_keep_apart"))).to_be_visible()
