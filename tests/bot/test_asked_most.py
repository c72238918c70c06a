"""What the public asks most about an organisation, of the bundled documents by the bundled encoder."""

from __future__ import annotations

import pytest

from bot.answer import AnswerStatus, Question
from bot.cli.corpus import add_paths
from bot.cli.index import build_index
from bot.pipeline import Pipeline, open_pipeline
from bot.settings import Settings
from corpus.bundled import bundled_folder


@pytest.fixture(scope="module")
def bundled(tmp_path_factory: pytest.TempPathFactory) -> Pipeline:
    settings = Settings(data=tmp_path_factory.mktemp("bundled"))
    add_paths([bundled_folder()], settings)
    build_index(settings)
    return open_pipeline(settings)


@pytest.mark.parametrize(
    ("question", "first"),
    [
        ("Who is the Director General of IOM?", "Amy Pope has headed IOM as Director General"),
        ("Qui dirige l'OIM ?", "Amy Pope est Directrice générale de l'OIM"),
        ("¿Quién dirige la OIM?", "Amy Pope"),
        ("Who was Director General before Amy Pope?", "António Vitorino"),
        ("When was IOM founded?", "1951"),
        ("Quand l'OIM a-t-elle été fondée ?", "1951"),
        ("What is IOM?", "The International Organization for Migration (IOM)"),
        ("¿Qué es la OIM?", "La Organización Internacional para las Migraciones (OIM)"),
        ("What is DTM?", "Displacement Tracking Matrix (DTM)"),
        ("¿Dónde está la sede de la OIM?", "Ginebra"),
        # The office of the one who is named, not of the one who went before.
        ("Who is Amy Pope?", "Amy Pope is the eleventh Director General"),
        ("who is amy pope", "Amy Pope is the eleventh Director General"),
        ("Qui est Amy Pope ?", "Amy Pope est Directrice générale"),
        ("¿Quién es Amy Pope?", "Amy Pope ocupa la Dirección General"),
        ("¿Quién es Ugochi Daniels?", "Ugochi Daniels es Directora General Adjunta"),
        ("Who is António Vitorino?", "Director General of IOM from October 2018"),
        ("Who is Amy Pope's predecessor?", "António Vitorino"),
        ("Who is Franz Celestin?", "Regional Director for East, Horn and Southern Africa"),
        ("Who is Ulrika Richardson?", "United Nations Resident Coordinator in Haiti"),
        ("Who is Angelina Teny?", "Minister of the Interior of South Sudan"),
        ("Who was Portugal's candidate in 2018?", "Portugal's was António Vitorino"),
    ],
)
def test_the_first_statement_names_who_when_and_what(bundled: Pipeline, question: str, first: str) -> None:
    answer = bundled.answer(Question(question))
    assert answer.status is AnswerStatus.ANSWERED
    assert first in answer.statements[0].text
    assert answer.citations[0].language is answer.language


@pytest.mark.parametrize(
    ("question", "figure"),
    [
        ("¿Cuántos migrantes murieron en 2024?", "8938"),
        ("How many migrants died in 2024?", "8,938"),
        ("How many migrants died in the Mediterranean in 2024?", "2,452"),
        ("How many countries does IOM work in?", "171 countries"),
        ("¿En cuántos países trabaja la OIM?", "171 países"),
        ("Combien de pays sont membres de l'OIM ?", "175 États membres"),
        ("How many organs does IOM have?", "two organs"),
        ("How many people does IOM have at work in northeast Libya?", "80 IOM staff members"),
        ("Combien de personnes travaillent sur les projets que l'OIM réduit ?", "6\N{NO-BREAK SPACE}000"),
        # Those who live before those who died.
        ("How many migrants are there in the world?", "281 million"),
        ("Combien de migrants y a-t-il dans le monde ?", "281\N{NO-BREAK SPACE}millions"),
        ("¿Cuántos migrantes hay en el mundo?", "281 millones"),
        # A number before a share, also before one in words.
        ("How many survivors of trafficking has IOM assisted?", "100,000"),
        # Those who crossed, not those who were assisted.
        ("¿Cuántos migrantes cruzaron el Darién en 2023?", "medio millón"),
        ("¿Cuántos desplazados internos hay en Haití?", "700\N{NO-BREAK SPACE}000"),
    ],
)
def test_the_figure_of_the_whole_goes_before_those_of_its_parts(bundled: Pipeline, question: str, figure: str) -> None:
    assert figure in bundled.answer(Question(question)).statements[0].text


@pytest.mark.parametrize(
    "question",
    [
        # The sentences next to these tell of the first woman in office, of the founding, and of a plan for other years.
        "Who was the first Director General of IOM?",
        "¿Cuándo se convirtió la OIM en parte de las Naciones Unidas?",
        "When did IOM become part of the United Nations?",
        "Quand a été adopté le Pacte mondial sur les migrations ?",
        # A Chief of Staff, two offices and four tasks are none of what these count.
        "How many staff does IOM have?",
        "Dans combien de pays l'OIM travaille-t-elle ?",
        # Three of the staff are not all who died.
        "¿Cuántas personas murieron en el terremoto?",
        "How many people died in the earthquake?",
        "Combien de personnes sont mortes dans les séismes ?",
        "Which laptop should I buy for editing videos?",
    ],
)
def test_what_answers_something_else_is_not_stated(bundled: Pipeline, question: str) -> None:
    assert not bundled.answer(Question(question)).statements


def test_a_further_figure_is_of_what_was_asked(bundled: Pipeline) -> None:
    answer = bundled.answer(Question("How many humanitarian workers died in the earthquakes?"))
    assert [statement.text.split()[:4] for statement in answer.statements] == [["Three", "IOM", "staff", "members"]]


def test_what_the_organisation_does_is_not_told_by_a_list_that_names_the_country(bundled: Pipeline) -> None:
    assert bundled.answer(Question("¿Qué hace la OIM en Venezuela?")).status is AnswerStatus.NO_ANSWER
