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
    answers: Annotated[
        bool,
        typer.Option("--answers", help="Also answer every question and judge the answers."),
    ] = False,
    slices: Annotated[
        bool,
        typer.Option("--slices", help="Show language, split, kind of question and year, too."),
    ] = False,
    ablate: Annotated[
        bool,
        typer.Option("--ablate", help="Also retrieve with each signal off, and alone."),
    ] = False,
    gate: Annotated[
        bool,
        typer.Option("--gate", help="Exit with 1 when a bundled set falls below its floor."),
    ] = False,
    encoder: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME_OR_FOLDER",
            help="Put a sentence-transformers model beside the default (may be repeated).",
            show_default=False,
        ),
    ] = None,
    query_prefix: Annotated[str, typer.Option(help="Put before each question for these models (e5: 'query: ').")] = "",
    passage_prefix: Annotated[
        str,
        typer.Option(help="Put before each passage for these models (e5: 'passage: ')."),
    ] = "",
    out: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR",
            help="Write the results, question by question, as JSON named by commit.",
            show_default=False,
        ),
    ] = None,
    run_out: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Write a TREC run file for each set.", show_default=False),
    ] = None,
    plots: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR",
            help="Draw risk over coverage, reliability and Success@1 (judges answers).",
            show_default=False,
        ),
    ] = None,
    compare: Annotated[
        tuple[Path, Path] | None,
        typer.Option(
            metavar="A.json B.json",
            help="Test how two files of --out differ; nothing is measured.",
            show_default=False,
        ),
    ] = None,
    data: DataOption = None,
    as_json: JsonOption = False,
) -> None:
    """Measure retrieval (and, with --answers, answers) over sets of questions, in a temporary place."""
    with said_plainly():
        from evals import command

        if compare is not None:
            if set_dirs:
                raise typer.BadParameter("--compare reads two files of results: name no set beside it.")
            raise typer.Exit(command.compare(*compare, json=as_json))
        if (query_prefix or passage_prefix) and not encoder:
            raise typer.BadParameter("A prefix is for the models of --encoder: name one.")
        options = command.Options(
            answers=answers,
            gate=gate,
            ablate=ablate,
            slices=slices,
            json=as_json,
            encoders=tuple(encoder or ()),
            query_prefix=query_prefix,
            passage_prefix=passage_prefix,
            run_out=run_out,
            out=out,
            plots=plots,
        )
        raise typer.Exit(command.evaluate(set_dirs or [], settings_for(context, data), options))
