"""A conversation as the chat shows it: each question with its answer, and the passages that it cites."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

from markupsafe import Markup

from bot.answer import Answer, Citation
from bot.api.editions import Editions
from bot.cite import stored_link
from bot.figures import figures
from bot.locales import as_of, format_partial_date, language_name, texts
from bot.settings import Settings
from bot.speech import names_office
from bot.web.export import markdown, newer_line, plain_text, record, reference
from bot.web.rendering import render, web_address
from corpus.document import Document, Language
from corpus.errors import CorpusError
from corpus.store import CorpusStore

MAX_EXCHANGES = 20
MAX_EARLIER = 4


@dataclass(frozen=True, slots=True)
class Exchange:
    """One question with its answer, drawn; `number` counts from 1 within the conversation.

    What is drawn is kept packed, a fifth of its size: hundreds of conversations are held for up to an hour.
    """

    number: int
    question: str
    answer: bytes
    sources: bytes

    @classmethod
    def drawn(cls, number: int, question: str, answer_html: Markup, sources_html: Markup) -> Self:
        """The answer and the cards of its citations."""
        return cls(number, question, *(zlib.compress(html.encode("utf-8"), 1) for html in (answer_html, sources_html)))

    @property
    def answer_html(self) -> Markup:
        """The answer."""
        return Markup(zlib.decompress(self.answer).decode("utf-8"))

    @property
    def sources_html(self) -> Markup:
        """The cards of its citations."""
        return Markup(zlib.decompress(self.sources).decode("utf-8"))


Conversation = tuple[Exchange, ...]


@dataclass(frozen=True, slots=True)
class ShownStatement:
    """A statement as it is shown: with its citations, and with its date where a reader needs it (else empty)."""

    text: str
    citations: tuple[Citation, ...]
    when: str


class Drawing:
    """Draws answers, with what stands beside them: other editions, the organisation's public contact page."""

    def __init__(self, settings: Settings, store: CorpusStore) -> None:
        """Look documents up in `store`."""
        self._organisation = settings.organisation
        self._base_url = settings.server.base_url
        self._root = settings.server.root_path
        self._store = store
        self._editions = Editions(store)

    def exchange(self, number: int, answer: Answer, public_id: str, fixed: bool = False) -> Exchange:
        """An answer in the language of its question, beside the cards of its citations.

        `public_id` is its id in the log, empty when it could not be logged. `fixed` leaves out what needs a script.
        """
        cited = (*answer.citations, *answer.newer)
        path = answer_path(answer.language, public_id)
        values = {
            "number": number,
            "answer": answer,
            "public_id": public_id,
            "path": path,
            "fixed": fixed,
            "statements": _shown(answer),
            "newer": [(newer_line(one, texts(answer.language)), one) for one in answer.newer],
            "citations": cited,
            "foreign": _foreign_languages(answer),
            "suggestions": [(one, stored_link(self._root, one.doc_id)) for one in answer.suggestions],
            "contact": web_address(self._organisation.contact_url),
            "references": {one.n: reference(one, self._organisation.names, answer.language) for one in cited},
            "editions": {one.n: self._other_editions(one, answer.snapshot) for one in cited},
            "copy": plain_text(answer),
            "markdown": markdown(answer, self._base_url + path if path else ""),
            "record": record(answer, self._base_url + path if path else ""),
        }
        return Exchange.drawn(
            number=number,
            question=answer.question,
            answer_html=render("exchange.html", answer.language, self._root, **values),
            sources_html=render("cards.html", answer.language, self._root, **values),
        )

    def conversation(self, conversation: Conversation, language: Language, pending: str = "") -> Markup:
        """All exchanges, then the question that is being answered; example questions when there is nothing yet."""
        # Questions of the page's own language come first.
        ordered = sorted(Language, key=lambda one: one != language)
        return render(
            "conversation.html",
            language,
            self._root,
            exchanges=[exchange.answer_html for exchange in conversation],
            pending=pending,
            examples=[(one, question) for one in ordered for question in texts(one).examples],
        )

    def sources(self, conversation: Conversation, language: Language) -> Markup:
        """The cards of all exchanges; those of the last one are in view."""
        return render("sources.html", language, self._root, exchanges=conversation)

    def _other_editions(self, citation: Citation, snapshot: str) -> list[Document]:
        try:
            document = self._store.get(citation.doc_id, citation.revision).document
            return self._editions.others(document, snapshot)
        except CorpusError:  # a card without them is better than no card
            return []


def answer_path(language: Language, public_id: str) -> str:
    """The path of the permanent page of an answer, below the server's root; empty for one that is not logged."""
    return f"/{language}/answers/{public_id}" if public_id else ""


def _shown(answer: Answer) -> list[ShownStatement]:
    by_number = {one.n: one for one in answer.citations}
    shown: list[ShownStatement] = []
    for statement in answer.statements:
        cited = tuple(by_number[n] for n in statement.citations)
        shown.append(ShownStatement(statement.text, cited, _when(statement.text, cited[0], shown, answer.language)))
    return shown


def _when(text: str, citation: Citation, before: Sequence[ShownStatement], language: Language) -> str:
    """The date of a figure or an office holder ("as of …"), or of a document that was not cited just before."""
    if figures(text, citation.language) or names_office(text):
        return as_of(citation.date, language)
    if before and before[-1].citations[0].doc_id == citation.doc_id:
        return ""
    return format_partial_date(citation.date, language) if citation.date else texts(language)("date_unknown")


def _foreign_languages(answer: Answer) -> str:
    """The languages of the statements that are not in the question's, each with the dates of its documents."""
    own = texts(answer.language)
    dates: dict[Language, dict[str, None]] = {}
    for one in answer.citations:
        if one.language != answer.language:
            date = format_partial_date(one.date, answer.language) if one.date else own("date_unknown")
            dates.setdefault(one.language, {})[date] = None
    return "; ".join(
        own("words_in", language=language_name(language, answer.language), date=", ".join(stated))
        for language, stated in dates.items()
    )
