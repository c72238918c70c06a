"""Whether a question that found no answer is about what the corpus is about at all."""

from __future__ import annotations

from collections.abc import Sequence

from bot.read import Sentence
from bot.settings import AnswerSettings
from bot.understand import Understanding
from index.lexical.analysis import words


def in_scope(
    understanding: Understanding,
    text: str,
    sentences: Sequence[Sentence],
    organisation: frozenset[str],
    settings: AnswerSettings,
) -> bool:
    """Whether the question names the organisation or its subjects, or much of it is met in one place of the corpus."""
    asked = set(words(text))
    if asked & organisation:
        return True
    if not sentences or not understanding.terms:
        return False
    return max(sentence.features["context"] for sentence in sentences) >= settings.min_scope
