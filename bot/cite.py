"""Sentences → Statements and Citations, with links to the very words."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import quote, urlencode

from bot.answer import Citation, Statement, Suggestion
from bot.observe.stages import stage
from bot.read import Sentence
from bot.speech import speaker
from corpus.document import Document

_LONG_QUOTE_WORDS = 12
_EDGE_WORDS = 5


@stage("cite")
def cite(sentences: Sequence[Sentence], base_url: str) -> tuple[tuple[Statement, ...], tuple[Citation, ...]]:
    """One statement for each sentence, each with its citation, numbered from 1."""
    statements = tuple(Statement(sentence.text, (n,)) for n, sentence in enumerate(sentences, start=1))
    return statements, tuple(citation(n, sentence, base_url) for n, sentence in enumerate(sentences, start=1))


def citation(n: int, sentence: Sentence, base_url: str) -> Citation:
    """The citation of a sentence, numbered `n`."""
    document = sentence.document
    passage = sentence.hit.passage
    stored = stored_link(base_url, document.doc_id, sentence.revision, (sentence.start, sentence.end))
    told = speaker(document.text, sentence.start, sentence.end)
    # Our own words of a digest do not stand on the page that states the facts: they are shown where they do stand.
    on_page = document.is_on_the_web and not document.digest
    page = document.page_of(sentence.start)
    fragment = text_fragment(sentence.text) if page is None else f"#page={page}"
    return Citation(
        n=n,
        doc_id=document.doc_id,
        revision=sentence.revision,
        passage_id=passage.passage_id,
        url=document.url,
        link=document.url.split("#")[0] + fragment if on_page else stored,
        stored_link=stored,
        title=document.title,
        kind=document.kind,
        language=document.language,
        date=document.date,
        places=document.places,
        digest=document.digest,
        quote=sentence.text,
        start=sentence.start,
        end=sentence.end,
        passage=passage.text,
        passage_start=passage.start,
        page=page,
        speaker=told.name if told else "",
        office=told.office if told else "",
    )


def stored_link(base_url: str, doc_id: str, revision: int | None = None, span: tuple[int, int] | None = None) -> str:
    """The address of a stored document on our server, with a span of it marked."""
    address = f"{base_url}/documents/{quote(doc_id, safe='')}"
    if revision is None:
        return address
    query: dict[str, int] = {"revision": revision}
    if span:
        query |= {"start": span[0], "end": span[1]}
    return f"{address}?{urlencode(query)}" + ("#quote" if span else "")


def text_fragment(words: str) -> str:
    """A URL fragment that leads to words on a page (`#:~:text=`, WICG Scroll To Text Fragment).

    Long quotes are given by their first and last words, which survive a link or a footnote mark in their midst.
    """
    pieces = words.split()
    if len(pieces) <= _LONG_QUOTE_WORDS:
        return f"#:~:text={_escape(' '.join(pieces))}"
    first, last = " ".join(pieces[:_EDGE_WORDS]), " ".join(pieces[-_EDGE_WORDS:])
    return f"#:~:text={_escape(first)},{_escape(last)}"


def suggestion(document: Document, revision: int, base_url: str) -> Suggestion:
    """A document as something to look at when there is no answer."""
    return Suggestion(
        doc_id=document.doc_id,
        title=document.title,
        url=document.url,
        stored_link=stored_link(base_url, document.doc_id, revision),
        language=document.language,
    )


def _escape(words: str) -> str:
    # "-" separates the parts of a text directive and is not escaped by `quote`.
    return quote(words, safe="").replace("-", "%2D")
