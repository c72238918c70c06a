"""Whether answers are right, and whether what has no answer gets none."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.answer import Answer, Answerer, AnswerStatus, Question
from bot.settings import Settings
from corpus.document import Document, Language
from evals.testset import QuestionSet, Topic
from index.search import Index

COVERAGE = 0.8
"""The share of questions answered at which risk is compared between systems."""

_ALIKE = str.maketrans(dict.fromkeys('«»“”„‟‘’‚‛‹›`´"', "'"))


@dataclass(frozen=True, slots=True)
class Judgement:
    """One answer, judged."""

    topic: Topic
    status: AnswerStatus
    probability: float
    in_first: bool
    """A short answer of the topic stands in the first statement."""
    in_answer: bool
    """A short answer of the topic stands in some statement."""
    cites_judged: bool
    """A document that is judged to answer the question is cited."""
    citations: int
    verbatim: int
    """How many of the citations quote the stored text at their span."""
    would_answer: bool
    """An answer is given when the threshold of probability is taken away."""
    would_be_right: bool

    @property
    def answered(self) -> bool:
        """Whether the answer has statements."""
        return self.status.has_statements

    @property
    def right(self) -> bool:
        """Whether what is stated holds the answer; without a known short answer, whether a judged document is cited."""
        return self.in_answer if self.topic.answers else self.cites_judged


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


@dataclass(frozen=True, slots=True)
class Abstention:
    """Selective prediction over answerable and unanswerable questions together (El-Yaniv and Wiener, 2010).

    Coverage is the share of questions that get an answer, risk the share of those whose answer is wrong.
    """

    questions: int
    auroc: float | None
    """How well the probability tells answerable from unanswerable: 0.5 is chance, 1 is perfect."""
    coverage: float
    risk: float | None
    risk_at_80: float | None
    """Risk when the 80 % of the questions with the highest probability are answered; None if fewer can be."""


@dataclass(frozen=True, slots=True)
class AnswerFigures:
    """The figures of the answers to one set's questions."""

    shares: Shares
    by_language: dict[Language, Shares]
    by_split: dict[str, Shares]
    across: Shares | None
    abstention: Abstention
    """Over the questions of all sets on the same corpus that were evaluated together."""
    abstention_by_language: dict[Language, Abstention]


def evaluate_answers(question_set: QuestionSet, answerer: Answerer, eager: Answerer) -> list[Judgement]:
    """Answer each question that is judged or known to have no answer, and judge the answer.

    `eager` is the same answerer without a threshold of probability: what it says where `answerer` abstains is
    what risk at other coverages is made of.
    """
    documents = {document.doc_id: document for document in question_set.documents}
    judged = {topic.query_id for topic in question_set.judged}
    judgements = []
    for topic in question_set.topics:
        if topic.expected or topic.query_id in judged:
            relevant = question_set.relevant.get(topic.query_id, frozenset())
            answer = answerer.answer(Question(topic.text))
            forced = answer if answer.status.has_statements else eager.answer(Question(topic.text))
            judgements.append(_judge(topic, answer, forced, relevant, documents))
    return judgements


def judge(question_set: QuestionSet, index: Index, settings: Settings) -> list[Judgement]:
    """`evaluate_answers` by the pipeline over an index."""
    from bot.pipeline import Pipeline

    without_threshold = settings.answer.model_copy(update={"min_probability": 0.0})
    eager = Pipeline(index, settings.model_copy(update={"answer": without_threshold}))
    return evaluate_answers(question_set, Pipeline(index, settings), eager)


def figures(judgements: Sequence[Judgement], together: Sequence[Judgement]) -> AnswerFigures:
    """The figures of one set's judgements; abstention is that of `together`, which holds them, too."""
    languages = sorted({judgement.topic.language for judgement in judgements})
    splits = sorted({judgement.topic.split for judgement in judgements if judgement.topic.split})
    across = [judgement for judgement in judgements if judgement.topic.across]
    return AnswerFigures(
        shares=shares(judgements),
        by_language={language: shares(_of(language, judgements)) for language in languages},
        by_split={split: shares([one for one in judgements if one.topic.split == split]) for split in splits},
        across=shares(across) if across else None,
        abstention=abstention(together),
        abstention_by_language={language: abstention(_of(language, together)) for language in languages},
    )


def shares(judgements: Sequence[Judgement]) -> Shares:
    """How the questions were answered."""
    answerable = [judgement for judgement in judgements if not judgement.topic.expected]
    unanswerable = [judgement for judgement in judgements if judgement.topic.expected]
    with_answer = [judgement for judgement in answerable if judgement.topic.answers]
    citations = sum(judgement.citations for judgement in judgements)
    return Shares(
        answerable=len(answerable),
        answered=_share(judgement.answered for judgement in answerable),
        in_first=_share(judgement.in_first for judgement in with_answer),
        in_answer=_share(judgement.in_answer for judgement in with_answer),
        cites_judged=_share(judgement.cites_judged for judgement in answerable),
        unanswerable=len(unanswerable),
        abstained=_share(not judgement.answered for judgement in unanswerable),
        expected_status=_share(judgement.status == judgement.topic.expected for judgement in unanswerable),
        citations=citations,
        verbatim=round(sum(judgement.verbatim for judgement in judgements) / citations, 4) if citations else None,
    )


def abstention(judgements: Sequence[Judgement]) -> Abstention:
    """Coverage and risk at the threshold in force and at 80 % coverage, and the AUROC of the probability."""
    from sklearn.metrics import roc_auc_score

    answerable = [judgement.topic.expected is None for judgement in judgements]
    answered = [judgement for judgement in judgements if judgement.answered]
    likeliest = sorted(
        (judgement for judgement in judgements if judgement.would_answer),
        key=lambda judgement: judgement.probability,
        reverse=True,
    )
    covered = likeliest[: round(COVERAGE * len(judgements))]
    reached = len(covered) == round(COVERAGE * len(judgements))
    auroc = None
    if len(set(answerable)) == 2:
        auroc = round(float(roc_auc_score(answerable, [judgement.probability for judgement in judgements])), 4)
    return Abstention(
        questions=len(judgements),
        auroc=auroc,
        coverage=round(len(answered) / len(judgements), 4),
        risk=_share(not judgement.right for judgement in answered),
        risk_at_80=_share(not judgement.would_be_right for judgement in covered) if reached else None,
    )


def holds(text: str, answers: Iterable[str]) -> bool:
    """Whether one of the short answers stands in the text, as whole words.

    White space, no-break spaces, upper and lower case, quotation marks and apostrophes count as alike.
    """
    folded = _folded(text)
    return any(re.search(_whole(_folded(answer)), folded) for answer in answers)


def _whole(answer: str) -> str:
    # "297" does not stand in "2 297", nor "4" in "4,592" or "1.4".
    before = r"(?<!\w)(?<!\d[ .,])" if answer[:1].isdigit() else r"(?<!\w)"
    after = r"(?!\w)(?![.,]\d)(?! \d{3}(?!\d))" if answer[-1:].isdigit() else r"(?!\w)"
    return before + re.escape(answer) + after


def _folded(text: str) -> str:
    return " ".join(text.translate(_ALIKE).casefold().split())


def _judge(
    topic: Topic, answer: Answer, forced: Answer, relevant: frozenset[str], documents: dict[str, Document]
) -> Judgement:
    verbatim = sum(
        citation.quote == documents[citation.doc_id].text[citation.start : citation.end]
        for citation in answer.citations
        if citation.doc_id in documents
    )
    in_answer, cites_judged = _is_right(topic, answer, relevant)
    would_hold, would_cite = _is_right(topic, forced, relevant)
    return Judgement(
        topic=topic,
        status=answer.status,
        probability=answer.probability,
        in_first=any(holds(statement.text, topic.answers) for statement in answer.statements[:1]),
        in_answer=in_answer,
        cites_judged=cites_judged,
        citations=len(answer.citations),
        verbatim=verbatim,
        would_answer=forced.status.has_statements,
        would_be_right=would_hold if topic.answers else would_cite,
    )


def _is_right(topic: Topic, answer: Answer, relevant: frozenset[str]) -> tuple[bool, bool]:
    """Whether a short answer stands in a statement, and whether a judged document is cited."""
    in_answer = any(holds(statement.text, topic.answers) for statement in answer.statements)
    return in_answer, any(citation.doc_id in relevant for citation in answer.citations)


def _of(language: Language, judgements: Sequence[Judgement]) -> list[Judgement]:
    return [judgement for judgement in judgements if judgement.topic.language == language]


def _share(values: Iterable[bool]) -> float | None:
    counted = list(values)
    return round(sum(counted) / len(counted), 4) if counted else None
