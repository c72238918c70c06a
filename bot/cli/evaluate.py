"""`orgbot evaluate`: figures over sets of questions."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bot.cli.common import DataOption, JsonOption, said_plainly, settings_for


def evaluate(
    context: typer.Context,
    set_dirs: Annotated[
        list[Path] | None,
        typer.Argument(metavar="SET_DIR…", help="BEIR folders [default: the bundled sets].", show_default=False),
    ] = None,
    run_out: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Also write a TREC run file for each set.", show_default=False)
    ] = None,
    answers: Annotated[
        bool, typer.Option("--answers", help="Also answer every question and judge the answers.")
    ] = False,
    gate: Annotated[bool, typer.Option("--gate", help="Exit with 1 when a bundled set falls below its floor.")] = False,
    data: DataOption = None,
    as_json: JsonOption = False,
) -> None:
    """Measure retrieval (and, with --answers, answers) over sets of questions, in a temporary place."""
    with said_plainly():
        settings = settings_for(context, data)
        from evals.command import evaluate as evaluate_sets

        raise typer.Exit(
            evaluate_sets(set_dirs or [], settings, json=as_json, run_out=run_out, answers=answers, gate=gate)
        )
