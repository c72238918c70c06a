from __future__ import annotations

import pytest

from bot.figures import SHARE, figures
from corpus.document import Language

EN, FR, ES = Language.ENGLISH, Language.FRENCH, Language.SPANISH


@pytest.mark.parametrize(
    ("sentence", "language", "values"),
    [
        ("The Coast Agency repaired 41 lighthouses in 2021.", EN, [41]),
        ("The work cost EUR 3.2 million.", EN, [3_200_000]),
        ("L’Agence a planté 9 000 oyats en mars 2020.", FR, [9000]),
        ("17 % des 4,5 millions d’habitants", FR, [17, 4_500_000]),
        ("7,9 milliards de dollars le 1er août", FR, [7_900_000_000]),
        ("Pidió 1600 millones de dólares el 4 de mayo de 2019.", ES, [1_600_000_000]),
        ("the 7th of the 175 Member States, on October 1, 2023", EN, [175]),
        ("It was founded on 30 November 1954.", EN, []),
        ("No number stands here.", EN, []),
    ],
)
def test_the_numbers_of_a_sentence_without_its_dates(sentence: str, language: Language, values: list[float]) -> None:
    assert [one.value for one in figures(sentence, language)] == values


@pytest.mark.parametrize(
    ("sentence", "language", "counted"),
    [
        ("It costs $ 5 million.", EN, "usd"),
        ("Cela coûte 5 millions d’euros.", FR, "eur"),
        ("Es un 17 por ciento.", ES, SHARE),
        ("17 per cent of them", EN, SHARE),
    ],
)
def test_what_is_counted(sentence: str, language: Language, counted: str) -> None:
    (figure,) = figures(sentence, language)
    assert figure.counted == {counted}


def test_singular_and_plural_count_the_same() -> None:
    (one,), (other,) = figures("1 lighthouse", EN), figures("41 old lighthouses", EN)
    assert one.counted & other.counted
