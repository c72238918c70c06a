from __future__ import annotations

from pathlib import Path

import bm25s
import numpy as np
import pytest
from numpy.typing import NDArray

from corpus.document import Language
from index.lexical.analysis import analyser
from index.lexical.bm25 import LexicalIndex
from index.lexical.folded import FoldedPassages
from index.lexical.scored import PassageScores
from index.split import split_document
from tests.conftest import COAST, make_document

PASSAGES = [passage for document in COAST for passage in split_document(document, 1000)]


def whole(scores: PassageScores) -> NDArray[np.float32]:
    """The score of each passage."""
    return scores.at(np.arange(len(PASSAGES)))


@pytest.fixture
def index() -> LexicalIndex:
    return LexicalIndex.build(FoldedPassages.of(PASSAGES))


def test_a_word_that_surely_translates_scores_like_the_word_itself(index: LexicalIndex) -> None:
    terms = index.term_numbers(["lighthouses", "storms"], Language.ENGLISH)
    both = [(terms[:1], np.ones(1, np.float32)), (terms[1:], np.ones(1, np.float32))]
    english = np.asarray([passage.language == Language.ENGLISH for passage in PASSAGES])
    expected = np.where(english, whole(index.scores("lighthouses storms", Language.ENGLISH)), 0)
    np.testing.assert_allclose(whole(index.translated_scores({Language.ENGLISH: both})), expected, rtol=1e-5)
    assert expected.max() > 0


def test_scores_are_those_of_bm25s(index: LexicalIndex) -> None:
    for language in Language:
        here = [number for number, passage in enumerate(PASSAGES) if passage.language == language]
        terms = analyser(language)
        expected = bm25s.BM25(k1=1.2, b=0.75)
        texts = [f"{PASSAGES[number].title}\n{PASSAGES[number].text}" for number in here]
        expected.index([terms.passage_terms(text) for text in texts], show_progress=False)
        for text in texts:
            asked = terms.query_terms(text, language)
            unscaled = whole(index.scores(text, language))[here] * np.log(1 + (len(here) + 0.5) / 0.5)
            np.testing.assert_allclose(unscaled, expected.get_scores(asked), rtol=1e-5)


def test_a_language_of_stop_words_alone_has_an_index(tmp_path: Path) -> None:
    passages = [
        passage for text in ("The of.", "And the.") for passage in split_document(make_document("the", text), 1000)
    ]
    index = LexicalIndex.build(FoldedPassages.of(passages))
    index.save(tmp_path / "lexical")
    for one in (index, LexicalIndex.open(tmp_path / "lexical")):
        assert not one.scores("dunes of the coast", Language.ENGLISH).at(np.arange(2)).any()
        assert one.term_numbers(["dunes", "the"], Language.ENGLISH).tolist() == [-1, -1]


def test_translations_count_with_their_probabilities(index: LexicalIndex) -> None:
    terms = index.term_numbers(["lighthouses", "dunes"], Language.ENGLISH)
    alone = [
        whole(index.translated_scores({Language.ENGLISH: [(terms[place : place + 1], np.ones(1, np.float32))]}))
        for place in (0, 1)
    ]
    together = whole(index.translated_scores({Language.ENGLISH: [(terms, np.asarray([0.75, 0.25], np.float32))]}))
    np.testing.assert_allclose(together, 0.75 * alone[0] + 0.25 * alone[1], rtol=1e-5)


def test_a_question_without_translations_scores_nothing(index: LexicalIndex) -> None:
    assert not whole(index.translated_scores({Language.ENGLISH: []})).any()


def test_a_word_that_no_passage_has_or_that_says_nothing_has_no_term(index: LexicalIndex) -> None:
    assert index.term_numbers(["zeppelin", "the", "dunes"], Language.ENGLISH).tolist()[:2] == [-1, -1]
    assert index.term_numbers(["dunes"], Language.ENGLISH)[0] >= 0


def test_what_is_written_is_what_is_read(index: LexicalIndex, tmp_path: Path) -> None:
    index.save(tmp_path / "lexical")
    read = LexicalIndex.open(tmp_path / "lexical")
    for language in Language:
        terms = index.term_numbers(["dunes", "faros", "villamar"], language)
        np.testing.assert_array_equal(terms, read.term_numbers(["dunes", "faros", "villamar"], language))
        of_words = [(terms[terms >= 0], np.full(int((terms >= 0).sum()), 0.5, np.float32))]
        np.testing.assert_array_equal(
            whole(index.translated_scores({language: of_words})), whole(read.translated_scores({language: of_words}))
        )
        np.testing.assert_array_equal(whole(index.scores("dunes", language)), whole(read.scores("dunes", language)))


def test_the_highest_are_those_of_all_passages_and_of_each_language(index: LexicalIndex) -> None:
    scores = index.scores("dunes dunas oyats lighthouses phares", Language.ENGLISH)
    every = whole(scores)
    best = scores.highest(3)
    assert len(best) == 3
    assert np.sort(every[best]).tolist() == np.sort(every)[-3:].tolist()
    for of_language in scores.highest_of_each(2):
        language = {PASSAGES[number].language for number in of_language}
        assert len(language) == 1
        here = [number for number, passage in enumerate(PASSAGES) if passage.language in language]
        wanted = sorted((score for score in every[here].tolist() if score > 0), reverse=True)[:2]
        assert sorted(every[of_language].tolist(), reverse=True) == wanted
    assert len(index.scores("zeppelin", Language.ENGLISH).highest(3)) == 0
