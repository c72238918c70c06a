"""Pages into the store: each good page is added though others fail."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from corpus.document import Document
from corpus.errors import FrontMatterError, PageError
from corpus.extract import site_of
from corpus.extract.worker import PageReader
from corpus.page import Page
from corpus.settings import CorpusSettings
from corpus.store import Change, CorpusStore

BATCH_BYTES = 64_000_000
"""Pages of at most this many bytes together (or one page) are held in memory at once."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one page: a `change` of the document `doc_id`, or an `error`."""

    name: str
    change: Change | None = None
    doc_id: str | None = None
    title: str | None = None
    error: PageError | None = None
    withdrawn: bool = False
    """The document stays withdrawn, by hand: see `corpus.withdrawals`."""


def _any(_: Document, __: Page) -> None:
    """Every document is wanted."""


def add_pages(
    store: CorpusStore,
    pages: Iterable[Page | PageError],
    settings: CorpusSettings,
    accept: Callable[[Document, Page], None] = _any,
) -> Iterator[Outcome]:
    """Extract each page and store it, one transaction each, in the given order.

    A page whose bytes were taken in before from the same place is left alone. Lines that repeat on a site
    are counted over a whole batch before its first page is extracted. Two different pages that state the
    same url become revisions of one document, the later being current. Two pages that state the same id
    but different urls are a mistake: the second is refused, so that none hides the other. `accept` raises PageError
    for a document that is not wanted.

    Raises StoreError when the store cannot be written; what was yielded before is stored.
    """
    with PageReader(settings) as reader:
        yield from _add_batches(store, pages, settings, reader, accept)


def _add_batches(
    store: CorpusStore,
    pages: Iterable[Page | PageError],
    settings: CorpusSettings,
    reader: PageReader,
    accept: Callable[[Document, Page], None],
) -> Iterator[Outcome]:
    for batch in _batches(pages):
        changed = [page for page in batch if isinstance(page, Page) and not _is_known(store, page)]
        sites = {page.url: site for page in changed if (site := _note_lines(store, page, reader)) is not None}
        repeated = {site: store.repeated_lines(site, settings.repeated_on_pages) for site in set(sites.values())}
        for page in batch:
            if isinstance(page, PageError):
                yield Outcome(name=page.page, error=page)
                continue
            try:
                yield _add(store, page, reader, repeated.get(sites.get(page.url, ""), frozenset()), accept)
            except PageError as error:
                yield Outcome(name=page.name, error=error)


def _batches(pages: Iterable[Page | PageError]) -> Iterator[list[Page | PageError]]:
    batch: list[Page | PageError] = []
    size = 0
    for page in pages:
        length = len(page.content) if isinstance(page, Page) else 0
        if batch and size + length > BATCH_BYTES:
            yield batch
            batch, size = [], 0
        batch.append(page)
        size += length
    if batch:
        yield batch


def _is_known(store: CorpusStore, page: Page) -> bool:
    known = store.known_page(page.url)
    return known is not None and known.page_digest == page.digest


def _note_lines(store: CorpusStore, page: Page, reader: PageReader) -> str | None:
    """Note the lines around the page's body; returns its site, or None if the page cannot be read."""
    try:
        url, lines = reader.outer_lines(page)
    except PageError:
        return None  # said when the page's turn comes
    site = site_of(url)
    store.note_lines(site, page.url, lines)
    return site


def _add(
    store: CorpusStore,
    page: Page,
    reader: PageReader,
    repeated: frozenset[str],
    accept: Callable[[Document, Page], None],
) -> Outcome:
    known = store.known_page(page.url)
    if known is not None and known.page_digest == page.digest:
        stored = store.get(known.doc_id)
        change = store.met_again(known.doc_id) if stored.withdrawn else Change.UNCHANGED
        return _outcome(store, page, change, stored.document)
    document = reader.extract(page, repeated)
    accept(document, page)
    _check_id(store, page, document)
    change = store.add(document, origin=page.url)
    return _outcome(store, page, change, document)


def _outcome(store: CorpusStore, page: Page, change: Change, document: Document) -> Outcome:
    withdrawn = change is not Change.ADDED and store.get(document.doc_id).withdrawn
    return Outcome(page.name, change, document.doc_id, document.title, withdrawn=withdrawn)


def _check_id(store: CorpusStore, page: Page, document: Document) -> None:
    """Refuse an id that another page, which states another url, has already."""
    origins = store.origins(document.doc_id)
    if not origins or page.url in origins:
        return
    other = store.get(document.doc_id).document
    if other.url != document.url:
        message = (
            f"{page.name} states the id {document.doc_id!r}, which the page {other.url} has already:"
            " give it another id, or the same url if it replaces that page."
        )
        raise FrontMatterError(message, page=page.name)
