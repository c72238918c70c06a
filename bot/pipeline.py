"""The way of a question: understand → retrieve → read → decide → cite."""

from __future__ import annotations

import logging
import time
from collections.abc import Sequence
from dataclasses import replace

from bot.answer import Answer, AnswerStatus, Filters, Question, Suggestion
from bot.cite import citation, cite, suggestion
from bot.contacts import cover_answer, cover_hit, without_contacts
from bot.counterpart import in_language
from bot.decide import answered_status, choose
from bot.explain import Explanation
from bot.filters import keeps
from bot.linear import LogisticModel
from bot.messages import message
from bot.newer import newer_figure
from bot.observe.stages import stage
from bot.order import best_first
from bot.read import Sentence, read
from bot.retrieve import retrieve
from bot.scope import in_scope
from bot.settings import Settings
from bot.support import ruled_out, support, support_features
from bot.understand import Understanding, Unreadable, clean, understand, unreadable
from corpus.document import Language
from index.encoder import Vectors, open_encoder
from index.errors import SearchIndexError
from index.lexical.analysis import stop_words, words
from index.passage import Hit
from index.query import query_language
from index.remembered import Remembered
from index.search import Index, IndexSource, LiveIndex

_logger = logging.getLogger(__name__)
_SUGGESTIONS = 2
_REMEMBERED = 512
"""So many answers, of some 20 kB each."""
_FILTERED_DEPTH = 200
"""So many passages are retrieved before filters leave some out."""


class Pipeline:
    """Answers questions from the index. It may be used from several threads."""

    def __init__(self, index: IndexSource, settings: Settings) -> None:
        """Answer from `index`; the models of reading and deciding come with the package."""
        self._source = index
        self._settings = settings
        self._reading = LogisticModel.load("reading")
        self._support = LogisticModel.load("support")
        self._answers: Remembered[tuple[Question, str], Answer] = Remembered(
            _REMEMBERED, settings.answer.remember_seconds
        )
        organisation = settings.organisation
        named = words(" ".join([*organisation.names.values(), *organisation.acronyms]))
        self._organisation = frozenset(named) - frozenset().union(*(stop_words(one) for one in Language))

    def answer(self, question: Question) -> Answer:
        """Answer one question; what cannot be answered is a status, never an exception."""
        started = time.perf_counter()
        index = self._source.current()
        asked = (question, index.manifest.snapshot)
        if known := self._answers.found([asked]):
            return _again(known[asked], started)
        try:
            answer = self._answer(question, index)
        except (SearchIndexError, OSError) as error:
            _logger.exception("A question could not be answered")
            language = query_language(clean(question.text)[:1000])
            text = message(language, "error")
            answer = Answer(question.text, language, AnswerStatus.ERROR, message=f"{text} ({type(error).__name__})")
        if not self._settings.answer.give_contacts:
            answer = cover_answer(answer)
        answer = _timed(replace(answer, snapshot=index.manifest.snapshot), started)
        if answer.status is not AnswerStatus.ERROR:
            self._answers.keep({asked: answer})
        return answer

    def search(self, question: Question, k: int) -> list[tuple[Hit, str]]:
        """The `k` best passages, each with the address of its page; none for what cannot be read as a question."""
        if unreadable(clean(question.text), self._settings.answer.max_question_characters):
            return []
        index = self._source.current()
        hits = self._retrieved(understand(question, self._organisation), question.filters, index, k)
        if not self._settings.answer.give_contacts:
            hits = [cover_hit(hit) for hit in hits]
        return [(hit, index.document(hit.passage.doc_id)[0].url) for hit in hits]

    def snapshot(self) -> str:
        """The id of the snapshot that is open."""
        return self._source.current().manifest.snapshot

    def read(self, question: Question) -> tuple[Understanding, list[Sentence]] | None:
        """How a question is understood and the sentences read for it, best first; None for what is no question."""
        if unreadable(clean(question.text), self._settings.answer.max_question_characters):
            return None
        index = self._source.current()
        understanding = understand(question, self._organisation)
        hits = retrieve(understanding, index, self._settings.answer.hits)
        return understanding, self._sentences(understanding, hits, index)

    def explain(self, question: Question) -> Explanation | None:
        """The whole way of a question; None for what is no question."""
        if unreadable(clean(question.text), self._settings.answer.max_question_characters):
            return None
        return self._way(question, self._source.current())

    def vectors(self, texts: Sequence[str]) -> Vectors:
        """`(n, d) float32`, a unit vector for each question."""
        return self._source.current().encoder.encode_queries(texts)

    def _answer(self, question: Question, index: Index) -> Answer:
        text = clean(question.text)
        problem = unreadable(text, self._settings.answer.max_question_characters)
        if problem is not None:
            return self._refusal(question, text, problem)
        way = self._way(question, index)
        understanding, hits, sentences, chosen = way.understanding, way.hits, way.sentences, way.chosen
        answer = Answer(
            question=question.text,
            language=understanding.language,
            status=AnswerStatus.NO_ANSWER,
            hits=hits,
            hit_urls=tuple(index.document(hit.passage.doc_id)[0].url for hit in hits),
            probability=round(way.probability, 4),
            filtered=question.filters != Filters(),
        )
        if chosen:
            base_url = self._settings.server.base_url
            statements, citations = cite(chosen, base_url)
            status = answered_status(chosen, understanding.language)
            found = newer_figure(understanding, chosen, sentences)
            newer = (citation(len(citations) + 1, found, base_url),) if found else ()
            return replace(answer, status=status, statements=statements, citations=citations, newer=newer)
        # Without any passage nobody can tell what is beside the subject.
        is_empty = not index.manifest.passages
        if not is_empty and not in_scope(understanding, text, sentences, self._organisation, self._settings.answer):
            return replace(answer, status=AnswerStatus.OUT_OF_SCOPE)
        return replace(answer, suggestions=self._nearest(hits, index))

    def _way(self, question: Question, index: Index) -> Explanation:
        """From the question to the sentences to state, with all that was weighed on the way."""
        understanding = understand(question, self._organisation)
        hits = self._retrieved(understanding, question.filters, index, self._settings.answer.hits)
        sentences = self._sentences(understanding, hits, index)
        probability = support(understanding, sentences, self._support)
        return Explanation(
            understanding=understanding,
            hits=tuple(hits),
            fusion=index.fusion_weights(understanding.language),
            sentences=tuple(sentences),
            support=support_features(understanding, sentences) if sentences else {},
            weights=self._support.weights,
            bias=self._support.bias,
            probability=probability,
            threshold=self._settings.answer.min_probability,
            ruled_out=bool(sentences) and ruled_out(understanding, sentences[0]),
            chosen=tuple(
                self._stated(question, understanding, self._chosen(understanding, sentences, probability), index)
            ),
        )

    def _sentences(self, understanding: Understanding, hits: Sequence[Hit], index: Index) -> list[Sentence]:
        """The sentences that may be stated, best first."""
        sentences = best_first(understanding, read(understanding, hits, index, self._reading))
        return sentences if self._settings.answer.give_contacts else without_contacts(sentences)

    def _stated(
        self, question: Question, understanding: Understanding, chosen: list[Sentence], index: Index
    ) -> list[Sentence]:
        """The chosen sentences, in the reader's language where an edition says the same and may be shown."""
        stated = in_language(chosen, understanding.language, index)
        withheld = not self._settings.answer.give_contacts and len(without_contacts(stated)) < len(stated)
        filtered = not all(keeps(question.filters, sentence.document) for sentence in stated)
        return chosen if withheld or filtered else stated

    def _retrieved(self, understanding: Understanding, filters: Filters, index: Index, k: int) -> list[Hit]:
        """The `k` best hits; with filters, those of many more that the filters keep."""
        if filters == Filters():
            return retrieve(understanding, index, k)
        kept = [
            hit
            for hit in retrieve(understanding, index, max(k, _FILTERED_DEPTH))
            if keeps(filters, index.document(hit.passage.doc_id)[0])
        ]
        return [replace(hit, rank=rank) for rank, hit in enumerate(kept[:k], start=1)]

    def _chosen(self, understanding: Understanding, sentences: list[Sentence], probability: float) -> list[Sentence]:
        if not sentences or probability < self._settings.answer.min_probability:
            return []
        if ruled_out(understanding, sentences[0]):
            return []
        return choose(understanding, sentences, self._settings.answer)

    def _refusal(self, question: Question, text: str, problem: Unreadable) -> Answer:
        language = query_language(text[:1000]) if words(text) else Language.ENGLISH
        limit = self._settings.answer.max_question_characters
        return Answer(
            question.text,
            language,
            AnswerStatus.REFUSED,
            message=message(language, problem, limit=limit, given=len(text)),
        )

    def _nearest(self, hits: Sequence[Hit], index: Index) -> tuple[Suggestion, ...]:
        """The nearest documents, each once."""
        doc_ids = list(dict.fromkeys(hit.passage.doc_id for hit in hits))[:_SUGGESTIONS]
        return tuple(suggestion(*index.document(doc_id), self._settings.server.base_url) for doc_id in doc_ids)


def open_pipeline(settings: Settings) -> Pipeline:
    """The pipeline over whichever snapshot is current in a data folder; raises SearchIndexError."""
    return Pipeline(LiveIndex(settings.snapshots_path, open_encoder(settings.index), settings.index), settings)


@stage("remembered")
def _again(answer: Answer, started: float) -> Answer:
    return _timed(answer, started)


def _timed(answer: Answer, started: float) -> Answer:
    return replace(answer, elapsed_ms=round((time.perf_counter() - started) * 1000, 2))
