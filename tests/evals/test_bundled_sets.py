"""The bundled sets are sound, in step with the bundled corpus, and above their floors."""

from __future__ import annotations

from collections import Counter

import pytest

from bot.answer import AnswerStatus
from bot.settings import Settings
from corpus.document import Language
from evals import command
from evals.sets import ANSWERABLE, UNANSWERABLE, bundled_documents, corpus_lines
from evals.testset import CORPUS, QuestionSet, load_set


@pytest.fixture(scope="module")
def answerable() -> QuestionSet:
    return load_set(ANSWERABLE)


def test_the_corpus_is_in_step_with_the_bundled_pages(answerable: QuestionSet) -> None:
    assert (ANSWERABLE / CORPUS).read_text("utf-8") == corpus_lines(), "run `python -m evals.sets`"
    bundled = {document.doc_id: document for document in bundled_documents()}
    assert {document.doc_id: document for document in answerable.documents} == bundled


def test_there_are_enough_questions_in_three_languages(answerable: QuestionSet) -> None:
    assert answerable.judged == answerable.topics
    languages = Counter(topic.language for topic in answerable.topics)
    assert len(answerable.topics) >= 120
    assert min(languages[language] for language in Language) >= 40
    assert sum(topic.across for topic in answerable.topics) >= 30


def test_an_answer_stands_in_a_document_that_is_judged_to_hold_it(answerable: QuestionSet) -> None:
    texts = {document.doc_id: document.text for document in answerable.documents}
    for topic in answerable.topics:
        assert topic.answers, topic.query_id
        for answer in topic.answers:
            assert any(answer in texts[doc_id] for doc_id in answerable.relevant[topic.query_id]), topic.query_id


def test_across_means_that_no_edition_is_in_the_language_of_the_question(answerable: QuestionSet) -> None:
    documents = {document.doc_id: document for document in answerable.documents}
    languages: dict[str, set[Language]] = {}
    for document in answerable.documents:
        languages.setdefault(document.edition_group or document.doc_id, set()).add(document.language)
    for topic in answerable.topics:
        judged = [documents[doc_id] for doc_id in answerable.relevant[topic.query_id]]
        editions = set().union(*(languages[document.edition_group or document.doc_id] for document in judged))
        assert topic.across == (topic.language not in editions), topic.query_id
        assert topic.across or any(document.language == topic.language for document in judged), topic.query_id


def test_questions_without_an_answer_are_of_three_kinds(answerable: QuestionSet) -> None:
    unanswerable = load_set(UNANSWERABLE)
    kinds = Counter(topic.expected for topic in unanswerable.topics)
    assert len(unanswerable.topics) >= 40
    assert set(kinds) == {AnswerStatus.NO_ANSWER, AnswerStatus.OUT_OF_SCOPE, AnswerStatus.REFUSED}
    assert unanswerable.corpus_digest == answerable.corpus_digest


@pytest.mark.parametrize("folder", [ANSWERABLE, UNANSWERABLE], ids=lambda folder: folder.name)
def test_half_of_the_questions_are_kept_from_tuning(folder: object) -> None:
    topics = load_set(folder).topics  # type: ignore[arg-type]
    by_split = {split: [topic for topic in topics if topic.split == split] for split in ("dev", "test")}
    assert sum(map(len, by_split.values())) == len(topics)
    for language in Language:
        dev, test = (sum(topic.language == language for topic in by_split[split]) for split in ("dev", "test"))
        assert abs(dev - test) <= 3


def test_no_figure_is_below_its_floor(settings: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    status = command.evaluate([], settings, command.Options(json=True, gate=True))
    assert status == 0, capsys.readouterr().err
