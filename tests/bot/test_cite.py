from __future__ import annotations

import pytest

from bot.cite import cite, stored_link, text_fragment
from bot.read import Sentence
from corpus.document import Document, DocumentKind, Language
from index.passage import Hit, Passage


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


@pytest.mark.parametrize(
    ("url", "link"),
    [("https://city.example/a.pdf", "https://city.example/a.pdf#page=2"), ("file:///a.pdf", "/documents/a")],
)
def test_a_citation_of_a_document_with_pages_names_and_links_the_page(url: str, link: str) -> None:
    text = "It opened in May.\n\nIt closed in June."
    document = Document("a", url, DocumentKind.RELEASE, Language.ENGLISH, "School", text, page_starts=(0, 19))
    passage = Passage("a#0", "a", 0, len(text), text, "School", Language.ENGLISH)
    sentence = Sentence(Hit(1, 1.0, passage), document, 1, 19, 37, {}, 0.0)
    _, (citation,) = cite([sentence], "")
    assert citation.page == 2
    assert citation.link.startswith(link)
