"""The addresses that a sitemap or feed lists (defusedxml lives here)."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urljoin
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import iterparse

from corpus.errors import AddressRefused, SourceError
from corpus.settings import FetchSettings
from corpus.sources.address import parse_address
from corpus.sources.declared import Source, SourceKind
from corpus.sources.fetch import Fetcher
from corpus.sources.unpack import GZIP_MARK, unpack

MAX_SITEMAPS = 500
"""So many files may an index of sitemaps lead to."""
_BASE = "{http://www.w3.org/XML/1998/namespace}base"


@dataclass(frozen=True, slots=True)
class Listing:
    """The addresses of pages that a source lists and wants, in its order, each once."""

    addresses: tuple[str, ...]
    refused: tuple[AddressRefused, ...] = ()
    """What stands in the listing but may not be fetched."""


def list_addresses(source: Source, fetcher: Fetcher, settings: FetchSettings) -> Listing:
    """Ask a sitemap, feed or list for its pages.

    Raises FetchError when a part cannot be fetched, and SourceError when it is no listing or lists nothing: then
    nothing is known of what is missing.
    """
    match source.kind:
        case SourceKind.SITEMAP:
            listed = _sitemap(source, fetcher, settings)
        case SourceKind.FEED:
            listed = _feed(source, fetcher, settings)
        case _:
            listed = iter(source.addresses)
    addresses: dict[str, None] = {}
    refused: list[AddressRefused] = []
    is_empty = True
    for address in listed:
        is_empty = False
        try:
            url = str(parse_address(address, source.allowed_hosts, allow_loopback=settings.allow_loopback))
        except AddressRefused as error:
            refused.append(error)
            continue
        if source.wants(url):
            addresses[url] = None
        if len(addresses) > settings.max_addresses:
            raise SourceError(f"The source {source.name} lists more than {settings.max_addresses} pages: divide it.")
    if is_empty:
        raise SourceError(f"The source {source.name} lists no page: check {source.address or 'its addresses'}.")
    if refused and not addresses:
        raise SourceError(f"The source {source.name} lists only what may not be fetched, such as: {refused[0]}")
    return Listing(tuple(addresses), tuple(refused))


def _sitemap(source: Source, fetcher: Fetcher, settings: FetchSettings) -> Iterator[str]:
    """The pages of a sitemap and of all that it leads to, each file read once."""
    waiting, known = [source.address], {source.address}
    while waiting:
        address = waiting.pop(0)
        url, content = _content(address, source, fetcher, settings)
        for event, element in _elements(content, address, source):
            if event == "end" and _name(element) == "loc" and element.text:
                found = urljoin(url, element.text.strip())
                if element.get("in") != "sitemap":
                    yield found
                elif found not in known:
                    if len(known) >= MAX_SITEMAPS:
                        raise SourceError(f"The sitemap of {source.name} leads to more than {MAX_SITEMAPS} others.")
                    known.add(found)
                    waiting.append(found)


def _feed(source: Source, fetcher: Fetcher, settings: FetchSettings) -> Iterator[str]:
    """The pages of the entries of an RSS or Atom feed; relative links are joined to the base that holds for them."""
    url, content = _content(source.address, source, fetcher, settings)
    bases = [url]
    within = 0
    for event, element in _elements(content, source.address, source):
        name = _name(element)
        if event == "start":
            bases.append(urljoin(bases[-1], element.get(_BASE, "")))
            within += name in ("item", "entry")
            continue
        link = ""
        if within and name == "link":
            is_page = element.get("rel", "alternate") == "alternate"
            link = (element.get("href") or element.text or "") if is_page else ""
        elif within and name == "guid" and element.get("isPermaLink") == "true":
            link = element.text or ""
        if link.strip():
            yield urljoin(bases[-1], link.strip())
        bases.pop()
        within -= name in ("item", "entry")


def _content(address: str, source: Source, fetcher: Fetcher, settings: FetchSettings) -> tuple[str, bytes]:
    answer = fetcher.fetch(address, source.allowed_hosts, settings.max_listing_bytes)
    if answer.status != 200:
        raise SourceError(f"{address} of the source {source.name} is not there (status {answer.status}): mend it.")
    coding = "gzip" if answer.content.startswith(GZIP_MARK) else ""
    return answer.url, unpack(answer.content, coding, settings.max_listing_bytes, address)


def _elements(content: bytes, address: str, source: Source) -> Iterator[tuple[str, Element]]:
    """Start and end of each element; what has ended is forgotten, so that a long file needs little memory.

    A `loc` of an index of sitemaps is marked `in="sitemap"`.
    """
    parents: list[Element] = []
    try:
        for event, element in iterparse(io.BytesIO(content), events=("start", "end"), forbid_dtd=True):
            if event == "start":
                if parents and _name(parents[-1]) == "sitemap":
                    element.set("in", "sitemap")
                parents.append(element)
                yield event, element
                continue
            yield event, element
            parents.pop()
            element.clear()
            if parents:
                parents[-1].remove(element)
    except (ParseError, DefusedXmlException, ValueError, LookupError) as error:
        reason = str(error) or type(error).__name__
        raise SourceError(f"{address} of the source {source.name} is no usable XML ({reason}): mend it.") from None


def _name(element: Element) -> str:
    return str(element.tag).rpartition("}")[2]
