"""The whole way of a question, for those who want to see why it was answered so."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from bot.answer import Question
from bot.read import Sentence
from bot.understand import Understanding
from corpus.document import Language
from index.encoder import Vectors
from index.passage import Hit
from index.settings import PairWeights


@dataclass(frozen=True, slots=True)
class Explanation:
    """Each step between a question and its answer."""

    understanding: Understanding
    hits: tuple[Hit, ...]
    """The passages that were read, best first."""
    fusion: Mapping[Language, PairWeights]
    """What each signal weighs in a passage's score, by the passage's language."""
    sentences: tuple[Sentence, ...]
    """The sentences that were judged, best first."""
    support: Mapping[str, float]
    """What the probability rests on, by the names in `bot.support.SUPPORT_FEATURES`; empty without sentences."""
    weights: Mapping[str, float]
    """What each of them weighs, in log-odds."""
    bias: float
    """The log-odds before any feature counts."""
    probability: float
    """That the documents answer, 0 to 1."""
    threshold: float
    """The probability from which an answer is given."""
    ruled_out: bool
    """The best sentence must not be stated, however probable it looks."""
    chosen: tuple[Sentence, ...]
    """The sentences to state; none when there is no answer."""


@runtime_checkable
class Explainer(Protocol):
    """Whoever can show the way of a question: the pipeline."""

    def explain(self, question: Question) -> Explanation | None:
        """The way of a question; None for what cannot be read as one."""

    def search(self, question: Question, k: int) -> list[tuple[Hit, str]]:
        """The `k` best passages, each with the address of its page."""

    def vectors(self, texts: Sequence[str]) -> Vectors:
        """`(n, d) float32`, a unit vector for each question."""
