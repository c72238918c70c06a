"""Measures against values worked out by hand."""

from __future__ import annotations

import math

import pytest

from evals.measures import MEASURES, measure
from evals.testset import Qrel

QRELS = [Qrel("first", "a", 1), Qrel("third", "a", 1), Qrel("seventh", "a", 1), Qrel("nothing", "a", 1)]
OTHERS = tuple("bcdefghijklm")
RUN = {
    "first": ("a", *OTHERS),
    "third": (*OTHERS[:2], "a", *OTHERS[2:]),
    "seventh": (*OTHERS[:6], "a"),
    "nothing": OTHERS,
}


def test_measures_are_the_means_of_what_one_relevant_document_gives() -> None:
    found = measure(RUN, QRELS)
    assert tuple(found) == MEASURES
    assert found["Success@1"] == pytest.approx(1 / 4, abs=1e-4)
    assert found["R@5"] == pytest.approx(2 / 4, abs=1e-4)
    assert found["RR@10"] == pytest.approx((1 + 1 / 3 + 1 / 7) / 4, abs=1e-4)
    assert found["nDCG@10"] == pytest.approx((1 + 1 / math.log2(4) + 1 / math.log2(8)) / 4, abs=1e-4)


def test_a_query_that_found_nothing_counts_zero_and_an_unjudged_one_does_not_count() -> None:
    assert measure({"other": ("a",)}, QRELS[:1]) == dict.fromkeys(MEASURES, 0.0)
    assert measure({"first": ("a",), "other": ("b",)}, QRELS[:1]) == dict.fromkeys(MEASURES, 1.0)


def test_several_relevant_documents_share_recall() -> None:
    qrels = [Qrel("q", "a", 1), Qrel("q", "b", 1), Qrel("q", "z", 0)]
    assert measure({"q": ("z", "a")}, qrels)["R@5"] == 0.5
    assert measure({"q": ("z", "a")}, qrels)["Success@1"] == 0.0
