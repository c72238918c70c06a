"""Who speaks in direct speech, and in what office, as the page states it beside the quotation.

Nothing is guessed: a speaker is told only when a verb of saying stands right beside the quotation, with a full name
(or an honorific and a name) there. An office is told in the page's own words.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from index.lexical.analysis import words

_QUOTATION = re.compile(r"«[^«»]+»|“[^“”]+”|\"[^\"]+\"")
_MIN_WORDS = 4
"""A shorter quotation is a title or a word in doubt."""
_BESIDE = 220
"""So many characters before and after a quotation are looked at."""

_NAME_WORDS = 5
"""A name of more words is more than a name."""

_VERBS = (
    r"(?:a|avait)\s+(?:déclaré|affirmé|expliqué|souligné|ajouté|dit|indiqué|précisé|estimé|averti|conclu|rappelé|salué)"
    r"|(?:déclare|affirme|explique|souligne|ajoute|dit|indique|précise|estime|rappelle|conclut)"
    r"|(?:said|says|added|stated|explained|stressed|warned|noted|emphasi[sz]ed)"
    r"|(?:dijo|declaró|afirmó|señaló|explicó|añadió|agregó|subrayó|indicó|sostuvo|advirtió|concluyó|manifestó|destacó|recordó)"
)
_WORD = r"[A-ZÀ-Ý][\w’'-]*[\wà-ÿ]"
_PARTICLE = r"(?:de|del|de la|de los|van|von|der|den|al|el|bin|ben|da|dos|di|[A-Z]\.)"
_NAME = rf"{_WORD}(?:\s+(?:{_PARTICLE}\s+)*{_WORD}){{1,7}}"
_HONORIFIC = r"(?:(?:Mr|Ms|Mrs|Mme|Mlle|M|Dr|Sra|Sr|Dra)\.?|[Ee]l señor|[Ll]a señora)"
_PERSON = rf"(?:{_HONORIFIC}\s+{_WORD}(?:\s+{_WORD}){{0,3}}|{_NAME})"
OFFICE = re.compile(
    r"\b(?:direcci[oó]n general|direction générale"
    r"|director\w*|directeur|directrice|chief|chef\w*|cheffe|jef[ea]|head|minist\w+|president\w*|président\w*|secretar\w+"
    r"|secrétaire|coordinat\w+|coordonnat\w+|coordinador\w*|representative|représentant\w*|representante|envoy|envoyée?|enviad[oa]"
    r"|spokes\w+|porte-parole|portavoz|ambassad\w+|embajador\w*|commissioner|commissaire|comisionad[oa]|officer|manager"
    r"|responsable|gouverneur\w*|governor|gobernador\w*|mayor|maire|alcald\w+|economist|économiste|economista|adviser|advisor)\b",
    re.I,
)
"""The word of an office that someone holds."""
_BODY_WORD = re.compile(
    r"\b(?:agenc\w+|agence|agencia|organi[sz]a\w+|nations?|naciones|council|conseil|consejo|government|gouvernement"
    r"|gobierno|union|unión|committee|comité|office|bureau|oficina|bank|banque|banco|commission|comisión|mission)\b",
    re.I,
)
"""A name with such a word is an organisation's, not a person's."""
_OFFICE = r"[^,.;:«»“”\"]{3,90}"
_ARTICLE = re.compile(r"^(?:la|le|l[’']|el|the)\s*\b", re.I)

# After the quotation: « …», a déclaré NAME, OFFICE — said OFFICE NAME — a déclaré OFFICE, NAME — NAME, OFFICE, said
_AFTER = (
    re.compile(rf"[\s,.]*(?:{_VERBS})\s+(?P<name>{_PERSON})(?:,\s+(?P<office>{_OFFICE}))?(?=[,.;:«“\"]|\s*$|\s)"),
    re.compile(rf"[\s,.]*(?:{_VERBS})\s+(?P<office>{_OFFICE}),\s+(?P<name>{_PERSON})(?=[,.;:]|\s*$)"),
    re.compile(rf"[\s,.]*(?P<name>{_PERSON})(?:,\s+(?P<office>{_OFFICE}),)?\s+(?:{_VERBS})\b"),
)
# Before it: NAME, OFFICE, a déclaré : «…» — OFFICE, NAME, a déclaré : «…»
_BEFORE = (
    re.compile(
        rf"(?:^|[.!?»”]\s+)(?P<name>{_PERSON})(?:,\s+(?P<office>{_OFFICE}),)?\s+(?:{_VERBS})"
        r"(?:\s+(?:que|that))?\s*[,:]?\s*$"
    ),
    re.compile(rf"(?:^|[.!?»”]\s+)(?P<office>{_OFFICE}),\s+(?P<name>{_PERSON}),\s+(?:{_VERBS})\s*[,:]?\s*$"),
)


@dataclass(frozen=True, slots=True)
class Speaker:
    """Who speaks: the name and, where the page states it there, the office (else empty), in the page's words."""

    name: str
    office: str = ""


def speaker(text: str, start: int, end: int) -> Speaker | None:
    """Who speaks in the direct speech of a sentence, `text[start:end]`; None when there is none or it is not sure."""
    first = text.rfind("\n\n", 0, start) + 2 if "\n\n" in text[:start] else 0
    last = text.find("\n\n", end)
    paragraph = text[first : last if last >= 0 else len(text)]
    found = {
        _beside(paragraph, match)
        for match in _QUOTATION.finditer(paragraph)
        if match.start() + first < end and start < match.end() + first and len(words(match.group())) >= _MIN_WORDS
    }
    found.discard(None)
    return found.pop() if len(found) == 1 else None


def names_office(sentence: str) -> bool:
    """Whether a sentence says who holds an office: a full name and the word of an office stand in it."""
    return bool(OFFICE.search(sentence)) and any(_split(match.group())[0] for match in re.finditer(_NAME, sentence))


def _beside(paragraph: str, quotation: re.Match[str]) -> Speaker | None:
    after = paragraph[quotation.end() : quotation.end() + _BESIDE]
    before = paragraph[max(0, quotation.start() - _BESIDE) : quotation.start()]
    matches = [pattern.match(after) for pattern in _AFTER] + [pattern.search(before) for pattern in _BEFORE]
    for match in matches:
        told = _told(match) if match else None
        if told:
            return told
    return None


def _told(match: re.Match[str]) -> Speaker | None:
    """The speaker that a pattern found, or None when what stands there is no name."""
    name, before = _split(match["name"])
    office = (match["office"] or "").strip()
    if office and not OFFICE.search(office):
        office = ""
    if not name or _BODY_WORD.search(name):
        return None
    return Speaker(name, _ARTICLE.sub("", office or before))


def _split(written: str) -> tuple[str, str]:
    """The name and the office written before it: "IOM Director General Amy Pope"; no name when none is left."""
    offices = list(OFFICE.finditer(written))
    if not offices:
        return (written, "") if len(written.split()) <= _NAME_WORDS else ("", "")
    pieces = written[offices[-1].end() :].split()
    office = written[: offices[-1].end()]
    if pieces and pieces[0] in {"General", "Général", "Générale", "Adjunta", "Adjunto"}:
        office += f" {pieces.pop(0)}"
    return (" ".join(pieces), office.strip()) if 2 <= len(pieces) <= _NAME_WORDS else ("", "")
