from __future__ import annotations

import pytest

from corpus.document import Language
from index.lexical.analysis import analyser, fold, stop_words, words
from index.query import query_language


@pytest.mark.parametrize("written", ["4 592", "4\u00a0592", "4\u202f592", "4,592", "4.592", "4592"])
def test_a_number_is_one_word_however_it_is_grouped(written: str) -> None:
    assert words(f"Total: {written} people") == ["total", "4592", "people"]


@pytest.mark.parametrize(("written", "expected"), [("7,9", "7.9"), ("7.9", "7.9"), ("in 2015 300 people", "2015")])
def test_decimals_and_neighbouring_numbers_stay_apart(written: str, expected: str) -> None:
    assert expected in words(written)


def test_words_are_compared_without_accents_and_case() -> None:
    assert words("Œuvre d’ÉTÉ, Añó") == ["oeuvre", "d", "ete", "ano"]


def test_inflected_forms_share_a_term() -> None:
    french = analyser(Language.FRENCH)
    assert french.passage_terms("migrants déplacés") == french.passage_terms("migrant déplacée")


def test_stop_words_of_both_languages_leave_a_question() -> None:
    terms = analyser(Language.ENGLISH).query_terms("¿Cuántos faros hay en la costa?", Language.SPANISH)
    assert terms == analyser(Language.ENGLISH).passage_terms("faros costa")


@pytest.mark.parametrize(
    ("question", "language"),
    [
        ("combien de morts", "fr"),
        ("et en 2015 ?", "fr"),
        ("budget de l'oim", "fr"),
        ("muertos mediterraneo 2018", "es"),
        ("quien dirige la oim", "es"),
        ("y en 2015?", "es"),
        ("who is amy pope", "en"),
        ("how many deaths", "en"),
        ("and in 2015?", "en"),
        # The letters of a name are not the question's.
        ("Who is António Vitorino?", "en"),
        ("Qui est José Núñez ?", "fr"),
        ("¿Quién es François Fouinat?", "es"),
    ],
)
def test_the_language_of_a_few_words_without_accents(question: str, language: str) -> None:
    assert query_language(question) == language


def test_the_terms_of_single_words_are_those_that_passages_have() -> None:
    text = "Les personnes déplacées — 4 592 dont 7,9 % de réfugiées — sont arrivées à Cœur-Élan, Núñez, Ĳ et ﬁn."
    for language in Language:
        folded = words(text)
        terms = analyser(language).word_terms(folded)
        assert [term for term in terms if term is not None] == analyser(language).passage_terms(text)
        assert [word for word, term in zip(folded, terms, strict=True) if term is None] == [
            word for word in folded if word in stop_words(language)
        ]


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("1 234 567", "1234567"),
        ("12.345,6", "12345.6"),
        (".123.456", ".123.456"),
        ("a,123", "a,123"),
        ("1234.567", "1234.567"),
        ("1,2345", "1.2345"),
        ("7,9 et 8,1", "7.9 et 8.1"),
        ("Å é à̧ ŒUVRE", "a e a oeuvre"),
    ],
)
def test_numbers_and_letters_are_written_one_way(written: str, folded: str) -> None:
    assert fold(written) == folded
