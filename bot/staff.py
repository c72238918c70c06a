"""Who may use the staff desk: names and salted hashes, in one file of the data folder.

Passwords are hashed by scrypt (RFC 7914) with the parameters that OWASP's Password Storage Cheat Sheet names for
16 MiB of memory: N = 2^14, r = 8, p = 5. The parameters stand in each hash, so that they can be raised later.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import os
import re
import secrets
import tempfile
import threading
import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from bot.errors import StaffError
from bot.settings import Settings

STAFF_FILE = "staff.toml"
MIN_PASSWORD_CHARACTERS = 12
MAX_PASSWORD_BYTES = 1024
_COST, _BLOCK, _LANES = 2**14, 8, 5
_SALT_BYTES = 16
_MEMORY_BYTES = 64 * 2**20
_NAME = re.compile(r"[\w.@-]{1,64}")
_one_at_a_time = threading.Lock()
"""Hashing is slow by design: however many sign in at once, the other processors stay free for visitors."""


class StaffUsers:
    """The users of one data folder. The file is read at each question, so that a change counts at once."""

    def __init__(self, path: Path, fixed: Mapping[str, str]) -> None:
        """Keep the path of the file; `fixed` users, name → password, come from the settings."""
        self._path = path
        self._fixed = fixed

    @classmethod
    def of(cls, settings: Settings) -> StaffUsers:
        """The users of `staff.toml`, and the one of `server.staff_password` when that is set."""
        password = settings.server.staff_password
        fixed = {settings.server.staff_user: password.get_secret_value()} if password else {}
        return cls(settings.data / STAFF_FILE, fixed)

    def hashes(self) -> dict[str, str]:
        """Name → hash of all users; raises StaffError when the file cannot be read."""
        return {name: _hash_once(password) for name, password in self._fixed.items()} | self._read()

    def any(self) -> bool:
        """Whether there is a user at all; raises StaffError."""
        return bool(self._fixed) or bool(self._read())

    def names(self) -> list[str]:
        """The names, sorted; raises StaffError."""
        return sorted({*self._fixed, *self._read()})

    def add(self, name: str, password: str) -> None:
        """Add a user or change the password of one; raises StaffError for a name or password that will not do."""
        if not _NAME.fullmatch(name):
            raise StaffError(f"{name!r} is no user name: use up to 64 letters, digits, dots, hyphens, underscores, @.")
        if len(password) < MIN_PASSWORD_CHARACTERS or len(password.encode("utf-8", "replace")) > MAX_PASSWORD_BYTES:
            raise StaffError(
                f"The password will not do: use {MIN_PASSWORD_CHARACTERS} characters or more, at most 1 KB."
            )
        self._write(self._read() | {name: hash_password(password)})

    def remove(self, name: str) -> None:
        """Take a user away, which ends their sessions; raises StaffError when there is none in the file."""
        users = self._read()
        if name in self._fixed and name not in users:
            raise StaffError(f"The user {name!r} stands in the settings: take server.staff_password out of them.")
        if users.pop(name, None) is None:
            raise StaffError(f"There is no user {name!r}: see `orgbot staff list`.")
        self._write(users)

    def _read(self) -> dict[str, str]:
        try:
            users = tomllib.loads(self._path.read_text("utf-8")).get("users", {})
        except FileNotFoundError:
            return {}
        except (OSError, ValueError) as error:
            raise StaffError(f"The users in {self._path} cannot be read ({error}): mend or remove the file.") from None
        if not isinstance(users, dict) or not all(isinstance(one, str) for one in users.values()):
            raise StaffError(f"The users in {self._path} are not name = hash under [users]: mend or remove the file.")
        return users

    def _write(self, users: Mapping[str, str]) -> None:
        # A JSON string of these characters is a TOML string, too.
        lines = [f"{json.dumps(name, ensure_ascii=False)} = {json.dumps(users[name])}" for name in sorted(users)]
        text = "\n".join(["# Written by `orgbot staff`: names and salted hashes (scrypt).", "[users]", *lines, ""])
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            # Readable by its owner alone (mkstemp), and never half written.
            handle, temporary = tempfile.mkstemp(prefix=f".{STAFF_FILE}-", dir=self._path.parent)
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            os.replace(temporary, self._path)
        except OSError as error:
            raise StaffError(
                f"The users cannot be written to {self._path} ({error.strerror}): mend the path."
            ) from None


def hash_password(password: str) -> str:
    """`scrypt$N$r$p$salt$hash`, salt and hash in base64; the salt is random."""
    salt = secrets.token_bytes(_SALT_BYTES)
    digest = _scrypt(password, salt, _COST, _BLOCK, _LANES)
    encoded = (base64.b64encode(part).decode("ascii") for part in (salt, digest))
    return "$".join(["scrypt", str(_COST), str(_BLOCK), str(_LANES), *encoded])


def is_right(password: str, hashed: str | None) -> bool:
    """Whether the password has this hash; as slow for None, the hash of an unknown user, as for any other."""
    try:
        scheme, cost, block, lanes, salt, digest = (_hash_once("") if hashed is None else hashed).split("$")
        parameters = int(cost), int(block), int(lanes)
        expected = base64.b64decode(digest, validate=True)
        given = _scrypt(password, base64.b64decode(salt, validate=True), *parameters)
    except ValueError:  # a line of the file that nobody can sign in by
        return False
    return hmac.compare_digest(given, expected) and scheme == "scrypt" and hashed is not None


def _scrypt(password: str, salt: bytes, cost: int, block: int, lanes: int) -> bytes:
    given = password.encode("utf-8", "replace")[:MAX_PASSWORD_BYTES]
    with _one_at_a_time:
        return hashlib.scrypt(given, salt=salt, n=cost, r=block, p=lanes, maxmem=_MEMORY_BYTES)


@cache
def _hash_once(password: str) -> str:
    return hash_password(password)
