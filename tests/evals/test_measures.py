"""Measures against values worked out by hand."""

from __future__ import annotations

import math

import pytest

from evals.measures import BINARY, MEASURES, Run, means, measure_each
from evals.testset import Qrel

QRELS = [Qrel("first", "a", 1), Qrel("third", "a", 1), Qrel("seventh", "a", 1), Qrel("nothing", "a", 1)]
OTHERS = tuple("bcdefghijklm")
RUN = {
    "first": ("a", *OTHERS),
    "third": (*OTHERS[:2], "a", *OTHERS[2:]),
    "seventh": (*OTHERS[:6], "a"),
    "nothing": OTHERS,
}


def each(run: Run, qrels: list[Qrel]) -> dict[str, dict[str, float]]:
    """The measures where no document has another edition."""
    return measure_each(run, qrels, run, qrels)


def test_measures_are_the_means_of_what_one_relevant_document_gives() -> None:
    found = means(each(RUN, QRELS).values())
    assert tuple(found) == MEASURES
    assert found["Success@1"] == found["Release Success@1"] == pytest.approx(1 / 4, abs=1e-4)
    assert found["Success@5"] == found["R@5"] == pytest.approx(2 / 4, abs=1e-4)
    assert found["RR@10"] == pytest.approx((1 + 1 / 3 + 1 / 7) / 4, abs=1e-4)
    assert found["nDCG@10"] == pytest.approx((1 + 1 / math.log2(4) + 1 / math.log2(8)) / 4, abs=1e-4)


def test_a_query_that_found_nothing_counts_zero_and_an_unjudged_one_does_not_count() -> None:
    assert each({"other": ("a",)}, QRELS[:1]) == {"first": dict.fromkeys(MEASURES, 0.0)}
    assert each({"first": ("a",), "other": ("b",)}, QRELS[:1]) == {"first": dict.fromkeys(MEASURES, 1.0)}


def test_nothing_is_measured_where_nothing_is_judged() -> None:
    assert each(RUN, []) == {}
    assert means([]) == {}


def test_several_relevant_documents_share_recall_but_one_is_success() -> None:
    qrels = [Qrel("q", "a", 1), Qrel("q", "b", 1), Qrel("q", "z", 0)]
    found = each({"q": ("z", "a")}, qrels)["q"]
    assert (found["R@5"], found["Success@5"], found["Success@1"]) == (0.5, 1.0, 0.0)


def test_releases_are_measured_by_their_own_run_and_judgements() -> None:
    found = measure_each({"q": ("b", "a")}, [Qrel("q", "a", 1)], {"q": ("A",)}, [Qrel("q", "A", 1)])["q"]
    assert (found["Success@1"], found["Release Success@1"]) == (0.0, 1.0)


def test_binary_measures_are_0_or_1_for_a_query() -> None:
    found = each(RUN, QRELS)
    assert {found[query_id][name] for query_id in found for name in BINARY} == {0.0, 1.0}
