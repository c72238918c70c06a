"""Passages → the sentences that answer, best first.

Each sentence of the best passages is described by a few features and judged by a logistic model whose weights,
learnt from questions with known answers (`python -m evals.fit`), stand in `models/reading.json`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from bot.describe import DESCRIBED, Describer, FoundPassage
from bot.linear import LogisticModel
from bot.matching import Matcher
from bot.observe.stages import stage
from bot.places import other_countries
from bot.understand import Understanding
from corpus.document import Document
from index.passage import Hit
from index.search import Index

FEATURES = (
    *DESCRIBED,
    "cosine",  # of the vectors of question and sentence
    "retrieval",  # score of the passage over the best passage's
)
_PASSAGES = 10
_ENCODED = 24
"""How many sentences are compared by vector: those that words and retrieval put first."""


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
    others = other_countries(understanding.text)
    passages = [FoundPassage(hit, *index.document(hit.passage.doc_id), others) for hit in hits[:_PASSAGES]]
    places = _places(passages)
    if not places:
        return []
    matcher = Matcher(understanding, index)
    matcher.learn((passage.document.language, passage.words) for passage in passages)
    describer, best = Describer(understanding, matcher), max(hit.score for hit in hits)
    columns = []
    for passage in passages:
        retrieval = passage.hit.score / best if best > 0 else 0.0
        described = describer.described(passage)
        alike = np.zeros(len(passage.stated.sentences))
        columns.append(np.stack([*(described[name] for name in DESCRIBED), alike, alike + retrieval], axis=1))
    distinct = [passages[one].stated.sentences[other] for one, other in places]
    starts = np.cumsum([0, *(len(passage.stated.sentences) for passage in passages)])
    features = np.concatenate(columns)[[starts[one] + other for one, other in places]]
    weights = np.asarray([model.weights.get(name, 0.0) for name in FEATURES])
    # Summed row by row: a matrix product may give equal rows unequal sums, and so another order.
    shortlist = np.argsort(-(features * weights).sum(axis=1), kind="stable")[:_ENCODED].tolist()
    vectors = index.sentence_vectors([distinct[row].text for row in shortlist])
    features[shortlist, FEATURES.index("cosine")] = vectors @ index.query_vector(understanding.text)
    judged = []
    for row in shortlist:
        passage, one = passages[places[row][0]], distinct[row]
        of_sentence = dict(zip(FEATURES, features[row].tolist(), strict=True))
        score = model.log_odds(of_sentence)
        judged.append(Sentence(passage.hit, passage.document, passage.revision, one.start, one.end, of_sentence, score))
    return judged


def _places(passages: Sequence[FoundPassage]) -> list[tuple[int, int]]:
    """The passage and the place in it of each sentence; one that stands in two passages counts in the better one."""
    places: dict[tuple[str, int], tuple[int, int]] = {}
    for number, passage in enumerate(passages):
        for place, one in enumerate(passage.stated.sentences):
            places.setdefault((passage.document.doc_id, one.start), (number, place))
    return list(places.values())
