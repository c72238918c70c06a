"""What the installation stands on: Python, the packages, the settings' names, the texts in each language."""

from __future__ import annotations

import os
import string
import sys
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, metadata, requires, version
from pathlib import Path

from packaging.requirements import InvalidRequirement, Requirement
from packaging.specifiers import SpecifierSet

from bot.doctor.finding import Finding, State
from bot.locales import texts
from bot.messages import keys
from bot.settings import Settings
from corpus.document import Language

PACKAGE = "orgbot"
CONSTRAINTS = Path(__file__).parents[2] / "constraints.txt"
"""Beside the packages in a checkout; an installed wheel has none."""
_REINSTALL = "run `python -m pip install --constraint constraints.txt --editable .` anew"


def python_findings() -> Iterator[Finding]:
    """Whether this Python is one that the package asks for."""
    running = ".".join(map(str, sys.version_info[:3]))
    try:
        wanted = metadata(PACKAGE)["Requires-Python"]
    except PackageNotFoundError:
        yield Finding("python", State.PROBLEM, f"{PACKAGE} itself is not installed in {sys.prefix}", _REINSTALL)
        return
    if running in SpecifierSet(wanted):
        yield Finding("python", State.OK, f"Python {running}")
    else:
        yield Finding("python", State.PROBLEM, f"This is Python {running}, and {wanted} is needed", "install that one")


def package_findings(constraints: Path = CONSTRAINTS) -> Iterator[Finding]:
    """Whether what is imported is installed in a version that will do, and in the one that was tested."""
    try:
        needed = [Requirement(line) for line in requires(PACKAGE) or ()]
    except PackageNotFoundError:  # said already
        return
    needed = [one for one in needed if one.marker is None or one.marker.evaluate({"extra": ""})]
    found = len(needed)
    for one in needed:
        installed = _installed(one.name)
        if installed is None:
            yield Finding("packages", State.PROBLEM, f"The package {one.name} is not installed", _REINSTALL)
        elif not one.specifier.contains(installed, prereleases=True):
            says = f"The package {one.name} is {installed}, and {one.specifier} is needed"
            yield Finding("packages", State.PROBLEM, says, _REINSTALL)
        else:
            found -= 1
    if found:
        return
    untested = [
        f"{one.name} {installed} instead of {str(one.specifier).removeprefix('==')}"
        for one in _constraints(constraints)
        if (installed := _installed(one.name)) and not one.specifier.contains(installed, prereleases=True)
    ]
    if untested:
        says = f"Other versions than the tested ones are installed: {', '.join(untested)}"
        yield Finding("packages", State.NOTE, says, _REINSTALL)
    else:
        tested = ", each in the tested version" if constraints.exists() else ""
        yield Finding("packages", State.OK, f"{len(needed)} packages are installed{tested}")


def variable_findings() -> Iterator[Finding]:
    """Variables of the environment that look like settings and are none: a typing error would go unseen."""
    prefix = str(Settings.model_config.get("env_prefix"))
    for name in sorted(os.environ):
        if name.startswith(prefix):
            first = name.removeprefix(prefix).lower().partition("__")[0]
            if first not in Settings.model_fields:
                says = f"The environment variable {name} is no setting and counts for nothing"
                yield Finding("settings", State.PROBLEM, says, "mend its name or take it away")


def text_findings() -> Iterator[Finding]:
    """Whether each language has each text, with the same fields to fill in."""
    try:
        whole = {name: _fields(texts(Language.ENGLISH).entries[name]) for name in texts(Language.ENGLISH).entries}
        said = keys(Language.ENGLISH)
        broken = False
        for language in Language:
            own = texts(language).entries
            wrong = sorted(
                {*(whole.keys() ^ own.keys()), *(said ^ keys(language))}
                | {name for name in whole.keys() & own.keys() if whole[name] != _fields(own[name])}
            )
            if wrong:
                broken = True
                says = f"The texts of {language.value!r} are not those of the other languages: {', '.join(wrong[:5])}"
                yield Finding("texts", State.PROBLEM, says, _REINSTALL)
    except (OSError, ValueError, KeyError) as error:
        says = f"The texts cannot be read ({type(error).__name__}: {error})"
        yield Finding("texts", State.PROBLEM, says, _REINSTALL)
        return
    if not broken:
        says = f"{len(whole) + len(said)} texts in each of {len(Language)} languages"
        yield Finding("texts", State.OK, says)


def _fields(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def _installed(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def _constraints(path: Path) -> Iterator[Requirement]:
    try:
        lines = path.read_text("utf-8").splitlines()
    except OSError:
        return
    for line in lines:
        try:
            yield Requirement(line.partition("#")[0].strip())
        except InvalidRequirement:  # an empty line, an option of pip
            continue
