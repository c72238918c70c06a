"""Passages → the sentences of them that may be stated, with their words.

The same passages are read for question after question: what no question changes of them is found once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from bot.expected import name_words
from bot.figures import NUMBER_WORDS, YEAR
from bot.places import Pattern, without
from corpus.document import Document, Language
from corpus.extract.dateline import read_dateline
from corpus.sentences import sentence_spans
from index.lexical.analysis import words
from index.passage import Passage

_HEAD = 4
_BEFORE, _AFTER = 2, 6
_MIN_WORDS = 5
"""A shorter sentence states too little to be quoted."""
_REMEMBERED = 1024
"""So many passages; each takes some kilobytes."""

Words = Sequence[str]
"""The folded words of a text, in order."""


@dataclass(frozen=True, slots=True)
class StatedSentence:
    """A sentence that may be stated: `text == document.text[start:end]`."""

    start: int
    end: int
    text: str
    words: Words
    head: frozenset[str]
    """Its first words."""
    names: frozenset[str]
    """The words of its names."""
    years: frozenset[str]
    near_numbers: frozenset[str]
    """The words that stand near its numbers, years aside."""

    @classmethod
    def of(cls, start: int, end: int, text: str, of_sentence: Words, language: Language) -> StatedSentence:
        """A sentence with what follows from its text and its words."""
        near: set[str] = set()
        for place, word in enumerate(of_sentence):
            if (word[0].isdigit() and not YEAR.fullmatch(word)) or word in NUMBER_WORDS[language]:
                near.update(of_sentence[max(0, place - _BEFORE) : place + _AFTER])
        head, years = frozenset(of_sentence[:_HEAD]), frozenset(YEAR.findall(text))
        return cls(start, end, text, of_sentence, head, name_words(text), years, frozenset(near))


@dataclass(frozen=True, slots=True)
class StatedPassage:
    """The sentences of a passage that may be stated, in order, and what surrounds them."""

    sentences: tuple[StatedSentence, ...]
    text: str
    words: Words
    title: str
    """The headline of the document, its date and its places."""
    title_words: Words
    body_start: int
    """Where the first sentence begins after the dateline ("Genève, 30 avril - "), in characters."""
    language: Language

    def about(self, others: Sequence[Pattern]) -> StatedPassage:
        """The same with words as they are without the names of other countries: see `bot.places.other_countries`."""
        if not others:
            return self
        sentences = tuple(
            StatedSentence.of(one.start, one.end, one.text, words(without(one.text, others)), self.language)
            for one in self.sentences
        )
        of_text, of_title = words(without(self.text, others)), words(without(self.title, others))
        return StatedPassage(sentences, self.text, of_text, self.title, of_title, self.body_start, self.language)


@lru_cache(maxsize=_REMEMBERED)
def stated(passage: Passage, document: Document) -> StatedPassage:
    """What may be stated of a passage of a document; a dateline is no part of it, and a question states nothing."""
    dateline = read_dateline(document.paragraphs[0]) if document.places else None
    body_start = dateline.end if dateline else 0
    sentences = []
    for first, last in sentence_spans(passage.text, document.language):
        start, end = passage.start + first, passage.start + last
        start = max(start, min(body_start, end))
        text = document.text[start:end]
        # What answers a question stands beside it.
        of_sentence = tuple(words(text))
        if len(of_sentence) >= _MIN_WORDS and not text.endswith("?"):
            sentences.append(StatedSentence.of(start, end, text, of_sentence, document.language))
    title = f"{document.title} {document.date or ''} {'; '.join(document.places)}"
    return StatedPassage(
        sentences=tuple(sentences),
        text=passage.text,
        words=tuple(words(passage.text)),
        title=title,
        title_words=tuple(words(title)),
        body_start=body_start,
        language=document.language,
    )
