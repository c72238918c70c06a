"""The parts of the benchmarks that can be checked without a clock."""

from __future__ import annotations

from collections import Counter

from benchmarks.madeup import made_up_set
from benchmarks.speed import retrieval_speed
from bot.settings import Settings
from corpus.document import Language
from evals.sets import ANSWERABLE
from evals.testset import load_set
from index.lexical.analysis import words
from tests.conftest import WordHashEncoder


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


def test_retrieval_is_measured_over_as_many_passages_as_asked_for(settings: Settings, encoder: WordHashEncoder) -> None:
    topics = load_set(ANSWERABLE).judged[:5]
    speed = retrieval_speed(40, topics, settings, encoder)
    assert (speed.passages, speed.queries) == (40, 5)
    assert 0 < speed.p50_ms <= speed.p95_ms
    assert speed.passages_per_second > 0
