"""With which sentences a question is answered."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.answer import AnswerStatus
from bot.expected import FIGURES
from bot.observe.stages import stage
from bot.read import Sentence
from bot.settings import AnswerSettings
from bot.support import contradicted
from bot.understand import Expected, Understanding
from corpus.document import Language
from index.lexical.analysis import words

_NEARLY_AS_GOOD = 1.5
"""A further sentence is stated when its log-odds are at most this much below the best one's."""
_SPEECH_AS_GOOD = 4.0
_FIGURE_OF_THE_SAME = 0.75
"""A further figure is stated when its sentence meets at least this share of what the best one meets of the question."""
_DIRECT_SPEECH = re.compile(r"[«“\"].{20,}[»”\"]")
_ALIKE = 0.6
"""Two sentences that share this much of their words say the same."""
_FURTHER = {Expected.OPINION: 4, Expected.ANYTHING: 3, Expected.REASON: 3}
"""How many statements a question of a kind may want; one and its context answer the others."""


@stage("decide")
def choose(understanding: Understanding, sentences: Sequence[Sentence], settings: AnswerSettings) -> list[Sentence]:
    """The sentences to state: the best first, no two that say the same, at most `settings.max_statements`."""
    chosen: list[Sentence] = []
    least = _FIGURE_OF_THE_SAME * sentences[0].features["coverage"]
    limit = min(settings.max_statements, _FURTHER.get(understanding.expected, 2))
    for sentence in sentences:
        if len(chosen) == limit:
            break
        if sentence.score < sentences[0].score - _margin(understanding, sentence):
            continue
        if understanding.expected in FIGURES and sentence.features["coverage"] < least:
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
