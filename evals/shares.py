"""Judged answers → the figures of a set."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from evals.abstention import Abstention, abstention
from evals.answers import Judgement
from evals.slices import Sliced, sliced


@dataclass(frozen=True, slots=True)
class Shares:
    """How some questions were answered: shares of 0 to 1, None where there is no such question."""

    answerable: int
    answered: float | None
    in_first: float | None
    in_answer: float | None
    cites_judged: float | None
    unanswerable: int
    abstained: float | None
    expected_status: float | None
    citations: int
    verbatim: float | None
    citation_precision: float | None
    """See `shares`."""
    citation_recall: float | None


@dataclass(frozen=True, slots=True)
class AnswerFigures:
    """The figures of the answers to one set's questions."""

    shares: Shares
    slices: Sliced[Shares]
    judgements: tuple[Judgement, ...]
    together: Shares
    """Over the questions of all sets on the same corpus that were evaluated together, as `abstention` is."""
    together_by_language: dict[str, Shares]
    abstention: Abstention
    abstention_by_language: dict[str, Abstention]


def figures(judgements: Sequence[Judgement], together: Sequence[Judgement]) -> AnswerFigures:
    """The figures of one set's judgements; citations and abstention also those of `together`, which holds them, too."""
    return AnswerFigures(
        shares=shares(judgements),
        slices=sliced(judgements, shares),
        judgements=tuple(judgements),
        together=shares(together),
        together_by_language=sliced(together, shares)["language"],
        abstention=abstention(together),
        abstention_by_language=sliced(together, abstention)["language"],
    )


def shares(judgements: Sequence[Judgement]) -> Shares:
    """How the questions were answered.

    Citation precision is the share of all citations given, whether or not the question has an answer, whose document
    is judged to answer the question; a citation given to an unanswerable question is never relevant. Citation recall
    is, over the answerable questions for which a document is judged to answer, the share of those in which at least
    one judged release is cited, in any of its editions; a question that is not answered counts 0. The names are those
    of ALCE (Gao et al., EMNLP 2023), which asks a model whether a statement follows from what it cites: our statements
    are quotes, so what is asked is whether the documents quoted are the right ones.
    """
    answerable = [judgement for judgement in judgements if not judgement.topic.expected]
    unanswerable = [judgement for judgement in judgements if judgement.topic.expected]
    with_answer = [judgement for judgement in answerable if judgement.topic.answers]
    return Shares(
        answerable=len(answerable),
        answered=_share(judgement.answered for judgement in answerable),
        in_first=_share(judgement.in_first for judgement in with_answer),
        in_answer=_share(judgement.in_answer for judgement in with_answer),
        cites_judged=_share(judgement.cites_judged for judgement in answerable),
        unanswerable=len(unanswerable),
        abstained=_share(not judgement.answered for judgement in unanswerable),
        expected_status=_share(judgement.status == judgement.topic.expected for judgement in unanswerable),
        citations=sum(judgement.citations for judgement in judgements),
        verbatim=_of_citations(judgements, sum(judgement.verbatim for judgement in judgements)),
        citation_precision=_of_citations(judgements, sum(judgement.relevant for judgement in judgements)),
        citation_recall=_share(
            judgement.cites_release for judgement in answerable if judgement.cites_release is not None
        ),
    )


def _of_citations(judgements: Sequence[Judgement], count: int) -> float | None:
    citations = sum(judgement.citations for judgement in judgements)
    return round(count / citations, 4) if citations else None


def _share(values: Iterable[bool]) -> float | None:
    counted = list(values)
    return round(sum(counted) / len(counted), 4) if counted else None
