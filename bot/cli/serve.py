"""`orgbot init` and `orgbot serve`: from nothing to a running chat."""

from __future__ import annotations

import socket
from importlib.metadata import version
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.common import DataOption, Failure, console, require_snapshot, said_plainly, settings_for
from bot.cli.corpus import add_paths
from bot.cli.index import build_index, print_manifest
from corpus.bundled import bundled_folder
from corpus.store import CorpusStore
from index.errors import SnapshotMissing
from index.snapshot import current_snapshot

if TYPE_CHECKING:
    from bot.api.service import Engine
    from bot.settings import Settings
    from bot.workers import Workers


def init(context: typer.Context, data: DataOption = None) -> None:
    """Fill an empty data folder with the bundled corpus and build its index; one that has an index stays as it is."""
    with said_plainly():
        settings = settings_for(context, data)
        try:
            current_snapshot(settings.snapshots_path)
            return
        except SnapshotMissing:
            pass
        if not settings.corpus_path.exists():
            outcomes = add_paths([bundled_folder()], settings)
            console.print(f"{len(outcomes)} bundled documents taken in")
        print_manifest(build_index(settings))


def serve(
    context: typer.Context,
    data: DataOption = None,
    host: Annotated[str | None, typer.Option(help="The address to listen on.", show_default="127.0.0.1")] = None,
    port: Annotated[int | None, typer.Option(min=1, max=65535, show_default="7860")] = None,
) -> None:
    """Serve the chat, the stored documents and, for its users (`orgbot staff add`), the staff desk."""
    with said_plainly():
        settings = settings_for(context, data)
        changed = {name: value for name, value in (("host", host), ("port", port)) if value is not None}
        settings = settings.model_copy(update={"server": settings.server.model_copy(update=changed)})
        require_snapshot(settings)
        _check_address(settings.server.host, settings.server.port)
        from bot.observe.logs import configure

        configure(settings.log)
        if not settings.server.workers:
            from bot.pipeline import open_pipeline

            _serve(settings, open_pipeline(settings))
            return
        from bot.workers import Workers

        with Workers(settings, settings.server.workers) as workers:
            import bot.web.server  # noqa: F401  # which takes a second, while the worker opens the index

            _serve(settings, workers.opened(), workers)


def _serve(settings: Settings, engine: Engine, workers: Workers | None = None) -> None:
    from bot.feedback import FeedbackLog
    from bot.observe.logs import log
    from bot.observe.metrics import Metrics
    from bot.suggest import Suggestions
    from bot.web.server import run

    with CorpusStore.open(settings.corpus_path) as store, FeedbackLog.open(settings.feedback_path) as feedback:
        suggestions = Suggestions(engine, lambda: (stored.document for stored in store.documents()))
        metrics = Metrics()
        metrics.watch_workers(workers.process_ids if workers else tuple)
        with metrics.served(settings.metrics):
            console.print(f"Open http://{settings.server.host}:{settings.server.port} in a browser; Ctrl-C stops.")
            log("bot.cli.serve", "serving", snapshot=engine.snapshot(), version=version("orgbot"))
            # The others would take from the processors what the chat needs to be made soon.
            made = workers.start_others if workers else lambda: None
            run(settings, engine, store, feedback, suggestions, metrics, made)


def _check_address(host: str, port: int) -> None:
    try:
        with socket.create_server((host, port)):
            pass
    except OSError as error:
        raise Failure(
            f"The server cannot listen on {host}:{port} ({error.strerror}): choose another --host or --port."
        ) from error
