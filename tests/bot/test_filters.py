from __future__ import annotations

import pytest

from bot.answer import Filters, Question
from bot.filters import keeps
from bot.pipeline import Pipeline
from corpus.document import DocumentKind, PartialDate
from tests.conftest import COAST, make_document

LIGHTHOUSE = COAST[0]  # a release of 5 November 2021, Porthaven
UNDATED = make_document("undated", "Text.", "A headline", date=PartialDate(None, 4, 30))


@pytest.mark.parametrize(
    "filters",
    [
        Filters(),
        Filters(since=2021, until=2021),
        Filters(since=2000),
        Filters(until=2030),
        Filters(kinds=frozenset({DocumentKind.RELEASE, DocumentKind.FAQ})),
        Filters(place="porthaven"),
        Filters(place="Lighthouses"),
    ],
)
def test_what_fits_is_kept(filters: Filters) -> None:
    assert keeps(filters, LIGHTHOUSE)


@pytest.mark.parametrize(
    "filters",
    [
        Filters(since=2022),
        Filters(until=2020),
        Filters(kinds=frozenset({DocumentKind.FAQ})),
        Filters(place="Port"),
        Filters(place="haven"),
        Filters(since=2021, place="Sablonne"),
    ],
)
def test_what_does_not_fit_is_left_out(filters: Filters) -> None:
    assert not keeps(filters, LIGHTHOUSE)


def test_a_document_without_a_year_is_of_no_period() -> None:
    assert keeps(Filters(), UNDATED)
    assert not keeps(Filters(since=1900), UNDATED)
    assert not keeps(Filters(until=2100), UNDATED)


def test_a_question_is_answered_from_the_documents_that_are_kept(pipeline: Pipeline) -> None:
    question = "How many lighthouses did the Coast Agency repair?"
    early = pipeline.answer(Question(question, filters=Filters(until=2018)))
    assert {hit.passage.doc_id for hit in early.hits} == {"lighthouse-2018"}
    assert [hit.rank for hit in early.hits] == [1]
    assert early.filtered
    everything = pipeline.answer(Question(question))
    assert "lighthouse-2021" in {hit.passage.doc_id for hit in everything.hits}
    assert not everything.filtered
    assert pipeline.answer(Question(question, filters=Filters(place="Nowhere"))).hits == ()


def test_a_search_finds_passages_of_the_documents_that_are_kept(pipeline: Pipeline) -> None:
    asked = Question("How many lighthouses were repaired?", filters=Filters(until=2018))
    assert {hit.passage.doc_id for hit, _ in pipeline.search(asked, 100)} == {"lighthouse-2018"}
    assert len(pipeline.search(Question(asked.text), 1)) == 1
