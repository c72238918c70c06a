"""What was found for each question → how well it was ranked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.retrieve import one_edition
from evals.measures import Run, measure_each
from evals.testset import Qrel, QuestionSet, Topic
from index.passage import Hit
from index.query import query_language

Found = Mapping[str, Sequence[Hit]]
"""The hits of each query, best first."""


@dataclass(frozen=True, slots=True)
class Ranked:
    """One judged question: where the first relevant document stands, and the question's measures."""

    topic: Topic
    rank: int | None
    """Of the first relevant document, from 1; None when none was found."""
    measures: dict[str, float]


def rank(question_set: QuestionSet, found: Found) -> list[Ranked]:
    """How each judged question's documents and releases are ranked, in the order of the topics."""
    documents = document_run(found)
    releases = release_run(found, question_set.judged)
    each = measure_each(documents, question_set.qrels, releases, _release_qrels(question_set))
    ranked = []
    for topic in question_set.judged:
        relevant = question_set.relevant.get(topic.query_id, frozenset())
        ranked.append(Ranked(topic, _first(documents[topic.query_id], relevant), each[topic.query_id]))
    return ranked


def document_run(found: Found) -> Run:
    """The documents found for each query: a document is ranked where the first of its passages is."""
    return {query_id: tuple(dict.fromkeys(hit.passage.doc_id for hit in hits)) for query_id, hits in found.items()}


def release_run(found: Found, topics: Sequence[Topic]) -> Run:
    """The releases found for each topic, as a visitor sees them: a release is ranked where its shown edition is.

    That is the edition in the question's language where it was found, otherwise the one found first.
    """
    return {
        topic.query_id: tuple(
            dict.fromkeys(
                hit.passage.edition_key for hit in one_edition(found[topic.query_id], query_language(topic.text))
            )
        )
        for topic in topics
    }


def _release_qrels(question_set: QuestionSet) -> list[Qrel]:
    """The judgements of releases: each is as relevant as the most relevant of its editions."""
    grades: dict[tuple[str, str], int] = {}
    for qrel in question_set.qrels:
        key = qrel.query_id, question_set.edition_keys[qrel.doc_id]
        grades[key] = max(qrel.relevance, grades.get(key, 0))
    return [Qrel(query_id, release, relevance) for (query_id, release), relevance in grades.items()]


def _first(doc_ids: Sequence[str], relevant: frozenset[str]) -> int | None:
    return next((place for place, doc_id in enumerate(doc_ids, start=1) if doc_id in relevant), None)
