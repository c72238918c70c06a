"""`orgbot staff`: who may use the staff desk, and the test set that their judgements make."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from bot.cli.common import DataOption, JsonOption, console, said_plainly, settings_for
from bot.settings import Settings
from bot.staff import StaffUsers
from corpus.store import CorpusStore

app = typer.Typer(help="The users of the staff desk, and what they judged.", no_args_is_help=True)
COMMAND_LINE = "orgbot staff"
"""Who did it, in the log of actions; no user name has a space."""
NameArgument = Annotated[str, typer.Argument(metavar="NAME", help="The user's name.")]


@app.command()
def add(
    context: typer.Context,
    name: NameArgument,
    password_stdin: Annotated[
        bool, typer.Option("--password-stdin", help="Read the password from the first line of standard input.")
    ] = False,
    data: DataOption = None,
) -> None:
    """Add a user, or change the password of one; a running server knows at once."""
    with said_plainly():
        settings = settings_for(context, data)
        users = StaffUsers.of(settings)
        if password_stdin:
            password = sys.stdin.readline().rstrip("\r\n")
        else:
            password = typer.prompt("Password", hide_input=True, confirmation_prompt=True)
        users.add(name, password)
        _note(settings, "added_user", name)
        console.print(f"{name} may sign in at /staff", markup=False)


@app.command("list")
def list_users(context: typer.Context, data: DataOption = None, as_json: JsonOption = False) -> None:
    """List the users."""
    with said_plainly():
        names = StaffUsers.of(settings_for(context, data)).names()
        if as_json:
            console.print_json(data=names)
            return
        for name in names:
            console.print(name, markup=False)


@app.command()
def remove(context: typer.Context, name: NameArgument, data: DataOption = None) -> None:
    """Take a user away; their sessions end at once."""
    with said_plainly():
        settings = settings_for(context, data)
        StaffUsers.of(settings).remove(name)
        _note(settings, "removed_user", name)
        console.print(f"{name} may no longer sign in", markup=False)


@app.command("export-set")
def export(
    context: typer.Context,
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A folder for the set; an earlier one is replaced.")],
    data: DataOption = None,
) -> None:
    """Write the judgements as a set of questions: see `orgbot evaluate DIR --answers`."""
    with said_plainly():
        from bot.feedback import Action, FeedbackLog
        from bot.feedback.testset import export_set

        settings = settings_for(context, data)
        with CorpusStore.open(settings.corpus_path) as store, FeedbackLog.open(settings.feedback_path) as feedback:
            documents = (stored.document for stored in store.documents())
            exported = export_set(folder, feedback.judgements.all(), documents)
            feedback.actions.note(COMMAND_LINE, Action.EXPORTED, "set")
        console.print(
            f"{exported.answerable} questions with answers and {exported.unanswerable} without were written to"
            f" {folder}; {exported.left_out} judged ones have no right passage in the corpus yet",
            markup=False,
        )


def _note(settings: Settings, action: str, name: str) -> None:
    from bot.feedback import Action, FeedbackLog  # which takes most of a second to import

    with FeedbackLog.open(settings.feedback_path) as feedback:
        feedback.actions.note(COMMAND_LINE, Action(action), name)
