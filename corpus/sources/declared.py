"""The sources that a data folder declares: `sources.toml` (tomlkit lives here)."""

from __future__ import annotations

import os
import tomllib
from enum import StrEnum
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any, Self
from urllib.parse import urlsplit

import tomlkit
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from corpus.document import DocumentKind, Language
from corpus.errors import SourceError

SOURCES_FILE = "sources.toml"


class SourceKind(StrEnum):
    """Where the addresses of a source's pages stand."""

    SITEMAP = "sitemap"
    FEED = "feed"
    LIST = "list"
    FOLDER = "folder"


class Source(BaseModel):
    """One place that pages come from, and which of its pages are wanted."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = Field(pattern=r"^[a-z0-9][a-z0-9-]{0,59}$")
    kind: SourceKind
    address: str = ""
    """Of the sitemap or feed."""
    addresses: tuple[str, ...] = ()
    """Of the pages, for a list."""
    path: Path | None = None
    """Of a folder."""
    hosts: tuple[str, ...] = ()
    """The hosts that may be asked, `host` or `host:port`; by default those of the addresses above."""
    languages: tuple[Language, ...] = ()
    """Only documents in these languages are taken; all when none is named."""
    kinds: tuple[DocumentKind, ...] = ()
    """Only documents of these kinds are taken; all when none is named."""
    include: tuple[str, ...] = ()
    """Patterns with * and ?; one that begins with a slash is for the path of an address, another for all of it."""
    exclude: tuple[str, ...] = ()
    """Patterns of what is left out although it is included."""

    @model_validator(mode="after")
    def _has_its_place(self) -> Self:
        wanted = {SourceKind.FOLDER: "path", SourceKind.LIST: "addresses"}.get(self.kind, "address")
        for name in ("address", "addresses", "path"):
            if bool(getattr(self, name)) != (name == wanted):
                raise ValueError(f"a {self.kind} needs {wanted} and no {name if name != wanted else 'other place'}")
        return self

    @property
    def allowed_hosts(self) -> tuple[str, ...]:
        """The hosts that may be asked for this source."""
        if self.hosts:
            return self.hosts
        named = (_host_of(address) for address in (self.address, *self.addresses) if address)
        return tuple(dict.fromkeys(host for host in named if host))

    def speaks_for(self, address: str) -> bool:
        """Whether an address that a page states as its own is of one of the source's hosts, whatever the port."""
        names = {allowed.partition(":")[0].lower() for allowed in self.allowed_hosts}
        return _host_of(address).partition(":")[0] in names

    def wants(self, address: str) -> bool:
        """Whether the patterns let an address through."""
        parts = urlsplit(address)
        path = f"{parts.path}?{parts.query}" if parts.query else parts.path

        def is_met(pattern: str) -> bool:
            return fnmatchcase(path if pattern.startswith("/") else address, pattern)

        return (not self.include or any(map(is_met, self.include))) and not any(map(is_met, self.exclude))


def load_sources(data: Path) -> list[Source]:
    """The sources of a data folder, none when it has no file of them; raises SourceError."""
    file = data / SOURCES_FILE
    try:
        entries = tomllib.loads(file.read_text("utf-8")).get("source", [])
        sources = [Source.model_validate(entry) for entry in entries]
    except FileNotFoundError:
        return []
    except ValidationError as error:
        problem = error.errors(include_url=False)[0]
        place = ".".join(map(str, problem["loc"])) or "the source"
        raise SourceError(f"{file} is not usable: {place}: {problem['msg']}.") from None
    except (OSError, ValueError, AttributeError, TypeError) as error:
        raise SourceError(f"{file} cannot be read ({error}): mend it.") from None
    names = [source.name for source in sources]
    if twice := {name for name in names if names.count(name) > 1}:
        raise SourceError(f"{file} names {', '.join(sorted(twice))} twice: give each source a name of its own.")
    return sources


def make_source(**given: object) -> Source:
    """A source of these values, those that are empty left out; raises SourceError, which says what is wrong."""
    try:
        return Source.model_validate({name: value for name, value in given.items() if value not in (None, "", (), [])})
    except ValidationError as error:
        problem = error.errors(include_url=False)[0]
        place = f"{'.'.join(map(str, problem['loc']))}: " if problem["loc"] else ""
        raise SourceError(f"The source cannot be added: {place}{problem['msg']}.") from None


def add_source(data: Path, source: Source) -> None:
    """Write one more source at the end of the file, the rest of which stays as it is; raises SourceError."""
    if any(known.name == source.name for known in load_sources(data)):
        raise SourceError(f"There is a source {source.name} already: choose another name, or remove that one first.")
    document = _read(data)
    entry = tomlkit.table()
    for name, value in source.model_dump(mode="json", exclude_defaults=True).items():
        entry.add(name, value)
    if "source" not in document:
        document.add("source", tomlkit.aot())
    entries: Any = document["source"]
    entries.append(entry)
    _write(data, document)


def remove_source(data: Path, name: str) -> None:
    """Take one source out of the file; raises SourceError when it is not there."""
    load_sources(data)
    document = _read(data)
    entries: Any = document.get("source", [])
    place = next((place for place, entry in enumerate(entries) if entry["name"] == name), None)
    if place is None:
        raise SourceError(f"There is no source {name}: see `orgbot sources list`.")
    del entries[place]
    if not len(entries):
        del document["source"]
    _write(data, document)


def _read(data: Path) -> tomlkit.TOMLDocument:
    file = data / SOURCES_FILE
    return tomlkit.parse(file.read_text("utf-8")) if file.exists() else tomlkit.document()


def _write(data: Path, document: tomlkit.TOMLDocument) -> None:
    """Whole or not at all."""
    file = data / SOURCES_FILE
    try:
        data.mkdir(parents=True, exist_ok=True)
        beside = file.with_suffix(".new")
        try:
            with beside.open("w", encoding="utf-8") as written:
                written.write(tomlkit.dumps(document))
                written.flush()
                os.fsync(written.fileno())
            beside.replace(file)
        except BaseException:
            beside.unlink(missing_ok=True)
            raise
    except OSError as error:
        raise SourceError(f"{file} cannot be written ({error.strerror}): make its folder writable.") from error


def _host_of(address: str) -> str:
    """Host and port of an address, or nothing when it has none."""
    try:
        return urlsplit(address).netloc.lower().rpartition("@")[2]
    except ValueError:
        return ""
