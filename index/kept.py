"""Arrays kept between builds in one file, which hold nothing that cannot be made again."""

from __future__ import annotations

import hashlib
import os
import unicodedata
import zipfile
import zlib
from collections.abc import Mapping
from importlib import resources
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Arrays = Mapping[str, NDArray[Any]]


def read_arrays(path: Path | None, key: str) -> Arrays:
    """The arrays of a file; none when there is no such file, or it is damaged or was written with another key."""
    if path is None:
        return {}
    try:
        # The checksums of the archive's members are compared while they are read.
        with path.open("rb") as opened, np.load(opened, allow_pickle=False) as file:
            return dict(file) if bytes(file["key"]) == key.encode() else {}
    except (OSError, ValueError, KeyError, EOFError, NotImplementedError, zipfile.BadZipFile, zlib.error):
        return {}


def write_arrays(path: Path | None, key: str, arrays: Arrays) -> None:
    """Put arrays in the place of what was written before; a disk that is full is no reason to fail."""
    if path is None:
        return
    new = path.with_name(f"{path.name}.{os.getpid()}.new")
    try:
        with new.open("wb") as file:
            np.savez(file, allow_pickle=False, key=np.frombuffer(key.encode(), np.uint8), **arrays)
        new.replace(path)
    except OSError:
        new.unlink(missing_ok=True)


def source_digest(*modules: tuple[str, str]) -> str:
    """Changes with the source of these modules (package and file name), by which something was made."""
    digest = hashlib.sha256(unicodedata.unidata_version.encode())
    for package, name in modules:
        digest.update((resources.files(package) / name).read_bytes())
    return digest.hexdigest()
