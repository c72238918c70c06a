"""The measures of links: precision, recall and F1 over pairs of documents, for editions and for reposts."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from pathlib import Path

from corpus.document import Document, DocumentKind, Language, PartialDate
from corpus.editions import link_editions
from evals.errors import SetMissing
from evals.sets import bundled_documents

SETS = Path(__file__).parents[1] / "sets" / "editions"
FLOOR = 0.95
"""The least F1 of any set and kind of link."""
_HOST = "agency.example"

Pairs = frozenset[tuple[str, str]]
"""Pairs of ids, each in order."""


@dataclass(frozen=True, slots=True)
class LinkSet:
    """Documents, and of which release each is."""

    name: str
    documents: tuple[Document, ...]
    releases: dict[str, str]
    """The release of each document, by its id."""


@dataclass(frozen=True, slots=True)
class Figures:
    """Pairs wanted, pairs found, and those that are both."""

    wanted: Pairs
    found: Pairs

    @property
    def precision(self) -> float:
        """|F∩W| / |F|; 1 where nothing was found."""
        return len(self.found & self.wanted) / len(self.found) if self.found else 1.0

    @property
    def recall(self) -> float:
        """|F∩W| / |W|; 1 where nothing was wanted."""
        return len(self.found & self.wanted) / len(self.wanted) if self.wanted else 1.0

    @property
    def f1(self) -> float:
        """2·|F∩W| / (|F| + |W|); 1 where nothing was wanted and nothing found."""
        total = len(self.found) + len(self.wanted)
        return 2 * len(self.found & self.wanted) / total if total else 1.0


@dataclass(frozen=True, slots=True)
class Measured:
    """The figures of one set."""

    name: str
    documents: int
    editions: Figures
    """Pairs of two languages."""
    reposts: Figures
    """Pairs of one language."""


def link_sets() -> list[LinkSet]:
    """The two halves of our own text, and the bundled corpus without its groups; raises SetMissing."""
    return [_read("dev"), _read("test"), _bundled()]


def measure(link_set: LinkSet) -> Measured:
    """Link the documents of a set and compare with what they are."""
    documents = link_set.documents
    wanted = _pairs(documents, link_set.releases)
    groups = {one.doc_id: one.edition_group for one in link_editions(documents).documents if one.edition_group}
    found = _pairs([one for one in documents if one.doc_id in groups], groups)
    language = {one.doc_id: one.language for one in documents}

    def of(pairs: Pairs, same: bool) -> Pairs:
        return frozenset(pair for pair in pairs if (language[pair[0]] == language[pair[1]]) is same)

    return Measured(
        link_set.name,
        len(documents),
        Figures(of(wanted, False), of(found, False)),
        Figures(of(wanted, True), of(found, True)),
    )


def _pairs(documents: Sequence[Document], groups: dict[str, str]) -> Pairs:
    ids = sorted(one.doc_id for one in documents)
    return frozenset(pair for pair in combinations(ids, 2) if groups[pair[0]] == groups[pair[1]])


def _read(name: str) -> LinkSet:
    path = SETS / f"{name}.toml"
    try:
        pages = tomllib.loads(path.read_text("utf-8"))["page"]
    except FileNotFoundError as error:
        raise SetMissing(f"{path} is missing: take it from the repository.") from error
    documents = tuple(_document(number, page) for number, page in enumerate(pages))
    return LinkSet(name, documents, {one.doc_id: page["release"] for one, page in zip(documents, pages, strict=True)})


def _document(number: int, page: dict[str, str]) -> Document:
    # The addresses say nothing of the language: what is measured is likeness.
    host = f"{page['site']}.{_HOST}" if "site" in page else f"www.{_HOST}"
    return Document(
        doc_id=f"{page['release']}-{page['language']}-{number}",
        url=f"https://{host}/news/{number}",
        kind=DocumentKind(page.get("kind", "release")),
        language=Language(page["language"]),
        title=page["title"],
        text=page["text"].strip(),
        date=PartialDate.parse(page["date"]) if "date" in page else None,
    )


def _bundled() -> LinkSet:
    stated: Iterable[Document] = bundled_documents()
    releases: dict[str, str] = {}
    documents = []
    for number, one in enumerate(stated):
        releases[one.doc_id] = one.edition_group or one.doc_id
        address = f"https://www.{_HOST}/news/{number}"
        documents.append(replace(one, edition_group=None, digest=False, url=address))
    return LinkSet("bundled", tuple(documents), releases)
