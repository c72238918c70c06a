"""Pages from files and folders."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Iterator
from pathlib import Path

from corpus.errors import PageError, PageNotFound, PageUnreadable
from corpus.page import Page, PageFormat
from corpus.settings import CorpusSettings

FORMATS = {
    ".txt": PageFormat.FLATTENED_TEXT,
    ".html": PageFormat.HTML,
    ".htm": PageFormat.HTML,
    ".md": PageFormat.MARKDOWN,
    ".pdf": PageFormat.PDF,
    ".docx": PageFormat.DOCX,
}
"""The format of a file by the end of its name, in lower case."""


def read_pages(paths: Iterable[Path], settings: CorpusSettings) -> Iterator[Page | PageError]:
    """Read each file, and in sorted order all pages below each folder.

    Hidden files, and files in a folder whose names end otherwise than in `FORMATS`, are passed over.
    Links are followed; what several paths lead to is read once. A page that cannot be read is yielded
    as the PageError that says why, and the reading goes on.
    """
    seen: set[Path] = set()
    for path in paths:
        try:
            is_folder = path.is_dir()
        except (OSError, ValueError) as error:
            yield PageUnreadable(f"{shown(path)} cannot be read: {_reason(error)}; mend the path.", page=shown(path))
            continue
        if not is_folder:
            yield from _read_once(path, seen, settings)
            continue
        is_empty = True
        for found in _files_below(path, set()):
            is_empty = False
            if isinstance(found, PageError):
                yield found
            else:
                yield from _read_once(found, seen, settings)
        if is_empty:
            message = f"The folder {shown(path)} holds no page: put {_suffixes()} files into it."
            yield PageNotFound(message, page=shown(path))


def shown(path: Path) -> str:
    """The path as it can be printed on one line of any terminal or log."""
    return "".join(character if character.isprintable() else "?" for character in str(path))


def _files_below(folder: Path, visited: set[tuple[int, int]]) -> Iterator[Path | PageError]:
    """The pages' paths in the folder and its folders; `visited` breaks loops of links."""
    try:
        identity = folder.stat()
        if (identity.st_dev, identity.st_ino) in visited:
            return
        visited.add((identity.st_dev, identity.st_ino))
        entries = sorted(folder.iterdir())
    except OSError as error:
        message = f"The folder {shown(folder)} cannot be read: {_reason(error)}; give yourself access to it."
        yield PageUnreadable(message, page=shown(folder))
        return
    for entry in entries:
        if entry.name.startswith("."):
            continue
        if entry.is_dir():
            yield from _files_below(entry, visited)
        elif entry.suffix.lower() in FORMATS:
            yield entry


def _read_once(path: Path, seen: set[Path], settings: CorpusSettings) -> Iterator[Page | PageError]:
    try:
        resolved = path.resolve()
        if resolved in seen:
            return
        seen.add(resolved)
        yield _read_page(path, resolved, settings)
    except PageError as error:
        yield error
    except FileNotFoundError:
        yield PageNotFound(f"{shown(path)} does not exist: correct the path.", page=shown(path))
    except (OSError, RuntimeError, ValueError) as error:
        # Python 3.11 and 3.12 report a link that leads to itself as RuntimeError, a NUL in a path as ValueError.
        message = f"{shown(path)} cannot be read: {_reason(error)}; make the file readable."
        yield PageUnreadable(message, page=shown(path))


def _read_page(path: Path, resolved: Path, settings: CorpusSettings) -> Page:
    name = shown(path)
    status = path.stat()
    if not stat.S_ISREG(status.st_mode):
        raise PageUnreadable(f"{name} is no regular file: name a file or a folder.", page=name)
    page_format = FORMATS.get(path.suffix.lower())
    if page_format is None:
        raise PageUnreadable(f"{name} is of no known form: its name must end in {_suffixes()}.", page=name)
    with path.open("rb") as file:
        size = os.fstat(file.fileno()).st_size
        # The size is asked for before reading; the file may still grow meanwhile.
        content = b"" if size > settings.max_page_bytes else file.read(settings.max_page_bytes + 1)
    size = max(size, len(content))
    if size > settings.max_page_bytes:
        limit = f"{settings.max_page_bytes / 1e6:.3g} MB"
        message = f"{name} has {size / 1e6:.3g} MB, more than the {limit} allowed: split it or raise max_page_bytes."
        raise PageUnreadable(message, page=name)
    return Page(name=name, url=resolved.as_uri(), format=page_format, content=content)


def _suffixes() -> str:
    *most, last = FORMATS
    return f"{', '.join(most)} or {last}"


def _reason(error: Exception) -> str:
    return str((error.strerror if isinstance(error, OSError) else None) or error)
