"""People's e-mail addresses and phone numbers in documents: by default no answer gives them out.

Releases name press officers with their mail and phone for the press. The organisation's own contact page is offered
instead; who reads the document itself, on the page or as it is stored, sees it whole.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache

from bot.answer import Answer, Citation
from bot.masking import reaches_a_person
from bot.read import Sentence
from index.passage import Hit

COVER = "•"
_REMEMBERED = 4096


def without_contacts(sentences: Sequence[Sentence]) -> list[Sentence]:
    """The sentences that hold no e-mail address and no phone number."""
    return [sentence for sentence in sentences if covered(sentence.text) == sentence.text]


@lru_cache(_REMEMBERED)
def covered(text: str) -> str:
    """The text with each of its addresses and numbers covered; its length stays, so that places in it do."""
    for found in reaches_a_person(text):
        text = text[: found.start] + COVER * (found.end - found.start) + text[found.end :]
    return text


def cover_hit(hit: Hit) -> Hit:
    """The hit with the addresses and numbers of its passage covered."""
    text = covered(hit.passage.text)
    return hit if text == hit.passage.text else replace(hit, passage=replace(hit.passage, text=text))


def cover_answer(answer: Answer) -> Answer:
    """The answer with the addresses and numbers covered in what surrounds its quotes and in its hits."""
    return replace(
        answer,
        citations=tuple(_cover_citation(one) for one in answer.citations),
        newer=tuple(_cover_citation(one) for one in answer.newer),
        hits=tuple(cover_hit(hit) for hit in answer.hits),
    )


def _cover_citation(citation: Citation) -> Citation:
    return replace(citation, passage=covered(citation.passage))
