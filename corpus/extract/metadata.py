"""What the markup of an HTML page says about the page: JSON-LD, Open Graph and meta elements, links, times."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urljoin

from lxml.html import HtmlElement

from corpus.document import DateSource, DocumentKind, Language, PartialDate, StatedDate
from corpus.extract.decode import clean
from corpus.extract.identity import is_web_url

MAX_LINKED_DATA = 20_000
"""So many values of a page's JSON-LD are looked at."""

_KINDS = {
    "NewsArticle": DocumentKind.RELEASE,
    "ReportageNewsArticle": DocumentKind.RELEASE,
    "Article": None,
    "BlogPosting": None,
    "WebPage": None,
    "AboutPage": DocumentKind.ABOUT,
    "FAQPage": DocumentKind.FAQ,
}
"""The schema.org types that describe a page's own text, and the kind that each proves."""
_META_DATES = (
    "//meta[@property='article:published_time' or @itemprop='datePublished' or @name='date' or @name='pubdate'"
    " or @name='DC.date.issued' or @name='dcterms.issued' or @name='dcterms.date']/@content"
)
_TIMES = "(//time[@datetime][not(ancestor::nav or ancestor::aside or ancestor::footer)])[1]/@datetime"
_TITLE_SEPARATOR = re.compile(r"\s+[|–—·»-]\s+")
_TAG = re.compile(r"<[^>]{0,500}>")


@dataclass(frozen=True, slots=True)
class Metadata:
    """What the markup states; what it leaves open is None or empty."""

    url: str | None = None
    headline: str = ""
    language: Language | None = None
    dates: tuple[StatedDate, ...] = ()
    """Dates of publication, the surest first."""
    kind: DocumentKind | None = None
    alternates: tuple[str, ...] = ()
    """Addresses of the editions in other languages, as `link hreflang` names them."""
    body: tuple[str, ...] = ()
    """The paragraphs of `articleBody`: all there is on pages that a script fills in."""


def read_metadata(tree: HtmlElement) -> Metadata:
    """Read the metadata of a whole page, from which nothing hidden was removed yet."""
    article = _article(tree)
    url = _url(tree)
    return Metadata(
        url=url,
        headline=_headline(tree, _text(article.get("headline"))),
        language=_language(tree, article),
        dates=tuple(_dates(tree, article)),
        kind=next((kind for name in _types(article) if (kind := _KINDS.get(name))), None),
        alternates=tuple(_alternates(tree, url)),
        body=tuple(line for part in _body(article).split("\n") if (line := _line(part))),
    )


def _article(tree: HtmlElement) -> dict[str, object]:
    """The JSON-LD object that describes the page itself: a known type, the one that says most."""
    found = [one for one in _linked_data(tree) if any(name in _KINDS for name in _types(one))]
    headings = {_line(element.text_content()) for element in tree.xpath("//h1")}
    telling = ("datePublished", "headline", "inLanguage", "articleBody")

    def rank(one: dict[str, object]) -> tuple[bool, int]:
        return _line(_text(one.get("headline"))) in headings, sum(key in one for key in telling)

    # Of equals the first: related articles stand below.
    return max(found, key=rank, default={})


def _linked_data(tree: HtmlElement) -> Iterator[dict[str, object]]:
    """The objects of the JSON-LD blocks in the order of the page, outer before inner."""
    seen = 0
    for block in tree.xpath("//script[@type='application/ld+json']/text()"):
        try:
            # Control characters in strings are common, and harmless.
            waiting = [json.loads(block, strict=False)]
        except (ValueError, RecursionError):
            continue
        while waiting and seen < MAX_LINKED_DATA:
            value = waiting.pop(0)
            seen += 1
            if isinstance(value, dict):
                yield value
                waiting.extend(value.values())
            elif isinstance(value, list):
                waiting.extend(value)


def _types(one: dict[str, object]) -> list[str]:
    stated = one.get("@type")
    return [name for name in (stated if isinstance(stated, list) else [stated]) if isinstance(name, str)]


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _body(article: dict[str, object]) -> str:
    """`articleBody` as plain lines; some sites put markup into it."""
    return _TAG.sub("\n", _text(article.get("articleBody")))


def _url(tree: HtmlElement) -> str | None:
    base = next(iter(tree.xpath("//base/@href")), "")
    stated = (*tree.xpath("//link[@rel='canonical']/@href"), *tree.xpath("//meta[@property='og:url']/@content"))
    return next((address for one in stated if (address := _address(base, one))), None)


def _address(base: str, stated: str) -> str | None:
    try:
        address = str(urljoin(base, stated.strip()))
    except ValueError:  # no address at all, such as http://[
        return None
    return address if is_web_url(address) else None


def _alternates(tree: HtmlElement, url: str | None) -> Iterator[str]:
    """Each other address once; `x-default` names a page of choice, or one of the others again."""
    base = url or next(iter(tree.xpath("//base/@href")), "")
    own = {url}
    for link in tree.xpath("//link[@rel='alternate'][@hreflang][@href]"):
        code = link.get("hreflang").partition("-")[0].strip().lower()
        address = _address(base, link.get("href"))
        if code in list(Language) and address is not None and address not in own:
            own.add(address)
            yield address


def _headline(tree: HtmlElement, linked: str) -> str:
    """The heading that the page's metadata names, else its title without the site's name."""
    announced = [
        _line(text)
        for text in (*tree.xpath("//meta[@property='og:title']/@content"), linked, *tree.xpath("//head/title/text()"))
    ]
    headings = [_line(element.text_content()) for element in tree.xpath("//h1")]
    named = [heading for heading in headings if heading and any(heading in title for title in announced)]
    if named:
        return max(named, key=len)  # the shorter one is the site's name
    if linked and not any(headings):
        return _line(linked)  # the only one that never has the site's name in it
    for title in filter(None, announced):
        parts: list[str] = _TITLE_SEPARATOR.split(title)
        return max(parts, key=len)
    return next(filter(None, reversed(headings)), "")


def _line(text: str) -> str:
    return " ".join(filter(None, re.split(r"[ \n]+", clean(str(text)))))


def _language(tree: HtmlElement, article: dict[str, object]) -> Language | None:
    """The language of the text by JSON-LD, else that of the page: templates often leave `lang` as it was."""
    stated = [
        _text(article.get("inLanguage")),
        tree.get("lang") or "",
        *tree.xpath("//meta[@property='og:locale' or @http-equiv='content-language']/@content"),
    ]
    codes = (re.split(r"[-_]", text.strip())[0].lower() for text in stated)
    return next((Language(code) for code in codes if code in list(Language)), None)


def _dates(tree: HtmlElement, article: dict[str, object]) -> Iterator[StatedDate]:
    stated = [
        *((text, DateSource.META) for text in tree.xpath(_META_DATES)),
        (_text(article.get("datePublished")), DateSource.LINKED_DATA),
        *((text, DateSource.TIME) for text in tree.xpath(_TIMES)),
    ]
    for text, source in stated:
        match = re.match(r"\d{4}(?:-\d\d){0,2}", text.strip())
        try:
            if match:
                yield StatedDate(PartialDate.parse(match[0]), source)
        except ValueError:
            continue
