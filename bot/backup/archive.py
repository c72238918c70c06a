"""The file of a back-up: a compressed tar that begins with its manifest, which names each file with its SHA-256."""

from __future__ import annotations

import hashlib
import io
import json
import os
import re
import tarfile
import tempfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Self

from bot.errors import BackupError

FORMAT_VERSION = 1
_MANIFEST = "orgbot-backup.json"
_MOST_MANIFEST_BYTES = 10_000_000
_LEVEL = 1
"""Of gzip: vectors hardly get smaller, and text gets most of its gain already."""
_PIECE = 1 << 20
_NAME = re.compile(r"\w[\w.-]*\.(?:sqlite3|toml)|snapshots/current|snapshots/\w[\w-]*(?:/\w[\w.-]*)+", re.ASCII)
"""What may stand in a back-up. No name leads out of the folder, whatever a file says."""


@dataclass(frozen=True, slots=True)
class BackupManifest:
    """What a back-up holds: SHA-256 by path inside the data folder; `created_at` is UTC in ISO 8601."""

    format: int
    created_at: str
    files: dict[str, str]

    @classmethod
    def of_folder(cls, folder: Path, created_at: str) -> Self:
        """The manifest of all files below a folder."""
        paths = sorted(path for path in folder.rglob("*") if path.is_file())
        return cls(FORMAT_VERSION, created_at, {path.relative_to(folder).as_posix(): _sha256(path) for path in paths})


def write_archive(folder: Path, manifest: BackupManifest, file: Path) -> None:
    """Write the files of a folder as one file, whole or not at all; only its owner may read it.

    Raises BackupError.
    """
    with _told(file):
        handle, made = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}.")  # readable for its owner alone
        try:
            with os.fdopen(handle, "wb") as output:
                with tarfile.open(fileobj=output, mode="w:gz", compresslevel=_LEVEL) as archive:
                    described = json.dumps(asdict(manifest), indent=1).encode()
                    member = tarfile.TarInfo(_MANIFEST)
                    member.size = len(described)
                    archive.addfile(member, io.BytesIO(described))
                    for name in manifest.files:
                        archive.add(folder / name, name, recursive=False, filter=_anonymous)
                output.flush()
                os.fsync(output.fileno())
            os.replace(made, file)
        except BaseException:
            Path(made).unlink(missing_ok=True)
            raise


def read_archive(file: Path, folder: Path) -> BackupManifest:
    """Write the files of a back-up into an empty folder; raises BackupError unless every one is what was backed up."""
    with _told(file), tarfile.open(file, mode="r:gz") as archive:
        manifest = _read_manifest(file, archive)
        missing = dict(manifest.files)
        while (member := archive.next()) is not None:  # goes on after the manifest
            if not member.isfile() or member.name not in missing:
                raise BackupError(f"The back-up {file} holds {member.name!r}, which it does not name: use another one.")
            content = archive.extractfile(member)
            assert content is not None  # of a regular file
            path = folder / member.name
            path.parent.mkdir(parents=True, exist_ok=True)
            if _copied(content, path) != missing.pop(member.name):
                raise BackupError(
                    f"{member.name} in the back-up {file} is damaged (its checksum differs): use another."
                )
        if missing:
            raise BackupError(f"The back-up {file} lacks {min(missing)}: use another one.")
    return manifest


def _read_manifest(file: Path, archive: tarfile.TarFile) -> BackupManifest:
    member = archive.next()
    if member is None or member.name != _MANIFEST or not member.isfile() or member.size > _MOST_MANIFEST_BYTES:
        raise BackupError(f"{file} is no back-up of orgbot: name another file.")
    content = archive.extractfile(member)
    assert content is not None  # of a regular file
    try:
        manifest = BackupManifest(**json.load(content))
        names, is_ours = list(manifest.files), manifest.format == FORMAT_VERSION
    except (ValueError, TypeError, AttributeError) as error:
        raise BackupError(f"{file} is no back-up of orgbot: name another file.") from error
    if not is_ours:
        raise BackupError(
            f"The back-up {file} has format {manifest.format}, this program reads {FORMAT_VERSION}:"
            " restore it with the program version that wrote it."
        )
    for name in names:
        if not _NAME.fullmatch(name):
            raise BackupError(f"The back-up {file} names {name!r}, which is no file of ours: use another one.")
    return manifest


def _anonymous(member: tarfile.TarInfo) -> tarfile.TarInfo:
    """Without the names and numbers of this machine's users."""
    member.uid = member.gid = 0
    member.uname = member.gname = ""
    member.mode = 0o600
    return member


def _copied(content: IO[bytes], path: Path) -> str:
    """Copy, and return the SHA-256 of what was written."""
    digest = hashlib.sha256()
    with path.open("xb") as output:
        os.fchmod(output.fileno(), 0o600 if path.suffix == ".toml" else 0o644)
        while piece := content.read(_PIECE):
            digest.update(piece)
            output.write(piece)
        output.flush()
        os.fsync(output.fileno())
    return digest.hexdigest()


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@contextmanager
def _told(file: Path) -> Iterator[None]:
    """Say what the file system or the form of the file does not allow as a BackupError."""
    try:
        yield
    except FileNotFoundError as error:
        raise BackupError(f"{error.filename or file} does not exist: mend the path.") from error
    except OSError as error:  # tells of damaged compression too
        raise BackupError(f"The back-up {file} cannot be used ({error.strerror or error}): mend that.") from error
    except (tarfile.TarError, EOFError, zlib.error) as error:
        raise BackupError(f"{file} is no back-up of orgbot, or is damaged: name another file.") from error
