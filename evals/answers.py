"""Whether answers are right, and whether what has no answer gets none."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from bot.answer import Answer, Answerer, AnswerStatus, Question
from bot.settings import Settings
from evals.testset import QuestionSet, Topic
from index.search import Index

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
    cites_release: bool | None
    """Some edition of a release that is judged to answer is cited; None where no document is judged to answer."""
    citations: int
    relevant: int
    """How many of the citations are of a document that is judged to answer."""
    verbatim: int
    """How many of the citations quote the stored text at their span."""
    would_answer: bool
    """An answer is given when the threshold of probability is taken away."""
    would_be_right: bool
    would_be_supported: bool
    """The first statement, without a threshold, would be from a document that is judged to answer: the event whose
    probability is estimated."""

    @property
    def answered(self) -> bool:
        """Whether the answer has statements."""
        return self.status.has_statements

    @property
    def right(self) -> bool:
        """Whether what is stated holds the answer; without a known short answer, whether a judged document is cited."""
        return self.in_answer if self.topic.answers else self.cites_judged


def evaluate_answers(question_set: QuestionSet, answerer: Answerer, eager: Answerer) -> list[Judgement]:
    """Answer each question that is judged or known to have no answer, and judge the answer.

    `eager` is the same answerer without a threshold of probability: what it says where `answerer` abstains is
    what risk at other coverages is made of.
    """
    texts = {document.doc_id: document.text for document in question_set.documents}
    judged = {topic.query_id for topic in question_set.judged}
    judgements = []
    for topic in question_set.topics:
        if topic.expected or topic.query_id in judged:
            answer = answerer.answer(Question(topic.text))
            forced = answer if answer.status.has_statements else eager.answer(Question(topic.text))
            judgements.append(_judge(topic, answer, forced, question_set, texts))
    return judgements


def judge(question_set: QuestionSet, index: Index, settings: Settings) -> list[Judgement]:
    """`evaluate_answers` by the pipeline over an index."""
    from bot.pipeline import Pipeline

    without_threshold = settings.answer.model_copy(update={"min_probability": 0.0})
    eager = Pipeline(index, settings.model_copy(update={"answer": without_threshold}))
    return evaluate_answers(question_set, Pipeline(index, settings), eager)


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
    topic: Topic, answer: Answer, forced: Answer, question_set: QuestionSet, texts: Mapping[str, str]
) -> Judgement:
    relevant = question_set.relevant.get(topic.query_id, frozenset())
    releases = {question_set.edition_keys[doc_id] for doc_id in relevant}
    cited = [citation.doc_id for citation in answer.citations]
    in_answer, cites_judged = _is_right(topic, answer, relevant)
    would_hold, would_cite = _is_right(topic, forced, relevant)
    return Judgement(
        topic=topic,
        status=answer.status,
        probability=answer.probability,
        in_first=any(holds(statement.text, topic.answers) for statement in answer.statements[:1]),
        in_answer=in_answer,
        cites_judged=cites_judged,
        cites_release=any(question_set.edition_keys.get(doc_id) in releases for doc_id in cited) if releases else None,
        citations=len(cited),
        relevant=sum(doc_id in relevant for doc_id in cited),
        verbatim=sum(
            citation.quote == texts.get(citation.doc_id, "")[citation.start : citation.end]
            for citation in answer.citations
        ),
        would_answer=forced.status.has_statements,
        would_be_right=would_hold if topic.answers else would_cite,
        would_be_supported=any(citation.doc_id in relevant for citation in forced.citations[:1]),
    )


def _is_right(topic: Topic, answer: Answer, relevant: frozenset[str]) -> tuple[bool, bool]:
    """Whether a short answer stands in a statement, and whether a judged document is cited."""
    in_answer = any(holds(statement.text, topic.answers) for statement in answer.statements)
    return in_answer, any(citation.doc_id in relevant for citation in answer.citations)
