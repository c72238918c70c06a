"""What a page is: release, statement, about or faq."""

from __future__ import annotations

import re
from collections.abc import Sequence
from urllib.parse import unquote, urlsplit

from corpus.document import DocumentKind

MIN_QUESTIONS = 2
"""Fewer paragraphs that are questions make no FAQ."""

# The first that fits a part of the path decides: /about/news/x is news, /news/faq is a faq.
_PATHS = (
    (
        DocumentKind.FAQ,
        r"faqs?|.*frequently-asked.*|foire-aux-questions|questions-frequentes|preguntas-frecuentes|.*-faqs?|faqs?-.*",
    ),
    (
        DocumentKind.STATEMENT,
        r"statements?|d[eé]clarations?|declaraci[oó]n(?:es)?|speech(?:es)?(?:-and-talks)?|discours|discursos?"
        r"|messages?|mensajes?|op-?eds?",
    ),
    (
        DocumentKind.RELEASE,
        r"news|actualit[eé]s?|noticias?|press(?:-?releases?|room)?|releases?|communiqu[eé]s?(?:-de-presse)?"
        r"|comunicados?(?:-de-prensa)?|nouvelles?|(?:salle|sala)-de-(?:presse|prensa)|newsroom|media-releases?",
    ),
    (
        DocumentKind.ABOUT,
        r"about(?:-.*)?|who-we-are|what-we-do|our-work|our-history|a-propos(?:-.*)?|qui-sommes-nous|qui-nous-sommes"
        r"|acerca(?:-de.*)?|quienes-somos|qui[eé]nes-somos|sobre-.*|nuestra-historia|notre-histoire|mission|misi[oó]n"
        r"|organizational-structure|structure|estructura|history|histoire|historia",
    ),
)
_STATEMENT = (
    r"statements?|d[ée]clarations?|declaraci(?:[óo]n|ones)|messages?|mensajes?|speech(?:es)?|remarks"
    r"|discours|discursos?"
    r"|allocutions?|alocuciones|alocución|op-?ed|tribune|communiqué conjoint|joint communiqué"
)
_STATEMENT_HEADLINE = re.compile(
    rf"^(?:joint )?(?:{_STATEMENT})\b(?: conjointe?| conjunta)?"
    rf"|^(?:\S+ ){{1,4}}(?:{_STATEMENT})\b(?= (?:by|from|on|sur|sobre|regarding|concerning|attributable)\b)"
    rf"|[:–—|-] ?(?:joint )?(?:{_STATEMENT})\b(?: conjointe?| conjunta)?",
    re.IGNORECASE,
)
_LABELS = (
    (
        DocumentKind.FAQ,
        r"faqs?|frequently asked questions|foire aux questions|questions fréquentes|preguntas frecuentes"
        r"|questions fréquemment posées|questions and answers|q ?& ?a|questions[- ]réponses|preguntas y respuestas",
    ),
    (
        DocumentKind.STATEMENT,
        rf"(?:joint )?(?:{_STATEMENT})(?: conjointe?s?| conjuntas?| à la presse| de prensa)?|press statement",
    ),
    (
        DocumentKind.RELEASE,
        r"(?:global |local |latest |press |regional )?news|(?:press|news|media) releases?|actualités?"
        r"|communiqués?(?: de presse)?"
        r"|noticias?|comunicados?(?: de prensa)?|nota de prensa|nouvelles?|press|presse|prensa|news stor(?:y"
        r"|ies)|updates?"
        r"|article|artículo|briefing notes?|note d[’']information",
    ),
    (
        DocumentKind.ABOUT,
        r"about(?: us)?|à propos(?: de nous)?|qui sommes[- ]nous ?\??|¿?quiénes somos\??"
        r"|acerca de(?: nosotros)?|who we are",
    ),
)


def kind_of_label(line: str) -> DocumentKind | None:
    """The kind that a line such as "News", "Communiqué de presse" or "Statement | Déclaration" names, or None."""
    kinds = {_kind_of_word(part.strip(" :-–—•")) for part in re.split(r"[|/•·]", line) if part.strip()}
    return kinds.pop() if len(kinds) == 1 else None


def _kind_of_word(word: str) -> DocumentKind | None:
    return next((kind for kind, pattern in _LABELS if re.fullmatch(pattern, word, re.IGNORECASE)), None)


def kind_of(
    url: str,
    label: str,
    headline: str,
    body: Sequence[str],
    has_dateline: bool,
    hint: DocumentKind | None = None,
) -> DocumentKind:
    """The kind by the address, else by the label above the headline, the shape of the page and its metadata.

    A label "News" alone proves little: it is a menu entry, too. Metadata (`hint`) decides where the page has no
    shape of its own: templates call statements and pages about the organisation articles as well.
    """
    stated = _by_address(url)
    if stated is not None:
        return stated
    labelled = kind_of_label(label)
    if labelled in (DocumentKind.STATEMENT, DocumentKind.FAQ):
        return labelled
    shape = _by_shape(headline, body, has_dateline)
    return (labelled or hint or shape) if shape is DocumentKind.ABOUT else shape


def is_question(paragraph: str) -> bool:
    """Whether a paragraph asks, as the questions of a FAQ do."""
    return paragraph.rstrip(' »”"').endswith("?") and len(paragraph) <= 250


def _by_address(url: str) -> DocumentKind | None:
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https"):
        return None
    words = [part for part in unquote(parts.path).lower().split("/") if part]
    for kind, pattern in _PATHS:
        if any(re.fullmatch(pattern, word) for word in words):
            return kind
    return None


def _by_shape(headline: str, body: Sequence[str], has_dateline: bool) -> DocumentKind:
    if _STATEMENT_HEADLINE.search(headline):
        return DocumentKind.STATEMENT
    if has_dateline:
        return DocumentKind.RELEASE
    questions = sum(map(is_question, body))
    if (questions >= MIN_QUESTIONS and questions * 5 >= len(body)) or kind_of_label(headline) is DocumentKind.FAQ:
        return DocumentKind.FAQ
    return DocumentKind.ABOUT
