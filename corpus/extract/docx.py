"""DOCX → Draft (python-docx lives here)."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from typing import TYPE_CHECKING

from corpus.errors import PageEmpty, PageUnreadable
from corpus.extract.article import draft_article
from corpus.extract.decode import clean
from corpus.extract.draft import Draft
from corpus.page import Page

if TYPE_CHECKING:
    from docx.document import Document
    from docx.text.paragraph import Paragraph


def read_docx(page: Page, repeated: frozenset[str], max_unpacked_bytes: int) -> Draft:
    """Read the paragraphs and tables of a Word document; hidden, deleted and commented words are left out.

    The headline is the first paragraph of the style Title, else the first heading, else the first paragraph.
    Raises PageUnreadable for what is no DOCX or unpacks to more than `max_unpacked_bytes`, PageEmpty without text.
    """
    import docx

    try:
        with zipfile.ZipFile(io.BytesIO(page.content)) as archive:
            size = sum(entry.file_size for entry in archive.infolist())
        if size > max_unpacked_bytes:
            limit = f"{max_unpacked_bytes / 1e6:.3g} MB"
            message = (
                f"{page.name} unpacks to {size / 1e6:.3g} MB, more than the {limit} allowed: leave out its pictures."
            )
            raise PageUnreadable(message, page=page.name)
        # zipfile reads no more of a part than the size that was summed up.
        paragraphs = list(_paragraphs(docx.Document(io.BytesIO(page.content))))
    except (PageUnreadable, MemoryError):
        raise
    except Exception as error:  # broken files raise whatever their broken part leads to
        message = f"{page.name} cannot be read as DOCX ({type(error).__name__}): save it anew."
        raise PageUnreadable(message, page=page.name) from error
    if len(paragraphs) < 2:
        raise PageEmpty(f"{page.name} has no headline with text below it: check the file.", page=page.name)
    place = min(range(len(paragraphs)), key=lambda n: (paragraphs[n][0], n))
    headline = paragraphs.pop(place)[1]
    lines = [text for _, text in paragraphs]
    return draft_article(page.url, headline, lines, lines, (), repeated)


def _paragraphs(document: Document) -> Iterator[tuple[int, str]]:
    """Rank as a headline (0 is the title, 9 is none) and words of each paragraph and table row."""
    from docx.table import Table

    for part in document.iter_inner_content():
        if isinstance(part, Table):
            for row in part.rows:
                cells = dict.fromkeys(_line(" ".join(map(_shown, cell.paragraphs))) for cell in row.cells)
                if text := " | ".join(filter(None, cells)):
                    yield 9, text
        elif text := _line(_shown(part)):
            yield _rank(part), text


def _rank(paragraph: Paragraph) -> int:
    name = (paragraph.style.name if paragraph.style else None) or ""
    if name == "Title":
        return 0
    level = name.removeprefix("Heading ")
    return int(level) if level != name and level.isdigit() else 9


def _shown(paragraph: Paragraph) -> str:
    """The paragraph's words, links included, without the runs that are formatted as hidden."""
    from docx.text.run import Run

    runs: list[Run] = []
    for part in paragraph.iter_inner_content():
        runs.extend([part] if isinstance(part, Run) else part.runs)
    return "".join(run.text for run in runs if not run.font.hidden)


def _line(text: str) -> str:
    return " ".join(filter(None, clean(text).replace("\n", " ").split(" ")))
