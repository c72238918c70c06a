from __future__ import annotations

import pytest

from bot.places import other_countries, without
from index.lexical.analysis import words


@pytest.mark.parametrize(
    ("question", "text", "met"),
    [
        ("Combien de déplacés au Soudan ?", "Le Soudan du Sud compte 1,9 million de déplacés.", False),
        ("Combien de déplacés au Soudan ?", "Le Soudan et le Soudan du Sud sont voisins.", True),
        ("Combien de déplacés au Soudan du Sud ?", "Le Soudan du Sud compte 1,9 million de déplacés.", True),
        ("How many people fled Sudan?", "Two million people fled South Sudan.", False),
        ("¿Cuántas personas huyeron de Sudán?", "Dos millones huyeron de Sudán del Sur.", False),
        ("Migrants in Guinea", "The office in Guinea-Bissau reopened.", False),
        ("Migrants in Guinea", "Papua New Guinea joined.", False),
        ("Migrants in Guinea", "The office in Guinea reopened.", True),
    ],
)
def test_a_country_is_not_met_by_one_whose_name_holds_its_name(question: str, text: str, met: bool) -> None:
    names = {"soudan", "sudan", "guinea"}
    assert bool(names & set(words(without(text, other_countries(question))))) is met


def test_other_texts_stay_as_they_are() -> None:
    assert without("Le Soudan du Sud", other_countries("Combien de migrants en Libye ?")) == "Le Soudan du Sud"
