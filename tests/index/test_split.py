from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from corpus.document import Language
from index.split import split_document
from tests.conftest import COAST, make_document

PIECES = st.sampled_from(
    [
        "One sentence here. ",
        "Another, with M. Dupont in it. ",
        "« Oui », dit-elle. ",
        "A repeated line.\n\n",
        "\n",
        "x" * 50,
        " ",
        "é. ",
    ]
)


@given(pieces=st.lists(PIECES, max_size=60), size=st.integers(20, 400))
def test_offsets_are_exact_and_nothing_is_lost(pieces: list[str], size: int) -> None:
    document = make_document("d", "".join(pieces))
    passages = split_document(document, size)
    end = 0
    for passage in passages:
        assert document.text[passage.start : passage.end] == passage.text
        assert passage.start >= end
        assert not document.text[end : passage.start].strip()
        end = passage.end
    assert not document.text[end:].strip()


def test_passages_end_where_sentences_end() -> None:
    text = " ".join(f"Sentence number {number} has a few more words." for number in range(40))
    passages = split_document(make_document("d", text), 300)
    assert len(passages) > 3
    assert all(passage.text.endswith("words.") and len(passage.text) <= 300 for passage in passages)


def test_a_sentence_longer_than_a_passage_stays_whole() -> None:
    text = "Short one. Very " + "very " * 99 + "long one. Short again."
    assert [passage.text for passage in split_document(make_document("d", text), 100)] == [
        "Short one.",
        "Very " + "very " * 99 + "long one.",
        "Short again.",
    ]


def test_abbreviations_do_not_end_sentences() -> None:
    text = "Le Dr. Roche a vu M. Martin à Genève. Il est parti."
    document = make_document("d", text, language=Language.FRENCH)
    assert [passage.text for passage in split_document(document, 40)] == [
        "Le Dr. Roche a vu M. Martin à Genève.",
        "Il est parti.",
    ]


def test_a_passage_knows_its_document() -> None:
    passage = split_document(COAST[3], 1000)[0]
    assert (passage.passage_id, passage.doc_id, passage.edition_key) == ("dunes-en:0", "dunes-en", "dunes")
    assert passage.title == COAST[3].title
