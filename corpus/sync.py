"""Brings the corpus in step with its sources: fetch what changed, take it in, withdraw what is gone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Protocol

from corpus.document import Document
from corpus.errors import CorpusError, FetchError, PageError, PageUnwanted, RobotsRefused, SourceError, StoreError
from corpus.fetch_state import FetchState, KnownAddress
from corpus.ingest import Outcome, add_pages
from corpus.page import Page, PageFormat
from corpus.settings import CorpusSettings
from corpus.sources.declared import Source, SourceKind
from corpus.sources.fetch import GONE, NOTHING_KNOWN, Fetched, Fetcher
from corpus.sources.folder import read_pages
from corpus.sources.listing import list_addresses
from corpus.step import Event, Step
from corpus.store import Change, CorpusStore

MISSING_RUNS = 2
"""A page that so many syncs in succession find no more in its source is withdrawn."""
TAKEN_IN_AT_ONCE = 50
"""Pages: enough for the lines that repeat on a site to show."""

_MEDIA = {
    "text/html": "html",
    "application/xhtml+xml": "html",
    "text/plain": "txt",
    "text/markdown": "md",
    "application/pdf": "pdf",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "docx",
}
"""Media type → value of PageFormat, where this version has that format."""


_STEPS = {
    Change.ADDED: Step.ADDED,
    Change.REVISED: Step.CHANGED,
    Change.REINSTATED: Step.ADDED,
    Change.UNCHANGED: Step.UNCHANGED,
}


class Progress(Protocol):
    """Whoever shows how far a sync has come."""

    def step(self, name: str, total: int) -> None:
        """A step of `total` units begins."""

    def advance(self, units: int) -> None:
        """So many units of the current step are done."""


@dataclass(frozen=True, slots=True)
class Sync:
    """All that a sync works with. With `dry`, pages are asked for but nothing is written."""

    store: CorpusStore
    state: FetchState
    fetcher: Fetcher
    settings: CorpusSettings
    progress: Progress
    dry: bool = False

    def run(self, source: Source) -> Iterator[Event]:
        """Bring the documents of one source in step; what was yielded is done.

        A page or source that cannot be had is yielded as FAILED and its documents stay. Raises StoreError.
        """
        try:
            yield from self._folder(source) if source.kind is SourceKind.FOLDER else self._web(source)
        except StoreError:
            raise
        except CorpusError as error:
            yield Event(Step.FAILED, source.name, str(error))

    def _web(self, source: Source) -> Iterator[Event]:
        run = self._begin(source)
        if not self.dry:
            yield from self._take_in(source, self.state.waiting(source.name), self.state.known(source.name))
        listing = list_addresses(source, self.fetcher, self.settings.fetch)
        yield from (Event(Step.LEFT_OUT, source.name, str(error)) for error in listing.refused)
        known = self.state.known(source.name)
        listed = set(listing.addresses)
        addresses = list(listing.addresses)
        if source.kind is SourceKind.FEED:  # a feed names the latest pages only, the others are still there
            addresses += [one for one, was in known.items() if one not in listed and not was.gone]
        self.progress.step(f"Fetching {source.name}", len(addresses))
        waiting = 0
        for address in addresses:
            was = known.get(address)
            if was is None or was.run < run:
                event = self._fetch(source, address, was, run)
                waiting += event is None
                if event:
                    yield event
            if waiting == TAKEN_IN_AT_ONCE:
                yield from self._take_in(source, self.state.waiting(source.name), known)
                waiting = 0
            self.progress.advance(1)
        if not self.dry:
            yield from self._take_in(source, self.state.waiting(source.name), known)
        if source.kind is not SourceKind.FEED:
            yield from self._missing(source, listed, known, run)
        self._finish(source)

    def _fetch(self, source: Source, address: str, was: KnownAddress | None, run: int) -> Event | None:
        """Ask for one page; None when its body is kept for taking in."""
        if self.dry and was is None:
            return Event(Step.ADDED, address)
        try:
            answer = self.fetcher.fetch(
                address,
                source.allowed_hosts,
                self.settings.max_page_bytes,
                was.validators if was else NOTHING_KNOWN,
            )
        except RobotsRefused as error:
            return Event(Step.LEFT_OUT, address, str(error))
        except FetchError as error:
            return Event(Step.FAILED, address, str(error))
        if answer.status in GONE:
            return self._withdraw(source, address, was, run, f"its page answers with status {answer.status}")
        if answer.status == 304 or (was and was.digest and self._page(address, answer).digest == was.digest):
            if not self.dry:
                if answer.status == 200:
                    self.state.passed(source.name, address, run, answer.validators)
                self.state.met(source.name, address, run, was.doc_id if was else None)
            return Event(Step.UNCHANGED, address)
        if answer.media_type and _format(answer) is None:
            if not self.dry:
                self.state.passed(source.name, address, run, answer.validators)
            return Event(Step.LEFT_OUT, address, f"it is of the type {answer.media_type}")
        if self.dry:
            return Event(Step.CHANGED, address)
        self.state.keep(source.name, address, run, self._page(address, answer), answer.validators)
        return None

    @staticmethod
    def _page(address: str, answer: Fetched) -> Page:
        return Page(address, answer.url, _format(answer) or PageFormat.HTML, answer.content)

    def _take_in(self, source: Source, pages: list[Page], known: dict[str, KnownAddress]) -> Iterator[Event]:
        """Make documents of pages that have arrived."""

        def accept(document: Document, page: Page) -> None:
            _check_wanted(source, document, page)
            if document.is_on_the_web and not source.speaks_for(document.url):
                message = (
                    f"{page.name} states the address {document.url}, of a host that the source {source.name} does not"
                    " name: add it to the hosts of the source if it may speak for it."
                )
                raise PageError(message, page=page.name)

        for outcome in add_pages(self.store, pages, self.settings, accept):
            self.state.settle(source.name, outcome.name, outcome.doc_id)
            yield _event(outcome)
            was = known.get(outcome.name)
            if was and was.doc_id and outcome.doc_id and was.doc_id != outcome.doc_id:
                yield from self._end(source, outcome.name, was.doc_id, f"its page became {outcome.doc_id}")

    def _missing(self, source: Source, listed: set[str], known: dict[str, KnownAddress], run: int) -> Iterator[Event]:
        """Count what a source names no more, and withdraw what it has not named for long enough."""
        for address, was in known.items():
            if address in listed or was.gone or was.run >= run:
                continue
            if was.missing + 1 >= MISSING_RUNS:
                event = self._withdraw(source, address, was, run, f"its page is no longer in {source.name}")
                if event.step is Step.WITHDRAWN:
                    yield event
            elif not self.dry:
                self.state.miss(source.name, address, run)

    def _withdraw(self, source: Source, address: str, was: KnownAddress | None, run: int, why: str) -> Event:
        """Withdraw the document of a page that is gone, unless another page became it too."""
        doc_id = was.doc_id if was else None
        ended = list(self._end(source, address, doc_id, why)) if doc_id else []
        if not self.dry and was is not None:
            self.state.gone(source.name, address, run)
        if ended:
            return ended[0]
        return Event(Step.LEFT_OUT, address, why)

    def _end(self, source: Source, address: str, doc_id: str, why: str) -> Iterator[Event]:
        if self.state.is_elsewhere(doc_id, source.name, address):
            return
        is_standing = not self.store.get(doc_id).withdrawn
        if is_standing and not self.dry:
            self.store.withdraw(doc_id, why)
        if is_standing:
            yield Event(Step.WITHDRAWN, address, why)

    def _folder(self, source: Source) -> Iterator[Event]:
        """Files are known by their digests, which `add_pages` compares."""
        run = self._begin(source)
        found = list(self._files(source))
        known = self.state.known(source.name)
        self.progress.step(f"Reading {source.name}", len(found))
        if self.dry:
            for page in found:
                yield _as_error(page) if isinstance(page, PageError) else self._compared(page)
        else:
            outcomes = add_pages(self.store, found, self.settings, partial(_check_wanted, source))
            for page, outcome in zip(found, outcomes, strict=True):
                if isinstance(page, Page):
                    was = known.get(page.url)
                    doc_id = outcome.doc_id or (was.doc_id if was else None)
                    self.state.met(source.name, page.url, run, doc_id)
                    if was and was.doc_id and doc_id and was.doc_id != doc_id:
                        yield from self._end(source, page.url, was.doc_id, f"its page became {doc_id}")
                yield _event(outcome)
                self.progress.advance(1)
        if not any(isinstance(page, PageError) for page in found):  # else nothing is known of what is missing
            listed = {page.url for page in found if isinstance(page, Page)}
            yield from self._missing(source, listed, known, run)
        self._finish(source)

    def _files(self, source: Source) -> Iterator[Page | PageError]:
        folder = source.path or Path()
        if not folder.is_dir():
            raise SourceError(f"The folder {folder} of the source {source.name} is not there: mend its path.")
        for page in read_pages([folder], self.settings):
            if isinstance(page, PageError) or source.wants("/" + Path(page.name).relative_to(folder).as_posix()):
                yield page

    def _compared(self, page: Page) -> Event:
        was = self.store.known_page(page.url)
        if was is None:
            return Event(Step.ADDED, page.name)
        return Event(Step.UNCHANGED if was.page_digest == page.digest else Step.CHANGED, page.name)

    def _begin(self, source: Source) -> int:
        """The number of this run; a dry run is never recorded, and asks for every page."""
        return 2**62 if self.dry else self.state.begin(source.name)

    def _finish(self, source: Source) -> None:
        if not self.dry:
            self.state.finish(source.name)


def _format(answer: Fetched) -> PageFormat | None:
    try:
        return PageFormat(_MEDIA.get(answer.media_type, ""))
    except ValueError:
        return None


def _check_wanted(source: Source, document: Document, page: Page) -> None:
    if source.languages and document.language not in source.languages:
        raise PageUnwanted(f"{page.name} is in the language {document.language}.", page=page.name)
    if source.kinds and document.kind not in source.kinds:
        raise PageUnwanted(f"{page.name} is a document of the kind {document.kind}.", page=page.name)


def _event(outcome: Outcome) -> Event:
    if outcome.error is not None:
        return _as_error(outcome.error)
    step = Step.UNCHANGED if outcome.change is None else _STEPS[outcome.change]
    return Event(step, outcome.name, outcome.title or "")


def _as_error(error: PageError) -> Event:
    return Event(Step.LEFT_OUT if isinstance(error, PageUnwanted) else Step.FAILED, error.page, str(error))
