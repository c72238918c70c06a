"""Signing in to the staff desk: users, a lock after repeated failures, sessions that end, forms of our own pages."""

from __future__ import annotations

import secrets
import threading
import time
from collections import Counter
from dataclasses import dataclass
from urllib.parse import parse_qs

from fastapi import HTTPException, Request, Response

from bot.settings import ServerSettings, origin_of
from bot.staff import StaffUsers, is_right
from bot.web.visitors import Visitors

COOKIE = "orgbot-staff"
SESSION_SECONDS = 8 * 3600.0
LOCK_SECONDS = 15 * 60.0
ATTEMPTS = 5
"""So many failures of one user from one address within LOCK_SECONDS lock that user out from there …"""
ATTEMPTS_OF_ADDRESS = 20
"""… so many from one address lock it out, whatever the user …"""
ATTEMPTS_ON_USER = 50
"""… and so many on one user lock the user out from everywhere. High: it locks the right person out, too."""

Form = dict[str, list[str]]
"""The fields of a form, each with its values in order."""


class TooManyAttempts(Exception):
    """Signing in failed too often; `is_new` says that this address has not been told so in this lock."""

    def __init__(self, is_new: bool) -> None:
        """Say whether it is to be logged: whoever keeps trying must not fill the log."""
        super().__init__()
        self.is_new = is_new


@dataclass(frozen=True, slots=True)
class Session:
    """Someone signed in; `ends` is by the monotonic clock."""

    user: str
    hashed: str
    ends: float


@dataclass(frozen=True, slots=True)
class _Failure:
    user: str
    address: str
    """The key of the address: see `Visitors`."""
    moment: float


class SignIn:
    """Who is signed in. Sessions live in memory: a restart ends them. It may be used from several threads."""

    def __init__(self, users: StaffUsers, server: ServerSettings) -> None:
        """Let these users in."""
        self._users = users
        self._server = server
        self._sessions: dict[str, Session] = {}
        self._failures: list[_Failure] = []
        self._visitors = Visitors()
        self._told: dict[str, float] = {}
        """When an address was first refused in its present lock."""
        self._lock = threading.Lock()

    def user(self, request: Request) -> str | None:
        """Who sent the request; None without a session. A changed password or a removed user ends it.

        Raises StaffError when the users cannot be read.
        """
        with self._lock:
            session = self._sessions.get(request.cookies.get(COOKIE, ""))
        if session is None or session.ends <= time.monotonic():
            return None
        return session.user if self._users.hashes().get(session.user) == session.hashed else None

    def enter(self, request: Request, form: Form, response: Response) -> str | None:
        """Check what the sign-in form sent; start a session on the response and return its user, or None.

        Raises TooManyAttempts, whatever was sent, or StaffError.
        """
        name, password = (form.get(field, [""])[0] for field in ("user", "password"))
        address = self._visitors.key(request.scope)
        failure = self._failure_ahead(name, address)
        hashed = self._users.hashes().get(name)
        if not is_right(password, hashed) or hashed is None:
            return None
        token = secrets.token_urlsafe(32)
        now = time.monotonic()
        with self._lock:
            if failure in self._failures:
                self._failures.remove(failure)
            self._sessions = {one: session for one, session in self._sessions.items() if session.ends > now}
            self._sessions[token] = Session(name, hashed, now + SESSION_SECONDS)
        response.set_cookie(
            COOKIE,
            token,
            max_age=int(SESSION_SECONDS),
            path=f"{self._server.root_path}/staff",
            httponly=True,
            samesite="strict",
            secure=self._server.base_url.startswith("https://"),
        )
        return name

    def leave(self, request: Request, response: Response) -> None:
        """End the session."""
        with self._lock:
            self._sessions.pop(request.cookies.get(COOKIE, ""), None)
        response.delete_cookie(COOKIE, path=f"{self._server.root_path}/staff")

    def _failure_ahead(self, user: str, address: str) -> _Failure:
        """Count an attempt as failed before it is checked: many sent at once count as many sent in turn."""
        now = time.monotonic()
        with self._lock:
            self._failures = [one for one in self._failures if one.moment > now - LOCK_SECONDS]
            self._told = {one: moment for one, moment in self._told.items() if moment > now - LOCK_SECONDS}
            if self._is_locked(user, address):
                raise TooManyAttempts(is_new=self._told.setdefault(address, now) == now)
            failure = _Failure(user[:64], address, now)
            self._failures.append(failure)
        return failure

    def _is_locked(self, user: str, address: str) -> bool:
        pairs = Counter((one.user, one.address) for one in self._failures)
        return (
            pairs[user[:64], address] >= ATTEMPTS
            or sum(one.address == address for one in self._failures) >= ATTEMPTS_OF_ADDRESS
            or sum(one.user == user[:64] for one in self._failures) >= ATTEMPTS_ON_USER
        )


async def sent_form(request: Request, server: ServerSettings) -> Form:
    """The fields of a form that a page of ours sent; HTTPException (403) for one that another site's page did.

    The cookie is not sent along from other sites (SameSite=Strict); this is the second lock, and for the sign-in
    form the only one. A program that names no origin is no page that could misuse someone's browser.
    """
    origin, site = request.headers.get("origin"), request.headers.get("sec-fetch-site", "same-origin")
    own = {f"{request.url.scheme}://{request.headers.get('host', '')}".lower(), origin_of(server.base_url)}
    if (origin is not None and origin.lower() not in own) or site not in ("same-origin", "none"):
        raise HTTPException(403)
    return parse_qs((await request.body()).decode("utf-8", "replace"), keep_blank_values=True)
