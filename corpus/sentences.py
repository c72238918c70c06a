"""Where the sentences of a text begin and end (sentencex lives here)."""

from __future__ import annotations

import re
from collections.abc import Iterator

import sentencex

Span = tuple[int, int]
"""Start and end of a piece of text, in characters; the end is exclusive."""

# sentencex knows the abbreviations of each language, save these that our pages use.
_OPEN_ABBREVIATION = re.compile(
    r"(?:^|[\s(«“\"'’])"
    r"(?:M|MM|Mme|Mmes|Mlle|Mgr|Dr|Dra|Pr|Sr|Sra|Sres|Sras|Srta|St|Ste|Sta|Mr|Mrs|Ms|Lic|Ing|Gral|Excmo|Excma"
    r"|art|Art|arts|chap|cf|ex|p|pp|vol|ed|éd|approx|env|aprox|núm|Núm|no|No|n\.?º|n°|N°|Nos|tel|tél|Tel"
    r"|Tél|vs|etc|i\.e|e\.g"
    r"|[A-Z]|(?:[A-Z]\.)+[A-Z]|EE|UU|FF|AA|a|jan|janv|févr|feb|sept|Sept|oct|nov|déc|dec|ene|abr|ago|dic)"
    r"\.\s*$"
)
_ENDS_A_SENTENCE_ANYWAY = re.compile(r"(?:etc|UU|AA|p\. ?m|a\. ?m|[A-Z]\.[A-Z])\.\s*$")
_LOOKED_BACK = 64
"""So many characters before an end tell whether it is one: to search the whole paragraph each time takes long."""
_LOWER_OR_DIGIT = re.compile(r"\s*[\d(a-zà-ÿ]")
_ORDINAL_MARK = re.compile(r"\s*[ªº]")


def sentence_spans(text: str, language: str) -> list[Span]:
    """The spans of the sentences of `text`, in order, without the white space around them.

    A paragraph's end is always a sentence's end. `text[start:end]` is the sentence.
    """
    spans: list[Span] = []
    for paragraph_start, paragraph in _paragraphs(text):
        start = 0
        for end in _boundaries(paragraph, language):
            piece = paragraph[start:end]
            stripped = piece.strip()
            if stripped:
                first = paragraph_start + start + piece.index(stripped)
                spans.append((first, first + len(stripped)))
            start = end
    return spans


def _paragraphs(text: str) -> Iterator[tuple[int, str]]:
    for match in re.finditer(r"[^\n]+", text):
        yield match.start(), match.group()


def _boundaries(paragraph: str, language: str) -> Iterator[int]:
    """The ends of the sentences of one paragraph, false ends after abbreviations left out."""
    ends = [boundary["end_index"] for boundary in sentencex.get_sentence_boundaries(language, paragraph)]
    for position, end in enumerate(ends):
        if position + 1 < len(ends):
            if _ORDINAL_MARK.match(paragraph, end):  # "la 108.ª reunión"
                continue
            before = paragraph[max(0, end - _LOOKED_BACK) : end]
            goes_on = _LOWER_OR_DIGIT.match(paragraph, end)
            if _OPEN_ABBREVIATION.search(before):
                if not _ENDS_A_SENTENCE_ANYWAY.search(before) or goes_on:
                    continue
            elif goes_on and not paragraph[end:].lstrip()[:1].isdigit() and before.rstrip().endswith("."):
                continue
        yield end
    if not ends or ends[-1] != len(paragraph):
        yield len(paragraph)
