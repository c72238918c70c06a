"""`orgbot corpus editions`: which documents are linked as editions of one release, and why."""

from __future__ import annotations

import typer

from bot.cli.common import DataOption, JsonOption, console, said_plainly, settings_for
from bot.cli.corpus import app
from bot.cli.withdraw import DocumentArgument
from corpus.editions import edition_links, with_editions
from corpus.store import CorpusStore

_STATED = "front matter states the group"


@app.command()
def editions(
    context: typer.Context, doc_id: DocumentArgument, data: DataOption = None, as_json: JsonOption = False
) -> None:
    """Show the other editions of a document's release, and the reason for each link."""
    with said_plainly(), CorpusStore.open(settings_for(context, data).corpus_path) as store:
        document = store.get(doc_id).document
        stored = [one.document for one in store.documents()]
        if document.edition_group is not None:
            others = [one for one in stored if one.edition_group == document.edition_group and one.doc_id != doc_id]
            found = [(doc_id, one.doc_id, _STATED) for one in others]
        else:
            group = {one.doc_id: one.edition_group for one in with_editions(stored)}
            mine = group.get(doc_id)
            links = edition_links(stored) if mine is not None else []
            found = [(link.one, link.other, link.why) for link in links if group[link.one] == mine]
        if as_json:
            console.print_json(data=[{"one": one, "other": other, "why": why} for one, other, why in found])
            return
        for one, other, why in found:
            console.print(f"{one} – {other}: {why}", markup=False, soft_wrap=True)
        if not found:
            console.print(f"{doc_id} is linked to no other edition.", markup=False, soft_wrap=True)
