"""An answer as one text with numbered references, for programs that show or read text (Markdown)."""

from __future__ import annotations

from bot.answer import Answer, AnswerStatus, Citation
from bot.locales import format_partial_date, language_name, texts
from index.passage import Hit

_MESSAGE_KEYS = {
    AnswerStatus.NO_ANSWER: "no_answer",
    AnswerStatus.OUT_OF_SCOPE: "out_of_scope",
    AnswerStatus.REFUSED: "refused",
    AnswerStatus.ERROR: "error",
}


def pieces(answer: Answer, contact_url: str) -> list[str]:
    """The answer in parts that follow each other: a statement each, then the references; or why there is none."""
    if not answer.status.has_statements:
        return [_without_answer(answer, contact_url)]
    statements = [f"{one.text} {''.join(f'[{n}]' for n in one.citations)}" for one in answer.statements]
    said = [statements[0], *(f" {one}" for one in statements[1:])]
    references = [f"[{one.n}] {reference(one, answer)}" for one in (*answer.citations, *answer.newer)]
    return [*_foreign(answer), *said, *_newer(answer), "\n\n" + "\n".join(references)]


def reference(citation: Citation, answer: Answer) -> str:
    """Headline, date and link of a citation, in the language of the answer; a digest names its page too."""
    own = texts(answer.language)
    origin = f". {own('digest')}. {own('facts_from')} {citation.url}" if citation.digest else ""
    return f"{link(citation.title, citation.link)} ({_date(citation, answer)}){origin}"


def passages(hits: list[tuple[Hit, str]]) -> str:
    """The passages that were found, best first, each with its headline and address."""
    return "\n\n".join(
        f"[{hit.rank}] {link(hit.passage.title, url)} ({hit.passage.language})\n{hit.passage.text}" for hit, url in hits
    )


def link(title: str, address: str) -> str:
    """A Markdown link; the bare title when the address is none of the web."""
    if not address.startswith(("http://", "https://")):
        return title
    escaped = "".join(f"\\{mark}" if mark in "\\[]" else mark for mark in title)
    return f"[{escaped}]({address.replace('(', '%28').replace(')', '%29').replace(' ', '%20')})"


def _foreign(answer: Answer) -> list[str]:
    """The line that says in which languages the quotes are, when they are not in the question's."""
    foreign = dict.fromkeys(one.language for one in answer.citations if one.language != answer.language)
    names = ", ".join(language_name(one, answer.language) for one in foreign)
    return [f"{texts(answer.language)('other_language', languages=names)}\n\n"] if foreign else []


def _newer(answer: Answer) -> list[str]:
    """What newer documents state for the same thing."""
    own = texts(answer.language)
    return [f"\n\n{own('newer', date=_date(one, answer))} {one.quote} [{one.n}]" for one in answer.newer]


def _date(citation: Citation, answer: Answer) -> str:
    date = citation.date
    return format_partial_date(date, answer.language) if date else texts(answer.language)("date_unknown")


def _without_answer(answer: Answer, contact_url: str) -> str:
    own = texts(answer.language)
    lines = [answer.message or own(_MESSAGE_KEYS[answer.status])]
    if answer.suggestions:
        lines += ["", own("nearest"), *(f"- {link(one.title, one.stored_link)}" for one in answer.suggestions)]
    if contact_url and answer.status in (AnswerStatus.NO_ANSWER, AnswerStatus.OUT_OF_SCOPE):
        lines += ["", link(own("contact"), contact_url)]
    return "\n".join(lines)
