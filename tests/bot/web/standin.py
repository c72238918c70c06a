"""A stand-in for the pipeline: says what a test has told it to say, in the words of real stored documents."""

from __future__ import annotations

from bot.answer import Answer, AnswerStatus, Citation, Question, Statement, Suggestion
from bot.cite import stored_link, text_fragment
from corpus.document import Document, Language

BASE = "http://127.0.0.1:7860"


def cited(n: int, document: Document, quote: str, revision: int = 1) -> Citation:
    """A citation of a quote, with the paragraph around it as its passage."""
    start = document.text.index(quote)
    end = start + len(quote)
    passage_start = document.text.rfind("\n\n", 0, start) + 2 if "\n\n" in document.text[:start] else 0
    passage_end = document.text.find("\n\n", end)
    stored = stored_link(BASE, document.doc_id, revision, (start, end))
    return Citation(
        n=n,
        doc_id=document.doc_id,
        revision=revision,
        passage_id=f"{document.doc_id}:{n}",
        url=document.url,
        link=stored if document.digest else document.url + text_fragment(quote),
        stored_link=stored,
        title=document.title,
        kind=document.kind,
        language=document.language,
        date=document.date,
        places=document.places,
        digest=document.digest,
        quote=quote,
        start=start,
        end=end,
        passage=document.text[passage_start : passage_end if passage_end >= 0 else None],
        passage_start=passage_start,
    )


def answered(question: str, language: Language, *quotes: tuple[Document, str]) -> Answer:
    """An answer of one statement for each quote."""
    citations = tuple(cited(n, document, quote) for n, (document, quote) in enumerate(quotes, start=1))
    is_own = any(document.language is language for document, _ in quotes)
    return Answer(
        question=question,
        language=language,
        status=AnswerStatus.ANSWERED if is_own else AnswerStatus.ANSWERED_OTHER_LANGUAGE,
        statements=tuple(Statement(citation.quote, (citation.n,)) for citation in citations),
        citations=citations,
        probability=0.9,
        snapshot="made-up",
    )


def not_found(question: str, language: Language, *nearest: Document) -> Answer:
    """No answer, and the nearest documents."""
    suggestions = tuple(
        Suggestion(one.doc_id, one.title, one.url, stored_link(BASE, one.doc_id, 1), one.language) for one in nearest
    )
    return Answer(question, language, AnswerStatus.NO_ANSWER, suggestions=suggestions)


class ScriptedAnswerer:
    """Gives the answer scripted for a question, and no answer to all others; keeps what it was asked."""

    def __init__(self, *answers: Answer) -> None:
        self.script = {answer.question: answer for answer in answers}
        self.asked: list[Question] = []

    def answer(self, question: Question) -> Answer:
        self.asked.append(question)
        return self.script.get(question.text) or not_found(question.text, Language.ENGLISH)


class BrokenAnswerer:
    """Always fails."""

    def answer(self, question: Question) -> Answer:
        raise RuntimeError(f"no answer to {question.text}")
