"""Documents → a published Snapshot."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

import numpy as np

from corpus.document import Document
from index.dense import DenseIndex
from index.embedding_cache import encode_passages
from index.encoder import Encoder, WordEncoder
from index.errors import NothingToIndex, SnapshotDamaged
from index.known_splits import KnownSplits
from index.lexical.bm25 import LexicalIndex
from index.passage import Passage
from index.passages import PassageTable, SplitDocument
from index.settings import IndexSettings
from index.snapshot import (
    DENSE,
    FORMAT_VERSION,
    LANGUAGES,
    LEXICAL,
    PASSAGES,
    WORDS,
    Manifest,
    file_digests,
    is_published,
    new_snapshot,
    publish,
)
from index.split import passages_at
from index.word_cache import KnownWords
from index.words import WordIndex

_ENCODED_AT_ONCE = 65_536
"""Texts: enough for the encoder to share out over the cores, and to meet the same words again."""


class Progress(Protocol):
    """Whoever shows how far a build has come."""

    def step(self, name: str, total: int) -> None:
        """A step of `total` units begins."""

    def advance(self, units: int) -> None:
        """So many units of the current step are done."""


class Silence:
    """Shows nothing."""

    def step(self, name: str, total: int) -> None:
        """Show nothing."""

    def advance(self, units: int) -> None:
        """Show nothing."""


def build_snapshot(
    documents: Iterable[tuple[Document, int]],
    snapshots: Path,
    encoder: Encoder,
    settings: IndexSettings,
    cache: Path | None = None,
    progress: Progress | None = None,
) -> Manifest:
    """Build a snapshot of documents (each with its revision) beside the current one, then publish it.

    `cache` is the file of known vectors, beside which known passages and words are kept, or None to do all anew.
    Without a text an empty snapshot takes the place of a published one, so that what was withdrawn is no longer cited.
    Raises NothingToIndex when there is no text and no snapshot yet, and SnapshotError when the folder cannot be
    written; the current snapshot is then untouched.
    """
    progress = progress or Silence()
    stored = list(documents)
    if not stored and not is_published(snapshots):
        raise NothingToIndex("The corpus holds no document: run `orgbot corpus add PATH…` first.")
    with new_snapshot(snapshots) as folder:
        progress.step("Splitting documents", len(stored))
        splits = KnownSplits.read(_beside(cache, "splits"), settings.passage_characters)
        split = _Splitting(splits, progress)
        PassageTable.write(folder / PASSAGES, split.documents(stored))
        passages = split.passages
        if not passages and not is_published(snapshots):
            raise NothingToIndex("The documents of the corpus hold no text: run `orgbot corpus add PATH…` first.")
        progress.step("Encoding passages", len(passages))
        vectors = encode_passages(encoder, _Texts(passages), cache, progress.advance, _ENCODED_AT_ONCE)
        progress.step("Indexing vectors", 1)
        DenseIndex.build(vectors).save(folder / DENSE)
        del vectors
        progress.advance(1)
        progress.step("Reading words", 2)
        known = KnownWords.read(_beside(cache, "words"), encoder)
        words = known.extended(passages, encoder, lambda: progress.advance(1))
        np.save(folder / LANGUAGES, words.folded.languages, allow_pickle=False)
        progress.step("Indexing terms", 1)
        lexical = LexicalIndex.build(words.folded)
        lexical.save(folder / LEXICAL)
        progress.advance(1)
        if passages and isinstance(encoder, WordEncoder):
            progress.step("Indexing words", 1)
            WordIndex.build(words.folded, lexical, words.vectors).save(folder / WORDS)
            progress.advance(1)
        progress.step("Writing the snapshot", 2)
        splits.write()
        words.write(_beside(cache, "words"), encoder)
        progress.advance(1)
        _read_again(folder)
        manifest = _manifest(folder, split.digest.hexdigest(), encoder, len(stored), len(passages), settings)
        publish(folder, manifest, settings.keep_snapshots)
        progress.advance(1)
    return manifest


def _read_again(folder: Path) -> None:
    """Raise OSError unless all that was written can be opened: a full disk may be told of no write."""
    try:
        DenseIndex.open(folder / DENSE)
        LexicalIndex.open(folder / LEXICAL)
        if (folder / WORDS).exists():
            WordIndex.open(folder / WORDS)
        PassageTable.open(folder / PASSAGES).close()
        np.load(folder / LANGUAGES, allow_pickle=False)
    except (SnapshotDamaged, ValueError, EOFError) as error:
        raise OSError("what was written cannot be read again") from error


def corpus_digest(documents: Iterable[tuple[Document, int]]) -> str:
    """SHA-256 over the ids, revisions and contents of documents, in order."""
    digest = hashlib.sha256()
    for document, revision in documents:
        digest.update(_digested(document, revision, document.to_json()))
    return digest.hexdigest()


def _digested(document: Document, revision: int, record: str) -> bytes:
    return f"{document.doc_id}\0{revision}\0{hashlib.sha256(record.encode()).hexdigest()}\n".encode()


def _beside(cache: Path | None, what: str) -> Path | None:
    """The file beside the cache of vectors in which something else is kept."""
    return cache and cache.with_suffix(f".{what}.npz")


class _Splitting:
    """Documents → passages, one after the other; each document is written as JSON once."""

    def __init__(self, splits: KnownSplits, progress: Progress) -> None:
        self.passages: list[Passage] = []
        self.digest = hashlib.sha256()
        """As `corpus_digest` has it."""
        self._splits = splits
        self._progress = progress

    def documents(self, stored: Iterable[tuple[Document, int]]) -> Iterator[SplitDocument]:
        for document, revision in stored:
            record = document.to_json()
            self.digest.update(_digested(document, revision, record))
            passages = passages_at(document, self._splits.spans(document))
            self.passages += passages
            yield SplitDocument(document.doc_id, revision, record, passages)
            self._progress.advance(1)


class _Texts(Sequence[str]):
    """What is encoded of passages, made when it is asked for: all at once would double what they take in memory."""

    def __init__(self, passages: Sequence[Passage]) -> None:
        self._passages = passages

    def __len__(self) -> int:
        return len(self._passages)

    def __getitem__(self, row: int) -> str:  # type: ignore[override]
        passage = self._passages[row]
        return f"{passage.title}\n{passage.text}".strip()


def _manifest(
    folder: Path, digest: str, encoder: Encoder, documents: int, passages: int, settings: IndexSettings
) -> Manifest:
    now = datetime.now(UTC)
    return Manifest(
        snapshot=f"{now:%Y%m%dT%H%M%S%f}-{digest[:8]}",
        format=FORMAT_VERSION,
        created_at=now.isoformat(timespec="seconds"),
        corpus_digest=digest,
        encoder=encoder.name,
        encoder_digest=encoder.digest,
        dimensions=encoder.dimensions,
        documents=documents,
        passages=passages,
        settings=settings.model_dump(mode="json"),
        files=file_digests(folder),
    )
