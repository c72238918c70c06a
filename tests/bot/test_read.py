from __future__ import annotations

import pytest

from bot.answer import Question
from bot.pipeline import Pipeline
from bot.settings import Settings
from index.build import build_snapshot
from index.search import Index
from tests.conftest import WordHashEncoder, make_document

OPENING = "The Coast Agency opened its harbour office in Porthaven on 24 November 2015."


@pytest.mark.parametrize("dateline", ["", "Porthaven, 24 November – ", "PORTHAVEN — "])
def test_the_first_sentence_is_read_whole_and_without_its_dateline(
    settings: Settings, encoder: WordHashEncoder, dateline: str
) -> None:
    document = make_document("harbour", f"{dateline}{OPENING} Eight clerks work there.", places=("Porthaven",))
    build_snapshot([(document, 1)], settings.snapshots_path, encoder, settings.index)
    pipeline = Pipeline(Index.open(settings.snapshots_path, encoder, settings.index), settings)
    read = pipeline.read(Question("When did the harbour office open in Porthaven?"))
    assert read is not None
    assert OPENING in [sentence.text for sentence in read[1]]
