from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from corpus.document import Language
from index.build import build_snapshot
from index.fuse import fuse, standardise
from index.search import Index
from index.settings import FusionSettings, IndexSettings, PairWeights
from tests.conftest import COAST, WordHashEncoder

SETTINGS = IndexSettings()


@pytest.fixture
def index(snapshots: Path, encoder: WordHashEncoder) -> Index:
    build_snapshot([(document, 1) for document in COAST], snapshots, encoder, SETTINGS)
    return Index.open(snapshots, encoder, SETTINGS)


@pytest.mark.parametrize(
    ("query", "doc_id"),
    [
        ("How many lighthouses were repaired in 2018?", "lighthouse-2018"),
        ("Combien d'oyats ont été plantés ?", "dunes-fr"),
        ("¿Dónde abrió la agencia puertos pesqueros?", "puertos-es"),
        ("phares lighthouses 2021", "lighthouse-2021"),
    ],
)
def test_the_passage_that_answers_comes_first(index: Index, query: str, doc_id: str) -> None:
    hits = index.search(query)
    assert hits[0].passage.doc_id == doc_id
    assert [hit.rank for hit in hits] == list(range(1, len(hits) + 1))
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)


@pytest.mark.parametrize("query", ["", "zzz qqq", "the of and", "😀", "x" * 5000])
def test_a_query_without_known_words_does_no_harm(index: Index, query: str) -> None:
    assert len(index.search(query, k=3)) <= 3


def test_hits_carry_the_stored_words(index: Index) -> None:
    for hit in index.search("lighthouses dunes ports", k=10):
        document, revision = index.document(hit.passage.doc_id)
        assert revision == 1
        assert document.text[hit.passage.start : hit.passage.end] == hit.passage.text


def test_an_unknown_document_is_a_key_error(index: Index) -> None:
    with pytest.raises(KeyError, match="nowhere"):
        index.document("nowhere")


def test_many_threads_get_the_same_hits(index: Index) -> None:
    queries = ["lighthouses 2018", "dunes de Sablonne", "puertos de Villamar"] * 20
    alone = [[hit.passage.passage_id for hit in index.search(query)] for query in queries]
    with ThreadPoolExecutor(8) as pool:
        together = list(pool.map(lambda query: [hit.passage.passage_id for hit in index.search(query)], queries))
    assert together == alone


def test_a_common_word_weighs_less_than_a_rare_one(index: Index) -> None:
    common, rare = index.term_weight("lighthouses", Language.ENGLISH), index.term_weight("marsh", Language.ENGLISH)
    assert 0 < common < rare < index.term_weight("zeppelin", Language.ENGLISH) == 1
    assert index.term_weight("the", Language.ENGLISH) == 0


def test_signals_are_measured_against_their_language() -> None:
    background = np.asarray([0, 2] * 500 + [10, 12] * 500, dtype=np.float32)
    codes = np.asarray([0] * 1000 + [1] * 1000, dtype=np.int8)
    standard = standardise(np.asarray([3, 13], dtype=np.float32), np.asarray([0, 1], dtype=np.int8), background, codes)
    # Around means of 1 and 11 both stand out alike, by nearly two deviations (shrunk a little towards all passages).
    assert standard[0] == pytest.approx(standard[1], abs=0.15)
    assert standard[0] == pytest.approx(2, abs=0.3)


def test_a_language_without_background_is_measured_against_all() -> None:
    background, codes = np.asarray([0, 2, 0, 2], dtype=np.float32), np.zeros(4, dtype=np.int8)
    standard = standardise(np.asarray([3], dtype=np.float32), np.asarray([1], dtype=np.int8), background, codes)
    assert standard.tolist() == [2.0]


def test_fusion_by_hand() -> None:
    own = PairWeights(bm25=1.0, translated=0, interaction=0, dense=0.1, prior=0.2)
    other = PairWeights(bm25=0.0, translated=0, interaction=0, dense=0.5)
    signals = {
        "bm25": np.asarray([2, 0, 2], dtype=np.float32),
        "dense": np.asarray([0, 1, 1], dtype=np.float32),
    }
    fused = fuse(signals, {0: own, 1: other}, np.asarray([0, 0, 1], dtype=np.int8))
    assert fused.tolist() == pytest.approx([2.2, 0.3, 0.5])


def test_the_weights_of_a_single_pair_go_before_those_of_its_kind() -> None:
    single = PairWeights(bm25=0.0, translated=1, interaction=1, dense=1)
    settings = FusionSettings(pairs={"es-en": single})
    assert settings.weights(Language.SPANISH, Language.ENGLISH) == single
    assert settings.weights(Language.ENGLISH, Language.SPANISH) == settings.across_languages
    assert settings.weights(Language.SPANISH, Language.SPANISH) == settings.same_language


def test_hits_tell_what_fusion_weighed(index: Index) -> None:
    hits = index.search("lighthouses on the marsh", language=Language.ENGLISH)
    weights = index.fusion_weights(Language.ENGLISH)
    for hit in hits:
        pair = weights[hit.passage.language]
        total = pair.prior + sum(pair.of(name) * deviation for name, deviation in hit.deviations.items())
        assert total == pytest.approx(hit.score, abs=1e-3)
