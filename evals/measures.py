"""A run and its judgements → measures (ir-measures lives here)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import ir_measures
from ir_measures import RR, R, nDCG

from evals.testset import Qrel

_MEASURES = {"Success@1": ir_measures.Success @ 1, "R@5": R @ 5, "RR@10": RR @ 10, "nDCG@10": nDCG @ 10}
MEASURES = tuple(_MEASURES)
"""The names of the measures, in the order in which they are shown. Each is 0 to 1, higher is better."""

Run = Mapping[str, Sequence[str]]
"""The ids of the documents found for each query, best first, no document twice."""


def measure(run: Run, qrels: Iterable[Qrel]) -> dict[str, float]:
    """The mean of each measure over the judged queries; a query for which nothing was found counts 0."""
    judged = [ir_measures.Qrel(qrel.query_id, qrel.doc_id, qrel.relevance) for qrel in qrels]
    query_ids = {qrel.query_id for qrel in judged}
    ranked = [
        ir_measures.ScoredDoc(query_id, doc_id, score)
        for query_id, doc_ids in run.items()
        if query_id in query_ids
        for doc_id, score in scored(doc_ids)
    ]
    found = ir_measures.calc_aggregate(list(_MEASURES.values()), judged, ranked)
    return {name: round(float(found[measure]), 4) for name, measure in _MEASURES.items()}


def scored(doc_ids: Sequence[str]) -> Iterable[tuple[str, int]]:
    """Each document with a score that falls by one from rank to rank, down to 1.

    Evaluation tools order a run by its scores, each breaking ties in its own way; without ties they all see our ranks.
    """
    return ((doc_id, len(doc_ids) - position) for position, doc_id in enumerate(doc_ids))
