"""Links → the groups of documents that are one release, and which page of a group speaks for its language."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from urllib.parse import urlsplit

from corpus.document import Document, Language
from corpus.editions.addresses import by_address, by_hreflang
from corpus.editions.decisions import Decision
from corpus.editions.likeness import by_likeness
from corpus.editions.link import Found, Link, in_order
from corpus.editions.reposts import by_words

STATED = "front matter states the group"
BY_HAND = "by hand: "
"""Stands before the reason of a decision."""
_LINKED = "linked:"
"""Begins the name of a group that was found: front matter cannot state it, since it allows no colon."""


@dataclass(frozen=True, slots=True)
class Linked:
    """Documents with the groups they belong to, and why."""

    documents: list[Document]
    """In the order given; those of one release have a common `edition_group`, reposts a `repost_of`."""
    links: list[Link]
    """What holds the groups together, the surest first."""

    def links_of(self, doc_id: str) -> list[Link]:
        """The links of the group that a document is in."""
        group = {one.doc_id: one.edition_group for one in self.documents}
        mine = group.get(doc_id)
        return [link for link in self.links if mine is not None and group[link.one] == mine]

    def are_one_release(self, one: str, other: str) -> bool:
        """Whether two documents are in one group."""
        groups = {document.edition_group for document in self.documents if document.doc_id in (one, other)}
        return len(groups) == 1 and None not in groups


def link_editions(documents: Sequence[Document], decisions: Iterable[Decision] = ()) -> Linked:
    """The documents in groups of one release each; they follow from documents and lasting decisions alone.

    Decisions come first, then what front matter states, then what is found. No link is found to or from a document
    whose group is stated. A release has one edition in each language: a link found between pages of two languages that
    would give it a second one is left out, and so is any that would join two documents that a decision keeps apart.
    """
    groups = _Groups(documents, decisions)
    return Linked(_grouped(documents, groups), groups.links)


class _Groups:
    """Groups that grow link by link."""

    def __init__(self, documents: Sequence[Document], decisions: Iterable[Decision]) -> None:
        self.links: list[Link] = []
        self.members = {one.doc_id: [one] for one in documents}
        """The documents of the group of each document; those of one group share the list."""
        self.stated = _stated(documents)
        self._apart: dict[str, set[str]] = defaultdict(set)
        lasting = [one for one in decisions if one.one in self.members and one.other in self.members]
        for decision in lasting:
            if not decision.together:
                self._apart[decision.one].add(decision.other)
                self._apart[decision.other].add(decision.one)
        for decision in lasting:
            if decision.together:
                self._join(Link(decision.one, decision.other, BY_HAND + decision.why, by_hand=True))
        for document in documents:
            if document.edition_group is not None:
                self._join(Link(self.stated[document.edition_group].doc_id, document.doc_id, STATED))
        for one, other, why in _found(documents):
            self._join_found(one, other, why)

    def _join_found(self, one: Document, other: Document, why: str) -> None:
        languages, others = ({member.language for member in self.members[document.doc_id]} for document in (one, other))
        if one.language == other.language or languages.isdisjoint(others):
            self._join(Link(*in_order(one.doc_id, other.doc_id), why))

    def _join(self, link: Link) -> None:
        first, second = self.members[link.one], self.members[link.other]
        if first is second or self._are_kept_apart(first, second):
            return
        first.extend(second)
        self.members.update((member.doc_id, first) for member in second)
        self.links.append(link)

    def _are_kept_apart(self, first: list[Document], second: list[Document]) -> bool:
        ids = {member.doc_id for member in second}
        return any(not ids.isdisjoint(self._apart.get(member.doc_id, ())) for member in first)


def _stated(documents: Sequence[Document]) -> dict[str, Document]:
    """The first document by id of those that state each group."""
    firsts: dict[str, Document] = {}
    for document in sorted(documents, key=_doc_id):
        if document.edition_group is not None:
            firsts.setdefault(document.edition_group, document)
    return firsts


def _found(documents: Sequence[Document]) -> Iterator[Found]:
    """The links that documents give themselves, the surest first."""
    # Digests are in our words, under the address of the page that states the facts: neither is the release's.
    free = sorted((one for one in documents if one.edition_group is None and not one.digest), key=_doc_id)
    on_the_web = [one for one in free if one.is_on_the_web]
    yield from by_words(free)
    yield from by_hreflang(on_the_web)
    yield from by_address(on_the_web)
    yield from by_likeness(free)


def _grouped(documents: Sequence[Document], groups: _Groups) -> list[Document]:
    pages = Counter(_host(one.url) for one in documents)
    known: dict[str, tuple[str | None, dict[Language, Document]]] = {}
    grouped = []
    for document in documents:
        members = groups.members[document.doc_id]
        if len(members) == 1 and document.edition_group is None:
            grouped.append(document)
            continue
        first = min(members, key=_doc_id)
        if first.doc_id not in known:
            known[first.doc_id] = _name(members, groups.stated), _speakers(members, pages)
        name, speakers = known[first.doc_id]
        speaker = speakers[document.language]
        # Two pages that both state the group were meant to stand in it side by side.
        is_repost = speaker is not document and document.edition_group is None
        if name != document.edition_group or is_repost:
            document = replace(document, edition_group=name, repost_of=speaker.doc_id if is_repost else None)
        grouped.append(document)
    return grouped


def _name(members: Sequence[Document], stated: dict[str, Document]) -> str | None:
    """The stated name of a group, or one that was found; None for a document by itself."""
    # A decision can part a stated group: its name stays with the first document that states it.
    names = [one.edition_group for one in members if one.edition_group and stated[one.edition_group] is one]
    if names:
        return min(names)
    return _LINKED + min(member.doc_id for member in members) if len(members) > 1 else None


def _speakers(members: Sequence[Document], pages: Counter[str]) -> dict[Language, Document]:
    """The page that is cited in each language, of several that say the same.

    That is one that states the group, else one on the web, on the host with the fewest parts (the organisation's own
    before the sites of its countries), of such hosts the one with the most `pages`, at the shortest path, of the
    earliest date, with the longest text.
    """

    def rank(one: Document) -> tuple[object, ...]:
        host = _host(one.url)
        labels = len(host.removeprefix("www.").split(".")) if one.is_on_the_web else 0
        day = str(one.date) if one.date and one.date.year else "9"
        parts = one.url.rstrip("/").count("/")
        is_stated = one.edition_group is not None
        return not is_stated, not one.is_on_the_web, labels, -pages[host], parts, day, -len(one.text), one.doc_id

    speakers: dict[Language, Document] = {}
    for member in sorted(members, key=rank):
        speakers.setdefault(member.language, member)
    return speakers


@lru_cache(maxsize=1 << 14)
def _host(address: str) -> str:
    try:
        return urlsplit(address).hostname or ""
    except ValueError:
        return ""


def _doc_id(document: Document) -> str:
    return document.doc_id
