"""Questions to ask next that are known to have answers.

They are written down for the bundled corpus (`questions.json`, each with words that its answer has), and made of
headlines for another one. Each is asked of the pipeline itself before it is offered: what it does not answer from the
index at hand, with those words or from the document of that headline, is offered to nobody.
"""

from __future__ import annotations

import json
import logging
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from bot.answer import Answer, Answerer, AnswerStatus, Question
from bot.errors import WorkerLost
from corpus.document import Document, Language
from corpus.errors import CorpusError
from index.lexical.analysis import stop_words, words

_logger = logging.getLogger(__name__)
_OFFERED = 3
_ENOUGH = 6
"""A language with fewer answered questions gets further ones, made of headlines."""
_NEAR = 0.2
"""After an answer a question is offered that stands on one of its five first documents, or shares so many words."""
_PAUSE_SECONDS = 0.05
"""Between two questions, so that visitors are answered first."""
_HEADLINES = 60
"""So many headlines of a language are tried."""


@dataclass(frozen=True, slots=True)
class KnownQuestion:
    """A question that the corpus answers, with the documents and the sentence that it is answered from."""

    text: str
    language: Language
    words: frozenset[str]
    doc_ids: tuple[str, ...]
    quote: str


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A question that may have an answer: in these words, or from this document."""

    text: str
    language: Language
    expected: str = ""
    doc_id: str = ""

    def is_met(self, answer: Answer) -> bool:
        first = answer.citations[0]
        return first.doc_id == self.doc_id if self.doc_id else _plain(self.expected) in _plain(first.quote)


class Suggestions:
    """The questions known to have answers. It may be used from several threads."""

    def __init__(self, answerer: Answerer, documents: Callable[[], Iterable[Document]]) -> None:
        """Ask `answerer`; `documents` gives those of which headlines are read. Nothing is known before `learn`."""
        self._answerer = answerer
        self._documents = documents
        self._known: tuple[KnownQuestion, ...] = ()
        self._snapshot = ""
        self._learning = threading.Lock()

    def learn(self) -> None:
        """Ask all questions and keep those that are answered; takes seconds."""
        with self._learning:
            known = list(self._answered(_written()))
            for language in Language:
                missing = _ENOUGH - sum(one.language is language for one in known)
                if missing > 0:
                    known += list(self._answered(self._of_headlines(language)))[:missing]
            self._known = tuple(known)

    def learn_aside(self) -> None:
        """The same in a thread of its own; does nothing while one is learning."""
        if not self._learning.locked():
            threading.Thread(target=self._learn_or_log, name="suggestions", daemon=True).start()

    def next_questions(self, answer: Answer, asked: Iterable[str]) -> tuple[str, ...]:
        """Up to three known questions in the language of an answer, the nearest to it first.

        After an answer they are about its documents or those retrieved beside them; where there is none, any known
        question is better than nothing. `asked` are the questions of the conversation, which are not offered again.
        """
        if answer.snapshot not in ("", self._snapshot):
            self._snapshot = answer.snapshot  # a newly published one may answer other questions
            self.learn_aside()
        before = {frozenset(words(one)) for one in (*asked, answer.question)}
        stated = {citation.quote for citation in answer.citations}
        fresh = [
            one
            for one in self._known
            if one.language is answer.language and one.words not in before and one.quote not in stated
        ]
        nearness = {one.text: _nearness(one, answer) for one in fresh}
        related = [one for one in fresh if nearness[one.text] >= _NEAR or not answer.status.has_statements]
        return tuple(one.text for one in sorted(related, key=lambda one: -nearness[one.text])[:_OFFERED])

    def _learn_or_log(self) -> None:
        try:
            self.learn()
        except CorpusError:
            _logger.exception("Questions to suggest could not be made of headlines")
        except WorkerLost:  # the server stops, or its visitors learn the same
            return

    def _answered(self, candidates: Iterable[_Candidate]) -> Iterator[KnownQuestion]:
        for one in candidates:
            time.sleep(_PAUSE_SECONDS)
            answer = self._answerer.answer(Question(one.text))
            self._snapshot = answer.snapshot or self._snapshot
            if answer.status is AnswerStatus.ANSWERED and answer.language is one.language and one.is_met(answer):
                doc_ids = tuple(dict.fromkeys(citation.doc_id for citation in answer.citations))
                yield KnownQuestion(
                    one.text, one.language, frozenset(words(one.text)), doc_ids, answer.citations[0].quote
                )

    def _of_headlines(self, language: Language) -> Iterator[_Candidate]:
        documents = [one for one in self._documents() if one.language is language and one.title]
        for document in documents[:_HEADLINES]:
            text = _texts()[language]["headline"].format(headline=document.title)
            yield _Candidate(text, language, doc_id=document.doc_id)


def _nearness(known: KnownQuestion, answer: Answer) -> float:
    """How near a known question is: the rank of its documents for the answer, and the words that they share."""
    order = [one.doc_id for one in answer.citations] + [hit.passage.doc_id for hit in answer.hits]
    by_document = max((1 / (1 + order.index(doc_id)) for doc_id in known.doc_ids if doc_id in order), default=0.0)
    telling = set(words(answer.question)) - stop_words(answer.language)
    return by_document + len(telling & known.words) / max(1, len(telling))


def _written() -> Iterator[_Candidate]:
    for language in Language:
        for text, expected in _texts()[language]["questions"].items():
            yield _Candidate(text, language, expected)


def _plain(text: str) -> str:
    """Text in which spaces within numbers are alike, whichever of the Unicode spaces a page uses."""
    return " ".join(text.split())


@cache
def _texts() -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((resources.files("bot") / "questions.json").read_text("utf-8"))
    return loaded
