"""Whether a sentence has the kind of thing that a question asks for: a number, a date, a person, a reason …"""

from __future__ import annotations

import re
from collections.abc import Set
from functools import lru_cache

from bot.figures import YEAR
from bot.speech import OFFICE
from bot.understand import Expected, Understanding
from index.lexical.analysis import fold, words

_DEFINED_WITHIN = 14
"""Within how many words a sentence says what something is."""

_NUMBER = re.compile(
    r"\b\d[\d.,\u00a0\u202f ]*\b|\b(?:million|billion|milliard|millones|mill[oó]n|thousand|mille|mil|hundreds|cientos|dozens|half|moiti[ée]|mitad)\w*"
    r"|\b(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|deux|trois|quatre|cinq|sept|huit|neuf|dix|onze|douze"
    r"|dos|tres|cuatro|cinco|seis|siete|ocho|nueve|diez|once|doce)\b",
    re.I,
)
_PERIOD = re.compile(r"\b(?:19|20)\d{2}[-–/](?:19|20)?\d{2}\b")
"""The years of a plan or a report are part of its name."""
_MONTH = re.compile(
    r"\b(janvier|fevrier|mars|avril|mai|juin|juillet|aout|septembre|octobre|novembre|decembre|january|february|march|april|may|june|july|august"
    r"|september|october|november|december|enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|octubre|noviembre|diciembre)\b"
)
_MONEY = re.compile(r"[$€£]|\b(usd|eur|chf|dollars?|dolares|euros?|francs?|francos|livres?|libras?)\b")
_SHARE = re.compile(
    r"%|\b(per ?cent|pour cent|por ciento|pourcentage|half|moitie|mitad|tiers|quart|third|quarter|tercio|cuart[oa])\b|\b(one|un|uno|une|two|deux|dos) (in|sur|of|de cada|out of)\b"
)
_DURATION = re.compile(
    r"\b(jours?|mois|semaines?|annees?|ans|heures?|days?|months?|weeks?|years?|hours?|dias?|mes(es)?|semanas?|anos?|horas?|age|edad)\b"
)
_DEFINING = frozenset(
    [
        "is",
        "are",
        "was",
        "est",
        "sont",
        "etait",
        "es",
        "son",
        "era",
        "help",
        "helps",
        "aide",
        "ayuda",
        "work",
        "works",
        "travaille",
        "trabaja",
        "promotes",
        "promeut",
        "promueve",
        "tracks",
        "suit",
        "sigue",
        "serves",
        "sert",
        "sirve",
        "gathers",
        "recueille",
        "recoge",
        "assists",
        "reunit",
        "reune",
    ]
)
_TITLES = frozenset(
    [
        "board",
        "pact",
        "pacte",
        "pacto",
        "session",
        "sesion",
        "special",
        "especial",
        "speciale",
        "union",
        "bureau",
        "conseil",
        "consejo",
        "council",
        "office",
        "oficina",
        "director",
        "directora",
        "directores",
        "directors",
        "directeurs",
        "general",
        "generale",
        "generales",
        "generaux",
        "adjoints",
        "adjuntos",
        "directeur",
        "directrice",
        "secretary",
        "secretario",
        "secretaire",
        "deputy",
        "adjoint",
        "adjunto",
        "adjunta",
        "adjointe",
        "minister",
        "ministre",
        "ministro",
        "president",
        "presidente",
        "prime",
        "premier",
        "united",
        "nations",
        "unies",
        "unidas",
        "member",
        "states",
        "etats",
        "membres",
        "estados",
        "miembros",
    ]
)
_FULL_NAME = re.compile(r"(?=\b([A-ZÀ-Ý][\w’'-]+)\s+(?:[A-Z]\.?\s+|de\s+|van\s+)?([A-ZÀ-Ý][\w’'-]+))")
_SPEECH = re.compile(
    r"[«“\"]|\b(declar\w+|dit|dijo|said|says|afirm\w+|affirm\w+|estim\w+|consider\w+|salu\w+|welcom\w+|felicit\w+|acog\w+|accueill\w+|call(s|ed)|urg\w+|pid[ei]\w*|pidi\w+|demand\w+|appel\w+"
    r"|soulign\w+|subray\w+|stress\w+|insist\w+|warn\w+|avert\w+|advirt\w+|reclam\w+|voit|ve|sees|recommend\w*|recomend\w*)\b"
)
_CAUSE = re.compile(
    r"\b(because|since|due to|caused|so that|in order to|as a result|after|following|parce que|car|en raison|afin|pour|a cause|apres|suite a|porque|debido|para|a causa|por|tras|ya que)\b"
)
_CONTACT = re.compile(r"\S@\S|(?<!\w)\+?\(?\d[\d ().-]{6,}\d")
_CAPITALISED = re.compile(r"(?<=[\s(«“'’])[A-ZÀ-Ý][\w’'-]+")


FIGURES = frozenset({Expected.CONTACT, Expected.MONEY, Expected.SHARE, Expected.DURATION, Expected.NUMBER})
"""What is asked for with digits."""


def names_in(sentence: str) -> list[str]:
    """The capitalised words of a sentence, its first word left out."""
    return _CAPITALISED.findall(" " + sentence[1:])


def name_words(sentence: str) -> frozenset[str]:
    """The folded words of these."""
    return frozenset(word for name in names_in(sentence) for word in words(name))


def _has_acronym(names: tuple[str, str]) -> bool:
    return any(len(name) > 1 and name.isupper() for name in names)


def has_expected(understanding: Understanding, asked: Set[str], sentence: str) -> float:
    """1 when the sentence has the kind of thing that the question asks for, 0 when not, 0.5 if that is unknown.

    `asked` are the words of the question: what it has itself is not what it asks for.
    """
    expected = understanding.expected
    if expected is Expected.ANYTHING:
        return 0.5
    found = _found(expected, sentence)
    if isinstance(found, bool):
        return float(found)
    if expected is Expected.PERSON:
        if understanding.person and understanding.person <= set(words(sentence)):
            return float(_office_beside(understanding.person, sentence))
        return float(any(pair - asked and not pair & understanding.organisation for pair in found))
    return float(any(thing - asked for thing in found))


def _office_beside(person: Set[str], sentence: str) -> bool:
    """Whether a sentence names an office beside a person: no other name stands between the two."""
    named = [match for match in _FULL_NAME.finditer(sentence) if set(words(" ".join(match.groups()))) <= person]
    for name in named:
        for office in OFFICE.finditer(sentence):
            between = sentence[name.end(2) : office.start()] or sentence[office.end() : name.start()]
            if not any(pair - person for pair in _persons(between)):
                return True
    return False


def _persons(text: str) -> tuple[frozenset[str], ...]:
    """The words of each pair of names that may be a person's."""
    pairs = (frozenset(words(" ".join(one))) for one in _FULL_NAME.findall(text) if not _has_acronym(one))
    return tuple(pair for pair in pairs if not pair & _TITLES)


@lru_cache(maxsize=1 << 13)
def _found(expected: Expected, sentence: str) -> bool | tuple[frozenset[str], ...]:
    """Whether a sentence has something of a kind, or what it has; the same sentences are read again and again."""
    match expected:
        case Expected.NUMBER:
            return (frozenset(number for one in _NUMBER.findall(YEAR.sub(" ", sentence)) for number in words(one)),)
        case Expected.CONTACT:
            return bool(_CONTACT.search(sentence))
        case Expected.MONEY:
            return bool(_MONEY.search(fold(sentence))) and any(character.isdigit() for character in sentence)
        case Expected.SHARE:
            return bool(_SHARE.search(fold(sentence)))
        case Expected.DURATION:
            return bool(_DURATION.search(fold(sentence)))
        case Expected.DATE:
            if _MONTH.search(fold(sentence)):
                return True
            return (frozenset(YEAR.findall(_PERIOD.sub(" ", sentence))),)
        case Expected.PERSON:
            return _persons(sentence)
        case Expected.PLACE:
            return (name_words(sentence),)
        case Expected.DEFINITION:
            return bool(_DEFINING & set(words(sentence)[:_DEFINED_WITHIN]))
        case Expected.OPINION:
            return bool(_SPEECH.search(fold(sentence)))
        case _:  # a reason
            return bool(_CAUSE.search(fold(sentence)))
