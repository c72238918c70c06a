"""All checks of an installation, one after the other."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from bot.doctor.environment import package_findings, python_findings, text_findings, variable_findings
from bot.doctor.finding import Finding, State
from bot.doctor.kept import corpus_findings, folder_findings, index_state_findings, log_findings, source_findings
from bot.doctor.serving import port_findings, secret_findings, staff_findings
from bot.errors import SettingsError
from bot.settings import SETTINGS_FILE, load_settings

_OF_SETTINGS = (
    folder_findings,
    corpus_findings,
    index_state_findings,
    log_findings,
    source_findings,
    staff_findings,
    secret_findings,
    port_findings,
)


def examine(data: Path | None = None) -> Iterator[Finding]:
    """Check the installation whose data folder is `data`, or that of the settings; change nothing in it.

    A check that finds a problem does not keep the others from being made; with settings that cannot be read, those
    that need them are left out.
    """
    yield from python_findings()
    yield from package_findings()
    yield from text_findings()
    yield from variable_findings()
    try:
        settings = load_settings(data)
    except SettingsError as error:
        yield Finding("settings", State.PROBLEM, str(error))
        return
    has_file = (settings.data / SETTINGS_FILE).exists()
    yield Finding("settings", State.OK, f"{SETTINGS_FILE} is valid" if has_file else "The defaults hold, with no file")
    for check in _OF_SETTINGS:
        yield from check(settings)
