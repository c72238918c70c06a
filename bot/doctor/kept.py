"""What is kept: the data folder, the corpus, the index, the log of questions, the sources."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path

from bot.doctor.finding import Finding, State
from bot.errors import FeedbackError
from bot.settings import Settings
from bot.verify import answer_findings, index_findings
from corpus.citable import citable_documents
from corpus.errors import SourceError, StoreError
from corpus.integrity import corpus_problems, file_problems
from corpus.sources.declared import load_sources
from corpus.store import CorpusStore
from index.build import corpus_digest
from index.encoder import open_encoder
from index.errors import EncoderError, SnapshotError, SnapshotMissing
from index.snapshot import BUILD_COMMAND, current_snapshot, read_manifest, verify

MIN_FREE_BYTES = 200 * 2**20
_MOST_LINES = 10
_BUILD = f"run `{BUILD_COMMAND}`"
_ANSWERS = 100
_NO_CORPUS = (StoreError, ValueError, KeyError, TypeError, AttributeError)
"""What reading documents from a damaged corpus may raise."""


def folder_findings(settings: Settings) -> Iterator[Finding]:
    """Whether the data folder is there, can be written, and has room for one more snapshot."""
    folder = settings.data
    if not folder.is_dir():
        says = f"There is no data folder {folder}"
        yield Finding("data folder", State.PROBLEM, says, "run `orgbot init`, or name another one by --data")
        return
    try:
        with tempfile.NamedTemporaryFile(dir=folder, prefix=".doctor-"):
            pass
        free = shutil.disk_usage(folder).free
    except OSError as error:
        says = f"The data folder {folder} cannot be written ({error.strerror})"
        yield Finding("data folder", State.PROBLEM, says, "make it writable for the user that runs orgbot")
        return
    needed = max(MIN_FREE_BYTES, 2 * _size_of_current(settings))
    if free < needed:
        says = f"The disk of {folder} has {_megabytes(free)} free, and building an index may take {_megabytes(needed)}"
        yield Finding("data folder", State.PROBLEM, says, "free some disk space")
    else:
        yield Finding("data folder", State.OK, f"{folder} can be written, {_megabytes(free)} are free")


def corpus_findings(settings: Settings) -> Iterator[Finding]:
    """Whether the corpus opens, is undamaged and holds documents."""
    path = settings.corpus_path
    try:
        with CorpusStore.open(path) as store:
            problems = file_problems(path) or list(islice(corpus_problems(path), _MOST_LINES))
            count = 0 if problems else sum(1 for _ in store.documents())
    except StoreError as error:
        yield Finding("corpus", State.PROBLEM, str(error))
        return
    yield from _problems("corpus", problems)
    if not count and not problems:
        yield Finding("corpus", State.PROBLEM, f"{path} holds no document", "run `orgbot corpus add PATH…`")
    elif not problems:
        yield Finding("corpus", State.OK, f"{count} documents, each as it was stored")


def index_state_findings(settings: Settings) -> Iterator[Finding]:
    """Whether an index is published, undamaged, of the encoder that is set, and of the corpus as it is now."""
    try:
        folder = settings.snapshots_path / current_snapshot(settings.snapshots_path)
        manifest = read_manifest(folder)
        verify(folder, manifest)
    except SnapshotMissing:
        yield Finding("index", State.PROBLEM, "No index has been built", _BUILD)
        return
    except SnapshotError as error:
        yield Finding("index", State.PROBLEM, str(error))
        return
    sound = True
    try:
        encoder = open_encoder(settings.index)
    except EncoderError as error:
        sound = False
        yield Finding("index", State.PROBLEM, str(error))
    else:
        if encoder.digest != manifest.encoder_digest:
            sound = False
            says = f"The index was built by the encoder {manifest.encoder!r}, the settings name {encoder.name!r}"
            yield Finding("index", State.PROBLEM, f"{says} or another version of it", f"{_BUILD}, or set it back")
    try:
        with CorpusStore.open(settings.corpus_path) as store:
            in_step = manifest.corpus_digest == corpus_digest(citable_documents(store))
            loose = list(islice(index_findings(settings, store), _MOST_LINES))
    except _NO_CORPUS:  # said of the corpus already
        return
    yield from _problems("index", loose)
    if not in_step and not loose:
        yield Finding("index", State.PROBLEM, "The corpus has changed since the index was built", _BUILD)
    if sound and in_step and not loose:
        says = f"{manifest.snapshot}, {manifest.passages} passages of {manifest.documents} documents"
        yield Finding("index", State.OK, f"{says}, undamaged and in step with the corpus")


def log_findings(settings: Settings) -> Iterator[Finding]:
    """Whether the log of questions can be read, and whether its last answers still hold."""
    if not settings.feedback_path.exists():
        yield Finding("questions", State.OK, "No question has been logged yet")
        return
    try:
        with CorpusStore.open(settings.corpus_path) as store:
            problems = list(islice(answer_findings(settings, store, _ANSWERS), _MOST_LINES))
    except FeedbackError as error:
        yield Finding("questions", State.PROBLEM, str(error))
        return
    except _NO_CORPUS:  # said of the corpus already; the log's own file is looked at all the same
        problems = file_problems(settings.feedback_path)
    yield from _problems("questions", problems)
    if not problems:
        yield Finding("questions", State.OK, "The log is undamaged, and the last answers' quotes stand")


def source_findings(settings: Settings) -> Iterator[Finding]:
    """Whether the declared sources can be read, and their folders are there."""
    try:
        sources = load_sources(settings.data)
    except SourceError as error:
        yield Finding("sources", State.PROBLEM, str(error))
        return
    missing = [one for one in sources if one.path is not None and not one.path.is_dir()]
    for one in missing:
        says = f"The folder {one.path} of the source {one.name} is not there"
        yield Finding("sources", State.PROBLEM, says, f"mend it, or run `orgbot sources remove {one.name}`")
    if not missing:
        says = f"{len(sources)} declared" if sources else "None is declared: pages come by `orgbot corpus add` alone"
        yield Finding("sources", State.OK, says)


def _problems(check: str, lines: Iterable[str]) -> Iterator[Finding]:
    for line in lines:
        yield Finding(check, State.PROBLEM, line)


def _size_of_current(settings: Settings) -> int:
    """Bytes of the published snapshot, 0 when there is none."""
    try:
        folder = settings.snapshots_path / current_snapshot(settings.snapshots_path)
        return sum(_size(path) for path in folder.rglob("*"))
    except (SnapshotError, OSError):
        return 0


def _size(path: Path) -> int:
    return os.stat(path).st_size


def _megabytes(count: int) -> str:
    return f"{count / 2**20:,.0f} MiB"
