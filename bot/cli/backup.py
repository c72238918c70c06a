"""`orgbot backup` and `orgbot restore`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bot.cli.common import DataOption, console, said_plainly, settings_for

ForceOption = Annotated[bool, typer.Option("--force", help="Replace what is there.")]


def backup(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The file to write, such as orgbot.tar.gz.")],
    force: ForceOption = False,
    data: DataOption = None,
) -> None:
    """Write the whole state into one file; a running server is not disturbed.

    It holds the documents with all revisions, the published index, the logged questions, the settings and the staff's
    hashed passwords: keep it as safe as the data folder, and no longer than questions may be kept.
    """
    with said_plainly():
        from bot.backup.save import back_up

        manifest = back_up(settings_for(context, data), file, force=force)
        size = file.stat().st_size / 1e6
        console.print(f"{len(manifest.files)} files backed up to {file} ({size:.1f} MB)", markup=False, soft_wrap=True)


def restore(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A file that `orgbot backup` wrote.")],
    force: ForceOption = False,
    data: DataOption = None,
) -> None:
    """Put the state of a back-up into the data folder; stop the server first.

    All of the back-up is checked before anything is replaced. With --force, what the folder held is kept in it, in a
    folder `replaced-…`, to be deleted by hand.
    """
    with said_plainly():
        from bot.backup.restore import restore as restored

        settings = settings_for(context, data)
        manifest, kept = restored(settings, file, force=force)
        console.print(f"{settings.data} holds the state of {manifest.created_at}", markup=False, soft_wrap=True)
        if kept is not None:
            console.print(f"What it held before is kept in {kept}", markup=False, soft_wrap=True)
