"""Of pages that say the same, the canonical one is cited."""

from __future__ import annotations

from pathlib import Path

from bot.answer import AnswerStatus, Question
from bot.pipeline import Pipeline
from bot.settings import Settings
from corpus.editions import link_editions
from index.build import build_snapshot
from index.encoder import open_encoder
from index.search import Index
from tests.conftest import make_document

TEXT = (
    "The Coast Agency counted 410 fishing boats in Porthaven in March. The quay was mended by ninety local families, "
    "who had waited for stone from the quarry at Brenn since the storm of January broke the old harbour wall."
)


def test_the_canonical_page_is_cited_once(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path)
    encoder = open_encoder(settings.index)
    pages = [
        make_document("a-country", TEXT, "Boats counted", url="https://lume.coast.example/news/1"),
        make_document("b-own", TEXT, "Boats counted", url="https://www.coast.example/news/1"),
        make_document(
            "c-other", "The Coast Agency has an office in Marlow with a director and three clerks.", "Marlow"
        ),
    ]
    linked = link_editions(pages).documents
    build_snapshot([(one, 1) for one in linked], settings.snapshots_path, encoder, settings.index)
    pipeline = Pipeline(Index.open(settings.snapshots_path, encoder, settings.index), settings)
    answer = pipeline.answer(Question("How many fishing boats did the Coast Agency count in Porthaven?"))
    assert answer.status is AnswerStatus.ANSWERED
    assert {citation.doc_id for citation in answer.citations} == {"b-own"}
    assert "a-country" not in {hit.passage.doc_id for hit in answer.hits}
