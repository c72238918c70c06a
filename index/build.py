"""Documents → a published Snapshot."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

import numpy as np

from corpus.document import Document, Language
from index.dense import DenseIndex
from index.embedding_cache import encode_passages
from index.encoder import Encoder, WordEncoder
from index.errors import NothingToIndex, SnapshotDamaged
from index.lexical.bm25 import LexicalIndex
from index.passage import Passage
from index.passages import PassageTable
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
from index.split import split_document
from index.words import WordIndex

LANGUAGE_CODES = {language: code for code, language in enumerate(Language)}
"""The number that stands for a language in a snapshot's arrays."""
_ENCODED_AT_ONCE = 2048
"""Texts: enough for the encoder to share out over the cores."""


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

    `cache` is the file of known vectors, or None to encode everything. Without a text an empty snapshot takes the
    place of a published one, so that what was withdrawn is no longer cited. Raises NothingToIndex when there is no
    text and no snapshot yet, and SnapshotError when the folder cannot be written; the current snapshot is then
    untouched.
    """
    progress = progress or Silence()
    stored = list(documents)
    if not stored and not is_published(snapshots):
        raise NothingToIndex("The corpus holds no document: run `orgbot corpus add PATH…` first.")
    progress.step("Splitting documents", len(stored))
    split: list[tuple[Document, int, list[Passage]]] = []
    for document, revision in stored:
        split.append((document, revision, split_document(document, settings.passage_characters)))
        progress.advance(1)
    passages = [passage for _, _, of_document in split for passage in of_document]
    if not passages and not is_published(snapshots):
        raise NothingToIndex("The documents of the corpus hold no text: run `orgbot corpus add PATH…` first.")
    with new_snapshot(snapshots) as folder:
        progress.step("Encoding passages", len(passages))
        texts = [f"{passage.title}\n{passage.text}".strip() for passage in passages]
        vectors = encode_passages(encoder, texts, cache, progress.advance, _ENCODED_AT_ONCE)
        progress.step("Indexing vectors", 1)
        DenseIndex.build(vectors).save(folder / DENSE)
        progress.advance(1)
        progress.step("Indexing terms", 1)
        lexical = LexicalIndex.build(passages)
        lexical.save(folder / LEXICAL)
        progress.advance(1)
        if passages and isinstance(encoder, WordEncoder):
            progress.step("Indexing words", 1)
            WordIndex.build(passages, lexical, encoder).save(folder / WORDS)
            progress.advance(1)
        progress.step("Writing the snapshot", 2)
        PassageTable.write(folder / PASSAGES, split)
        codes = np.asarray([LANGUAGE_CODES[passage.language] for passage in passages], dtype=np.int8)
        np.save(folder / LANGUAGES, codes, allow_pickle=False)
        progress.advance(1)
        _read_again(folder)
        manifest = _manifest(folder, stored, encoder, len(passages), settings)
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
        digest.update(f"{document.doc_id}\0{revision}\0{document.content_digest()}\n".encode())
    return digest.hexdigest()


def _manifest(
    folder: Path, stored: list[tuple[Document, int]], encoder: Encoder, passages: int, settings: IndexSettings
) -> Manifest:
    now = datetime.now(UTC)
    digest = corpus_digest(stored)
    return Manifest(
        snapshot=f"{now:%Y%m%dT%H%M%S%f}-{digest[:8]}",
        format=FORMAT_VERSION,
        created_at=now.isoformat(timespec="seconds"),
        corpus_digest=digest,
        encoder=encoder.name,
        encoder_digest=encoder.digest,
        dimensions=encoder.dimensions,
        documents=len(stored),
        passages=passages,
        settings=settings.model_dump(mode="json"),
        files=file_digests(folder),
    )
