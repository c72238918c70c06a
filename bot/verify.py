"""Whether all that is kept is sound: the corpus, what past answers quoted, and the published index."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

from bot.answer import Citation
from bot.feedback import FeedbackLog, LoggedAnswer
from bot.settings import Settings
from bot.trace import shown_citations
from corpus.errors import DocumentNotFound
from corpus.integrity import address_problem, corpus_problems, file_problems
from corpus.store import CorpusStore
from index.errors import SearchIndexError, SnapshotMissing
from index.passages import PassageTable
from index.snapshot import PASSAGES, current_snapshot, read_manifest, verify

DEFAULT_ANSWERS = 1000


def findings(settings: Settings, answers: int = DEFAULT_ANSWERS) -> Iterator[str]:
    """All that is amiss in a data folder, one line each; the last so many `answers` are looked at.

    A damaged database file is told and not looked into further. Raises StoreError when there is no corpus, and what
    the log raises.
    """
    with CorpusStore.open(settings.corpus_path) as store:
        damage = file_problems(settings.corpus_path)
        yield from damage
        if not damage:
            yield from corpus_problems(settings.corpus_path)
            yield from answer_findings(settings, store, answers)
            yield from index_findings(settings, store)


def quote_problems(citation: Citation, store: CorpusStore) -> Iterator[str]:
    """What is amiss with a citation: its words in the revision cited and in the current one, its links."""
    what = f"{citation.doc_id}, revision {citation.revision}, {citation.start}–{citation.end}"
    try:
        cited = store.get(citation.doc_id, citation.revision)
        current = store.get(citation.doc_id)
    except DocumentNotFound:
        yield f"{what}: this revision is not stored"
    else:
        if cited.document.text[citation.start : citation.end] != citation.quote:
            yield f"{what}: the quote does not stand there: {citation.quote!r}"
        elif citation.quote not in current.document.text:
            yield f"{what}: the quote no longer stands in revision {current.revision}: {citation.quote!r}"
    for link in (citation.link, citation.stored_link):
        # A log that was migrated from its first format has links without a host.
        if not urlsplit(link).path.startswith("/documents/") and (problem := address_problem(link)):
            yield f"{what}: {problem}"


def answer_findings(settings: Settings, store: CorpusStore, answers: int) -> Iterator[str]:
    """What is amiss in the log of questions and in what its last so many answers quoted; raises FeedbackError."""
    if not settings.feedback_path.exists():
        return
    damage = file_problems(settings.feedback_path)
    yield from damage
    if damage:
        return
    with FeedbackLog.open(settings.feedback_path) as feedback:
        for row in feedback.damaged():
            yield f"{row} in {settings.feedback_path.name} is damaged (its digest differs): restore a back-up"
        for position in range(answers):
            try:
                logged = feedback.recent(1, position)
            except ValueError as error:
                why = type(error).__name__  # its words would repeat the visitor's
                yield f"The answer number {position + 1}, counted from the newest, cannot be read ({why})"
                continue
            if not logged:
                return
            yield from _findings_of(logged[0], store)


def _findings_of(logged: LoggedAnswer, store: CorpusStore) -> Iterator[str]:
    for citation in shown_citations(logged):
        for problem in quote_problems(citation, store):
            yield f"answer {logged.public_id}, {problem}"


def index_findings(settings: Settings, store: CorpusStore) -> Iterator[str]:
    """A published index is whole, and holds no document that is not to be cited."""
    try:
        folder = settings.snapshots_path / current_snapshot(settings.snapshots_path)
        verify(folder, read_manifest(folder))
        table = PassageTable.open(folder / PASSAGES)
    except SnapshotMissing:
        return
    except SearchIndexError as error:
        yield str(error)
        return
    try:
        citable = {stored.document.doc_id for stored in store.documents()}
        for doc_id in table.doc_ids():
            if doc_id not in citable:
                yield f"{doc_id} is withdrawn or not stored, and still in the published index: run `orgbot index build`"
    finally:
        table.close()
