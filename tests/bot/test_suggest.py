from __future__ import annotations

import json
from dataclasses import replace
from importlib import resources

import pytest

from bot import suggest
from bot.suggest import Suggestions
from corpus.document import Language
from tests.bot.web.standin import ScriptedAnswerer, answered, not_found
from tests.conftest import COAST

DOCUMENTS = {document.doc_id: document for document in COAST}
LIGHTHOUSE, DUNES = DOCUMENTS["lighthouse-2021"], DOCUMENTS["dunes-en"]
REPAIRED = "The Coast Agency repaired 41 lighthouses in 2021."
PLANTED = "The Coast Agency planted 9,000 marram grasses on the dunes of Sablonne in March 2020."
COST = "The work cost EUR 3.2 million."
EN = Language.ENGLISH
WRITTEN = {
    "How many lighthouses were repaired?": "41",
    "What did the work cost?": "EUR 3.2 million",
    "What was planted on the dunes?": "marram",
    "How many harbours are there?": "three",
    "What is the tide?": "high",
}


@pytest.fixture
def suggestions(monkeypatch: pytest.MonkeyPatch) -> Suggestions:
    texts = {one: {"questions": {}, "headline": "What of “{headline}”?"} for one in Language}
    texts[EN]["questions"] = WRITTEN
    monkeypatch.setattr(suggest, "_texts", lambda: texts)
    monkeypatch.setattr(suggest, "_PAUSE_SECONDS", 0)
    answerer = ScriptedAnswerer(
        answered("How many lighthouses were repaired?", EN, (LIGHTHOUSE, REPAIRED)),
        answered("What did the work cost?", EN, (LIGHTHOUSE, COST)),
        answered("What was planted on the dunes?", EN, (DUNES, PLANTED)),
        answered("How many harbours are there?", EN, (LIGHTHOUSE, REPAIRED)),  # without the expected words
        answered(f"What of “{LIGHTHOUSE.title}”?", EN, (LIGHTHOUSE, REPAIRED)),
        answered(f"What of “{DUNES.title}”?", EN, (LIGHTHOUSE, REPAIRED)),  # from another document
    )
    learnt = Suggestions(answerer, lambda: COAST)
    learnt.learn()
    return learnt


def test_only_questions_with_their_answers_are_known(suggestions: Suggestions) -> None:
    found = set()
    for _ in range(3):
        found |= set(suggestions.next_questions(not_found("?", EN), found))
    assert found == {*list(WRITTEN)[:3], f"What of “{LIGHTHOUSE.title}”?"}


def test_after_an_answer_they_are_about_its_documents_and_new(suggestions: Suggestions) -> None:
    answer = answered("lighthouses", EN, (LIGHTHOUSE, REPAIRED))
    assert suggestions.next_questions(answer, []) == ("What did the work cost?",)
    assert suggestions.next_questions(answer, ["what did the WORK cost"]) == ()


def test_without_an_answer_the_nearest_come_first(suggestions: Suggestions) -> None:
    offered = suggestions.next_questions(not_found("Who planted the dunes?", EN), [])
    assert len(offered) == 3
    assert offered[0] == "What was planted on the dunes?"


def test_another_language_has_its_own(suggestions: Suggestions) -> None:
    assert suggestions.next_questions(not_found("?", Language.SPANISH), []) == ()


def test_a_new_snapshot_is_asked_anew(suggestions: Suggestions, monkeypatch: pytest.MonkeyPatch) -> None:
    learning = []
    monkeypatch.setattr(suggestions, "learn_aside", lambda: learning.append(1))
    suggestions.next_questions(replace(not_found("?", EN), snapshot="made-up"), [])
    assert not learning
    for _ in range(2):
        suggestions.next_questions(replace(not_found("?", EN), snapshot="newer"), [])
    assert len(learning) == 1


def test_the_written_questions_are_many_in_each_language() -> None:
    written = json.loads((resources.files("bot") / "questions.json").read_text("utf-8"))
    assert written.keys() == set(Language)
    for own in written.values():
        assert len(own["questions"]) >= 10
        assert all(expected for expected in own["questions"].values())
        assert "{headline}" in own["headline"]
