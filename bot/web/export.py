"""An answer as text and as data, to be copied, pasted and kept elsewhere."""

from __future__ import annotations

import json
from collections.abc import Mapping

from bot.answer import Answer, Citation
from bot.locales import Texts, format_partial_date, texts
from corpus.document import Language

_EXPORTED = ("question", "language", "status", "message", "statements", "citations", "newer", "suggestions")


def plain_text(answer: Answer) -> str:
    """An answer with its citations, to be pasted elsewhere."""
    return "\n".join([answer.question, "", *_body(answer)])


def markdown(answer: Answer, address: str) -> str:
    """The same as a section in Markdown; `address` is the permanent link, or empty."""
    lines = [_escaped(line) for line in _body(answer)]
    link = [f"<{address}>", ""] if address else []
    return "\n".join([f"## {_escaped(' '.join(answer.question.split()))}", "", *_apart(lines), *link])


def record(answer: Answer, address: str) -> str:
    """The same as JSON, with every citation; what only the server needs is left out."""
    whole = answer.to_record()
    kept = {name: whole[name] for name in _EXPORTED}
    return json.dumps(kept | {"address": address}, ensure_ascii=False)


def reference(citation: Citation, organisations: Mapping[str, str], language: Language) -> str:
    """A citation as one quotes a source: headline, organisation, date, address. A digest says what it is."""
    own = texts(language)
    date = format_partial_date(citation.date, language) if citation.date else own("date_unknown")
    organisation = organisations.get(language, "")
    by = f"{own('digest')}; {own('facts_from')} {organisation}" if citation.digest else organisation
    return ", ".join(part for part in (own("quoted", words=citation.title), by, date, citation.url) if part)


def _body(answer: Answer) -> list[str]:
    own = texts(answer.language)
    if not answer.status.has_statements:
        return [answer.message or own(answer.status.value), ""]
    lines = [f"{one.text} " + "".join(f"[{n}]" for n in one.citations) for one in answer.statements]
    lines += [f"{newer_line(one, own)} {one.quote} [{one.n}]" for one in answer.newer]
    return [*lines, "", *(_numbered(one, own) for one in (*answer.citations, *answer.newer))]


def newer_line(citation: Citation, own: Texts) -> str:
    """What is said before the sentence of a newer document."""
    date = format_partial_date(citation.date, own.language) if citation.date else own("date_unknown")
    return own("newer", date=date)


def _numbered(citation: Citation, own: Texts) -> str:
    date = format_partial_date(citation.date, own.language) if citation.date else own("date_unknown")
    origin = f"{own('digest')}; {own('facts_from')} {citation.url}; " if citation.digest else ""
    return f"[{citation.n}] {citation.title} ({date}). {origin}{citation.link}"


def _apart(lines: list[str]) -> list[str]:
    """Each line as a paragraph of its own."""
    return [piece for line in lines if line for piece in (line, "")]


def _escaped(text: str) -> str:
    """Text in which nothing is taken for Markdown or HTML."""
    return "".join(f"\\{one}" if one in "\\`*_<>#|~![]" else one for one in text)
