"""A statement of another language is given in the reader's, where an edition says the same."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.answer import AnswerStatus, Question
from bot.counterpart import in_language
from bot.pipeline import Pipeline
from bot.settings import Settings
from corpus.document import Language
from index.build import build_snapshot
from index.encoder import open_encoder
from index.search import Index
from tests.conftest import make_document

ENGLISH = "IOM helped 5,200 stranded migrants to return home from Libya in 2021."
FRENCH = "En 2021, l'OIM a aidé 5 200 migrants bloqués en Libye à rentrer chez eux."


def opened(tmp_path: Path, french: str, group: str | None = "libya") -> tuple[Index, Settings]:
    settings = Settings(data=tmp_path, answer={"min_probability": 0})  # type: ignore[arg-type]
    encoder = open_encoder(settings.index)
    documents = [
        make_document("libya-en", ENGLISH, "Returns from Libya", edition_group="libya"),
        make_document("libya-fr", french, "Retours", language=Language.FRENCH, edition_group=group),
    ]
    build_snapshot([(one, 1) for one in documents], settings.snapshots_path, encoder, settings.index)
    return Index.open(settings.snapshots_path, encoder, settings.index), settings


def stated(index: Index, settings: Settings) -> list[str]:
    """What the English sentence becomes for a French reader."""
    read = Pipeline(index, settings).read(Question("How many stranded migrants did IOM help to return from Libya?"))
    assert read is not None
    english = [one for one in read[1] if one.document.language is Language.ENGLISH]
    return [one.text for one in in_language(english[:1], Language.FRENCH, index)]


def test_the_edition_of_the_readers_language_is_quoted(tmp_path: Path) -> None:
    index, settings = opened(tmp_path, f"Le siège est à Genève depuis longtemps. {FRENCH}")
    assert stated(index, settings) == [FRENCH]
    answer = Pipeline(index, settings).answer(Question("Combien de migrants bloqués l'OIM a-t-elle aidés en Libye ?"))
    assert answer.status is AnswerStatus.ANSWERED
    assert answer.citations[0].doc_id == "libya-fr"


@pytest.mark.parametrize(
    ("french", "group"),
    [
        (FRENCH.replace("5 200", "5 300"), "libya"),
        (FRENCH.replace("2021", "2020"), "libya"),
        ("En 2021, 5 200 tonnes de blé sont arrivées au port de la capitale voisine.", "libya"),
        (FRENCH, None),
    ],
)
def test_what_does_not_say_the_same_is_not_put_in_its_place(tmp_path: Path, french: str, group: str | None) -> None:
    assert stated(*opened(tmp_path, french, group)) == [ENGLISH]
