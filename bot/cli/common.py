"""What all commands share: the data folder, the console, and how errors are said."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from bot.errors import BotError
from bot.settings import Settings, load_settings
from corpus.errors import CorpusError
from index.errors import SearchIndexError, SnapshotDamaged
from index.snapshot import current_snapshot

DataOption = Annotated[
    Path | None,
    typer.Option(
        "--data",
        metavar="DIR",
        help="The folder that holds all state [env: ORGBOT_DATA; default: data].",
        show_default=False,
    ),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON instead of text.")]

console = Console(highlight=False)
error_console = Console(stderr=True, highlight=False, soft_wrap=True)


class Failure(Exception):
    """Ends a command with one sentence and exit status 1."""


def settings_for(context: typer.Context, data: Path | None) -> Settings:
    """The settings, with the data folder from this command or from `orgbot --data`."""
    inherited: Path | None = context.find_root().params.get("data")
    return load_settings(data or inherited)


def require_snapshot(settings: Settings) -> None:
    """Say what to run while there is no snapshot, before anything heavy is imported; raises SnapshotError."""
    with suppress(SnapshotDamaged):  # the last good one then serves
        current_snapshot(settings.snapshots_path)


@contextmanager
def said_plainly() -> Iterator[None]:
    """Turn every foreseen error into one sentence on standard error and exit status 1."""
    try:
        yield
    except (CorpusError, SearchIndexError, BotError, Failure) as error:
        say_error(str(error))
        raise typer.Exit(1) from None
    except UnicodeEncodeError:  # half a pair of surrogates, by which Python stands for bytes that are no text
        say_error("An argument or a file name holds bytes that are no UTF-8 text: give it in UTF-8.")
        raise typer.Exit(1) from None
    except BrokenPipeError:  # the reader of our output (`head`) has gone
        sys.stderr.close()
        raise typer.Exit(0) from None
    except KeyboardInterrupt:
        say_error("Interrupted; what was done before is kept.")
        raise typer.Exit(130) from None


def say_error(sentence: str) -> None:
    """One sentence on standard error."""
    error_console.print(f"orgbot: {sentence}", markup=False)


class BuildProgress:
    """Shows a build's steps as progress bars on standard error."""

    def __init__(self) -> None:
        """Prepare the bars; use as a context manager."""
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
        self._progress = Progress(*columns, console=error_console)
        self._task: TaskID | None = None

    def __enter__(self) -> BuildProgress:
        self._progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._progress.stop()

    def step(self, name: str, total: int) -> None:
        """A step of `total` units begins."""
        self._task = self._progress.add_task(name, total=total)

    def advance(self, units: int) -> None:
        """So many units of the current step are done."""
        if self._task is not None:
            self._progress.advance(self._task, units)
