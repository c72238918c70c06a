"""Page → Document.

Each form of page has its reader (text.py, html.py, markdown.py, pdf.py, docx.py), which makes a Draft of it; finish.py
turns any Draft into a Document. They are imported when they are needed: answering a question needs dates alone.
"""

from __future__ import annotations

from collections.abc import Collection
from urllib.parse import urlsplit

from corpus.document import Document
from corpus.errors import PageEmpty, PageUnreadable
from corpus.extract.decode import decode
from corpus.extract.draft import Draft
from corpus.page import Page, PageFormat
from corpus.settings import CorpusSettings


def extract(page: Page, settings: CorpusSettings, repeated: Collection[str] = frozenset()) -> Document:
    """The Document that the page holds.

    `repeated` are lines known to stand around the body on several pages of the site. Raises PageUnreadable,
    PageEmpty, PageLanguage or FrontMatterError.
    """
    from corpus.extract.finish import finish

    return finish(_read(page, settings, frozenset(repeated)), page, settings)


def outer_lines(page: Page, settings: CorpusSettings) -> tuple[str, frozenset[str]]:
    """The page's url, and its lines that are not, or may not be, of its body, judged by this page alone."""
    draft = _read(page, settings, frozenset())
    return draft.url, draft.outer


def site_of(url: str) -> str:
    """What pages must share for their repeated lines to be counted together: host, or folder of files."""
    parts = urlsplit(url)
    return parts.netloc.lower() or parts.path.rpartition("/")[0]


def _read(page: Page, settings: CorpusSettings, repeated: frozenset[str]) -> Draft:
    if len(page.content) > settings.max_page_bytes:
        limit = f"{settings.max_page_bytes / 1e6:.3g} MB"
        message = f"{page.name} is larger than the {limit} allowed: split it or raise max_page_bytes."
        raise PageUnreadable(message, page=page.name)
    if not page.content.strip():
        raise PageEmpty(f"{page.name} is empty: put the page's text into it.", page=page.name)
    match page.format:
        case PageFormat.MARKDOWN:
            from corpus.extract.markdown import read_markdown

            return read_markdown(decode(page), page)
        case PageFormat.HTML:
            from corpus.extract.html import read_html

            return read_html(page, repeated)
        case PageFormat.PDF:
            from corpus.extract.pdf import read_pdf

            return read_pdf(page, repeated)
        case PageFormat.DOCX:
            from corpus.extract.docx import read_docx

            return read_docx(page, repeated, settings.max_unpacked_bytes)
        case PageFormat.FLATTENED_TEXT:
            from corpus.extract.text import read_text

            return read_text(decode(page), page, repeated)
