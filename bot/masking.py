"""What names or reaches a person in a visitor's words: e-mail addresses, phone, document, bank and card numbers.

What is masked is kept nowhere. Years, counts, amounts, dates and the numbers of documents of the organisation stay:
questions are about them. Where the two look alike, the words around decide.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum

from stdnum import iban, isbn, luhn
from stdnum.ch import ssn as swiss_ssn
from stdnum.es import dni, nie
from stdnum.fr import nir
from stdnum.it import codicefiscale


class Personal(StrEnum):
    """Kinds of what is masked, as the mask names them."""

    EMAIL = "e-mail"
    PHONE = "phone"
    NUMBER = "number"
    """Of a passport, an identity card, a file, a bank account or a card."""


@dataclass(frozen=True, slots=True)
class Found:
    """Where something personal stands in a text: `text[start:end]`."""

    kind: Personal
    start: int
    end: int


# National formats of these countries are known without a code in front; all others with one (+ or 00).
_REGIONS = ("FR", "CH", "US", "GB", "ES", "MX")
_PLAIN = str.maketrans("\u00a0\u202f\u2009\t\u2010\u2011\u2212", "    ---")
"""Marks between digits that are written in several ways, as one; no length changes."""
_ADDRESS = re.compile(
    r"(?<![\w.+%’'-])[\w.+%’'-]*\w\s?(?:@|[\[(]\s?(?:at|arobase|arroba|@)\s?[\])])\s?(?:[\w-]+\.)+[^\W\d_]{2,}",
    re.IGNORECASE,
)
_WEB_ADDRESS = re.compile(r"https?://\S+|\bwww\.\S+|\bdoi:\S+|\b10\.\d{4,}/\S+", re.IGNORECASE)
_DIGITS_RUN = re.compile(r"\+?\(?\d(?:[\d().,/–-]| ){5,}\d")
_BETWEEN_NUMBERS = re.compile(r", | [-–/] ?|[-–/] ")
_LEADING_YEARS = re.compile(r"(?:(?:1[5-9]|20)\d{2}(?: |[-–/,()])+)+")
_THOUSANDS = re.compile(r"\d{1,3}(?:(?:[.,'’]| )\d{3})+(?:[.,]\d{1,2})?")
_YEARS = re.compile(r"(?:(?:1[5-9]|20)\d{2}\D{1,3})*(?:1[5-9]|20)\d{2}")
_DATES = re.compile(
    r"(?:(?:\d{4}[-./]\d{1,2}[-./]\d{1,2}|\d{1,2}[-./]\d{1,2}[-./](?:\d{4}|\d{2}))(?:\D{1,3}|$))+(?:\d{1,2})?", re.ASCII
)
_DECIMALS = re.compile(r"-?\d{1,3}\.\d+(?:(?:,|,? +)-?\d{1,3}\.\d+)*")
_PHONE_CUE = re.compile(
    r"\b(?:t[ée]l(?:[ée]phone|éfono|\b)|telefono|phone|call|appel\w*|ll[aá]m\w*|m[óo]vil|mobile|portable|celular|whatsapp"
    r"|signal|fax|sms|joign\w*|rappel\w*|reach me|text me|contacta\w*|contactez)\b"
    r"(?:\W*\b(?:me|moi|au|at|on|al|a|le|el|the|my|mon|mi|no|num[ée]ros?|n[úu]meros?|number|est|is|es|sur|en)\b"
    r"|\W*\bn[°º])*\W{0,4}$",
    re.IGNORECASE,
)
_DOCUMENT_CUE = re.compile(
    r"\b(?:passe?port|pasaporte|visa|dossiers?|expediente|c[ée]dula|identit[éy]|identidad|identifica\w+|ID|DNI|NIE|NIF|NIR|SSN"
    r"|CURP|RUT|s[ée]curit[ée] sociale|social security|seguridad social|s[ée]jour|r[ée]c[ée]piss[ée]|case|caso|file"
    r"|IBAN|bank account|compte|cuenta|carte|card|tarjeta|permit|permiso|UNHCR|HCR|ACNUR)\b"
    r"(?P<said>(?:\W*\b(?:card|de|d['’]|of|bancaire|bancaria|my|mon|mi|no|num[ée]ro|n[úu]mero|number|est|is|es|the|le|el"
    r"|reference|r[ée]f[ée]rence|referencia|ref|nationale?|nacional|national)\b|\W*\bn[°º])*[\s:.°º#’'-]{0,4})$",
    re.IGNORECASE,
)
_NUMBER_SAID = re.compile(r"n[°º]|\bno\b|num[ée]ro|n[úu]mero|number|\best\b|\bis\b|\bes\b|[:#]", re.IGNORECASE)
_CODE = re.compile(
    r"(?<![\w.,/-])(?:(?-i:[A-Z]{2}) (?=\d))?[A-Z0-9](?:[A-Z0-9]|[-/.](?=[A-Z0-9])){4,}(?![\w])", re.IGNORECASE
)
# Passports and identity cards of many states, Mexico's register and Britain's insurance.
_LETTERED = re.compile(
    r"(?<![\w/-])(?:[A-Z]{1,2}\d{6,9}[A-Z]?|\d{2}[A-Z]{2}\d{5}|[A-Z]\d{2}[A-Z]{2}\d{4,5}|[A-Z]{4}\d{6}[HM][A-Z]{5}\w\d"
    r"|[A-Z]{2} ?\d{2} ?\d{2} ?\d{2} ?[A-D])(?![\w/-])"
)
_SOCIAL_SECURITY = re.compile(r"(?<![\d-])\d{3}-\d{2}-\d{4}(?![\d-])")
_ACCOUNT = re.compile(r"\b[A-Z]{2}\d{2}(?:(?: |-)?[A-Z0-9]){11,30}", re.IGNORECASE)
_GROUPED = re.compile(r"(?<![\w.,])\d(?:(?: |[.-])?[\dA-B]){8,18}(?!\w)")
_CHECKED = re.compile(r"\b[A-Z0-9](?:-?[A-Z0-9]){8,17}\b", re.IGNORECASE)
_LONG = re.compile(r"(?<![\w.,/-])\d{9,}(?!\w)")
_CUE_REACH = 60
_FIGURE_FOLLOWS = re.compile(r" *(?:%|[$€£]|[^\W\d_]{2,})")
_MONEY_FOLLOWS = re.compile(r"\s*(?:[%$€£]|USD|EUR|CHF|d[’']|de\b|dollars?|d[óo]lares|euros?|francs?)", re.IGNORECASE)
_MONEY_BEFORE = re.compile(r"(?:[$€£]|\b[A-Z]{3})\s?$")


def mask(text: str) -> str:
    """The text with a mask such as `[e-mail]` in place of each thing that is personal."""
    parts, end = [], 0
    for found in personal(text):
        parts += [text[end : found.start], f"[{found.kind}]"]
        end = found.end
    return "".join([*parts, text[end:]])


def personal(text: str) -> list[Found]:
    """All that is personal, in the order of the text; nothing overlaps."""
    return _found(text, (_addresses, _accounts, _named_documents, _phones, _checked_numbers, _lettered, _long))


def reaches_a_person(text: str) -> list[Found]:
    """The e-mail addresses and phone numbers of a text."""
    if "@" not in text and not _DIGITS_RUN.search(text):
        return []
    return _found(text, (_addresses, _phones))


def _found(text: str, searches: Iterable[Callable[[str], Iterable[Found]]]) -> list[Found]:
    """What the searches find; what an earlier one has found is passed over by later ones."""
    text = text.translate(_PLAIN)
    taken: list[Found] = []
    passed_over = [found.span() for found in _WEB_ADDRESS.finditer(text) if "@" not in found.group()]
    for search in searches:
        for one in search(text):
            if not any(one.start < end and start < one.end for start, end in passed_over):
                taken.append(one)
                passed_over.append((one.start, one.end))
    return sorted(taken, key=lambda one: one.start)


def _addresses(text: str) -> Iterable[Found]:
    return (Found(Personal.EMAIL, *found.span()) for found in _ADDRESS.finditer(text))


def _accounts(text: str) -> Iterable[Found]:
    """Account numbers (IBAN): right ones however they are written, others in capitals with an account's many digits."""
    for found in _ACCOUNT.finditer(text):
        ends = [place for place in range(15, len(found.group()) + 1) if iban.is_valid(found.group()[:place])]
        if ends:
            yield Found(Personal.NUMBER, found.start(), found.start() + len(found.group()[: ends[-1]].rstrip()))
        elif found.group().isupper() and sum(one.isdigit() for one in found.group()) >= 14:
            yield Found(Personal.NUMBER, *found.span())


def _named_documents(text: str) -> Iterable[Found]:
    """What a word such as "passport" introduces: at least five digits, alone or among letters, and no count."""
    for found in _CODE.finditer(text):
        code = found.group()
        cue = _DOCUMENT_CUE.search(text[max(0, found.start() - _CUE_REACH) : found.start()])
        if cue is None or sum(one.isdigit() for one in code) < 5:
            continue
        is_count = _THOUSANDS.fullmatch(code) or (code.endswith("000") and not _NUMBER_SAID.search(cue["said"]))
        if not is_count and not _is_dated(code):
            yield Found(Personal.NUMBER, *found.span())


def _phones(text: str) -> Iterable[Found]:
    for run in _DIGITS_RUN.finditer(text):
        for first, last in _numbers(run.group()):
            start, end = run.start() + first, run.start() + last
            number, before, after = text[start:end], text[max(0, start - _CUE_REACH) : start], text[end:]
            digits = sum(one.isdigit() for one in number)
            if _PHONE_CUE.search(before) and 6 <= digits <= 15 and not _is_amount(number, after):
                yield Found(Personal.PHONE, start, end)
            elif digits >= 7 and not _is_figure(number, before, after):
                yield from _phones_in(number, start)


def _numbers(run: str) -> Iterable[tuple[int, int]]:
    """Where the numbers of a run of digits stand: figures in a row are parted, years before them left out."""
    if run[0] in "+(0":
        return [(0, len(run))]
    ends = [*(found.span() for found in _BETWEEN_NUMBERS.finditer(run)), (len(run), len(run))]
    starts = [0, *(end for _, end in ends)]
    parts = [(start, end) for start, (end, _) in zip(starts, ends, strict=False)]
    years = [_LEADING_YEARS.match(run, start, end) for start, end in parts]
    return [(found.end() if found else start, end) for (start, end), found in zip(parts, years, strict=True)]


def _phones_in(number: str, offset: int) -> Iterable[Found]:
    import phonenumbers  # takes long, and few texts have what looks like a phone number

    regions: Iterable[str | None] = (None, "FR") if number.startswith(("+", "00")) else _REGIONS
    for region in regions:
        found = [
            Found(Personal.PHONE, offset + match.start, offset + match.end)
            for match in phonenumbers.PhoneNumberMatcher(number, region, leniency=phonenumbers.Leniency.POSSIBLE)
            if number.startswith("+") or phonenumbers.is_valid_number(match.number)
        ]
        if found:
            return found
    return []


def _is_amount(number: str, after: str) -> bool:
    """Whether even a word such as "call" before it makes no phone number of it: "the appeal of 2 000 000 dollars"."""
    is_count = number[0] not in "+(0" and (number.endswith("000") or bool(_MONEY_FOLLOWS.match(after)))
    return is_count or _is_dated(number)


def _is_figure(number: str, before: str, after: str) -> bool:
    """Whether digits in groups are a count or an amount, years, dates, coordinates or the number of a book."""
    if _is_dated(number) or _DECIMALS.fullmatch(number) or isbn.is_valid(number):
        return True
    if number[0] in "+(0":
        return False
    # "612 345 678" is a Spanish phone number, "612 345 678 personas" a count.
    is_grouped = bool(_THOUSANDS.fullmatch(number))
    named = bool(_FIGURE_FOLLOWS.match(after)) or bool(_MONEY_BEFORE.search(before))
    return number.endswith("000") or (is_grouped and named)


def _is_dated(number: str) -> bool:
    stripped = number.strip(" ,.;/-–")
    return bool(_YEARS.fullmatch(stripped) or _DATES.fullmatch(stripped))


def _checked_numbers(text: str) -> Iterable[Found]:
    """Numbers with a check digit that is right."""
    checks: tuple[tuple[re.Pattern[str], tuple[Callable[[str], bool], ...]], ...] = (
        (_CHECKED, (dni.is_valid, nie.is_valid, codicefiscale.is_valid)),
        (_GROUPED, (nir.is_valid, swiss_ssn.is_valid, _is_card)),
        (_SOCIAL_SECURITY, (lambda _: True,)),
    )
    for pattern, valid in checks:
        for found in pattern.finditer(text):
            plain = re.sub(r"[\s.]", "", found.group())
            if any(one(plain) for one in valid):
                yield Found(Personal.NUMBER, *found.span())


def _is_card(number: str) -> bool:
    digits = number.replace("-", "")
    is_round = digits.endswith("0000")
    return digits.isdigit() and 13 <= len(digits) <= 19 and not is_round and bool(luhn.is_valid(digits))


def _lettered(text: str) -> Iterable[Found]:
    return (Found(Personal.NUMBER, *found.span()) for found in _LETTERED.finditer(text))


def _long(text: str) -> Iterable[Found]:
    """Nine and more digits without a gap: nobody writes a count so, unless it is a round one."""
    for found in _LONG.finditer(text):
        if not found.group().endswith("000") and not isbn.is_valid(found.group()):
            yield Found(Personal.NUMBER, *found.span())
