"""Text of pages and of visitors is text, whatever it looks like."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect

from corpus.document import Language
from tests.bot.web.standin import ScriptedAnswerer, answered, not_found
from tests.browser.conftest import ask, serving
from tests.conftest import make_document

HOSTILE = [
    "<script>alert(1)</script>",
    "</script><script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<img src=https://evil.example/pixel.png>",
    "<svg onload=alert(1)></svg>",
    "<svg><script>alert(1)</script></svg>",
    "<math><mi//xlink:href=\"javascript:alert(1)\">",
    "<iframe src=https://evil.example></iframe>",
    "<iframe srcdoc='<script>parent.alert(1)</script>'></iframe>",
    "<object data=https://evil.example/x.swf></object>",
    "<embed src=https://evil.example/x>",
    "<link rel=stylesheet href=https://evil.example/x.css>",
    "<style>@import url(https://evil.example/x.css);</style>",
    "<meta http-equiv=refresh content='0;url=https://evil.example'>",
    "<base href=https://evil.example/>",
    "<form action=https://evil.example><input name=q></form>",
    "<a href=javascript:alert(1)>here</a>",
    "<video><source onerror=alert(1)></video>",
    "<details open ontoggle=alert(1)>x</details>",
    "<body onload=alert(1)>",
    "<input autofocus onfocus=alert(1)>",
    "\" onmouseover=\"alert(1)\" x=\"",
    "' onfocus='alert(1)' tabindex=0 autofocus='",
    "`${alert(1)}`",
    "${alert(1)}",
    "{{constructor.constructor('alert(1)')()}}",
    "{{#with this}}{{lookup . 'constructor'}}{{/with}}",
    "{{ 7 * 7 }}{% print 7 * 7 %}",
    "[here](javascript:alert(1))",
    "![x](https://evil.example/pixel.png)",
    "<https://evil.example>",
    "--></p></article></section><script>alert(1)</script>",
    "<!--<img src=\"--><img src=x onerror=alert(1)//\">",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "&#60;img src=x onerror=alert(1)&#62;",
    "<noscript><p title=\"</noscript><img src=x onerror=alert(1)>\">",
    "<template><script>alert(1)</script></template>",
    "\u202e<b>drawkcab</b>\u202c",
    "<scr\x00ipt>alert(1)</scr\x00ipt>",
    "a \\u003cscript\\u003ealert(1)\\u003c/script\\u003e",
    "@children <slot name=x></slot>",
]  # fmt: skip
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
GOOD = r"^(https?:\/\/(coast\.example|www\.iom\.int)\/|\/|#quote$)"
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


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    answers = [
        answered(words.replace("\x00", ""), Language.ENGLISH, (document, f"{words} stands here."))
        for words, document in zip(HOSTILE, DOCUMENTS, strict=True)
    ]
    answers.append(not_found("nearest", Language.ENGLISH, *DOCUMENTS))
    with serving(tmp_path_factory.mktemp("hostile"), ScriptedAnswerer(*answers), DOCUMENTS) as (address, _):
        yield address


def test_in_the_chat(open_page: Callable[..., Page], address: str) -> None:
    page = open_page(address)
    for n, words in enumerate(HOSTILE, start=1):
        page.locator("#question textarea, #question input").fill(words)
        page.keyboard.press("Enter")
        exchange = page.locator(f"#exchange-{n}")
        exchange.locator(".statement").wait_for()
        shown = words.replace("\x00", "")
        assert shown in exchange.locator(".asked").evaluate("node => node.textContent")
        card = page.locator(f"#card-{n}-1")
        assert card.locator("h3").evaluate("node => node.textContent").replace("\ufffd", "").endswith(shown)
        exchange.locator(".chip").hover()
        exchange.locator(".chip").click()
        assert page.locator("#conversation, #sources").evaluate_all(INSPECT) == []
    ask(page, "nearest")
    assert page.locator("#conversation, #sources").evaluate_all(INSPECT) == []
    expect(page.locator("#question")).to_be_visible()


def test_in_the_stored_documents(open_page: Callable[..., Page], address: str) -> None:
    page = open_page(address)
    for document in DOCUMENTS:
        page.goto(f"{address}/documents/{document.doc_id}?start=8&end=20")
        expect(page.locator("mark")).to_have_count(1)
        assert page.locator("main").evaluate_all(INSPECT) == []


def test_on_the_staff_desk(open_page: Callable[..., Page], address: str) -> None:
    page = open_page(address)
    for words in HOSTILE[:3]:
        ask(page, words)
    page.goto(f"{address}/staff")
    page.get_by_label("User name").fill("staff")
    page.get_by_label("Password").fill("blue herring 7")
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("link", name=HOSTILE[2]).first.click()
    expect(page.locator(".card mark")).to_have_text(f"{HOSTILE[2]} stands here.")
    # The forms of the judgements are the desk's own; what stands in them is looked at like the rest.
    forms = page.locator("main > .compare form[action^='/staff/questions/']")
    assert forms.count() > 0
    forms.evaluate_all("forms => forms.forEach(one => one.replaceWith(...one.childNodes))")
    assert page.locator("main > .compare").evaluate_all(INSPECT) == []
