"""The contact block that closes a release."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import islice

_WHOM = (
    r"(?:contact(?:er|ez|ar|e)?\b|en contacto\b|comun[ií](?:carse|quese|que)\b|reach\b|dirigirse\b"
    r"|dir[ií]jase\b|s[’']adresser\b|adressez-vous\b"
    r"|écri(?:re|vez)\b|escrib(?:a|ir)\b|write to\b|call\b|get in touch\b|llam(?:e|ar)\b|joindre\b|appeler\b)"
)
_INFORMATION_FR = r"(?:informations?|renseignements?|détails|précisions|demandes?|questions?|interviews?|entretiens?)"
_INFORMATION_EN = (
    r"(?:information|details|inquir(?:y|ies)|enquir(?:y|ies)|quer(?:y|ies)|questions|requests?|interviews?)"
)
_INFORMATION_ES = r"(?:información|informaciones|detalles?|consultas?|preguntas?|entrevistas?)"
_MORE = (
    rf"(?:(?:pour|si vous (?:souhaitez|désirez"
    rf"|avez besoin d[e’']))\s?(?:\S{{1,30}}\s){{0,4}}?(?:d[’'])?{_INFORMATION_FR}"
    rf"|(?:for|should you (?:need|require|have)|if you (?:need|require|have|would like"
    rf"|want))\s(?:\S{{1,30}}\s){{0,4}}?{_INFORMATION_EN}"
    rf"|(?:para|por|si (?:desea|necesita|quiere|requiere|tiene))\s(?:\S{{1,30}}\s){{0,4}}?{_INFORMATION_ES})"
)
_HEADING = (
    r"(?:(?:media|press|news)\s(?:contacts?|enquir(?:y|ies)|inquir(?:y|ies)|office)"
    r"|contacts?\s(?:(?:de|des|pour la|pour les|for|for the)\s)?(?:presse|press|médias?|media"
    r"|journalistes?|journalists)"
    r"|contactos?\s(?:(?:de|con|para|para la|para los|con la)\s)?(?:la\s|los\s)?(?:prensa"
    r"|medios)(?:\sde\scomunicación)?"
    r"|service de presse|relations presse|oficina de prensa)"
)
# The block may be glued to the last sentence, without a line feed: "…de l'UE.Pour plus d'informations, …"
_START = re.compile(
    rf"(?:^|(?<=[.!?»”\"…)]))\s*(?:\W{{0,3}}{_MORE}\b[^.!?]{{0,120}}?\b{_WHOM}|\W{{0,3}}{_HEADING}\s*(?::|$|\())",
    re.IGNORECASE,
)
_BARE_HEADING = re.compile(
    r"\W{0,3}(?:contacts?|contactos?|contactez-nous|contact us|contáctenos|contact information|contact details"
    r"|informations? (?:et contacts?|de contact)|información de contacto)\s*(?::.*)?",
    re.IGNORECASE,
)
_REACH = re.compile(
    r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]+\.\w+|(?:\+|\b00)\d[\d\s().-]{6,}\d|\b(?:tel|tél|phone|mobile|móvil|portable|cell)\b",
    re.IGNORECASE,
)
_BACK_TO_BODY = re.compile(
    r"\W{0,3}(?:notes? (?:to|for) (?:the )?editors?|notes? (?:aux|à l[’']attention des"
    r"|à l[’']intention des|pour les) (?:rédact\w+|éditeurs|journalistes)"
    r"|notas? (?:para|a) (?:los |las |el )?(?:editor(?:es)?|redactor(?:es)?|redacci[óo]n(?:es)?|periodistas))\b.*",
    re.IGNORECASE,
)
MAX_HEADINGS = 20
"""So many possible headings of a contact block are tried."""
MAX_PROSE_AFTER = 2
"""More paragraphs of prose than this after its heading show that a contact block was none."""
PROSE_CHARACTERS = 200


def split_contact(paragraphs: Sequence[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Body and contact block; notes to editors that follow the block go back to the body."""
    found = ((place, start) for place in range(len(paragraphs)) if (start := _start(paragraphs, place)) is not None)
    for position, start in islice(found, MAX_HEADINGS):
        paragraph = paragraphs[position]
        body, contact = [*paragraphs[:position]], [paragraph[start:].strip(), *paragraphs[position + 1 :]]
        if rest := paragraph[:start].strip():
            body.append(rest)
        notes = next((place for place, line in enumerate(contact) if _BACK_TO_BODY.fullmatch(line)), len(contact))
        if sum(len(line) > PROSE_CHARACTERS and not _REACH.search(line) for line in contact[1:notes]) > MAX_PROSE_AFTER:
            continue
        return (*body, *contact[notes:]), tuple(contact[:notes])
    return tuple(paragraphs), ()


def _start(paragraphs: Sequence[str], position: int) -> int | None:
    """Where in the paragraph at `position` a contact block begins."""
    paragraph = paragraphs[position]
    match = _START.search(paragraph)
    if match is not None:
        return match.start()
    if _BARE_HEADING.fullmatch(paragraph) and any(map(reaches_someone, paragraphs[position : position + 5])):
        return 0
    return None


def reaches_someone(line: str) -> bool:
    """Whether the line states an e-mail address or a telephone number."""
    return _REACH.search(line) is not None
