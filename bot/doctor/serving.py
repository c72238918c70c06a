"""What serving needs: a port, users of the staff desk, and files with secrets that only their owner reads."""

from __future__ import annotations

import http.client
import json
import socket
import stat
from collections.abc import Iterator

from bot.doctor.finding import Finding, State
from bot.errors import StaffError
from bot.settings import SETTINGS_FILE, ServerSettings, Settings
from bot.staff import MIN_PASSWORD_CHARACTERS, STAFF_FILE, StaffUsers

_SECONDS = 5.0
_MOST_BYTES = 10_000
_ANYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1", "": "127.0.0.1"}
"""What listens at every address is asked at this machine's own."""


def port_findings(settings: Settings) -> Iterator[Finding]:
    """Whether the port is free, or a server of ours that can answer is there."""
    server = settings.server
    place = f"{server.host}:{server.port}"
    try:
        family = socket.AF_INET6 if ":" in server.host else socket.AF_INET
        with socket.create_server((server.host, server.port), family=family):
            pass
    except PermissionError:
        says = f"This user may not listen on port {server.port}"
        yield Finding("port", State.PROBLEM, says, "set server.port to one above 1023, behind a proxy")
    except OSError as error:
        served = _served(server)
        if served is None:
            says = f"{place} cannot be listened on ({error.strerror}), and no orgbot answers there"
            yield Finding("port", State.PROBLEM, says, "end the other program, or set server.host and server.port")
        else:
            yield served
    else:
        yield Finding("port", State.OK, f"{place} is free; no server runs there")


def staff_findings(settings: Settings) -> Iterator[Finding]:
    """Whether the staff desk has users."""
    try:
        names = StaffUsers.of(settings).names()
    except StaffError as error:
        yield Finding("staff", State.PROBLEM, str(error))
        return
    password = settings.server.staff_password
    if not names:
        yield Finding("staff", State.NOTE, "The staff desk has no user", "run `orgbot staff add NAME` if it is wanted")
    elif password is not None and len(password.get_secret_value()) < MIN_PASSWORD_CHARACTERS:
        says = f"server.staff_password has fewer than {MIN_PASSWORD_CHARACTERS} characters"
        yield Finding("staff", State.NOTE, says, "set a longer one, or run `orgbot staff add NAME` instead")
    else:
        yield Finding("staff", State.OK, f"{len(names)} users of the staff desk")


def secret_findings(settings: Settings) -> Iterator[Finding]:
    """Whether files that hold a secret can be read by others; the questions of visitors are told, too."""
    holds_password = settings.server.staff_password is not None
    sound = True
    for name, held, is_secret in (
        (STAFF_FILE, "password hashes", True),
        (SETTINGS_FILE, "a password", holds_password and _names_password(settings)),
        (settings.feedback_path.name, "visitors' questions", False),
    ):
        path = settings.data / name
        try:
            mode = stat.S_IMODE(path.stat().st_mode)
        except OSError:
            continue
        if name == SETTINGS_FILE and not is_secret:
            continue
        if mode & (stat.S_IRWXG | stat.S_IRWXO) if is_secret else mode & stat.S_IRWXO:
            sound = False
            state = State.PROBLEM if is_secret else State.NOTE
            says = f"{path} holds {held} and may be read by other users (mode {mode:04o})"
            yield Finding("secrets", state, says, f"run `chmod {'600' if is_secret else '640'} {path}`")
    if sound:
        yield Finding("secrets", State.OK, "No file with secrets can be read by other users")


def _names_password(settings: Settings) -> bool:
    try:
        return "staff_password" in (settings.data / SETTINGS_FILE).read_text("utf-8")
    except (OSError, ValueError):
        return False


def _served(server: ServerSettings) -> Finding | None:
    """What a running server says of itself; None when no server of ours answers."""
    connection = http.client.HTTPConnection(_ANYWHERE.get(server.host, server.host), server.port, timeout=_SECONDS)
    try:
        connection.request("GET", "/readyz")
        reply = connection.getresponse()
        record = json.loads(reply.read(_MOST_BYTES))
    except (OSError, http.client.HTTPException, ValueError):
        return None
    finally:
        connection.close()
    if not isinstance(record, dict):
        return None
    place = f"{server.host}:{server.port}"
    if reply.status == 200 and record.get("status") == "ready":
        return Finding("port", State.OK, f"A server is ready at {place}, with the snapshot {record.get('snapshot')}")
    if reply.status == 503 and "detail" in record:
        says = f"The server at {place} cannot answer: {record['detail']}"
        return Finding("port", State.PROBLEM, says)
    return None
