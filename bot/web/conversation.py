"""A conversation as the chat shows it: each question with its answer, and the passages that it cites."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from bot.answer import Answer, Citation
from bot.locales import Texts, format_partial_date, language_name, texts
from bot.settings import OrganisationSettings
from bot.web.rendering import own_path, render, web_address
from corpus.document import Language

MAX_EXCHANGES = 20
MAX_EARLIER = 4


@dataclass(frozen=True, slots=True)
class Exchange:
    """One question with its answer, drawn; `number` counts from 1 within the conversation."""

    number: int
    question: str
    answer_html: Markup
    sources_html: Markup


Conversation = tuple[Exchange, ...]


def draw_exchange(number: int, question: str, answer: Answer, organisation: OrganisationSettings) -> Exchange:
    """An answer in the language of its question, beside the cards of its citations."""
    values = {
        "number": number,
        "question": question,
        "answer": answer,
        "citations": {citation.n: citation for citation in answer.citations},
        "foreign": _foreign_languages(answer),
        "suggestions": [(one, own_path(one.doc_id)) for one in answer.suggestions],
        "contact": web_address(organisation.contact_url),
        "copy": plain_text(answer),
    }
    return Exchange(
        number=number,
        question=question,
        answer_html=render("exchange.html", answer.language, **values),
        sources_html=render("cards.html", answer.language, **values),
    )


def draw_conversation(conversation: Conversation, language: Language, pending: str = "") -> Markup:
    """All exchanges, then the question that is being answered; example questions when there is nothing yet."""
    # Questions of the page's own language come first.
    ordered = sorted(Language, key=lambda one: one != language)
    return render(
        "conversation.html",
        language,
        exchanges=[exchange.answer_html for exchange in conversation],
        pending=pending,
        examples=[(one, question) for one in ordered for question in texts(one).examples],
    )


def draw_sources(conversation: Conversation, language: Language) -> Markup:
    """The cards of all exchanges; those of the last one are in view."""
    return render("sources.html", language, exchanges=conversation)


def plain_text(answer: Answer) -> str:
    """An answer with its citations, to be pasted elsewhere."""
    own = texts(answer.language)
    lines = [f"{one.text} " + "".join(f"[{n}]" for n in one.citations) for one in answer.statements]
    return "\n".join([answer.question, "", *lines, "", *(_reference(one, own) for one in answer.citations)])


def _reference(citation: Citation, own: Texts) -> str:
    date = format_partial_date(citation.date, own.language) if citation.date else own("date_unknown")
    origin = f"{own('digest')}; {own('facts_from')} {citation.url}; " if citation.digest else ""
    return f"[{citation.n}] {citation.title} ({date}). {origin}{citation.link}"


def _foreign_languages(answer: Answer) -> str:
    """The names of the languages of the statements that are not in the question's language."""
    foreign = dict.fromkeys(one.language for one in answer.citations if one.language != answer.language)
    return ", ".join(language_name(language, answer.language) for language in foreign)
