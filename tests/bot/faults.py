"""A disk that refuses: the k-th time something below a folder is made, opened for writing, renamed or synced."""

from __future__ import annotations

import errno
import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

_WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC
_AUDITED = {"os.mkdir": 0, "os.rename": 1, "os.link": 1, "sqlite3.connect": 0, "tempfile.mkdtemp": 0}
"""Which argument of the event is the path that is written to (docs.python.org, "Audit events table")."""


@dataclass
class Fault:
    """Which call fails, and how; `call` counts from 0."""

    folder: Path
    call: int
    number: int
    struck: str = ""
    """What was refused; empty while nothing was."""
    _seen: int = 0

    def meet(self, what: str, path: object) -> None:
        """Count a call, and refuse it if it is the one."""
        if not isinstance(path, (str, bytes, os.PathLike)) or not os.fsdecode(path).startswith(
            (str(self.folder), self.folder.as_uri())
        ):
            return
        self._seen += 1
        if self._seen - 1 == self.call:
            self.struck = f"{what} {os.fsdecode(path)}"
            if what == "sqlite3.connect":
                refusal = sqlite3.OperationalError("unable to open database file")
                refusal.sqlite_errorcode = sqlite3.SQLITE_CANTOPEN
                raise refusal
            raise OSError(self.number, os.strerror(self.number), os.fsdecode(path))


_active: list[Fault] = []


def _audit(event: str, arguments: tuple[object, ...]) -> None:
    if not _active:
        return
    if event == "open":
        path, _, flags = arguments
        if isinstance(flags, int) and flags & _WRITES:
            _active[0].meet(event, path)
    elif event in _AUDITED:
        _active[0].meet(event, arguments[_AUDITED[event]])


sys.addaudithook(_audit)  # it cannot be taken away again, but sleeps while no fault is active


@contextmanager
def refusing(folder: Path, call: int, number: int) -> Iterator[Fault]:
    """The `call`-th write below the folder fails with this error number."""
    fault = Fault(folder, call, number)
    real = os.fsync

    def fsync(descriptor: int) -> None:
        fault.meet("fsync", os.readlink(f"/proc/self/fd/{descriptor}"))
        real(descriptor)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "fsync", fsync)
        _active.append(fault)
        try:
            yield fault
        finally:
            _active.clear()


@contextmanager
def small_disk(folder: Path, size: int) -> Iterator[None]:
    """A real file system of so many bytes, mounted on a folder; skips where mounting is not allowed."""
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(folder)]
    try:
        subprocess.run(command, check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("only root may mount a small disk")
    try:
        yield
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


def remount(folder: Path, options: str) -> None:
    """Mount a small disk anew, as with `ro` or another size."""
    subprocess.run(["mount", "-o", f"remount,{options}", str(folder)], check=True, capture_output=True)


ERRORS = {"disk full": errno.ENOSPC, "read-only": errno.EROFS, "not permitted": errno.EACCES}
