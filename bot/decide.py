"""Whether to answer, and with which sentences."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.answer import AnswerStatus
from bot.linear import LogisticModel
from bot.read import FEATURES, Sentence
from bot.settings import AnswerSettings
from bot.understand import Expected, Understanding
from corpus.document import Language
from index.lexical.analysis import words

_NEARLY_AS_GOOD = 1.5
"""A further sentence is stated when its log-odds are at most this much below the best one's."""
_SHORT = 2
_UNMET = 0.4
_SPEECH_AS_GOOD = 4.0
_DIRECT_SPEECH = re.compile(r"[«“\"].{20,}[»”\"]")
_ALIKE = 0.6
"""Two sentences that share this much of their words say the same."""
_WIDEST_MARGIN = 3.0
_FURTHER = {Expected.OPINION: 4, Expected.ANYTHING: 3, Expected.REASON: 3}
"""How many statements a question of a kind may want; one and its context answer the others."""


SUPPORT_FEATURES = (*FEATURES, "reading", "margin")
"""What the probability of support is made of: see `support_features`."""


def support_features(sentences: Sequence[Sentence]) -> dict[str, float]:
    """What is known of the support for an answer: the best sentence's features, and how it stands out."""
    if not sentences:
        return {}
    best = sentences[0]
    runner_up = next((other for other in sentences[1:] if _source(other) != _source(best)), None)
    margin = min(_WIDEST_MARGIN, best.score - runner_up.score) if runner_up else _WIDEST_MARGIN
    return {**best.features, "reading": best.score, "margin": margin}


def support(sentences: Sequence[Sentence], model: LogisticModel) -> float:
    """The probability that the documents answer the question, 0 to 1."""
    return model.probability(support_features(sentences)) if sentences else 0.0


def contradicted(understanding: Understanding, best: Sentence) -> bool:
    """Whether the question states a year that neither the sentence nor what surrounds it has.

    The figure of another year is a wrong answer, however well the rest agrees.
    """
    if not understanding.years:
        return False
    document = best.document
    around = words(f"{document.title} {best.hit.passage.text} {document.date or ''}")
    return not understanding.years & set(around) or best.features["other_year"] > 0


def half_unmet(understanding: Understanding, best: Sentence) -> bool:
    """Whether a question of one or two telling words has one that is met nowhere near the best sentence.

    A long question can miss a word; of a short one half would be left unanswered.
    """
    return len(understanding.terms) <= _SHORT and best.features["unmet"] >= _UNMET


def choose(understanding: Understanding, sentences: Sequence[Sentence], settings: AnswerSettings) -> list[Sentence]:
    """The sentences to state: the best first, no two that say the same, at most `settings.max_statements`."""
    chosen: list[Sentence] = []
    limit = min(settings.max_statements, _FURTHER.get(understanding.expected, 2))
    for sentence in sentences:
        if len(chosen) == limit:
            break
        if sentence.score < sentences[0].score - _margin(understanding, sentence):
            continue
        if understanding.years and contradicted(understanding, sentence):
            continue
        if not any(_says_the_same(sentence, other) for other in chosen):
            chosen.append(sentence)
    return chosen


def _margin(understanding: Understanding, sentence: Sentence) -> float:
    """What someone thinks is best told in their own words: direct speech may stand further behind."""
    speech = understanding.expected is Expected.OPINION and _DIRECT_SPEECH.search(sentence.text)
    return _SPEECH_AS_GOOD if speech else _NEARLY_AS_GOOD


def answered_status(chosen: Sequence[Sentence], language: Language) -> AnswerStatus:
    """`answered`, or that the words are in another language than the question's."""
    same = any(sentence.document.language == language for sentence in chosen)
    return AnswerStatus.ANSWERED if same else AnswerStatus.ANSWERED_OTHER_LANGUAGE


def _source(sentence: Sentence) -> str:
    return sentence.hit.passage.edition_key


def _says_the_same(one: Sentence, other: Sentence) -> bool:
    if _source(one) == _source(other) and one.document.language != other.document.language:
        return True  # another edition of the same release
    first, second = set(words(one.text)), set(words(other.text))
    return len(first & second) >= _ALIKE * min(len(first), len(second))
