"""`orgbot corpus withdraw`, `reinstate` and `withdrawn`: which documents are not to be cited."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.table import Table

from bot.cli.common import DataOption, Failure, JsonOption, console, said_plainly, settings_for
from bot.cli.corpus import REINSTATE, app
from corpus.store import CorpusStore
from corpus.withdrawals import Withdrawal

PUBLISH = "run `orgbot index build`, and a running server turns to it by itself"
"""What to do after a change to what may be cited."""
DocumentArgument = Annotated[str, typer.Argument(metavar="DOC_ID", help="The document's id: see `orgbot corpus list`.")]


@app.command()
def withdraw(
    context: typer.Context,
    doc_id: DocumentArgument,
    why: Annotated[str, typer.Option(help="The reason, which is kept.", show_default=False)],
    data: DataOption = None,
) -> None:
    """Have a document cited no more, from the next `orgbot index build` on.

    It stays withdrawn, whatever its page says later, until `orgbot corpus reinstate`. Nothing of it is deleted.
    """
    with said_plainly(), CorpusStore.open(settings_for(context, data).corpus_path) as store:
        if not why.strip():
            raise Failure("The reason is empty: say after --why why the document is withdrawn.")
        if not store.withdraw(doc_id, why, by_hand=True):
            raise Failure(f"{doc_id} is withdrawn already: `{REINSTATE} {doc_id}` undoes it.")
        console.print(f"{doc_id} is withdrawn: {PUBLISH}", markup=False, soft_wrap=True)


@app.command()
def reinstate(context: typer.Context, doc_id: DocumentArgument, data: DataOption = None) -> None:
    """Have a withdrawn document cited again, from the next `orgbot index build` on."""
    with said_plainly(), CorpusStore.open(settings_for(context, data).corpus_path) as store:
        if not store.reinstate(doc_id):
            raise Failure(f"{doc_id} is not withdrawn: look at `orgbot corpus withdrawn`.")
        console.print(f"{doc_id} is reinstated: {PUBLISH}", markup=False, soft_wrap=True)


@app.command()
def withdrawn(
    context: typer.Context,
    every: Annotated[bool, typer.Option("--all", help="Those that have ended too.")] = False,
    data: DataOption = None,
    as_json: JsonOption = False,
) -> None:
    """List the withdrawn documents, since when and why."""
    with said_plainly(), CorpusStore.open(settings_for(context, data).corpus_path) as store:
        listed = [one for one in store.withdrawals() if every or one.ended_at is None]
        if as_json:
            console.print_json(data=[_record(one) for one in listed])
            return
        table = Table(box=None, header_style="bold")
        for name in ("Document", "Withdrawn", "Ended", "By hand", "Why"):
            table.add_column(name, overflow="fold")
        for one in listed:
            ended = f"{one.ended_at:%Y-%m-%d %H:%M}" if one.ended_at else ""
            by_hand = "yes" if one.by_hand else "no"
            table.add_row(one.doc_id, f"{one.at:%Y-%m-%d %H:%M}", ended, by_hand, one.why)
        console.print(table)


def _record(withdrawal: Withdrawal) -> dict[str, object]:
    return {
        "doc_id": withdrawal.doc_id,
        "withdrawn_at": withdrawal.at.isoformat(),
        "ended_at": withdrawal.ended_at.isoformat() if withdrawal.ended_at else None,
        "by_hand": withdrawal.by_hand,
        "why": withdrawal.why,
    }
