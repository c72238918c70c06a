"""`orgbot privacy`: what visitors asked, deleted for good."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import typer

from bot.cli.common import DataOption, Failure, JsonOption, console, said_plainly, settings_for

app = typer.Typer(help="What is kept of visitors: see docs/privacy.md.", no_args_is_help=True)
COMMAND_LINE = "orgbot privacy"
"""Who did it, in the log of actions; no user name has a space."""
_DAY = ["%Y-%m-%d"]


@app.callback()
def _group() -> None:
    """Makes this a group of commands, though it has one so far."""


@app.command()
def erase(
    context: typer.Context,
    answers: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[ANSWER_ID]…",
            help="Ids of answers, as in their addresses; an id that begins with a hyphen goes after `--`.",
        ),
    ] = None,
    words: Annotated[str, typer.Option(help="Questions and comments that hold all these words.")] = "",
    since: Annotated[datetime | None, typer.Option(formats=_DAY, help="Asked on this day (UTC) or later.")] = None,
    until: Annotated[datetime | None, typer.Option(formats=_DAY, help="Asked on this day (UTC) or earlier.")] = None,
    everything: Annotated[bool, typer.Option("--all", help="All questions.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask whether it is meant.")] = False,
    data: DataOption = None,
    as_json: JsonOption = False,
) -> None:
    """Delete questions with their answers, votes, comments and judgements for good; what is given must all fit.

    A running server need not be stopped. Backups made before hold the questions still.
    """
    with said_plainly():
        given = any((answers, words.strip(), since, until))
        if given == everything:
            raise Failure("Name what to erase: ids of answers, --words, --since, --until, or --all alone.")
        settings = settings_for(context, data)
        if not settings.feedback_path.exists():
            raise Failure(f"There is no log of questions {settings.feedback_path}: check --data.")
        if not yes:
            typer.confirm("What is erased cannot be brought back. Erase it?", abort=True, err=True)
        from bot.feedback import Action, Erasure, FeedbackLog  # which takes most of a second to import

        erasure = Erasure(
            public_ids=tuple(answers or ()),
            words=words,
            since=since.date() if since else None,
            until=until.date() if until else None,
        )
        with FeedbackLog.open(settings.feedback_path) as feedback:
            erased = feedback.erase(erasure)
            # Without the words that were searched for: they would be kept by what was to erase them.
            feedback.actions.note(COMMAND_LINE, Action.ERASED, f"{erased.answers} + {erased.judgements}")
        if as_json:
            console.print_json(data={"answers": erased.answers, "judgements": erased.judgements})
        else:
            console.print(f"{erased.answers} answers and {erased.judgements} judgements were erased", markup=False)
