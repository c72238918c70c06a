"""`orgbot corpus`: add, list and show documents."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table

from bot.cli.common import DataOption, Failure, JsonOption, console, said_plainly, say_error, settings_for
from bot.settings import Settings
from corpus.sources.folder import read_pages
from corpus.store import Change, CorpusStore, StoredDocument

if TYPE_CHECKING:
    from corpus.ingest import Outcome

REINSTATE = "orgbot corpus reinstate"

app = typer.Typer(help="The documents that answers come from.", no_args_is_help=True)


@app.command()
def add(
    context: typer.Context,
    paths: Annotated[
        list[Path], typer.Argument(metavar="PATH…", help="Files (.txt, .html, .md, .pdf, .docx) and folders of them.")
    ],
    data: DataOption = None,
    as_json: JsonOption = False,
) -> None:
    """Take pages into the corpus; run `orgbot index build` afterwards.

    A page that is already there changes nothing, a changed page becomes a new revision. Pages that cannot be taken
    in are named one by one, the others are added all the same; the exit status is then 1.
    """
    with said_plainly():
        outcomes = add_paths(paths, settings_for(context, data))
        if as_json:
            console.print_json(data=[_outcome_record(outcome) for outcome in outcomes])
        else:
            _print_outcomes(outcomes)
        if any(outcome.error for outcome in outcomes):
            raise typer.Exit(1)
        if not outcomes:
            forms = ".txt, .html, .md, .pdf, .docx"
            raise Failure(f"No page ({forms}) was found in {', '.join(map(str, paths))}: name another folder.")


@app.command("list")
def list_documents(context: typer.Context, data: DataOption = None, as_json: JsonOption = False) -> None:
    """List the documents of the corpus."""
    with said_plainly(), CorpusStore.open(settings_for(context, data).corpus_path) as store:
        stored = list(store.documents())
        if as_json:
            console.print_json(data=[_document_record(one, with_text=False) for one in stored])
            return
        table = Table(box=None, header_style="bold")
        for name in ("Document", "Kind", "Language", "Date", "Headline"):
            table.add_column(name, overflow="fold", no_wrap=name == "Document")
        for one in stored:
            document = one.document
            table.add_row(document.doc_id, document.kind, document.language, str(document.date or ""), document.title)
        console.print(table)
        console.print(f"{len(stored)} documents")


@app.command()
def show(
    context: typer.Context,
    doc_id: Annotated[str, typer.Argument(metavar="DOC_ID")],
    revision: Annotated[
        int | None, typer.Option(help="An earlier revision [default: the current one].", show_default=False)
    ] = None,
    data: DataOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show one document as it is stored."""
    with said_plainly(), CorpusStore.open(settings_for(context, data).corpus_path) as store:
        stored = store.get(doc_id, revision)
        record = _document_record(stored, with_text=True)
        if record["withdrawn"]:
            record["why"] = store.withdrawals(doc_id)[-1].why
        if as_json:
            console.print_json(data=record)
            return
        text = record.pop("text")
        if disagreement := stored.document.date_disagreement:
            record["date_disagreement"] = str(disagreement)
        for name, value in record.items():
            if value not in (None, "", [], False):
                shown = ", ".join(map(str, value)) if isinstance(value, list) else value
                console.print(f"{name}: {shown}", markup=False, soft_wrap=True)
        console.print(f"\n{text}", markup=False, soft_wrap=True)


def add_paths(paths: list[Path], settings: Settings) -> list[Outcome]:
    """Add the pages of files and folders to the corpus of a data folder, which is made when it is not there."""
    from corpus.ingest import add_pages  # with the readers of all forms of page, which other commands do not need

    with CorpusStore.open(settings.corpus_path, create=True) as store:
        return list(add_pages(store, read_pages(paths, settings.corpus), settings.corpus))


def _print_outcomes(outcomes: list[Outcome]) -> None:
    for outcome in outcomes:
        if outcome.error:
            say_error(str(outcome.error))
        elif outcome.change is not Change.UNCHANGED:
            note = f" (still withdrawn; {REINSTATE} {outcome.doc_id} undoes that)" if outcome.withdrawn else ""
            console.print(f"{outcome.change}  {outcome.doc_id}  {outcome.title}{note}", markup=False, soft_wrap=True)
    counts = {change: sum(outcome.change is change for outcome in outcomes) for change in Change}
    failed = sum(outcome.error is not None for outcome in outcomes)
    summary = ", ".join(f"{count} {change}" for change, count in counts.items())
    console.print(summary + (f", {failed} failed" if failed else ""))


def _outcome_record(outcome: Outcome) -> dict[str, object]:
    return {
        "page": outcome.name,
        "change": outcome.change,
        "doc_id": outcome.doc_id,
        "title": outcome.title,
        "error": str(outcome.error) if outcome.error else None,
        "withdrawn": outcome.withdrawn,
    }


def _document_record(stored: StoredDocument, with_text: bool) -> dict[str, object]:
    record: dict[str, object] = json.loads(stored.document.to_json())
    record |= {"revision": stored.revision, "added_at": stored.added_at.isoformat(), "withdrawn": stored.withdrawn}
    if not with_text:
        del record["text"], record["contact"]
    return record
