"""Which documents are editions of one release, by what their pages state, each link with its reason.

Two things prove it: pages that name each other as editions (hreflang), and addresses that are the same but for the
language, with dates that agree. A group stated by front matter stands as it is: no link is made to or from it.
The links follow from the documents alone, so that they are made anew for each build and never grow stale.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from urllib.parse import urlsplit

from corpus.document import Document, Language

HREFLANG = "both pages name each other as editions (hreflang)"
ADDRESS = "the addresses are the same but for the language, and the dates agree"
_LINKED = "linked:"
"""Begins the name of a group that was found: front matter cannot state it, since it allows no colon."""
_LANGUAGE_IN_QUERY = re.compile(r"(?<![^&])(lang|language|locale|hl)=([a-z]{2})(?![^&])")
_LANGUAGE_AT_END = re.compile(r"[-_.]([a-z]{2})(?=(?:\.[a-z]{3,5})?$)")


@dataclass(frozen=True, slots=True)
class EditionLink:
    """Two documents, by id in order, that are editions of one release."""

    one: str
    other: str
    why: str


def edition_links(documents: Iterable[Document]) -> list[EditionLink]:
    """The links between documents of different languages, the surest first.

    A release has one edition in each language: a link that would give it a second one is left out.
    """
    free = sorted(
        (one for one in documents if one.edition_group is None and one.is_on_the_web and not one.digest),
        key=lambda one: one.doc_id,
    )
    languages = {one.doc_id: {one.language: one.doc_id} for one in free}
    links = []
    for one, other, why in (*_by_hreflang(free), *_by_address(free)):
        first, second = languages[one.doc_id], languages[other.doc_id]
        if first is second:
            continue
        if first.keys().isdisjoint(second):
            first.update(second)
            for doc_id in second.values():
                languages[doc_id] = first
            first_id, second_id = sorted((one.doc_id, other.doc_id))
            links.append(EditionLink(first_id, second_id, why))
    return links


def with_editions(documents: Sequence[Document]) -> list[Document]:
    """The same documents in the same order, those that are linked with a common `edition_group`."""
    members: dict[str, list[str]] = {}
    for link in edition_links(documents):
        first, second = (members.get(doc_id, [doc_id]) for doc_id in (link.one, link.other))
        joined = [*first, *second]
        members.update(dict.fromkeys(joined, joined))
    return [
        replace(one, edition_group=_LINKED + min(members[one.doc_id])) if one.doc_id in members else one
        for one in documents
    ]


def _by_hreflang(documents: Sequence[Document]) -> Iterator[tuple[Document, Document, str]]:
    at: dict[str, list[Document]] = defaultdict(list)
    for document in documents:
        at[_plain(document.url)].append(document)
    for one in documents:
        for address in one.alternates:
            for other in at.get(_plain(address), ()):
                named = {_plain(stated) for stated in other.alternates}
                if one.doc_id < other.doc_id and one.language != other.language and _plain(one.url) in named:
                    yield one, other, HREFLANG


def _by_address(documents: Sequence[Document]) -> Iterator[tuple[Document, Document, str]]:
    alike: dict[str, list[Document]] = defaultdict(list)
    for document in documents:
        if key := _without_language(document.url, document.language):
            alike[key].append(document)
    for found in alike.values():
        if len({one.language for one in found}) < len(found):
            continue  # two in one language: the address does not tell which of them is meant
        for one, other in combinations(found, 2):
            if one.kind == other.kind and _dates_agree(one, other):
                yield one, other, ADDRESS


def _dates_agree(one: Document, other: Document) -> bool:
    if one.date is None or other.date is None:
        return one.date is other.date  # undated pages have nothing to disagree on; a dated one is another thing
    return one.date.agrees_with(other.date)


def _plain(address: str) -> str:
    """The address without its scheme, fragment and last slash, in which equal pages often differ."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return address
    query = f"?{parts.query}" if parts.query else ""
    return f"{parts.netloc.lower()}{parts.path.rstrip('/')}{query}"


def _without_language(address: str, language: Language) -> str | None:
    """The address with `*` where it names the document's language; None where it names none, or another one."""
    host, slash, rest = _plain(address).partition("/")
    path, mark, query = rest.partition("?")
    labels, segments = host.split("."), path.split("/")
    if labels[0] == language:
        return ".".join(("*", *labels[1:])) + slash + rest
    # Country sites put the language second: /mali/fr/…
    for place, segment in enumerate(segments[:3]):
        if segment.lower() == language:
            return host + slash + "/".join((*segments[:place], "*", *segments[place + 1 :])) + mark + query
    if (found := _LANGUAGE_IN_QUERY.search(query)) and found[2] == language:
        return f"{host}{slash}{path}{mark}{query[: found.start(2)]}*{query[found.end(2) :]}"
    if (found := _LANGUAGE_AT_END.search(path)) and found[1] == language:
        return f"{host}{slash}{path[: found.start(1)]}*{path[found.end(1) :]}{mark}{query}"
    return None
