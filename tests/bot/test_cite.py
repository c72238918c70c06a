from __future__ import annotations

import pytest

from bot.cite import stored_link, text_fragment


@pytest.mark.parametrize(
    ("words", "fragment"),
    [
        ("Oui, dit-elle.", "#:~:text=Oui%2C%20dit%2Delle."),
        ("50 % & plus", "#:~:text=50%20%25%20%26%20plus"),
        ("one two three four five six seven eight nine ten eleven twelve thirteen.",
         "#:~:text=one%20two%20three%20four%20five,nine%20ten%20eleven%20twelve%20thirteen."),
    ],
)  # fmt: skip
def test_the_fragment_names_the_words(words: str, fragment: str) -> None:
    assert text_fragment(words) == fragment


def test_the_stored_link_is_escaped() -> None:
    assert stored_link("https://bot.example", "a/../b?c") == "https://bot.example/documents/a%2F..%2Fb%3Fc"
    assert stored_link("", "a", 2, (3, 9)) == "/documents/a?revision=2&start=3&end=9#quote"
