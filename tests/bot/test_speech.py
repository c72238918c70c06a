from __future__ import annotations

import pytest

from bot.speech import Speaker, names_office, speaker

DARK = "A dark coast is a dangerous coast"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"“{DARK},” said Director Ada Marsh. More.", Speaker("Ada Marsh", "Director")),
        (f"“{DARK},” said Coast Agency Director General Ada Marsh during her visit.",
         Speaker("Ada Marsh", "Coast Agency Director General")),
        (f"“{DARK}. We know it,” Ada Marsh, the Agency's Director, said.", Speaker("Ada Marsh", "Agency's Director")),
        (f"“{DARK},” said Ms. Marsh.", Speaker("Ms. Marsh")),
        ("« Une côte sombre est dangereuse », a déclaré Ada Marsh, Directrice de l’Agence du littoral. Fin.",
         Speaker("Ada Marsh", "Directrice de l’Agence du littoral")),
        ("« Une côte sombre est dangereuse », a déclaré la Directrice de l’Agence, Ada Marsh.",
         Speaker("Ada Marsh", "Directrice de l’Agence")),
        ("Ada Marsh, Directrice de l’Agence, a déclaré : « Une côte sombre est dangereuse. »",
         Speaker("Ada Marsh", "Directrice de l’Agence")),
        ("«Una costa oscura es peligrosa», dijo Ada Marsh, directora de la Agencia de la Costa.",
         Speaker("Ada Marsh", "directora de la Agencia de la Costa")),
    ],
)  # fmt: skip
def test_a_speaker_is_told_as_the_page_names_them(text: str, expected: Speaker) -> None:
    assert speaker(text, 0, len(text)) == expected


@pytest.mark.parametrize(
    "text",
    [
        f"“{DARK},” she said.",
        f"“{DARK},” said the agency.",
        f"“{DARK},” said Coast Agency.",
        "The “dark coast” said Ada Marsh.",
        f"“{DARK},” according to the release. Ada Marsh said nothing.",
        f"“{DARK},” said Ada Marsh. “They were wrong about all of this,” said Bob Hill.",
        "Ada Marsh said that the coast is dark.",
    ],
)
def test_nothing_is_told_when_it_is_not_sure(text: str) -> None:
    assert speaker(text, 0, len(text)) is None


def test_each_sentence_has_its_own_speaker() -> None:
    first = f"“{DARK},” said Ada Marsh."
    text = f"{first} “They were wrong about all of this,” said Bob Hill."
    assert speaker(text, 0, len(first)) == Speaker("Ada Marsh")
    assert speaker(text, len(first) + 1, len(text)) == Speaker("Bob Hill")


def test_a_sentence_within_a_longer_quotation_has_the_speaker_at_its_end() -> None:
    text = f"“{DARK}. It must be lit. We shall do it,” said Ada Marsh."
    start = text.index("It must")
    assert speaker(text, start, start + len("It must be lit.")) == Speaker("Ada Marsh")


def test_the_next_paragraph_is_not_looked_at() -> None:
    text = f"“{DARK}.”\n\nSaid Ada Marsh."
    assert speaker(text, 0, 20) is None


def test_a_sentence_that_says_who_holds_an_office() -> None:
    assert names_office("Ada Marsh is the Director of the Coast Agency.")
    assert names_office("La directrice, Ada Marsh, a signé.")
    assert not names_office("The director signed.")
    assert not names_office("Ada Marsh signed.")
