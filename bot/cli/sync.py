"""`orgbot sync`: the corpus in step with its sources, once or again and again."""

from __future__ import annotations

import re
import time
from collections import Counter
from typing import Annotated

import typer
from filelock import FileLock, Timeout

from bot.cli.common import (
    BuildProgress,
    DataOption,
    Failure,
    JsonOption,
    console,
    said_plainly,
    say_error,
    settings_for,
)
from bot.cli.index import publish_index
from bot.settings import Settings
from corpus.citable import citable_documents
from corpus.errors import CorpusError
from corpus.sources.declared import Source, load_sources
from corpus.step import Event, Step
from corpus.store import CorpusStore
from index.errors import SearchIndexError
from index.snapshot import current_snapshot, read_manifest

IN_PART = 3
"""Exit status: the corpus is in step but for what is named as failed."""

_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86_400}
_SHOWN = (Step.ADDED, Step.CHANGED, Step.WITHDRAWN)


def sync(
    context: typer.Context,
    only: Annotated[list[str] | None, typer.Argument(metavar="[SOURCE…]", help="Only these sources.")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would be done; write nothing.")] = False,
    every: Annotated[
        str | None, typer.Option(metavar="TIME", help="Go on: again after each 30m, 1h, 1d.", show_default=False)
    ] = None,
    data: DataOption = None,
    as_json: JsonOption = False,
) -> None:
    """Take in what is new and changed in the declared sources, withdraw what is gone, and publish a new index.

    Exit status: 0 when the corpus is in step; 3 when some page or source failed, which is named and left as it was;
    1 when nothing could be done.
    """
    with said_plainly():
        pause = None if every is None else _seconds(every)
        settings = settings_for(context, data)
        while True:
            try:
                is_whole = _once(settings, only or [], dry_run, as_json)
            except (Failure, CorpusError, SearchIndexError) as failure:  # a service goes on
                if pause is None:
                    raise
                say_error(str(failure))
                is_whole = False
            if pause is None:
                raise typer.Exit(0 if is_whole else IN_PART)
            time.sleep(pause)


def _once(settings: Settings, only: list[str], dry_run: bool, as_json: bool) -> bool:
    """One sync of all sources that are wanted; whether nothing failed."""
    declared = load_sources(settings.data)
    if not declared:
        raise Failure("No source is declared: add one first, with `orgbot sources add`.")
    if unknown := set(only) - {source.name for source in declared}:
        raise Failure(f"There is no source {', '.join(sorted(unknown))}: see `orgbot sources list`.")
    try:
        with FileLock(settings.data / ".sync.lock", timeout=0):
            events = _events(settings, declared, only, dry_run, as_json)
            manifest = None if dry_run else publish_changes(settings)
    except Timeout:
        raise Failure("Another sync of this data folder is running: wait until it is done.") from None
    except OSError as error:
        raise Failure(f"{settings.data} cannot be written ({error.strerror or error}): mend that.") from error
    counts = Counter(event.step for event in events)
    if as_json:
        pages = [{"step": event.step, "address": event.address, "note": event.note} for event in events]
        console.print_json(data={"counts": {step: counts[step] for step in Step}, "events": pages, "index": manifest})
    else:
        summary = ", ".join(f"{counts[step]} {step}" for step in Step)
        console.print(f"{'would be: ' if dry_run else ''}{summary}")
        if not dry_run:
            console.print(f"index {manifest} published" if manifest else "the index is in step")
    return not counts[Step.FAILED]


def _events(settings: Settings, declared: list[Source], only: list[str], dry_run: bool, as_json: bool) -> list[Event]:
    # They take half a second to import, which other commands need not wait for.
    from corpus.fetch_state import FetchState
    from corpus.sources.fetch import Fetcher
    from corpus.sync import Sync

    events = []
    with (
        CorpusStore.open(settings.corpus_path, create=True) as store,
        FetchState.open(settings.fetch_state_path) as state,
        Fetcher(settings.corpus.fetch) as fetcher,
        BuildProgress() as progress,
    ):
        if not dry_run:
            state.keep_only([source.name for source in declared])
        work = Sync(store, state, fetcher, settings.corpus, progress, dry=dry_run)
        for source in declared:
            if only and source.name not in only:
                continue
            for event in work.run(source):
                events.append(event)
                if event.step is Step.FAILED:
                    say_error(event.note or event.address)
                elif not as_json and (event.step in _SHOWN or (dry_run and event.step is Step.LEFT_OUT)):
                    console.print(f"{event.step}  {event.address}  {event.note}", markup=False, soft_wrap=True)
    return events


def publish_changes(settings: Settings) -> str | None:
    """Build the index unless the published one is of this very corpus; the id of the new snapshot, or None."""
    from index.build import corpus_digest

    with CorpusStore.open(settings.corpus_path) as store:
        documents = citable_documents(store, checked=True)
    try:
        published = read_manifest(settings.snapshots_path / current_snapshot(settings.snapshots_path)).corpus_digest
    except SearchIndexError:
        published = ""
    # When all that was published is withdrawn, an empty index takes its place.
    if published == corpus_digest(documents) or not (documents or published):
        return None
    return publish_index(documents, settings).snapshot


def _seconds(text: str) -> float:
    match = re.fullmatch(r"(\d+)([smhd])", text.strip())
    if match is None or int(match[1]) == 0:
        raise Failure(f"--every {text} is no time: write 30m, 1h or 1d.")
    return float(int(match[1]) * _UNITS[match[2]])
