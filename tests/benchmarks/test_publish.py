from __future__ import annotations

from pathlib import Path

from benchmarks.publish import documents, measure
from bot.settings import Settings
from corpus.store import CorpusStore
from index.snapshot import current_snapshot, read_manifest


def test_a_changed_document_is_published_both_ways(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path)
    figures = measure(settings, 30, 2)
    assert set(figures) == {"first", "service", "command"}
    assert all(seconds > 0 for seconds in figures.values())
    assert read_manifest(settings.snapshots_path / current_snapshot(settings.snapshots_path)).documents == 30
    with CorpusStore.open(settings.corpus_path) as store:
        assert next(store.documents()).revision == 11


def test_documents_are_as_many_and_as_long_as_asked() -> None:
    made = list(documents(20, 3))
    assert len(made) == len({one.doc_id for one in made}) == 20
    assert all(one.text.count("\n\n") >= 2 for one in made)
