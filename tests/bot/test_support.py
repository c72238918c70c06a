"""What the probability is made of, and what is ruled out, on real answers of a small corpus."""

from __future__ import annotations

import pytest

from bot.answer import AnswerStatus, Question
from bot.linear import LogisticModel
from bot.pipeline import Pipeline
from bot.settings import Settings
from bot.support import SUPPORT_FEATURES, support, support_features
from corpus.document import PartialDate
from index.build import build_snapshot
from index.encoder import open_encoder
from index.search import Index
from tests.conftest import make_document

DOCUMENTS = [
    make_document(
        "harbour-2015",
        "In 2015 the Coast Agency counted 340 fishing boats in Porthaven. The boats belong to 90 families.",
        title="Boats counted in Porthaven",
        date=PartialDate(2015, 11, 24),
    ),
    make_document(
        "harbour-2019",
        "The Coast Agency counted 410 fishing boats in Porthaven. The quay was mended by local families.",
        title="Boats counted in Porthaven",
        date=PartialDate(2019, 3, 2),
    ),
    make_document(
        "office",
        "The Coast Agency has an office in Marlow with a director. Letters are answered by three clerks.",
        title="The office in Marlow",
        date=PartialDate(2018, 1, 5),
    ),
]


@pytest.fixture
def pipeline(settings: Settings) -> Pipeline:
    encoder = open_encoder(settings.index)
    build_snapshot([(document, 1) for document in DOCUMENTS], settings.snapshots_path, encoder, settings.index)
    return Pipeline(Index.open(settings.snapshots_path, encoder, settings.index), settings)


def features(pipeline: Pipeline, question: str) -> dict[str, float]:
    read = pipeline.read(Question(question))
    assert read is not None
    return support_features(*read)


def test_the_model_has_a_weight_for_each_feature() -> None:
    assert LogisticModel.load("support").weights.keys() == set(SUPPORT_FEATURES)


def test_features_stand_between_their_limits(pipeline: Pipeline) -> None:
    found = features(pipeline, "How many fishing boats did the Coast Agency count in Porthaven in 2015?")
    assert found.keys() == set(SUPPORT_FEATURES)
    assert (found["name_missing"], found["number_missing"], found["contradicted"], found["figure"]) == (0, 0, 0, 1)
    assert 0 <= found["margin"] <= 3


@pytest.mark.parametrize(
    ("question", "feature"),
    [
        ("How many fishing boats were counted in Zanzibar?", "name_missing"),
        ("Which of the 77 fishing boats in Porthaven was lost?", "number_missing"),
        ("How many fishing boats were counted in Porthaven in 1987?", "contradicted"),
    ],
)
def test_what_is_missing_is_told(pipeline: Pipeline, question: str, feature: str) -> None:
    assert features(pipeline, question)[feature] == 1


def test_nothing_read_has_no_support(pipeline: Pipeline) -> None:
    read = pipeline.read(Question("boats"))
    assert read is not None
    assert support(read[0], [], LogisticModel.load("support")) == 0.0


@pytest.mark.parametrize(
    "question",
    [
        "What is the phone number of the Coast Agency's office in Marlow?",
        "Quel est le numéro de téléphone du bureau de Marlow ?",
        "¿Cuál es el número de teléfono de la oficina de Marlow?",
        "How many fishing boats were counted in Porthaven in 1987?",
    ],
)
def test_what_the_documents_do_not_state_is_not_answered(pipeline: Pipeline, question: str) -> None:
    assert not pipeline.answer(Question(question)).status.has_statements


def test_of_two_figures_the_newest_comes_first_unless_a_year_is_named(pipeline: Pipeline) -> None:
    newest = pipeline.answer(Question("How many fishing boats did the Coast Agency count in Porthaven?"))
    assert newest.status is AnswerStatus.ANSWERED
    assert "410" in newest.statements[0].text
    of_2015 = pipeline.answer(Question("How many fishing boats did the Coast Agency count in Porthaven in 2015?"))
    assert "340" in of_2015.statements[0].text


def test_who_asks_how_many_is_not_answered_without_a_number(pipeline: Pipeline) -> None:
    assert not pipeline.answer(Question("What is the budget of the office in Marlow?")).status.has_statements
    counted = pipeline.answer(Question("How many clerks answer letters in the office in Marlow?"))
    assert "three clerks" in counted.statements[0].text
