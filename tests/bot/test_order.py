"""Rules for kinds of questions, by sentences of their own."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import pytest

from bot.answer import Question
from bot.order import counts_staff_alone
from bot.understand import understand
from corpus.document import Language

DIED = "How many people died?"


def counts_staff(question: str, sentence: str, language: Language) -> bool:
    stated: Any = SimpleNamespace(text=sentence, document=SimpleNamespace(language=language))
    return counts_staff_alone(understand(Question(question), frozenset({"iom", "oim"})), cast(Any, stated))


@pytest.mark.parametrize(
    ("sentence", "language"),
    [
        ("Three IOM staff members lost their lives in February 2023.", "en"),
        ("In 2023, 12 of its staff lost their lives.", "en"),
        ("L'OIM a perdu trois membres de son personnel dans les séismes.", "fr"),
        ("Tres integrantes del personal de la OIM murieron.", "es"),
    ],
)
def test_a_number_of_the_staff_alone_is_not_that_of_all(sentence: str, language: str) -> None:
    assert counts_staff(DIED, sentence, Language(language))
    assert not counts_staff("How many people work for IOM?", sentence, Language(language))
    assert not counts_staff("¿Cuántos empleados murieron?", sentence, Language(language))


@pytest.mark.parametrize(
    ("sentence", "language"),
    [
        ("In 2024, IOM staff assisted people in the camps.", "en"),
        ("IOM has 175 Member States and more than 22,000 staff.", "en"),
        ("In 2024, IOM staff assisted 50,000 people.", "en"),
        ("Ses très proches collègues ont aidé les migrants.", "fr"),
        ("Au moins 300 personnes sont mortes.", "fr"),
    ],
)
def test_another_number_or_a_year_is_none_of_the_staff(sentence: str, language: str) -> None:
    assert not counts_staff(DIED, sentence, Language(language))
