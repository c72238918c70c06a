"""PDF → Draft (pdfminer.six lives here: of the kept libraries it alone groups lines into paragraphs by itself)."""

from __future__ import annotations

import io
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from corpus.errors import PageEmpty, PageUnreadable
from corpus.extract import boilerplate
from corpus.extract.article import draft_article
from corpus.extract.decode import clean
from corpus.extract.draft import Draft, PagedParagraph
from corpus.page import Page

HEADING = 1.15
"""A paragraph set so many times larger than the body is a heading."""
MIN_RUNNING = 3
"""A line that stands on so many pages, figures apart, is a running head or foot."""

_NUMBER = re.compile(r"\W*(?:page|página|p\.)?\s*\d{1,4}(?:\s*(?:/|of|de|sur)\s*\d{1,4})?\W*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Box:
    """A paragraph as it is set: its page from 1, its words, the size of its letters in points."""

    page: int
    text: str
    size: float


def read_pdf(page: Page, repeated: frozenset[str]) -> Draft:
    """Read the text of a PDF in the order of its pages, without running heads and page numbers.

    The largest letters of the first page with text are the headline. Raises PageUnreadable for what is no PDF or
    needs a password, PageEmpty for one without text, such as a scan.
    """
    boxes = _without_running(list(_boxes(page)))
    if not boxes:
        message = f"{page.name} holds no text, only pictures of it: run it through text recognition first."
        raise PageEmpty(message, page=page.name)
    headline, rest = _headline(boxes)
    paged = _joined(rest)
    lines = [paragraph.text for paragraph in paged]
    if not lines:
        raise PageEmpty(f"{page.name} has no text below its headline: check the file.", page=page.name)
    return replace(draft_article(page.url, headline, lines, lines, (), repeated), paged=tuple(paged))


def _boxes(page: Page) -> Iterator[_Box]:
    from pdfminer.high_level import extract_pages
    from pdfminer.layout import LTTextContainer
    from pdfminer.pdfdocument import PDFEncryptionError

    try:
        for number, layout in enumerate(extract_pages(io.BytesIO(page.content)), start=1):
            for box in layout:
                if isinstance(box, LTTextContainer) and (text := _words(box.get_text())):
                    yield _Box(number, text, _size(box))
    except PDFEncryptionError as error:
        message = f"{page.name} is locked with a password: save it without one."
        raise PageUnreadable(message, page=page.name) from error
    except MemoryError:
        raise
    except Exception as error:  # broken files raise whatever their broken part leads to
        message = f"{page.name} cannot be read as PDF ({type(error).__name__}): save it anew."
        raise PageUnreadable(message, page=page.name) from error


def _words(text: str) -> str:
    """The box's lines as one; a hyphen at the end of a line stays, as it may belong to the word."""
    text = re.sub(r"\(cid:\d+\)", "", text)  # a letter that the font has no meaning for
    return " ".join(re.sub(r"(?<=\w-)\n(?=\w)", "", clean(text)).split())


def _size(box: object) -> float:
    """The size that most of the box's letters have, to half a point."""
    from pdfminer.layout import LTChar, LTTextContainer

    sizes: Counter[float] = Counter()
    waiting = [box]
    while waiting:
        part = waiting.pop()
        if isinstance(part, LTChar):
            sizes[round(part.size * 2) / 2] += 1
        elif isinstance(part, LTTextContainer):
            waiting.extend(part)
    return max(sizes, key=lambda size: sizes[size], default=0.0)


def _without_running(boxes: Sequence[_Box]) -> list[_Box]:
    """The boxes without page numbers, running heads and feet."""
    pages: Counter[str] = Counter(shape for shape, _ in {(_shape(box), box.page) for box in boxes})
    return [
        box
        for box in boxes
        if not _NUMBER.fullmatch(box.text) and (pages[_shape(box)] < MIN_RUNNING or boilerplate.is_prose(box.text))
    ]


def _shape(box: _Box) -> str:
    return re.sub(r"\d+", "0", box.text)


def _headline(boxes: Sequence[_Box]) -> tuple[str, list[_Box]]:
    """The headline, which may be set in several boxes, and the boxes without it."""
    letters: Counter[float] = Counter()
    for box in boxes:
        letters[box.size] += len(box.text)
    body = max(letters, key=lambda size: letters[size])
    first = [box for box in boxes if box.page == boxes[0].page]
    largest = max(box.size for box in first)
    if largest < body * HEADING:
        return boxes[0].text, list(boxes[1:])
    start = next(place for place, box in enumerate(boxes) if box.size == largest)
    end = start
    while end < len(first) and boxes[end].size == largest:
        end += 1
    return " ".join(box.text for box in boxes[start:end]), [*boxes[:start], *boxes[end:]]


def _joined(boxes: Sequence[_Box]) -> list[PagedParagraph]:
    """The paragraphs; one that a page's end cut in two is joined again."""
    paragraphs: list[PagedParagraph] = []
    last: _Box | None = None
    for box in boxes:
        if last and box.page > last.page and _goes_on(last, box):
            before = paragraphs.pop()
            starts = (*before.starts, (box.page, len(before.text) + 1))
            paragraphs.append(PagedParagraph(f"{before.text} {box.text}", starts))
        else:
            paragraphs.append(PagedParagraph(box.text, ((box.page, 0),)))
        last = box
    return paragraphs


def _goes_on(last: _Box, box: _Box) -> bool:
    return last.size == box.size and not boilerplate.ends_sentence(last.text) and box.text[0].islower()
