"""Signing in to the staff desk: a password, a limit on attempts, and sessions that end."""

from __future__ import annotations

import hmac
import secrets
import threading
import time
from urllib.parse import parse_qs

from fastapi import Request, Response

from bot.settings import ServerSettings

COOKIE = "orgbot-staff"
SESSION_SECONDS = 8 * 3600.0
ATTEMPTS = 5
ATTEMPT_SECONDS = 60.0


class TooManyAttempts(Exception):
    """The password was wrong too often within a minute."""


class SignIn:
    """Who is signed in. Sessions live in memory: a restart ends them. It may be used from several threads."""

    def __init__(self, server: ServerSettings) -> None:
        """Check against the user name and password of the settings."""
        self._server = server
        self._sessions: dict[str, float] = {}
        self._failures: list[float] = []
        self._lock = threading.Lock()

    def is_signed_in(self, request: Request) -> bool:
        """Whether the request carries a session that has not ended."""
        with self._lock:
            return self._sessions.get(request.cookies.get(COOKIE, ""), 0.0) > time.monotonic()

    def enter(self, form: bytes, response: Response) -> bool:
        """Check what the sign-in form sent, and start a session on the response; raises TooManyAttempts."""
        with self._lock:
            now = time.monotonic()
            self._failures = [moment for moment in self._failures if moment > now - ATTEMPT_SECONDS]
            if len(self._failures) >= ATTEMPTS:
                raise TooManyAttempts
            if not self._is_right(form):
                self._failures.append(now)
                return False
            token = secrets.token_urlsafe(32)
            self._sessions = {one: end for one, end in self._sessions.items() if end > now}
            self._sessions[token] = now + SESSION_SECONDS
        response.set_cookie(
            COOKIE,
            token,
            max_age=int(SESSION_SECONDS),
            path="/staff",
            httponly=True,
            samesite="strict",
            secure=self._server.base_url.startswith("https://"),
        )
        return True

    def leave(self, request: Request, response: Response) -> None:
        """End the session."""
        with self._lock:
            self._sessions.pop(request.cookies.get(COOKIE, ""), None)
        response.delete_cookie(COOKIE, path="/staff")

    def _is_right(self, form: bytes) -> bool:
        password = self._server.staff_password
        if password is None:
            return False
        fields = parse_qs(form.decode("utf-8", "replace"), keep_blank_values=True)
        given = [fields.get(name, [""])[0].encode() for name in ("user", "password")]
        expected = [self._server.staff_user.encode(), password.get_secret_value().encode()]
        # Both are compared, each in constant time: neither the time nor the reply tells which was wrong.
        same = [hmac.compare_digest(one, other) for one, other in zip(given, expected, strict=True)]
        return all(same)
