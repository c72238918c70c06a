"""A run and its judgements → measures (ir-measures lives here).

Each measure is 0 to 1, higher is better. `Release Success@k` is `Success@k` over releases: the editions of one release
are one hit, as a visitor sees them (`bot.retrieve.one_edition`), and a release is relevant when one of its editions is.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from statistics import fmean

import ir_measures
from ir_measures import RR, R, Success, nDCG

from evals.testset import Qrel

_OF_DOCUMENTS = {
    "Success@1": Success @ 1,
    "Success@5": Success @ 5,
    "R@5": R @ 5,
    "RR@10": RR @ 10,
    "nDCG@10": nDCG @ 10,
}
_OF_RELEASES = {"Release Success@1": Success @ 1, "Release Success@5": Success @ 5}
MEASURES = (*_OF_DOCUMENTS, *_OF_RELEASES)
"""The names of the measures, in the order in which they are shown."""
BINARY = frozenset(name for name in MEASURES if "Success" in name)
"""The measures that are 0 or 1 for a single question."""

Run = Mapping[str, Sequence[str]]
"""The ids of the documents (or releases) found for each query, best first, none twice."""


def measure_each(
    documents: Run, document_qrels: Iterable[Qrel], releases: Run, release_qrels: Iterable[Qrel]
) -> dict[str, dict[str, float]]:
    """Each measure of each judged query; a query for which nothing was found counts 0.

    The `doc_id` of a release's judgement is the key of its editions.
    """
    found = _calculate(_OF_DOCUMENTS, documents, document_qrels)
    of_releases = _calculate(_OF_RELEASES, releases, release_qrels)
    return {query_id: values | of_releases[query_id] for query_id, values in found.items()}


def means(each: Iterable[Mapping[str, float]]) -> dict[str, float]:
    """The mean of each measure over queries; nothing of none."""
    queries = list(each)
    return {name: round(fmean(values[name] for values in queries), 4) for name in MEASURES} if queries else {}


def scored(doc_ids: Sequence[str]) -> Iterable[tuple[str, int]]:
    """Each document with a score that falls by one from rank to rank, down to 1.

    Evaluation tools order a run by its scores, each breaking ties in its own way; without ties they all see our ranks.
    """
    return ((doc_id, len(doc_ids) - position) for position, doc_id in enumerate(doc_ids))


def _calculate(measures: Mapping[str, object], run: Run, qrels: Iterable[Qrel]) -> dict[str, dict[str, float]]:
    judged = [ir_measures.Qrel(qrel.query_id, qrel.doc_id, qrel.relevance) for qrel in qrels]
    query_ids = {qrel.query_id for qrel in judged}
    ranked = [
        ir_measures.ScoredDoc(query_id, doc_id, score)
        for query_id, doc_ids in run.items()
        if query_id in query_ids
        for doc_id, score in scored(doc_ids)
    ]
    found: dict[str, dict[str, float]] = {query_id: {} for query_id in sorted(query_ids)}
    names = {measure: name for name, measure in measures.items()}
    for metric in ir_measures.iter_calc(list(measures.values()), judged, ranked):
        found[metric.query_id][names[metric.measure]] = float(metric.value)
    return found
