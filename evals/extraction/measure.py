"""The measures of extraction: word F1 of the body, and how often headline, date and language are exact."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from corpus.document import Document
from corpus.errors import PageError
from corpus.extract import extract
from corpus.page import Page, PageFormat
from corpus.settings import CorpusSettings
from evals.errors import SetMissing
from evals.extraction.render import ROOT, Wanted

SET = Path(__file__).parents[1] / "sets" / "extraction"
WANTED = "wanted.jsonl"


@dataclass(frozen=True, slots=True)
class PageFigures:
    """How one page was taken apart."""

    wanted: Wanted
    body: float
    """Word F1, 0 to 1; 0 for a page that was refused."""
    headline: bool
    date: bool
    language: bool


@dataclass(frozen=True, slots=True)
class Figures:
    """Means over pages, each 0 to 1."""

    pages: int
    body: float
    headline: float
    date: float
    language: float


def measure(folder: Path = SET) -> list[PageFigures]:
    """Extract each page of the set and compare it with what is wanted; raises SetMissing."""
    try:
        lines = (folder / WANTED).read_text("utf-8").splitlines()
        return [_page_figures(folder, Wanted.from_json(line)) for line in lines]
    except FileNotFoundError as error:
        message = f"{error.filename} is missing: write the set with `python -m evals.extraction --write`."
        raise SetMissing(message) from error


def mean(pages: Sequence[PageFigures]) -> Figures:
    """The means over at least one page."""
    count = len(pages)
    return Figures(
        pages=count,
        body=sum(page.body for page in pages) / count,
        headline=sum(page.headline for page in pages) / count,
        date=sum(page.date for page in pages) / count,
        language=sum(page.language for page in pages) / count,
    )


def word_f1(found: str, wanted: str) -> float:
    """2·|F∩W| / (|F| + |W|) over the words as multisets, in lower case; 1 when both are empty."""
    one, two = (Counter(re.findall(r"\w+", text.lower())) for text in (found, wanted))
    total = one.total() + two.total()
    return 2 * (one & two).total() / total if total else 1.0


def _page_figures(folder: Path, wanted: Wanted) -> PageFigures:
    content = (folder / wanted.page).read_bytes()
    page = Page(wanted.page, f"{ROOT}/{wanted.page}", PageFormat.HTML, content)
    document: Document | None
    try:
        document = extract(page, CorpusSettings())
    except PageError:
        document = None
    return PageFigures(
        wanted=wanted,
        body=word_f1(document.text, "\n".join(wanted.body)) if document else 0.0,
        headline=document is not None and document.title == wanted.headline,
        date=document is not None and str(document.date) == wanted.date,
        language=document is not None and document.language == wanted.language,
    )
