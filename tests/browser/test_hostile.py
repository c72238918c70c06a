"""Text of pages and of visitors is text, whatever it looks like."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from urllib.parse import quote

import pytest
from playwright.sync_api import Page, expect

from bot.feedback import Reason, Vote
from corpus.document import Language
from tests.bot.web.standin import ScriptedAnswerer, answered, not_found
from tests.browser.conftest import PASSWORD, Tripwire, ask, serving
from tests.browser.hostile import HOSTILE, TOGETHER, packs
from tests.conftest import make_document

QUESTIONS = packs(450)
"""What is asked at once, well below the longest question."""
ADDRESSES = [
    "javascript:alert(1)",
    "JAVASCRIPT:alert(1)//https://coast.example",
    "data:text/html,<script>alert(1)</script>",
    "vbscript:alert(1)",
    "//evil.example/x",
    'https://coast.example/" onclick="alert(1)',
    "https://coast.example/'><img src=x onerror=alert(1)>",
    "java\tscript:alert(1)",
]
ACTIVE = (
    "script, iframe, object, embed, img, svg, math, video, audio, style, link, meta, base, form, input, template,"
    " details, b, slot, noscript"
)
GOOD = r"^(https?:\/\/(coast\.example|www\.iom\.int)\/|\/|#quote$|#card-[0-9]+-[0-9]+$)"
INSPECT = f"""roots => roots.flatMap(root => [...root.querySelectorAll('*')].flatMap(node => [
  ...(node.matches('{ACTIVE}') ? [node.outerHTML] : []),
  ...[...node.attributes].filter(one => one.name.startsWith('on')).map(one => `${{one.name}}=${{one.value}}`),
  ...(node.hasAttribute('href') && !/{GOOD}/.test(node.getAttribute('href')) ? [node.getAttribute('href')] : []),
]))"""

DOCUMENTS = [
    make_document(
        f"hostile-{n}",
        f"Before. {words} stands here. After.",
        title=words,
        url=ADDRESSES[n % len(ADDRESSES)],
        places=(words,),
        digest=n % 2 == 0,
    )
    for n, words in enumerate(HOSTILE)
]
BY_WORDS = dict(zip(HOSTILE, DOCUMENTS, strict=True))
WHOLE = [
    make_document(
        f"whole-{n}",
        "\n\n".join(f"Before. {words} stands here. After." for words in pack),
        title=TOGETHER.join(pack),
        url=ADDRESSES[n % len(ADDRESSES)],
        places=pack,
        digest=n % 2 == 0,
    )
    for n, pack in enumerate(packs(900))
]


@dataclass(frozen=True)
class Served:
    """A server, and the public ids of answers that its log keeps."""

    address: str
    answers: tuple[str, ...]


def shown(words: str) -> str:
    return words.replace("\x00", "")


def plain(text: str) -> str:
    """A text without what browsers and models of text write in other ways: white space, and marks that are not seen."""
    return "".join(one for one in text if one not in "\x00\ufeff\ufffd" and not one.isspace())


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    answers = [
        answered(
            shown(TOGETHER.join(pack)),
            Language.ENGLISH,
            *((BY_WORDS[words], f"{words} stands here.") for words in pack),
        )
        for pack in QUESTIONS
    ]
    nearest = not_found("nearest", Language.ENGLISH, *DOCUMENTS[:40])
    with serving(tmp_path_factory.mktemp("hostile"), ScriptedAnswerer(*answers, nearest), [*DOCUMENTS, *WHOLE]) as (
        address,
        log,
    ):
        public_ids = [log.record(answer) for answer in answers]
        for public_id, answer in zip(public_ids, answers, strict=True):
            log.vote(public_id, Vote.DOWN, Reason.OUTDATED, answer.question)
        yield Served(address, tuple(public_ids))


def test_they_are_many() -> None:
    assert len(HOSTILE) >= 200


def test_in_the_chat(open_page: Callable[..., Page], served: Served) -> None:
    page = open_page(served.address)
    for n, pack in enumerate(QUESTIONS, start=1):
        question = shown(TOGETHER.join(pack))
        page.locator("#question textarea, #question input").fill(question)
        page.keyboard.press("Enter")
        exchange = page.locator(f"#exchange-{n}")
        exchange.locator(".statement").first.wait_for()
        assert plain(question) in plain(exchange.locator(".asked").inner_text()), n
        titles = [plain(text) for text in page.locator("#sources h3").all_inner_texts()]
        assert all(any(plain(words) in title for title in titles) for words in pack)
        exchange.locator(".chip").last.click()
        assert page.locator("#conversation, #sources").evaluate_all(INSPECT) == []
    ask(page, "nearest")
    assert page.locator("#conversation, #sources").evaluate_all(INSPECT) == []
    expect(page.locator("#question")).to_be_visible()


def test_in_the_stored_documents(open_page: Callable[..., Page], served: Served) -> None:
    page = open_page(served.address)
    for document in WHOLE:
        page.goto(f"{served.address}/documents/{document.doc_id}?start=8&end=20")
        expect(page.locator("mark")).to_have_count(1)
        assert plain(document.title) in plain(page.locator("h1").inner_text())
        assert page.locator("main").evaluate_all(INSPECT) == []


def test_in_permanent_links(open_page: Callable[..., Page], served: Served) -> None:
    page = open_page(served.address)
    for public_id in served.answers:
        page.goto(f"{served.address}/en/answers/{public_id}")
        assert page.locator("mark").count() >= 1
        assert page.locator("main").evaluate_all(INSPECT) == []


def test_in_addresses(open_page: Callable[..., Page], served: Served, tripwire: Tripwire) -> None:
    page = open_page(served.address)
    for pack in packs(300):
        words = quote(TOGETHER.join(pack), safe="")
        for where in (f"documents/{words}", f"en/answers/{words}?x={words}#{words}"):
            reply = page.goto(f"{served.address}/{where}")
            assert reply is not None
            assert reply.status in {400, 404, 422}, where
            assert page.locator("body").evaluate_all(INSPECT) == []
    # The pages that are not there are what the console tells of, and all of it.
    assert [one for one in tripwire.found if not re.search(r"status of 4\d\d", one)] == []
    tripwire.found.clear()


def test_on_the_staff_desk(open_page: Callable[..., Page], served: Served) -> None:
    address = served.address
    page = open_page(address)
    page.goto(f"{address}/staff")
    page.get_by_label("User name").fill("staff")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    for public_id in served.answers:
        page.goto(f"{address}/staff/questions/{public_id}?language=en")
        marks = [plain(text) for text in page.locator(".card mark").all_inner_texts()]
        assert marks
        # The forms of the judgements are the desk's own; what stands in them is looked at like the rest.
        forms = page.locator("main form[action^='/staff/']")
        assert forms.count() > 0
        forms.evaluate_all("forms => forms.forEach(one => one.replaceWith(...one.childNodes))")
        own = page.locator("main > .compare, main > section")
        own.evaluate_all(
            "roots => roots.forEach(one => one.querySelectorAll('input, textarea').forEach(x => x.remove()))"
        )
        assert own.evaluate_all(INSPECT) == []
    for pack in packs(450):
        page.goto(f"{address}/staff?words={quote(TOGETHER.join(pack), safe='')}")
        assert page.locator("main table, main .results").evaluate_all(INSPECT) == []
