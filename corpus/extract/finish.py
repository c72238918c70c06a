"""Draft → Document: the rules that all forms of page share."""

from __future__ import annotations

from collections.abc import Sequence

from babel import Locale

from corpus.document import Document, DocumentKind, Language
from corpus.errors import PageEmpty, PageLanguage
from corpus.extract.choose_date import choose_date
from corpus.extract.contact import split_contact
from corpus.extract.dateline import Dateline, read_dateline
from corpus.extract.draft import Draft, PagedParagraph
from corpus.extract.identity import derive_doc_id
from corpus.extract.kind import kind_of
from corpus.language import identify
from corpus.page import Page
from corpus.settings import CorpusSettings

LANGUAGE_CHARACTERS = 20_000
"""So much of the body tells its language."""
SHORT_BODY = 300
"""A body of fewer characters is too short to tell its language by itself."""
LEAD_PARAGRAPHS = 5
"""So many paragraphs may stand above the one with the dateline."""


def finish(draft: Draft, page: Page, settings: CorpusSettings) -> Document:
    """Read contact, dateline, kind and language where the draft leaves them open.

    Raises PageEmpty without a headline or body, PageLanguage in another language.
    """
    body, contact = split_contact(draft.body) if draft.contact is None else (draft.body, draft.contact.split("\n"))
    text = "\n\n".join(body)
    if len(text) < settings.min_body_characters:
        message = f"{page.name} has no body text beside navigation: check that the whole page was saved."
        raise PageEmpty(message, page=page.name)
    if not draft.headline:
        raise PageEmpty(f"{page.name} has no headline: put one on a line above the text.", page=page.name)
    dateline = _dateline(body)
    kind = draft.kind or kind_of(
        draft.url, draft.label, draft.headline, body, dateline is not None or bool(draft.places), draft.kind_hint
    )
    if kind in (DocumentKind.ABOUT, DocumentKind.FAQ) and dateline is not None and dateline.date is None:
        dateline = None  # such pages have none: a name and a dash
    date, disagreement = choose_date(draft.dates, dateline.date if dateline else None)
    return Document(
        doc_id=draft.doc_id or derive_doc_id(draft.url),
        url=draft.url,
        kind=kind,
        language=draft.language or _language(_sample(draft.headline, text), draft.language_hint, page, settings),
        title=draft.headline,
        text=text,
        date=date,
        places=draft.places if draft.places is not None else dateline.places if dateline else (),
        contact="\n".join(contact),
        edition_group=draft.edition_group,
        digest=draft.digest,
        date_disagreement=disagreement,
        alternates=draft.alternates,
        page_starts=page_starts(body, draft.paged),
        page_digest=page.digest,
    )


def _dateline(body: Sequence[str]) -> Dateline | None:
    """The dateline of the first paragraph, or a dated one below a lead paragraph."""
    first, *following = body[: LEAD_PARAGRAPHS + 1]
    dated = (found for paragraph in following if (found := read_dateline(paragraph)) and found.date is not None)
    return read_dateline(first) or next(dated, None)


def page_starts(body: Sequence[str], paged: Sequence[PagedParagraph]) -> tuple[int, ...]:
    """Where in the text made of the body's paragraphs each page begins; a page without text where the next does."""
    starts: dict[int, int] = {}
    offset = cursor = 0
    for paragraph in body:
        # The contact block may have been cut off the end of the paragraph.
        place = next((n for n in range(cursor, len(paged)) if paged[n].text.startswith(paragraph)), None)
        if place is not None:
            cursor = place + 1
            for page, at in paged[place].starts:
                starts.setdefault(page, offset + min(at, len(paragraph)))
        offset += len(paragraph) + 2
    numbers = range(1, max(starts, default=0) + 1)
    return tuple(min(start for page, start in starts.items() if page >= number) for number in numbers)


def _sample(headline: str, text: str) -> str:
    """What tells the language: the body, and the headline beside a short one."""
    return f"{headline}\n{text}" if len(text) < SHORT_BODY else text[:LANGUAGE_CHARACTERS]


def _language(text: str, hint: Language | None, page: Page, settings: CorpusSettings) -> Language:
    code, probability = identify(text)
    if code in list(Language) and probability >= settings.min_language_probability:
        return Language(code)
    if hint is not None and probability < settings.min_language_probability:
        return hint
    if probability >= settings.min_language_probability:
        name = Locale(code).english_name if code in Locale("en").languages else code
        what = f"is in {name}"
    else:
        what = "is in no language that can be told for sure"
    message = (
        f"{page.name} {what}: only French, English and Spanish pages can be taken in, or front matter must say which."
    )
    raise PageLanguage(message, page=page.name)
