from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from corpus.document import Language
from index.build import build_snapshot
from index.fuse import fuse, scale
from index.search import Index
from index.settings import FusionSettings, IndexSettings
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


def test_scaling_by_hand() -> None:
    assert scale(np.asarray([2.0, 4.0, 3.0], dtype=np.float32)).tolist() == [0.0, 1.0, 0.5]
    assert scale(np.asarray([5.0, 5.0], dtype=np.float32)).tolist() == [0.0, 0.0]
    assert scale(np.asarray([], dtype=np.float32)).tolist() == []


def test_fusion_by_hand() -> None:
    settings = FusionSettings(
        dense_same_language={"fr": 0.1, "en": 0.5, "es": 0.1}, dense_across_languages=0.5, same_language_prior=0.2
    )
    bm25, dense = np.asarray([10, 0, 5], dtype=np.float32), np.asarray([0.0, 1.0, 0.5], dtype=np.float32)
    same = np.asarray([True, True, False])
    assert fuse(bm25, dense, same, Language.FRENCH, settings).tolist() == pytest.approx([1.2, 0.3, 0.75])
