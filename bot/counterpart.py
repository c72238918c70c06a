"""The same statement in the reader's language, where the release has an edition in it.

A question may meet the words of one edition better than those of another; the reader is answered in the own language
all the same. Only a sentence that states the same figures and years, and is alike by its vector, says the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from bot.figures import YEAR, figures
from bot.read import Sentence
from bot.stated import StatedSentence, stated
from corpus.document import Document, Language
from index.passage import Passage
from index.search import Index

_ALIKE = 0.5
"""The least cosine of two sentences that say the same in two languages."""
_ALIKE_WITH_NUMBERS = 0.45
"""The same for sentences with a figure or a year: most pairs of the bundled corpus below it say different things."""


def in_language(chosen: Sequence[Sentence], language: Language, index: Index) -> list[Sentence]:
    """The sentences to state, those of other languages by their counterparts in `language` where there are any."""
    moved: list[Sentence] = []
    for sentence in chosen:
        foreign = sentence.document.language is not language and sentence.document.edition_group is not None
        found = (_counterpart(sentence, language, index) if foreign else None) or sentence
        if not any(found.document.doc_id == one.document.doc_id and found.start == one.start for one in moved):
            moved.append(found)
    return moved


def _counterpart(sentence: Sentence, language: Language, index: Index) -> Sentence | None:
    numbers = _numbers(sentence.text, sentence.document.language)
    found = [
        (document, revision, passage, one)
        for document, revision in index.editions(sentence.document.edition_group or "", language)
        if document.repost_of is None
        for passage in index.passages_of(document.doc_id)
        for one in stated(passage, document).sentences
        if _numbers(one.text, language) == numbers
    ]
    if not found:
        return None
    texts = [sentence.text, *(one.text for *_, one in found)]
    vectors = index.sentence_vectors(texts)
    cosines = vectors[1:] @ vectors[0]
    best = int(np.argmax(cosines))
    least = _ALIKE_WITH_NUMBERS if any(numbers) else _ALIKE
    return _moved(sentence, *found[best]) if cosines[best] >= least else None


def _moved(sentence: Sentence, document: Document, revision: int, passage: Passage, other: StatedSentence) -> Sentence:
    hit = replace(sentence.hit, passage=passage)
    return replace(sentence, hit=hit, document=document, revision=revision, start=other.start, end=other.end)


def _numbers(text: str, language: Language) -> tuple[set[float], set[str]]:
    """The figures and the years of a sentence."""
    return {one.value for one in figures(text, language)}, set(YEAR.findall(text))
