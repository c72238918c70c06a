"""Answers judged by hand, which several tests count."""

from __future__ import annotations

from dataclasses import replace

from bot.answer import AnswerStatus
from corpus.document import Language
from evals.answers import Judgement
from evals.testset import Topic

RIGHT = Judgement(
    topic=Topic("q", "How many?", Language.ENGLISH, answers=("12",)),
    status=AnswerStatus.ANSWERED,
    probability=0.9,
    in_first=True,
    in_answer=True,
    cites_judged=True,
    cites_release=True,
    citations=2,
    relevant=1,
    verbatim=2,
    would_answer=True,
    would_be_right=True,
    would_be_supported=True,
)
WRONG = replace(
    RIGHT,
    probability=0.6,
    in_first=False,
    in_answer=False,
    cites_judged=False,
    cites_release=False,
    relevant=0,
    would_be_right=False,
    would_be_supported=False,
)
SHY = replace(WRONG, status=AnswerStatus.NO_ANSWER, probability=0.4, citations=0, verbatim=0, would_be_right=True,
              would_be_supported=True)  # fmt: skip
"""Not answered, though the answer would be right."""
ABSENT = replace(
    SHY,
    topic=Topic("n", "Who?", Language.FRENCH, expected=AnswerStatus.NO_ANSWER),
    probability=0.1,
    cites_release=None,
    would_be_right=False,
    would_be_supported=False,
)
FOOLED = replace(ABSENT, status=AnswerStatus.ANSWERED, probability=0.7, citations=1, verbatim=1)
"""Answered, though there is no answer."""
