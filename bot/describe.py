"""Sentences of a passage → what speaks for and against each of them as an answer, as columns of numbers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from bot.expected import FIGURES, has_expected
from bot.matching import Matcher, Matches
from bot.places import Pattern
from bot.stated import StatedSentence, stated
from bot.understand import Expected, Understanding
from corpus.document import Document, DocumentKind, Language
from index.lexical.analysis import words
from index.passage import Hit

DESCRIBED = (
    "coverage",  # share of the question's terms met by the sentence itself
    "neighbours",  # … or by the sentence before or after
    "context",  # … or by its headline, date, places or passage
    "unmet",  # how telling the most telling word is that is met nowhere around, as far as it is not met
    "weakest_name",  # how well the least met name or year is met in context; 1 without names
    "names_in_sentence",  # share of names and years met by the sentence itself; 1 without
    "figure",  # the sentence has a figure of the kind that the question asks for; 0.5 when it asks none
    "expected",  # … the person, place, date, reason … likewise
    "focus",  # a number stands beside the word of which the question asks the number; 0.5 when it asks none
    "rest",  # share of the terms met by the sentence itself that are no name, no year and not what is counted
    "unasked",  # how many names the sentence adds to a question for a figure that has none; 1 for three and more
    "other_name",  # a figure is asked of a name that this sentence lacks and one beside it has, and this one has others
    "actor",  # the organisation stands at the head of the sentence; 0.5 when the question does not name it
    "other_year",  # the question states a year and the sentence only others
    "about",  # an about page where the question is about the organisation itself; 0.5 for other questions
    "subject",  # the organisation stands at the head of the sentence, for such a question; 0.5 for others
    "digest",  # the words are ours: the organisation's own go first
    "lead",  # first sentence of the document
)
_PASSAGE_DAMPING = 0.6
"""A term met elsewhere in the passage says less of the sentence than one met in it."""
_TITLE_DAMPING = 0.85
_NEIGHBOUR_DAMPING = 0.8
_MANY_NAMES = 3
_NAME_MET = 0.5

Column = NDArray[np.float64]
"""`(sentences,)`."""


class FoundPassage:
    """A passage that was found, with its sentences as a question reads them."""

    def __init__(self, hit: Hit, document: Document, revision: int, others: Sequence[Pattern]) -> None:
        """Read it, or remember how it was read; `others` see `bot.places.other_countries`."""
        self.hit = hit
        self.document = document
        self.revision = revision
        self.stated = stated(hit.passage, document).about(others)
        self.words = {*self.stated.words, *self.stated.title_words}


class Describer:
    """Describes sentences for one question."""

    def __init__(self, understanding: Understanding, matcher: Matcher) -> None:
        """`matcher` has learnt the words of all passages."""
        self._understanding = understanding
        self._matcher = matcher
        self._asked = frozenset(words(understanding.text))
        self._own = understanding.organisation | set(matcher.terms)
        self._is_figure = understanding.expected in FIGURES
        # Who holds an office is told by releases as well as by about pages, and by any sentence that names both.
        self._names_actor = understanding.names_organisation and understanding.expected is not Expected.PERSON
        self._is_about = understanding.about_organisation and understanding.expected is not Expected.PERSON
        places = list(enumerate(matcher.terms))
        self._names = [place for place, term in places if term in understanding.names]
        self._telling = [place for place, term in places if term in understanding.names | understanding.years]
        apart = understanding.names | understanding.years | {understanding.focus}
        self._rest = [place for place, term in places if term not in apart]

    def described(self, passage: FoundPassage) -> dict[str, Column]:
        """The features of `DESCRIBED` for each sentence of a passage."""
        here, matcher, language = passage.stated, self._matcher, passage.document.language
        sentences = here.sentences
        met = matcher.match([*(one.words for one in sentences), here.title_words, passage.words], language)
        own, (title, whole) = met[:-2], met[-2:]
        near = np.maximum(own, _NEIGHBOUR_DAMPING * _beside(own))
        context = np.maximum(near, np.maximum(_TITLE_DAMPING * title, _PASSAGE_DAMPING * whole))
        expected = _column(has_expected(self._understanding, self._asked, one.text) for one in sentences)
        half = np.full(len(sentences), 0.5)
        return {
            "coverage": matcher.coverage(own),
            "neighbours": matcher.coverage(near),
            "context": matcher.coverage(context),
            "unmet": matcher.unmet(context),
            "weakest_name": context[:, self._telling].min(axis=1, initial=1),
            "names_in_sentence": _mean(own, self._telling),
            "figure": expected if self._is_figure else half,
            "expected": half if self._is_figure else expected,
            "focus": self._focus(sentences, language),
            "rest": _mean(own, self._rest),
            "unasked": self._unasked(sentences),
            "other_name": self._other_name(sentences, own),
            "actor": self._at_the_head(sentences) if self._names_actor else half,
            "other_year": _column(self._is_of_other_years(one) for one in sentences),
            "about": half + (0.5 if _is_about(passage.document) else -0.5) * self._is_about,
            "subject": self._at_the_head(sentences) if self._is_about else half,
            "digest": np.full(len(sentences), float(passage.document.digest)),
            "lead": _column(one.start <= here.body_start for one in sentences),
        }

    def _focus(self, sentences: Sequence[StatedSentence], language: Language) -> Column:
        """How well a word near a number of each sentence meets the word of which the question asks the number."""
        focus, terms = self._understanding.focus, self._matcher.terms
        if not focus or focus not in terms:
            return np.full(len(sentences), 0.5)
        met = self._matcher.match([one.near_numbers for one in sentences], language)
        of_focus: Column = met[:, terms.index(focus)].astype(np.float64)
        return of_focus

    def _unasked(self, sentences: Sequence[StatedSentence]) -> Column:
        """How far a sentence speaks of some place or group where a question asks for the figure of the whole."""
        if not self._is_figure or self._understanding.names:
            return np.zeros(len(sentences))
        return _column(min(1.0, len(one.names - self._own) / _MANY_NAMES) for one in sentences)

    def _other_name(self, sentences: Sequence[StatedSentence], own: Matches) -> Column:
        """Whether a sentence gives the figure of one region where another is asked, as lists of regions do."""
        if not self._is_figure or not self._names:
            return np.zeros(len(sentences))
        is_met = own[:, self._names] >= _NAME_MET
        lacks_what_another_has = (~is_met & is_met.any(axis=0)).any(axis=1)
        has_others = _column(bool(one.names - self._own) for one in sentences)
        return lacks_what_another_has * has_others

    def _at_the_head(self, sentences: Sequence[StatedSentence]) -> Column:
        return _column(bool(self._understanding.organisation & one.head) for one in sentences)

    def _is_of_other_years(self, sentence: StatedSentence) -> bool:
        years = self._understanding.years
        return bool(years and sentence.years and not years & sentence.years)


def _is_about(document: Document) -> bool:
    return document.kind in (DocumentKind.ABOUT, DocumentKind.FAQ)


def _beside(own: Matches) -> Matches:
    """The best of the sentences before and after each."""
    nothing = np.zeros_like(own[:1])
    best: Matches = np.maximum(np.concatenate([nothing, own[:-1]]), np.concatenate([own[1:], nothing]))
    return best


def _mean(matches: Matches, places: Sequence[int]) -> Column:
    """The mean over some terms; 1 without any."""
    return matches[:, places].mean(axis=1, dtype=np.float64) if places else np.ones(len(matches))


def _column(values: Iterable[float]) -> Column:
    return np.fromiter(values, np.float64)
