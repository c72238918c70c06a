"""Passages → the sentences that answer, best first.

Each sentence of the best passages is described by a few features and judged by a logistic model whose weights,
learnt from questions with known answers (`python -m evals.fit`), stand in `models/reading.json`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, replace

import numpy as np

from bot.expected import FIGURES, has_expected, names_in
from bot.linear import LogisticModel
from bot.matching import Matcher, Matches
from bot.observe.stages import stage
from bot.places import other_countries
from bot.stated import stated
from bot.understand import Expected, Understanding
from corpus.document import Document, DocumentKind, Language
from index.lexical.analysis import words
from index.passage import Hit
from index.search import Index

FEATURES = (
    "coverage",  # share of the question's terms met by the sentence itself
    "neighbours",  # … or by the sentence before or after
    "context",  # … or by its headline, date, places or passage
    "unmet",  # how telling the most telling word is that is met nowhere around, as far as it is not met
    "weakest_name",  # how well the least met name or year is met in context; 1 without names
    "names_in_sentence",  # share of names and years met by the sentence itself; 1 without
    "cosine",  # of the vectors of question and sentence
    "retrieval",  # score of the passage over the best passage's
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
_PASSAGES = 10
_ENCODED = 24
"""How many sentences are compared by vector: those that words and retrieval put first."""
_PASSAGE_DAMPING = 0.6
"""A term met elsewhere in the passage says less of the sentence than one met in it."""
_TITLE_DAMPING = 0.85
_NEIGHBOUR_DAMPING = 0.8
_HEAD = 4
"""How many words are the head of a sentence."""
_MANY_NAMES = 3
_NAME_MET = 0.5

_YEAR = re.compile(r"\b(?:19|20)\d{2}\b")


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of a stored document, judged as an answer: `text == document.text[start:end]`."""

    hit: Hit
    document: Document
    revision: int
    start: int
    end: int
    features: Mapping[str, float]
    """What is known of it, by the names in `FEATURES`."""
    score: float
    """Log-odds that the sentence answers the question; higher is better."""

    @property
    def text(self) -> str:
        """The sentence, verbatim."""
        return self.document.text[self.start : self.end]


@stage("read")
def read(understanding: Understanding, hits: Sequence[Hit], index: Index, model: LogisticModel) -> list[Sentence]:
    """Judge every sentence of the best passages, in no order (see `bot.order.best_first`)."""
    if not hits:
        return []
    passages = [_Passage(hit, *index.document(hit.passage.doc_id), understanding) for hit in hits[:_PASSAGES]]
    matcher = Matcher(understanding, index)
    matcher.learn((passage.document.language, passage.words) for passage in passages)
    asked = frozenset(words(understanding.text))
    best = max(hit.score for hit in hits)
    sentences: dict[tuple[str, int], Sentence] = {}
    for passage in passages:
        retrieval = passage.hit.score / best if best > 0 else 0.0
        described = _describe(understanding, asked, matcher, passage)
        for features, one in zip(described, passage.stated.sentences, strict=True):
            features["retrieval"] = retrieval
            sentence = Sentence(passage.hit, passage.document, passage.revision, one.start, one.end, features, 0.0)
            sentences.setdefault((passage.document.doc_id, one.start), sentence)
    shortlist = sorted(sentences.values(), key=lambda one: -model.log_odds({**one.features, "cosine": 0.0}))[:_ENCODED]
    vectors = index.encoder.encode_passages([sentence.text for sentence in shortlist])
    cosines = vectors @ index.encoder.encode_queries([understanding.text])[0]
    return [_judged(sentence, float(cosine), model) for sentence, cosine in zip(shortlist, cosines, strict=True)]


def _judged(sentence: Sentence, cosine: float, model: LogisticModel) -> Sentence:
    features = {**sentence.features, "cosine": cosine}
    return replace(sentence, features=features, score=model.log_odds(features))


class _Passage:
    """A passage that was found, with its sentences as this question reads them."""

    def __init__(self, hit: Hit, document: Document, revision: int, understanding: Understanding) -> None:
        self.hit = hit
        self.document = document
        self.revision = revision
        self.stated = stated(hit.passage, document).about(other_countries(understanding.text))
        self.words = {*self.stated.words, *self.stated.title_words}


def _describe(
    understanding: Understanding, asked: Set[str], matcher: Matcher, passage: _Passage
) -> list[dict[str, float]]:
    """The features of each sentence of a passage, save those that come from vectors and from retrieval."""
    here, texts = passage.stated, [one.words for one in passage.stated.sentences]
    *own, title, whole = matcher.match([*texts, here.title_words, passage.words], passage.document.language)
    of_sentences = np.stack([*own, np.zeros_like(title)])  # the last stands beside the first and the last one
    beside = _NEIGHBOUR_DAMPING * np.maximum(np.roll(of_sentences, 1, axis=0), np.roll(of_sentences, -1, axis=0))
    near = np.maximum(of_sentences, beside)
    context = np.max(np.broadcast_arrays(near, _TITLE_DAMPING * title, _PASSAGE_DAMPING * whole), axis=0)
    coverage, neighbours, around = (matcher.coverage(one) for one in (of_sentences, near, context))
    unmet, focus = matcher.unmet(context), _focus(understanding, matcher, texts, passage.document.language)
    described = []
    for row, (one, matches) in enumerate(zip(here.sentences, own, strict=True)):
        sentence, of_sentence = one.text, one.words
        years = set(_YEAR.findall(sentence))
        described.append(
            {
                "coverage": float(coverage[row]),
                "neighbours": float(neighbours[row]),
                "context": float(around[row]),
                "unmet": float(unmet[row]),
                "weakest_name": _over_names(understanding, matcher, context[row], weakest=True),
                "names_in_sentence": _over_names(understanding, matcher, matches, weakest=False),
                "figure": has_expected(understanding, asked, sentence) if understanding.expected in FIGURES else 0.5,
                "expected": 0.5 if understanding.expected in FIGURES else has_expected(understanding, asked, sentence),
                "rest": _rest(understanding, matcher, matches),
                "unasked": _unasked(understanding, sentence),
                "other_name": _other_name(understanding, matcher, matches, own, sentence),
                "actor": _actor(understanding, of_sentence),
                "focus": float(focus[row]),
                "other_year": float(bool(understanding.years and years and not understanding.years & years)),
                "about": _about(understanding, passage.document),
                "subject": _subject(understanding, of_sentence),
                "digest": float(passage.document.digest),
                "lead": float(one.start <= here.body_start),
            }
        )
    return described


def _rest(understanding: Understanding, matcher: Matcher, matches: Matches) -> float:
    """How far a sentence meets what the question says of its names and of what it counts."""
    apart = understanding.names | understanding.years | {understanding.focus}
    rest = [float(matches[position]) for position, term in enumerate(matcher.terms) if term not in apart]
    return sum(rest) / len(rest) if rest else 1.0


def _unasked(understanding: Understanding, sentence: str) -> float:
    """How far a sentence speaks of some place or group where a question asks for the figure of the whole."""
    if understanding.expected not in FIGURES or understanding.names:
        return 0.0
    names = {word for name in names_in(sentence) for word in words(name)}
    return min(1.0, len(names - understanding.organisation - set(understanding.terms)) / _MANY_NAMES)


def _other_name(
    understanding: Understanding, matcher: Matcher, matches: Matches, of_others: Sequence[Matches], sentence: str
) -> float:
    """Whether a sentence gives the figure of one region where another is asked, as lists of regions do."""
    if understanding.expected not in FIGURES:
        return 0.0
    asked = [position for position, term in enumerate(matcher.terms) if term in understanding.names]
    lacked = [position for position in asked if matches[position] < _NAME_MET]
    if not any(other[position] >= _NAME_MET for position in lacked for other in of_others):
        return 0.0
    names = {word for name in names_in(sentence) for word in words(name)}
    return float(bool(names - understanding.organisation - set(understanding.terms)))


def _actor(understanding: Understanding, of_sentence: Sequence[str]) -> float:
    if not understanding.names_organisation or understanding.expected is Expected.PERSON:
        return 0.5
    return float(bool(understanding.organisation & set(of_sentence[:_HEAD])))


def _about(understanding: Understanding, document: Document) -> float:
    # Who holds an office is told by releases as well as by about pages.
    if not understanding.about_organisation or understanding.expected is Expected.PERSON:
        return 0.5
    return float(document.kind in (DocumentKind.ABOUT, DocumentKind.FAQ))


def _subject(understanding: Understanding, of_sentence: Sequence[str]) -> float:
    if not understanding.about_organisation or understanding.expected is Expected.PERSON:
        return 0.5
    return float(bool(understanding.organisation & set(of_sentence[:_HEAD])))


def _focus(
    understanding: Understanding, matcher: Matcher, texts: Sequence[Sequence[str]], language: Language
) -> Matches:
    """How well a word near a number of each sentence meets the word of which the question asks the number."""
    if not understanding.focus or understanding.focus not in matcher.terms:
        return np.full(len(texts), 0.5, dtype=np.float32)
    position = matcher.terms.index(understanding.focus)
    return matcher.match([_near_numbers(text) for text in texts], language)[:, position]


def _near_numbers(text: Sequence[str]) -> set[str]:
    near: set[str] = set()
    for place, word in enumerate(text):
        if word[0].isdigit() and not _YEAR.fullmatch(word):
            near.update(text[max(0, place - 2) : place + 6])
    return near


def _over_names(understanding: Understanding, matcher: Matcher, matches: Matches, weakest: bool) -> float:
    telling = [
        float(matches[position])
        for position, term in enumerate(matcher.terms)
        if term in understanding.names or term in understanding.years
    ]
    if not telling:
        return 1.0
    return min(telling) if weakest else sum(telling) / len(telling)
