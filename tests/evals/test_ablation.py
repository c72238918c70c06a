"""Signals switched off."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from bot.settings import Settings
from evals import command
from evals.ablation import variants
from evals.command import Options
from evals.run import evaluate_sets
from evals.testset import load_set
from index.encoder import Vectors
from index.fuse import SIGNALS
from index.settings import FusionSettings, IndexSettings, PairWeights
from tests.conftest import WordHashEncoder
from tests.evals.conftest import write_set


def weights(settings: IndexSettings) -> set[str]:
    """The signals that still weigh anything, for whichever pair of languages."""
    fusion = settings.fusion
    pairs = (fusion.same_language, fusion.across_languages, *fusion.pairs.values())
    weighed = {name for pair in pairs for name in SIGNALS if pair.of(name)}
    return weighed | ({"dense"} if any(fusion.sentence_encoder_dense.values()) else set())


def of_all() -> IndexSettings:
    """Settings in which every signal weighs something for every pair, one pair having weights of its own."""
    pair = PairWeights(bm25=1, translated=1, interaction=1, dense=1, prior=1)
    return IndexSettings(fusion=FusionSettings(same_language=pair, across_languages=pair, pairs={"es-en": pair}))


def test_each_signal_is_switched_off_and_left_alone() -> None:
    found = {name: weights(changed) for name, changed in variants(of_all(), SIGNALS).items()}
    assert found.pop("whole") == set(SIGNALS)
    for signal in SIGNALS:
        assert found.pop(f"without {signal}") == set(SIGNALS) - {signal}
        assert found.pop(f"{signal} alone") == {signal}
    assert not found


def test_of_two_signals_one_without_the_other_is_given_once() -> None:
    assert list(variants(IndexSettings(), ("bm25", "dense"))) == ["whole", "bm25 alone", "dense alone"]
    assert list(variants(IndexSettings(), ("dense",))) == ["whole"]


def test_a_signal_that_is_off_no_longer_ranks(tmp_path: Path, settings: Settings) -> None:
    # No word of the question stands in the document that answers it, one stands in the other: BM25 is misled.
    documents = [
        {"_id": "right", "text": "Lamps were mended on towers.", "metadata": {"language": "en"}},
        {"_id": "wrong", "text": "The lighthouses closed.", "metadata": {"language": "en"}},
    ]
    queries = [{"_id": "q", "text": "lighthouses", "metadata": {"language": "en"}}]
    folder = write_set(tmp_path / "set", documents, queries, "q\tright\t1")
    (report,) = evaluate_sets([load_set(folder)], settings, OppositeEncoder(), ablate=True)
    assert report.ablation["whole"] == report.judged
    assert report.ablation["bm25 alone"].measures["Success@1"] == 0.0
    assert report.ablation["dense alone"].measures["Success@1"] == 1.0


class OppositeEncoder(WordHashEncoder):
    """An encoder for which a question about lighthouses is about lamps."""

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        return super().encode_queries([text.replace("lighthouses", "lamps mended towers") for text in texts])


def test_the_table_and_the_record_give_the_variants(
    set_dir: Path,
    settings: Settings,
    encoder: WordHashEncoder,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("index.encoder.open_encoder", lambda _settings: encoder)
    assert command.evaluate([set_dir], settings, Options(ablate=True)) == 0
    printed = capsys.readouterr().out
    assert "bm25 alone" in printed
    assert "+0.000" in printed
    assert command.evaluate([set_dir], settings, Options(ablate=True, json=True)) == 0
    (record,) = json.loads(capsys.readouterr().out)
    signals = ("bm25", "dense", "proximity")
    variants = ["whole", *(f"without {name}" for name in signals), *(f"{name} alone" for name in signals)]
    assert list(record["ablation"]) == variants
    assert encoder.encoded == 10  # the corpus once a run, not once a variant
