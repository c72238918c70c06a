"""Lines of a set's files, each with the place that a message about it must name."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TypeVar

from evals.errors import SetMalformed, SetMissing

Choice = TypeVar("Choice", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a file, counted from 1."""

    path: Path
    number: int
    text: str

    def malformed(self, what: str) -> SetMalformed:
        """The error that says what is wrong on this line."""
        return SetMalformed(f"{self.path}, line {self.number}: {what}.")


@dataclass(frozen=True, slots=True)
class Record:
    """One JSON object of a file, its values checked as they are asked for."""

    line: Line
    values: dict[str, object]

    @property
    def metadata(self) -> Record:
        """What stands under `metadata`; nothing when that is left out."""
        values = self.values.get("metadata")
        if values is None:
            return Record(self.line, {})
        if not isinstance(values, dict):
            raise self.line.malformed(f"expected an object as metadata, got {_shown(values)}")
        return Record(self.line, values)

    def identity(self) -> str:
        """What `_id` (or `id`) holds, as text."""
        value = self.values.get("_id", self.values.get("id"))
        if isinstance(value, int) and not isinstance(value, bool):
            return str(value)
        if not isinstance(value, str) or not value.strip():
            raise self.line.malformed(f'expected an id under "_id", got {_shown(value)}')
        return value

    def text(self, key: str, default: str | None = None) -> str:
        """A text; raise SetMalformed when it is none, or missing and without a default."""
        value = self.values.get(key)
        if value is None and default is not None:
            return default
        if not isinstance(value, str):
            raise self.line.malformed(f'expected a text under "{key}", got {_shown(value)}')
        return value

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of texts, or one text that stands for a list of one; empty ones are left out."""
        value = self.values.get(key)
        values: list[object] = value if isinstance(value, list) else [] if value is None else [value]
        texts = [one for one in values if isinstance(one, str)]
        if len(texts) < len(values):
            raise self.line.malformed(f'expected texts under "{key}", got {_shown(value)}')
        return tuple(text for text in texts if text.strip())

    def flag(self, key: str) -> bool:
        """True or false; false when left out."""
        value = self.values.get(key)
        if not isinstance(value, bool | None):
            raise self.line.malformed(f'expected true or false under "{key}", got {_shown(value)}')
        return bool(value)

    def choice(self, key: str, choices: type[Choice]) -> Choice | None:
        """One of a few words; None when left out."""
        value = self.values.get(key)
        if value is None:
            return None
        chosen = next((choice for choice in choices if choice == value), None)
        if chosen is None:
            raise self.line.malformed(f'expected one of {", ".join(choices)} under "{key}", got {_shown(value)}')
        return chosen


def read_lines(path: Path) -> Iterator[Line]:
    """The lines of a UTF-8 file that hold anything; a byte order mark is passed over."""
    try:
        with path.open(encoding="utf-8-sig") as file:
            for number, text in enumerate(file, start=1):
                if text.strip():
                    yield Line(path, number, text.rstrip("\n"))
    except FileNotFoundError:
        raise SetMissing(f"The file {path} does not exist: add it, or name another folder.") from None
    except UnicodeDecodeError:
        raise SetMalformed(f"The file {path} is not UTF-8 text: save it as UTF-8.") from None
    except OSError as error:
        raise SetMissing(f"The file {path} cannot be read ({error.strerror}): make it readable.") from error


def read_records(path: Path) -> Iterator[Record]:
    """The JSON objects of a file, one a line."""
    for line in read_lines(path):
        try:
            values = json.loads(line.text)
        except (ValueError, RecursionError):
            raise line.malformed("expected a JSON object, got what is no JSON") from None
        if not isinstance(values, dict):
            raise line.malformed(f"expected a JSON object, got {_shown(values)}")
        if "\\ud" in line.text.lower() and not _is_unicode(values):
            raise line.malformed("expected Unicode text, got half of a surrogate pair (\\ud800 to \\udfff)")
        yield Record(line, values)


def read_columns(path: Path, count: int) -> Iterator[tuple[Line, list[str]]]:
    """The columns of each line, separated by tabs, or where a line has none by other white space."""
    for line in read_lines(path):
        columns = [column.strip() for column in line.text.split("\t")] if "\t" in line.text else line.text.split()
        if len(columns) != count:
            raise line.malformed(f"expected {count} columns, got {len(columns)}")
        yield line, columns


def _is_unicode(values: object) -> bool:
    try:
        json.dumps(values, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return False
    return True


def _shown(value: object) -> str:
    if value is None:
        return "nothing"
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 60 else text[:59] + "…"
