"""Passages → the sentences that answer, best first.

Each sentence of the best passages is described by a few features and judged by a logistic model whose weights,
learnt from questions with known answers (`python -m evals.fit`), stand in `models/reading.json`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from bot.linear import LogisticModel
from bot.matching import Matcher, Matches
from bot.understand import Expected, Understanding
from corpus.document import Document
from corpus.sentences import sentence_spans
from index.lexical.analysis import fold, words
from index.passage import Hit
from index.search import Index

FEATURES = (
    "coverage",  # share of the question's terms met by the sentence itself
    "context",  # … or by its headline, dateline, date or passage
    "weakest_name",  # how well the least met name or year is met in context; 1 without names
    "names_in_sentence",  # share of names and years met by the sentence itself; 1 without
    "cosine",  # of the vectors of question and sentence
    "retrieval",  # score of the passage over the best passage's
    "expected",  # the sentence has the kind of thing that the question asks for; 0.5 when none is known
    "other_year",  # the question states a year and the sentence only others
    "lead",  # first sentence of the document
    "questioning",  # the sentence is a question itself, or too short to state anything
)
_PASSAGES = 10
_PASSAGE_DAMPING = 0.6
"""A term met elsewhere in the passage says less of the sentence than one met in it."""
_TITLE_DAMPING = 0.85
_MIN_WORDS = 5

_NUMBER = re.compile(
    r"\b\d[\d.,    ]*\b|\b(?:million|billion|milliard|millones|mill[oó]n|thousand|mille|mil|hundreds|cien|cientos|dozens|half|moiti[ée]|mitad)\w*",
    re.I,
)
_YEAR = re.compile(r"\b(?:19|20)\d{2}\b")
_MONTH = re.compile(
    r"\b(janvier|fevrier|mars|avril|mai|juin|juillet|aout|septembre|octobre|novembre|decembre|january|february|march|april|may|june|july|august"
    r"|september|october|november|december|enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|octubre|noviembre|diciembre)\b"
)
_SPEECH = re.compile(
    r"[«“\"]|\b(declar\w+|dit|dijo|said|says|afirm\w+|affirm\w+|estim\w+|consider\w+|salu\w+|welcom\w+|felicit\w+|acog\w+|accueill\w+|call(s|ed)|urg\w+|pid[ei]\w*|pidi\w+|demand\w+|appel\w+"
    r"|soulign\w+|subray\w+|stress\w+|insist\w+|warn\w+|avert\w+|advirt\w+|reclam\w+|voit|ve|sees|recommend\w*|recomend\w*)\b"
)
_CAUSE = re.compile(
    r"\b(because|since|due to|caused|so that|in order to|as a result|after|following|parce que|car|en raison|afin|pour|a cause|apres|suite a|porque|debido|para|a causa|por|tras|ya que)\b"
)
_CAPITALISED = re.compile(r"(?<=[\s(«“'’])[A-ZÀ-Ý][\w’'-]+")


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of a stored document, judged as an answer: `text == document.text[start:end]`."""

    hit: Hit
    document: Document
    revision: int
    start: int
    end: int
    features: tuple[float, ...]
    """In the order of `FEATURES`."""
    score: float
    """Log-odds that the sentence answers the question; higher is better."""

    @property
    def text(self) -> str:
        """The sentence, verbatim."""
        return self.document.text[self.start : self.end]


def read(understanding: Understanding, hits: Sequence[Hit], index: Index, model: LogisticModel) -> list[Sentence]:
    """Judge every sentence of the best passages; best first."""
    matcher = Matcher(understanding, index)
    candidates = _candidates(hits[:_PASSAGES], index)
    if not candidates:
        return []
    contexts = {hit.passage.passage_id: _Context(hit, document) for hit, document, *_ in candidates}
    for context in contexts.values():
        matcher.learn(context.words, context.language)
    vectors = index.encoder.encode_passages([document.text[start:end] for _, document, _, (start, end) in candidates])
    cosines = vectors @ index.encoder.encode_queries([understanding.text])[0]
    best = max(hit.score for hit in hits)
    sentences = []
    for (hit, document, revision, (start, end)), cosine in zip(candidates, cosines, strict=True):
        context = contexts[hit.passage.passage_id]
        features = _features(understanding, matcher, context, document.text[start:end], first=start)
        features["cosine"] = float(cosine)
        features["retrieval"] = hit.score / best if best > 0 else 0.0
        values = tuple(features[name] for name in FEATURES)
        sentences.append(Sentence(hit, document, revision, start, end, values, model.log_odds(features)))
    return sorted(sentences, key=lambda sentence: (-sentence.score, sentence.hit.rank, sentence.start))


class _Context:
    """What surrounds a sentence: its passage, its headline, its date and places."""

    def __init__(self, hit: Hit, document: Document) -> None:
        self.language = document.language
        self.passage = words(hit.passage.text)
        self.title = words(f"{document.title} {document.date or ''} {' '.join(document.places)}")
        self.words = {*self.passage, *self.title}
        self.first = _body_start(document)


def _candidates(hits: Sequence[Hit], index: Index) -> list[tuple[Hit, Document, int, tuple[int, int]]]:
    """Every sentence of the passages, with what it stands in, no span twice."""
    found: dict[tuple[str, int], tuple[Hit, Document, int, tuple[int, int]]] = {}
    for hit in hits:
        document, revision = index.document(hit.passage.doc_id)
        for start, end in sentence_spans(hit.passage.text, hit.passage.language):
            start, end = hit.passage.start + start, hit.passage.start + end
            start = max(start, min(_body_start(document), end))
            if len(words(document.text[start:end])) >= _MIN_WORDS:
                found.setdefault((document.doc_id, start), (hit, document, revision, (start, end)))
    return list(found.values())


def _body_start(document: Document) -> int:
    """Where the first sentence begins after the dateline ("Genève, 30 avril - "), in characters."""
    if not document.places:
        return 0
    match = _DATELINE.match(document.text)
    return match.end() if match and fold(document.places[0]) in fold(match.group()) else 0


_DATELINE = re.compile(r"[^\n]{2,90}?(?:\s[-–—]{1,2}\s+|(?<=\d{4})\.\s+|\s?[—–]\s?|\)\s+(?=[A-ZÀ-Ý«“]))")


def _features(
    understanding: Understanding, matcher: Matcher, context: _Context, sentence: str, first: int
) -> dict[str, float]:
    of_sentence = words(sentence)
    own = matcher.match(of_sentence, context.language)
    around = np.maximum(
        _TITLE_DAMPING * matcher.match(context.title, context.language),
        _PASSAGE_DAMPING * matcher.match(context.passage, context.language),
    )
    both = np.maximum(own, around)
    years = set(_YEAR.findall(sentence))
    return {
        "coverage": matcher.coverage(own),
        "context": matcher.coverage(both),
        "weakest_name": _over_names(understanding, matcher, both, weakest=True),
        "names_in_sentence": _over_names(understanding, matcher, own, weakest=False),
        "expected": _has_expected(understanding, sentence),
        "other_year": float(bool(understanding.years and years and not understanding.years & years)),
        "lead": float(first <= context.first),
        "questioning": float(sentence.rstrip().endswith("?")),
    }


def _over_names(understanding: Understanding, matcher: Matcher, matches: Matches, weakest: bool) -> float:
    telling = [
        float(matches[position])
        for position, term in enumerate(matcher.terms)
        if term in understanding.names or term in understanding.years
    ]
    if not telling:
        return 1.0
    return min(telling) if weakest else sum(telling) / len(telling)


def _has_expected(understanding: Understanding, sentence: str) -> float:
    """1 when the sentence has the kind of thing that the question asks for, which the question has not; 0.5 if unknown."""
    asked = set(words(understanding.text))
    plain = fold(sentence)
    match understanding.expected:
        case Expected.NUMBER:
            numbers = {number for found in _NUMBER.findall(_YEAR.sub(" ", sentence)) for number in words(found)}
            return float(bool(numbers - asked))
        case Expected.DATE:
            return float(bool(set(_YEAR.findall(sentence)) - asked) or bool(_MONTH.search(plain)))
        case Expected.PERSON | Expected.PLACE:
            names = {word for name in _CAPITALISED.findall(" " + sentence[1:]) for word in words(name)}
            return float(bool(names - asked))
        case Expected.OPINION:
            return float(bool(_SPEECH.search(plain)))
        case Expected.REASON:
            return float(bool(_CAUSE.search(plain)))
        case _:
            return 0.5
