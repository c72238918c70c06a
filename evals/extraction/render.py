"""The pages of the set, rendered from the bundled corpus, with the text that is wanted of each (Jinja templates)."""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from babel.dates import format_date
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from corpus.document import Document, Language
from evals.sets import bundled_documents

TEMPLATES = {
    "drupal": True,
    "wordpress": False,
    "plain": True,
    "table": False,
    "script": False,
    "divs": True,
    "sections": False,
    "teasers": True,
    "record": False,
    "breaks": False,
    "builder": False,
    "moved": True,
}
"""Each template, and whether its texts open with a dateline."""
PAGES_EACH = 3
"""So many pages are rendered of each template in each language."""
ROOT = "https://office.example"

_FOLDER = Path(__file__).with_name("templates")
_LATIN = {"table": "iso-8859-1"}


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a page of the set holds."""

    page: str
    """The name of its file."""
    template: str
    language: str
    headline: str
    date: str
    """As PartialDate writes it."""
    body: tuple[str, ...]

    def to_json(self) -> str:
        """One line of JSON."""
        return json.dumps(asdict(self), ensure_ascii=False)

    @classmethod
    def from_json(cls, line: str) -> Wanted:
        """What `to_json` wrote."""
        record = json.loads(line)
        return cls(**record | {"body": tuple(record["body"])})


def render_pages() -> Iterator[tuple[Wanted, bytes]]:
    """Every page of the set with what is wanted of it; the same each time while the bundled corpus is the same."""
    environment = Environment(
        loader=FileSystemLoader(_FOLDER), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )
    labels = json.loads((_FOLDER / "labels.json").read_text("utf-8"))
    for language in Language:
        documents = [document for document in bundled_documents() if _is_fit(document, language)]
        documents.sort(key=lambda document: document.doc_id)
        for number, (template, has_dateline) in enumerate(TEMPLATES.items()):
            for count in range(PAGES_EACH):
                place = number * PAGES_EACH + count
                document, *others = (documents[(place + step) % len(documents)] for step in range(4))
                wanted = _wanted(f"{template}-{language}-{count + 1}.html", template, document, has_dateline, labels)
                values = _values(wanted, document, others, labels[language])
                text = environment.get_template(f"{template}.html").render(values)
                yield wanted, text.encode(_LATIN.get(template, "utf-8"), "xmlcharrefreplace")


def _is_fit(document: Document, language: Language) -> bool:
    is_whole = document.date is not None and None not in (document.date.year, document.date.day)
    return document.language == language and is_whole


def _day(document: Document) -> str:
    """The date in words, as its language writes it."""
    assert document.date is not None
    day = datetime.date.fromisoformat(str(document.date))
    return format_date(day, "long", locale=str(document.language))


def _wanted(name: str, template: str, document: Document, has_dateline: bool, labels: dict[str, Any]) -> Wanted:
    body = list(document.paragraphs)
    if has_dateline:
        body[0] = f"{document.places[0] if document.places else 'Genève'}, {_day(document)} - {body[0]}"
    if template == "sections":
        own = labels[document.language]
        body += [own["points"], *own["list"]]
    return Wanted(name, template, str(document.language), document.title, str(document.date), tuple(body))


def _values(
    wanted: Wanted, document: Document, others: Sequence[Document], labels: dict[str, Any]
) -> dict[str, object]:
    path = f"/news/{document.doc_id}"
    article = {
        "@type": "NewsArticle",
        "headline": wanted.headline,
        "datePublished": f"{wanted.date}T08:00:00Z",
        "dateModified": "2026-02-01",
        "inLanguage": wanted.language,
    }
    return {
        "t": labels,
        "headline": wanted.headline,
        "body": wanted.body,
        "date": wanted.date,
        "day": _day(document),
        "root": ROOT,
        "path": path,
        "url": f"{ROOT}/{wanted.language}{path}",
        "site": {"@type": "WebSite", "name": labels["site"], "datePublished": "2001-01-01"},
        "article": article,
        "linked": {"@context": "https://schema.org", **article, "articleBody": "\n\n".join(wanted.body)},
        "others": [{"title": other.title, "lead": other.paragraphs[0]} for other in others],
    }
