"""HTML → Draft (trafilatura and lxml live here)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from lxml import html
from lxml.html import HtmlElement

from corpus.errors import PageEmpty, PageUnreadable
from corpus.extract import boilerplate
from corpus.extract.article import draft_article
from corpus.extract.decode import clean, decode
from corpus.extract.draft import Draft
from corpus.extract.metadata import read_metadata
from corpus.extract.text import read_lines
from corpus.page import Page

HIDDEN = (
    "//script|//style|//noscript|//template|//*[@hidden]|//*[@aria-hidden='true']|//comment()|//*[self::dialog]"
    "|//*[contains(translate(@style, ' ', ''), 'display:none')"
    " or contains(translate(@style, ' ', ''), 'visibility:hidden')"
    " or contains(concat(translate(@style, ' ', ''), ';'), 'font-size:0;')]"
)
"""What a reader does not see."""

_DECLARED = re.compile(rb"<meta[^>]{0,200}charset\s*=\s*[\"']?\s*([\w-]+)", re.IGNORECASE)
_BLOCKS = (
    "p|h1|h2|h3|h4|h5|h6|li|td|th|dt|dd|div|section|article|header|footer|nav|aside|main|ul|ol|table|tr"
    "|form|blockquote|figcaption|address|br|hr|title|option|button|label"
)


def read_html(page: Page, repeated: frozenset[str]) -> Draft:
    """Take headline, url and dates from the markup, and the body as trafilatura finds it.

    Where that finds none, the page's visible text is read as flattened text is.
    """
    declared = _DECLARED.search(page.content[:4096])
    text = decode(page, declared[1].decode("ascii") if declared else None)
    parser = html.HTMLParser(encoding="utf-8", huge_tree=False)
    try:
        # Parsed from bytes: lxml refuses text that declares an encoding of its own.
        tree = html.document_fromstring(text.encode(), parser=parser)
    except (html.etree.ParserError, ValueError, AssertionError) as error:
        raise PageEmpty(f"{page.name} holds no HTML element: save the whole page.", page=page.name) from error
    if any("depth" in entry.message for entry in parser.error_log):
        # What the parser left out may have been the text.
        message = f"{page.name} nests its elements too deeply to be read: save its text in another form."
        raise PageUnreadable(message, page=page.name)
    stated = read_metadata(tree)
    url, headline = stated.url or page.url, stated.headline
    for element in tree.xpath(HIDDEN):
        if element.getparent() is not None:
            element.drop_tree()
    lines = _visible_lines(tree)
    paragraphs = _paragraphs(tree, lines)
    if sum(map(len, paragraphs)) * 10 < sum(len(line) for line in lines if boilerplate.is_prose(line)):
        paragraphs = []
    if not paragraphs and stated.body and not any(map(boilerplate.is_prose, lines)):
        draft = draft_article(url, headline, stated.body, lines, stated.dates, repeated)
    elif paragraphs:
        draft = draft_article(url, headline, paragraphs, lines, stated.dates, repeated)
    else:
        flat = read_lines(
            [headline, *(line for line in lines if line != headline)] if headline else lines, url, repeated
        )
        draft = replace(flat, url=url, headline=headline or flat.headline, dates=(*stated.dates, *flat.dates))
    return replace(draft, language_hint=stated.language, kind_hint=stated.kind, alternates=stated.alternates)


def _paragraphs(tree: HtmlElement, lines: Sequence[str]) -> list[str]:
    """The body's paragraphs, headings and list items in the page's order, as they stand among the visible lines."""
    from trafilatura import bare_extraction

    found = bare_extraction(
        html.document_fromstring(html.tostring(tree, encoding="unicode")),
        include_comments=False,
        include_tables=True,
        include_formatting=False,
        favor_precision=True,
        with_metadata=False,
    )
    if found is None or isinstance(found, dict) or found.body is None:
        return []
    # trafilatura makes plain spaces of no-break spaces; the visible lines still have them.
    verbatim = {" ".join(line.split()): line for line in lines}
    return _in_order([verbatim.get(" ".join(line.split()), line) for line in _flatten(found.body)], lines)


def _in_order(paragraphs: list[str], lines: Sequence[str]) -> list[str]:
    """The paragraphs as the page orders them: of tables within tables trafilatura puts the inner ones last."""
    places = {line: place for place, line in enumerate(lines)}
    is_clear = len(set(paragraphs)) == len(paragraphs) and all(line in places for line in paragraphs)
    return sorted(paragraphs, key=places.__getitem__) if is_clear else paragraphs


def _visible_lines(tree: HtmlElement) -> list[str]:
    body = tree.find(".//body")
    return _flatten(tree if body is None else body)


def _flatten(tree: HtmlElement) -> list[str]:
    """The words of the tree, a line for each block of it, white space as a browser shows it."""
    pieces: list[str] = []
    blocks = set(_BLOCKS.split("|")) | {"head", "item", "list", "quote", "row", "cell", "lb", "code"}
    for event, element in html.etree.iterwalk(tree, events=("start", "end")):
        is_block = element.tag in blocks
        text = element.text if event == "start" else element.tail
        if (event == "end" and is_block) or (event == "start" and is_block):
            pieces.append("\0")
        pieces.append(re.sub(r"[ \n\r\t]+", " ", text or ""))
    joined = re.sub(r" ?\0[ \0]*", "\n", "".join(pieces))
    return [line for line in (line.strip() for line in clean(joined).split("\n")) if line]
