"""The parts of the benchmarks that can be checked without a clock."""

from __future__ import annotations

from collections import Counter

import pytest

from benchmarks.madeup import made_up_set
from benchmarks.scale import measure_scale
from bot.settings import Settings
from corpus.document import Language
from evals.sets import ANSWERABLE
from evals.testset import load_set
from index.encoder import open_encoder
from index.lexical.analysis import words


def test_made_up_text_is_the_same_for_the_same_seed_and_in_three_languages() -> None:
    first, again, other = made_up_set(60), made_up_set(60), made_up_set(60, seed=1)
    assert first.documents == again.documents
    assert first.documents != other.documents
    assert Counter(document.language for document in first.documents) == dict.fromkeys(Language, 20)


def test_made_up_words_are_as_unequally_frequent_as_real_ones() -> None:
    text = " ".join(document.text for document in made_up_set(300).documents if document.language == Language.ENGLISH)
    counts = Counter(words(text))
    (_, most), *_ = counts.most_common(1)
    assert counts.most_common(1)[0][0] == "the"
    assert 0.05 < most / counts.total() < 0.2
    assert len(counts) > 500


@pytest.mark.parametrize("passages", [3000, 9000])
def test_the_vocabulary_grows_with_the_text(passages: int) -> None:
    french = [document for document in made_up_set(passages).documents if document.language == Language.FRENCH]
    found = [word for document in french for word in words(f"{document.title} {document.text}")]
    assert 0.7 < len(set(found)) / (44 * len(found) ** 0.49) < 1  # Heaps' law; accents make some words one


def test_a_known_item_has_the_words_of_its_question() -> None:
    made_up = made_up_set(90, questions=10)
    texts = {document.doc_id: words(document.text) for document in made_up.documents}
    assert len(made_up.topics) == len(made_up.judged) == 10
    for qrel, topic in zip(made_up.qrels, made_up.topics, strict=True):
        assert qrel.query_id == topic.query_id
        assert set(words(topic.text)) <= set(texts[qrel.doc_id])
    assert {topic.language for topic in made_up.topics} == set(Language)


def test_an_index_is_measured_over_as_many_passages_as_asked_for(settings: Settings) -> None:
    topics = load_set(ANSWERABLE).judged[:5]
    scale = measure_scale(150, topics, settings, open_encoder(settings.index))
    assert (scale.passages, scale.queries, scale.topics.questions) == (150, 5, 5)
    assert 0 < scale.p50_ms <= scale.p95_ms
    assert min(scale.built_per_second, scale.encoded_per_second, scale.memory.index_mb, scale.snapshot_mb) > 0
    # With fewer passages than candidates, each passage is one: the search is exact.
    assert scale.topics.at_10 == scale.known_items.at_10 == 1
    assert scale.topics.across == scale.topics.across_exact > 0
    assert set(scale.stages_ms) >= {"BM25", "words: interaction"}
    assert "Splitting documents" in scale.build_steps
