"""Values → HTML: the templates, and what they need. Everything that is put into a template is escaped."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cache, partial
from urllib.parse import urlsplit

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from bot.cite import stored_link
from bot.locales import format_moment, format_partial_date, language_name, own_name, texts
from corpus.document import Language, PartialDate

Span = tuple[int, int]
"""Start and end of a quote, in characters of the stored text."""

_UNPRINTABLE = re.compile(r"[\s\x00-\x1f\x7f]")


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text that is marked or not; `first` is set on the first marked one, which links lead to."""

    text: str
    marked: bool
    first: bool = False


def render(template: str, language: Language, root: str, **values: object) -> Markup:
    """A template of the package in one language; `root` is the path that the server's own addresses begin with."""
    drawn = _environment(root).get_template(template).render(values | {"t": texts(language), "language": language})
    return Markup(drawn)  # the templates have escaped all that is not markup


def marked_pieces(text: str, spans: Iterable[Span]) -> list[Piece]:
    """The text cut at the borders of its quotes; spans that do not fit the text are left out, touching ones joined."""
    pieces: list[Piece] = []
    position = 0
    for start, end in _joined(spans, len(text)):
        if start > position:
            pieces.append(Piece(text[position:start], marked=False))
        pieces.append(Piece(text[start:end], marked=True, first=not any(piece.marked for piece in pieces)))
        position = end
    if position < len(text):
        pieces.append(Piece(text[position:], marked=False))
    return pieces


def marked_paragraphs(text: str, spans: Iterable[Span]) -> list[list[Piece]]:
    """The paragraphs of a stored text, each as its pieces; a quote over several paragraphs is marked in each."""
    joined = _joined(spans, len(text))
    paragraphs: list[list[Piece]] = []
    position, linked = 0, False
    for paragraph in text.split("\n\n"):
        end = position + len(paragraph)
        # Cut to the paragraph; of a span elsewhere nothing is left.
        own = [(max(one, position) - position, min(other, end) - position) for one, other in joined]
        pieces = marked_pieces(paragraph, own)
        if pieces:
            paragraphs.append([replace(piece, first=piece.first and not linked) for piece in pieces])
        linked = linked or any(piece.marked for piece in pieces)
        position = end + 2
    return paragraphs


def web_address(url: str) -> str:
    """The address if a browser may be sent there, else an empty string: http and https alone."""
    if _UNPRINTABLE.search(url):
        return ""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    return url if parts.scheme in ("http", "https") and parts.hostname else ""


def _joined(spans: Iterable[Span], length: int) -> list[Span]:
    joined: list[Span] = []
    for start, end in sorted(span for span in spans if 0 <= span[0] < span[1] <= length):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


@cache
def _environment(root: str) -> Environment:
    environment = Environment(
        loader=PackageLoader("bot.web"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "date": lambda value, language: _date(value, language),
        "moment": format_moment,
        "language_name": language_name,
        "web_address": web_address,
    }
    environment.globals |= {
        "languages": [(language, own_name(language)) for language in Language],
        "marked_pieces": marked_pieces,
        "marked_paragraphs": marked_paragraphs,
        "own_path": partial(stored_link, root),
        "root": root,
    }
    return environment


def _date(value: PartialDate | None, language: Language) -> str:
    return format_partial_date(value, language) if value else texts(language)("date_unknown")
