"""People's addresses and numbers in documents are given out by no door, unless the settings allow it."""

from __future__ import annotations

import json

import pytest

from bot.answer import Answer, AnswerStatus, Question
from bot.contacts import COVER, covered
from bot.pipeline import Pipeline
from bot.settings import AnswerSettings, Settings
from index.build import build_snapshot
from index.search import Index
from tests.conftest import COAST, WordHashEncoder, make_document

MAIL, PHONE = "press.marsh@coast.example", "+41 22 717 91 11"
RELEASE = make_document(
    "harbour-press",
    "The Coast Agency opened a harbour school in Porthaven. The harbour school teaches 80 pupils of Porthaven. "
    f"The press officer of the harbour school in Porthaven can be reached by e-mail at {MAIL}. "
    f"The phone number of the press officer of the harbour school in Porthaven is {PHONE}.",
    title="A harbour school in Porthaven",
)
QUESTIONS = (
    "What is the e-mail address of the press officer of the harbour school in Porthaven?",
    "What is the phone number of the press officer of the harbour school in Porthaven?",
    "How many pupils does the harbour school of Porthaven teach?",
)


def ask(settings: Settings, index: Index, question: str) -> Answer:
    return Pipeline(index, settings).answer(Question(question))


@pytest.fixture
def index(settings: Settings, encoder: WordHashEncoder) -> Index:
    build_snapshot([(one, 1) for one in (*COAST, RELEASE)], settings.snapshots_path, encoder, settings.index)
    return Index.open(settings.snapshots_path, encoder, settings.index)


@pytest.fixture
def open_settings(settings: Settings) -> Settings:
    return settings.model_copy(update={"answer": AnswerSettings(give_contacts=True)})


@pytest.mark.parametrize("question", QUESTIONS)
def test_no_part_of_an_answer_gives_out_a_contact(settings: Settings, index: Index, question: str) -> None:
    said = json.dumps(ask(settings, index, question).to_record(), ensure_ascii=False)
    assert MAIL not in said
    assert PHONE not in said
    assert "harbour school" in said


def test_the_rest_of_the_document_is_answered_from(settings: Settings, index: Index) -> None:
    answer = ask(settings, index, QUESTIONS[2])
    assert answer.status is AnswerStatus.ANSWERED
    assert "80 pupils" in answer.statements[0].text
    citation = answer.citations[0]
    begin = citation.start - citation.passage_start
    assert citation.passage[begin : begin + len(citation.quote)] == citation.quote
    assert COVER in citation.passage


def test_the_settings_may_allow_it(open_settings: Settings, index: Index) -> None:
    said = [json.dumps(ask(open_settings, index, question).to_record(), ensure_ascii=False) for question in QUESTIONS]
    assert MAIL in said[0]
    assert PHONE in said[1]
    assert COVER not in "".join(said)


def test_a_search_covers_them_too(settings: Settings, open_settings: Settings, index: Index) -> None:
    def found(given: Settings) -> str:
        return " ".join(hit.passage.text for hit, _ in Pipeline(index, given).search(Question(QUESTIONS[0]), 5))

    assert MAIL in found(open_settings)
    assert MAIL not in found(settings)
    assert PHONE not in found(settings)


def test_covering_keeps_the_length_and_all_figures() -> None:
    assert len(covered(RELEASE.text)) == len(RELEASE.text)
    figures = "The Coast Agency counted 8 938 deaths in 2024, 281 598 105 migrants and USD 7,900,000,000 in 2020-2021."
    assert covered(figures) == figures
