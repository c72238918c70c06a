"""Going on with the bundled encoder on an organisation's own editions."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from corpus.document import Document, Language
from corpus.store import CorpusStore
from evals.sets import bundled_documents
from index.encoder import open_encoder
from index.settings import IndexSettings
from index.static import StaticEncoder
from index.training.__main__ import main
from index.training.editions import edition_pairs, held_out
from index.training.further import found_first, train_further
from index.training.settings import FurtherSettings
from tests.conftest import make_document

ROOT = Path(__file__).parents[2]
MODEL = ROOT / "index" / "model"


@pytest.fixture(scope="module")
def encoder() -> StaticEncoder:
    return StaticEncoder.open(MODEL)


@pytest.fixture(scope="module")
def documents() -> list[Document]:
    return list(bundled_documents())


def corpus_of(documents: list[Document], folder: Path) -> Path:
    path = folder / "corpus.sqlite3"
    with CorpusStore.open(path, create=True) as store:
        for document in documents:
            store.add(document)
    return path


def test_sentences_are_paired_with_their_translations(encoder: StaticEncoder) -> None:
    english = make_document(
        "en",
        "The river rose by two metres in March. Forty houses were flooded. The mayor thanked the firemen.",
        title="Flood in March",
        edition_group="flood",
    )
    spanish = make_document(
        "es",
        "Cuarenta casas quedaron inundadas. El río subió dos metros en marzo.",
        title="Inundación en marzo",
        language=Language.SPANISH,
        edition_group="flood",
    )
    alone = make_document("other", "Nobody translated this.", edition_group=None)
    pairs = edition_pairs([english, spanish, alone], encoder)
    assert pairs == [
        ("Flood in March", "Inundación en marzo"),
        ("The river rose by two metres in March.", "El río subió dos metros en marzo."),
        ("Forty houses were flooded.", "Cuarenta casas quedaron inundadas."),
    ]


def test_pairs_kept_back_are_not_learnt() -> None:
    pairs = [(str(number), str(number)) for number in range(25)]
    learning, measured = held_out(pairs)
    assert [one for one, _ in measured] == ["9", "19"]
    assert not set(learning) & set(measured)
    assert len(learning) == 23


def test_translations_kept_back_are_found_more_often(encoder: StaticEncoder, documents: list[Document]) -> None:
    learning, measured = held_out(edition_pairs(documents, encoder))
    moved = train_further(encoder, learning, FurtherSettings())
    assert found_first(encoder, moved, measured) > found_first(encoder, encoder.table(), measured) + 0.02
    # What a token weighs is kept, and what no text has stays where it was.
    before = encoder.table()
    assert np.allclose(np.linalg.norm(moved, axis=1), np.linalg.norm(before, axis=1), atol=1e-4)
    seen = np.unique(np.concatenate([tokens for pair in learning for tokens in encoder.tokens(pair)]))
    unseen = np.setdiff1d(np.arange(len(before)), seen)
    assert np.allclose(moved[unseen], before[unseen], atol=1e-6)
    assert np.array_equal(moved, train_further(encoder, learning, FurtherSettings())), "the same input, the same table"


def test_the_command_writes_an_encoder_that_opens(
    encoder: StaticEncoder, documents: list[Document], tmp_path: Path
) -> None:
    out = tmp_path / "own"
    corpus = corpus_of(documents, tmp_path)
    assert main(["--further", str(MODEL), "--corpus", str(corpus), "--out", str(out)]) == 0
    opened = open_encoder(IndexSettings(encoder=str(out)))
    assert opened.digest != encoder.digest
    assert opened.dimensions == encoder.dimensions
    card = (out / "README.md").read_text("utf-8")
    assert encoder.digest in card
    assert "found first" in card


def test_a_corpus_without_editions_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    corpus = corpus_of([make_document("a", "One page alone stands here.")], tmp_path)
    assert main(["--further", str(MODEL), "--corpus", str(corpus), "--out", str(tmp_path / "own")]) == 1
    assert "link their editions" in capsys.readouterr().err
    assert not (tmp_path / "own").exists()


def test_a_missing_corpus_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    missing = tmp_path / "none.sqlite3"
    assert main(["--further", str(MODEL), "--corpus", str(missing), "--out", str(tmp_path / "own")]) == 1
    assert str(missing) in capsys.readouterr().err


def test_further_and_corpus_go_together(tmp_path: Path) -> None:
    with pytest.raises(SystemExit):
        main(["--further", str(MODEL), "--out", str(tmp_path)])
