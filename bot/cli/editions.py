"""`orgbot corpus editions`, `link`, `unlink`, `undecide`, `decisions`: which documents are one release, and why."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.table import Table

from bot.cli.common import DataOption, Failure, JsonOption, console, said_plainly, settings_for
from bot.cli.corpus import app
from bot.cli.withdraw import PUBLISH, DocumentArgument
from corpus.citable import LinkedCorpus, may_be_linked
from corpus.editions.decisions import Decision
from corpus.store import CorpusStore

_OtherArgument = Annotated[str, typer.Argument(metavar="DOC_ID", help="The other document's id.")]
_WhyOption = Annotated[str, typer.Option(help="The reason, which is kept.", show_default=False)]


@app.command()
def editions(
    context: typer.Context, doc_id: DocumentArgument, data: DataOption = None, as_json: JsonOption = False
) -> None:
    """Show what a document is linked with as one release, editions and reposts, and the reason for each link."""
    with said_plainly(), CorpusStore.open(settings_for(context, data).corpus_path) as store:
        store.get(doc_id)
        linked = LinkedCorpus(store).now()
        links = linked.links_of(doc_id)
        reposts = {one.doc_id: one.repost_of for one in linked.documents if one.repost_of}
        if as_json:
            console.print_json(
                data=[
                    {"one": link.one, "other": link.other, "why": link.why, "by_hand": link.by_hand} for link in links
                ]
            )
            return
        for link in links:
            console.print(f"{link.one} – {link.other}: {link.why}", markup=False, soft_wrap=True)
        for repost in sorted({link.one for link in links} | {link.other for link in links}):
            if repost in reposts:
                cited = f"{repost} says the same as {reposts[repost]}, which is cited before it."
                console.print(cited, markup=False, soft_wrap=True)
        if not links:
            console.print(f"{doc_id} is linked to no other document.", markup=False, soft_wrap=True)


@app.command()
def link(
    context: typer.Context, one: DocumentArgument, other: _OtherArgument, why: _WhyOption, data: DataOption = None
) -> None:
    """Say that two documents are one release, from the next `orgbot index build` on, whatever their pages state."""
    with said_plainly(), CorpusStore.open(settings_for(context, data).corpus_path) as store:
        _check(store, one, other, why)
        if not may_be_linked(store, one, other):
            raise Failure(f"Other decisions keep {one} and {other} apart: see `orgbot corpus decisions`.")
        if not store.decide(one, other, why, together=True):
            raise Failure(f"{one} and {other} are linked by hand already: see `orgbot corpus decisions`.")
        console.print(f"{one} and {other} are one release: {PUBLISH}", markup=False, soft_wrap=True)


@app.command()
def unlink(
    context: typer.Context, one: DocumentArgument, other: _OtherArgument, why: _WhyOption, data: DataOption = None
) -> None:
    """Keep two documents apart, from the next `orgbot index build` on, whatever their pages state."""
    with said_plainly(), CorpusStore.open(settings_for(context, data).corpus_path) as store:
        _check(store, one, other, why)
        if not store.decide(one, other, why, together=False):
            raise Failure(f"{one} and {other} are kept apart already: see `orgbot corpus decisions`.")
        console.print(f"{one} and {other} are kept apart: {PUBLISH}", markup=False, soft_wrap=True)


@app.command()
def undecide(context: typer.Context, one: DocumentArgument, other: _OtherArgument, data: DataOption = None) -> None:
    """Undo the decision on two documents: they are linked by what they state again, or not."""
    with said_plainly(), CorpusStore.open(settings_for(context, data).corpus_path) as store:
        if not store.undo_decision(one, other):
            raise Failure(f"Nothing is decided on {one} and {other}: look at `orgbot corpus decisions`.")
        console.print(f"Nothing is decided on {one} and {other} now: {PUBLISH}", markup=False, soft_wrap=True)


@app.command("decisions")
def list_decisions(
    context: typer.Context,
    every: Annotated[bool, typer.Option("--all", help="Those that were undone too.")] = False,
    data: DataOption = None,
    as_json: JsonOption = False,
) -> None:
    """List what was decided by hand on pairs of documents, when and why."""
    with said_plainly(), CorpusStore.open(settings_for(context, data).corpus_path) as store:
        listed = store.decisions(every=every)
        if as_json:
            console.print_json(data=[_record(one) for one in listed])
            return
        table = Table(box=None, header_style="bold")
        for name in ("Document", "Other", "Decision", "Decided", "Undone", "Why"):
            table.add_column(name, overflow="fold")
        for one in listed:
            undone = f"{one.ended_at:%Y-%m-%d %H:%M}" if one.ended_at else ""
            what = "one release" if one.together else "kept apart"
            table.add_row(one.one, one.other, what, f"{one.at:%Y-%m-%d %H:%M}", undone, one.why)
        console.print(table)


def _check(store: CorpusStore, one: str, other: str, why: str) -> None:
    for doc_id in (one, other):
        if store.get(doc_id).withdrawn:
            raise Failure(f"{doc_id} is withdrawn: `orgbot corpus reinstate {doc_id}` first.")
    if one == other:
        raise Failure(f"{one} is named twice: name two documents.")
    if not why.strip():
        raise Failure("The reason is empty: say after --why why it is so.")


def _record(decision: Decision) -> dict[str, object]:
    return {
        "one": decision.one,
        "other": decision.other,
        "together": decision.together,
        "why": decision.why,
        "decided_at": decision.at.isoformat(),
        "ended_at": decision.ended_at.isoformat() if decision.ended_at else None,
    }
