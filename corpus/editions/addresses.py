"""Links by what pages and their addresses state: pages that name each other, addresses alike but for the language."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import combinations
from urllib.parse import urlsplit

from corpus.document import Document, Language
from corpus.editions.link import Found

HREFLANG = "both pages name each other as editions (hreflang)"
ADDRESS = "the addresses are the same but for the language, and the dates agree"
_LANGUAGE_IN_QUERY = re.compile(r"(?<![^&])(lang|language|locale|hl)=([a-z]{2})(?![^&])")
_LANGUAGE_AT_END = re.compile(r"[-_.]([a-z]{2})(?=(?:\.[a-z]{3,5})?$)")


def by_hreflang(documents: Sequence[Document]) -> Iterator[Found]:
    """Pages on the web that name each other, by address, as editions in other languages."""
    at: dict[str, list[Document]] = defaultdict(list)
    naming = [one for one in documents if one.alternates]  # both pages of a link name others
    for document in naming:
        at[_plain(document.url)].append(document)
    for one in naming:
        for address in one.alternates:
            for other in at.get(_plain(address), ()):
                named = {_plain(stated) for stated in other.alternates}
                if one.doc_id < other.doc_id and one.language != other.language and _plain(one.url) in named:
                    yield one, other, HREFLANG


def by_address(documents: Sequence[Document]) -> Iterator[Found]:
    """Pages on the web whose addresses are the same but for the language, of one kind, with dates that agree."""
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
