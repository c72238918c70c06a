"""`orgbot sources`: where the pages come from."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from bot.cli.common import DataOption, Failure, JsonOption, console, said_plainly, settings_for
from corpus.document import DocumentKind, Language
from corpus.sources.declared import SourceKind, add_source, load_sources, make_source, remove_source

app = typer.Typer(help="The sites, feeds and folders that `orgbot sync` keeps the corpus in step with.")


@app.command()
def add(
    context: typer.Context,
    name: Annotated[str, typer.Argument(metavar="NAME", help="Small letters, digits and hyphens.")],
    kind: Annotated[SourceKind, typer.Argument(metavar="KIND", help="sitemap, feed, list or folder.")],
    places: Annotated[list[str], typer.Argument(metavar="PLACE…", help="Its address; several for a list; a path.")],
    hosts: Annotated[list[str] | None, typer.Option("--host", help="A host that may be asked, if others.")] = None,
    languages: Annotated[list[Language] | None, typer.Option("--language", help="Only this language.")] = None,
    kinds: Annotated[list[DocumentKind] | None, typer.Option("--only", help="Only this kind of document.")] = None,
    include: Annotated[list[str] | None, typer.Option(help="Only addresses like this, such as /news/*.")] = None,
    exclude: Annotated[list[str] | None, typer.Option(help="No address like this.")] = None,
    data: DataOption = None,
) -> None:
    """Declare a source in sources.toml; `orgbot sync` then takes its pages in. Options may be given several times."""
    with said_plainly():
        settings = settings_for(context, data)
        if kind is not SourceKind.LIST and len(places) > 1:
            raise Failure(f"A {kind} is one place, and {len(places)} are given: name one, or choose `list` for pages.")
        place: dict[str, object] = {"address": places[0]}
        if kind is SourceKind.LIST:
            place = {"addresses": places}
        elif kind is SourceKind.FOLDER:
            place = {"path": Path(places[0]).absolute()}
        source = make_source(
            name=name, kind=kind, hosts=hosts, languages=languages, kinds=kinds, include=include, exclude=exclude,
            **place,
        )  # fmt: skip
        add_source(settings.data, source)
        console.print(f"{name} added; run `orgbot sync` to take its pages in", markup=False)


@app.command("list")
def list_sources(context: typer.Context, data: DataOption = None, as_json: JsonOption = False) -> None:
    """List the declared sources."""
    with said_plainly():
        sources = load_sources(settings_for(context, data).data)
        if as_json:
            console.print_json(data=[source.model_dump(mode="json", exclude_defaults=True) for source in sources])
            return
        table = Table("Name", "Kind", "Place", "Only", box=None, header_style="bold")
        for source in sources:
            place = str(source.path) if source.path else source.address or f"{len(source.addresses)} addresses"
            only = ", ".join([*source.languages, *source.kinds, *source.include, *(f"not {p}" for p in source.exclude)])
            table.add_row(source.name, source.kind, place, only)
        console.print(table)
        console.print(f"{len(sources)} sources")


@app.command()
def remove(
    context: typer.Context, name: Annotated[str, typer.Argument(metavar="NAME")], data: DataOption = None
) -> None:
    """Take a source out of sources.toml; the documents that came from it stay."""
    with said_plainly():
        remove_source(settings_for(context, data).data, name)
        console.print(f"{name} removed; its documents stay", markup=False)
