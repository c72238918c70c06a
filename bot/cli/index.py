"""`orgbot index`: build the index, and say what it is."""

from __future__ import annotations

from dataclasses import asdict

import typer

from bot.cli.common import BuildProgress, DataOption, JsonOption, console, said_plainly, settings_for
from bot.settings import Settings
from corpus.citable import citable_documents
from corpus.document import Document
from corpus.store import CorpusStore
from index.snapshot import Manifest, current_snapshot, read_manifest, verify

app = typer.Typer(help="The index that is searched.", no_args_is_help=True)


@app.command()
def build(context: typer.Context, data: DataOption = None) -> None:
    """Build the index of the whole corpus and publish it; a running server turns to it by itself."""
    with said_plainly():
        print_manifest(build_index(settings_for(context, data)))


@app.command()
def status(context: typer.Context, data: DataOption = None, as_json: JsonOption = False) -> None:
    """Say what the published index holds, and whether its files are sound."""
    with said_plainly():
        settings = settings_for(context, data)
        folder = settings.snapshots_path / current_snapshot(settings.snapshots_path)
        manifest = read_manifest(folder)
        verify(folder, manifest)
        if as_json:
            console.print_json(data=asdict(manifest))
        else:
            print_manifest(manifest)


def build_index(settings: Settings) -> Manifest:
    """Build and publish a snapshot of the corpus of a data folder."""
    with CorpusStore.open(settings.corpus_path) as store:
        documents = citable_documents(store, checked=True)
    return publish_index(documents, settings)


def publish_index(documents: list[tuple[Document, int]], settings: Settings) -> Manifest:
    """Build and publish a snapshot of documents, each with its revision."""
    from index.build import build_snapshot
    from index.encoder import open_encoder

    encoder = open_encoder(settings.index)
    with BuildProgress() as progress:
        return build_snapshot(
            documents, settings.snapshots_path, encoder, settings.index, settings.embeddings_path, progress
        )


def print_manifest(manifest: Manifest) -> None:
    """A snapshot in a few lines."""
    console.print(f"snapshot   {manifest.snapshot}")
    console.print(f"built      {manifest.created_at}")
    console.print(f"documents  {manifest.documents}")
    console.print(f"passages   {manifest.passages}")
    console.print(f"encoder    {manifest.encoder} ({manifest.dimensions} dimensions)")
