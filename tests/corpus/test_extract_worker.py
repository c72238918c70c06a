"""Hostile pages are read in a process that can be killed; the pages after them are read all the same."""

from __future__ import annotations

import io
import os
import signal
import zipfile
from collections.abc import Iterator
from pathlib import Path

import docx
import pytest

from corpus.errors import PageUnreadable
from corpus.extract import extract
from corpus.extract.worker import PageReader
from corpus.ingest import add_pages
from corpus.page import Page, PageFormat
from corpus.settings import CorpusSettings
from corpus.store import Change, CorpusStore

WORDS = "The harbour school opened its doors to four hundred pupils from the islands, and the ferry runs twice a day."
SETTINGS = CorpusSettings()


def html(body: str, name: str = "page.html") -> Page:
    content = f"<html><title>A school by the harbour</title><body><h1>A school by the harbour</h1>{body}"
    return Page(name, f"https://city.example/{name}", PageFormat.HTML, content.encode())


@pytest.fixture
def reader() -> Iterator[PageReader]:
    with PageReader(SETTINGS) as reader:
        yield reader


def test_the_process_reads_as_the_function_does(reader: PageReader) -> None:
    page = html(f"<p>{WORDS}</p>")
    assert reader.extract(page) == extract(page, SETTINGS)
    assert reader.extract(page).page_digest == page.digest


def test_a_page_that_takes_too_long_is_refused() -> None:
    with (
        PageReader(CorpusSettings(max_read_seconds=0.01)) as reader,
        pytest.raises(PageUnreadable, match="longer than"),
    ):
        reader.extract(html(f"<p>{WORDS}</p>"))


def test_a_page_on_which_the_process_dies_is_refused_and_the_next_is_read(reader: PageReader) -> None:
    page = html(f"<p>{WORDS}</p>")
    reader.extract(page)
    assert reader._process is not None
    os.kill(reader._process.pid, signal.SIGSEGV)
    reader._process.wait()
    with pytest.raises(PageUnreadable, match="breaks its reader"):
        reader.extract(page)
    assert reader.extract(page).text == WORDS


def test_a_page_that_needs_too_much_memory_is_refused() -> None:
    small, large = io.BytesIO(), io.BytesIO()
    docx.Document().save(small)
    with zipfile.ZipFile(small) as known, zipfile.ZipFile(large, "w", zipfile.ZIP_DEFLATED) as bomb:
        for name in known.namelist():
            part = known.read(name)
            bomb.writestr(name, part.replace(b"<w:sectPr", b"<w:p/>" * 7_000_000 + b"<w:sectPr", 1))
    page = Page("bomb.docx", "https://city.example/bomb.docx", PageFormat.DOCX, large.getvalue())
    assert len(page.content) < 200_000
    with (
        PageReader(CorpusSettings(max_reader_bytes=500_000_000)) as reader,
        pytest.raises(PageUnreadable, match="bomb"),
    ):
        reader.extract(page)


def test_a_deeply_nested_page_does_not_stop_the_others(tmp_path: Path) -> None:
    pages = [html("<div>" * 200_000 + WORDS, "deep.html"), html(f"<p>{WORDS}</p>", "good.html")]
    with CorpusStore.open(tmp_path / "corpus.sqlite3", create=True) as store:
        deep, good = add_pages(store, pages, SETTINGS)
    assert "too deeply" in str(deep.error)
    assert good.change is Change.ADDED
