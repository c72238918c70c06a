"""`orgbot`: the commands put together."""

from __future__ import annotations

import io
import os
import sys
from importlib.metadata import version
from typing import Annotated

import typer

from bot.cli import (
    ask,
    backup,
    checks,  # noqa: F401  adds its commands to `corpus`
    corpus,
    doctor,
    editions,  # noqa: F401  adds its command to `corpus`
    evaluate,
    index,
    privacy,
    serve,
    sources,
    staff,
    sync,
    withdraw,  # noqa: F401  adds its commands to `corpus`
)
from bot.cli.common import DataOption, console

# Settings of libraries, not of ours: they must be there before any of them is imported.
os.environ.setdefault("HF_HUB_OFFLINE", "1")
os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
os.environ.setdefault("GRADIO_ANALYTICS_ENABLED", "False")
os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
os.environ.setdefault("OMP_NUM_THREADS", "1")

app = typer.Typer(
    name="orgbot",
    help="Answers questions about an organisation from its own pages, every statement cited to the very words.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
    rich_markup_mode=None,
)
app.add_typer(corpus.app, name="corpus")
app.add_typer(index.app, name="index")
app.add_typer(staff.app, name="staff")
app.add_typer(privacy.app, name="privacy")
app.add_typer(sources.app, name="sources")
app.command("sync")(sync.sync)
app.command("init")(serve.init)
app.command("ask")(ask.ask)
app.command("search")(ask.search)
app.command("serve")(serve.serve)
app.command("backup")(backup.backup)
app.command("restore")(backup.restore)
app.command("doctor")(doctor.doctor)
app.command("evaluate")(evaluate.evaluate)


def _print_version(wanted: bool) -> None:
    if wanted:
        console.print(f"orgbot {version('orgbot')}")
        raise typer.Exit


@app.callback()
def _options(
    data: DataOption = None,
    show_version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version and exit.")
    ] = False,
) -> None:
    """Options that stand before the command."""


def main() -> None:
    """Run the command line."""
    for output in (sys.stdout, sys.stderr):
        if isinstance(output, io.TextIOWrapper):
            output.reconfigure(errors="backslashreplace")  # what no encoding can hold; within JSON, its own escape
    app()
