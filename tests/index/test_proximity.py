"""Words that stand beside each other in the question count for more where they stand near each other."""

from __future__ import annotations

from pathlib import Path

import pytest

from corpus.document import Language
from index.build import build_snapshot
from index.lexical.bm25 import LexicalIndex
from index.lexical.folded import FoldedPassages
from index.passage import Passage
from index.proximity import neighbours, proximity
from index.search import Index
from index.settings import IndexSettings
from tests.conftest import WordHashEncoder, make_document

BESIDE = "The federal courts decided on harbours. Boats and nets were counted by the wardens of the coast in spring."
APART = "The federal agency counted boats and nets in spring with the wardens of the coast. Harbours belong to courts."


def passage(text: str, language: Language = Language.ENGLISH) -> Passage:
    return Passage("a#0", "a", 0, len(text), text, "Title", language)


@pytest.fixture(scope="module")
def lexical() -> LexicalIndex:
    passages = [passage(BESIDE), passage(APART), passage("Wardens of the coast count boats.")]
    return LexicalIndex.build(FoldedPassages.of(passages))


def near(query: str, text: str, lexical: LexicalIndex) -> float:
    return proximity(neighbours(query, Language.ENGLISH, Language.ENGLISH), passage(text), lexical)


def test_neighbours_of_the_question_count_where_they_are_near(lexical: LexicalIndex) -> None:
    weight = lexical.term_weight("federal", Language.ENGLISH)
    assert 0 < weight < 1
    assert near("What did the federal courts decide?", "Federal courts met.", lexical) == pytest.approx(weight)
    # Stop words do not stand between two terms, and the order does not matter.
    assert near("Which federal courts?", "Courts that are federal met.", lexical) == pytest.approx(weight)
    assert near("Which federal courts?", APART, lexical) == 0


def test_a_pair_counts_as_much_as_its_less_telling_term(lexical: LexicalIndex) -> None:
    common = lexical.term_weight("boats", Language.ENGLISH)
    assert common < lexical.term_weight("federal", Language.ENGLISH)
    assert near("federal boats", "Boats of the federal wardens.", lexical) == pytest.approx(common)


@pytest.mark.parametrize("question", ["", "the of", "courts", "courts courts courts"])
def test_questions_without_a_pair_have_nothing_near(question: str, lexical: LexicalIndex) -> None:
    assert near(question, BESIDE, lexical) == 0


def test_the_passage_in_which_they_are_near_goes_first(tmp_path: Path, encoder: WordHashEncoder) -> None:
    documents = [make_document("apart", APART), make_document("beside", BESIDE)]
    question = "Which federal courts have harbours?"
    firsts = {}
    for weight in (0.0, 20.0):
        settings = IndexSettings()
        same = settings.fusion.same_language.model_copy(update={"proximity": weight})
        settings = settings.model_copy(update={"fusion": settings.fusion.model_copy(update={"same_language": same})})
        if not weight:
            build_snapshot([(one, 1) for one in documents], tmp_path, encoder, settings)
        hits = Index.open(tmp_path, encoder, settings).search(question, language=Language.ENGLISH)
        firsts[weight] = {hit.passage.doc_id: hit for hit in hits}
        assert [hit.rank for hit in hits] == [1, 2]
        assert hits == sorted(hits, key=lambda hit: -hit.score)
    assert firsts[0.0]["beside"].signals["proximity"] == 0
    lead = firsts[20.0]["beside"].score - firsts[20.0]["apart"].score
    assert lead > firsts[0.0]["beside"].score - firsts[0.0]["apart"].score
    assert firsts[20.0]["beside"].rank == 1
    assert firsts[20.0]["apart"].signals["proximity"] < firsts[20.0]["beside"].signals["proximity"]
