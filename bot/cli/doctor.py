"""`orgbot doctor`: whether the whole installation is as it should be, and what to do."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import typer

from bot.cli.common import DataOption, JsonOption, console, said_plainly

_STYLES = {"ok": "green", "note": "yellow", "problem": "bold red"}


def doctor(context: typer.Context, data: DataOption = None, as_json: JsonOption = False) -> None:
    """Check the whole installation and say what to do for each finding; the exit status is 1 if there is a problem.

    Python and the packages, the settings, the data folder, the corpus, the index, the log of questions, the sources,
    the staff desk, the permissions of files, and the port: free, or a server there that is ready.
    """
    with said_plainly():
        from bot.doctor import State, examine

        inherited: Path | None = context.find_root().params.get("data")
        found = []
        for finding in examine(data or inherited):
            found.append(finding)
            if not as_json:
                console.print(f"{finding.state:8}", style=_STYLES[finding.state], end="", markup=False)
                console.print(
                    f"{finding.check:12} {_sentence(finding.says, finding.mend)}", markup=False, soft_wrap=True
                )
        if as_json:
            console.print_json(data=[asdict(finding) for finding in found])
        problems = sum(finding.state is State.PROBLEM for finding in found)
        if problems:
            if not as_json:
                console.print(f"\n{problems} problems, to be mended from the top down.", markup=False)
            raise typer.Exit(1)


def _sentence(says: str, mend: str) -> str:
    whole = f"{says}: {mend}" if mend else says
    return whole if whole.endswith(".") else f"{whole}."
