"""Connections to checked machines, with a deadline that nothing can stretch (httpcore's network backend)."""

from __future__ import annotations

import ssl
import threading
import time
from collections.abc import Callable, Iterable
from concurrent.futures import Future, wait
from typing import Any

import httpcore

from corpus.sources.address import Resolver, checked_machines

SocketOption = tuple[int, int, int] | tuple[int, int, bytes | bytearray] | tuple[int, int, None, int]


class Deadline:
    """The moment by which an exchange must be over; each wait on the network is cut to what is left of it."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        """No deadline until `set`."""
        self._now = now
        self._until = float("inf")

    def set(self, seconds: float) -> None:
        """The exchange must be over in so many seconds."""
        self._until = self._now() + seconds

    def left(self) -> float:
        """Seconds left; raises httpcore.ReadTimeout when there are none."""
        left = self._until - self._now()
        if left <= 0:
            raise httpcore.ReadTimeout("the deadline has passed")
        return left


class CheckedBackend(httpcore.NetworkBackend):
    """Resolves a host, checks what it stands for, and connects to that very number.

    Host header, SNI and certificate check stay with the name: httpcore takes them from the request.
    """

    def __init__(self, resolve: Resolver, deadline: Deadline, *, allow_loopback: bool) -> None:
        """Keep how names are resolved and by when all must be done."""
        self._resolve = resolve
        self._deadline = deadline
        self._allow_loopback = allow_loopback
        self._backend = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[SocketOption] | None = None,
    ) -> httpcore.NetworkStream:
        """Connect to the first of the host's machines that answers; raises AddressRefused, httpcore.ConnectError."""
        *first, last = self._machines(host, port)
        for machine in first:
            try:
                return self._connect(machine, port, timeout, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout):
                continue
        return self._connect(last, port, timeout, local_address, socket_options)

    def _machines(self, host: str, port: int) -> list[str]:
        """What the host stands for. The system's look-up cannot be interrupted: when it takes too long, it is left."""
        found: Future[list[str]] = Future()

        def look_up() -> None:
            try:
                found.set_result(checked_machines(host, port, self._resolve, allow_loopback=self._allow_loopback))
            except BaseException as error:  # whatever it is, it is raised where the answer is waited for
                found.set_exception(error)

        left = self._deadline.left()
        threading.Thread(target=look_up, name="look-up", daemon=True).start()
        if not wait([found], min(left, threading.TIMEOUT_MAX)).done:
            raise httpcore.ConnectTimeout(f"the name {host} was not looked up in {left:.0f} seconds")
        try:
            return found.result()
        except OSError as error:
            raise httpcore.ConnectError(f"the name {host} is not known") from error

    def _connect(
        self,
        machine: str,
        port: int,
        timeout: float | None,
        local_address: str | None,
        socket_options: Iterable[SocketOption] | None,
    ) -> httpcore.NetworkStream:
        seconds = min(self._deadline.left(), float("inf") if timeout is None else timeout)
        stream = self._backend.connect_tcp(machine, port, seconds, local_address, socket_options)
        return _TimedStream(stream, self._deadline)


class _TimedStream(httpcore.NetworkStream):
    """A stream whose every wait ends with the deadline, so that a drip of bytes cannot go on for ever."""

    def __init__(self, stream: httpcore.NetworkStream, deadline: Deadline) -> None:
        self._stream = stream
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, self._cut(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, self._cut(timeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        return _TimedStream(self._stream.start_tls(ssl_context, server_hostname, self._cut(timeout)), self._deadline)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)

    def _cut(self, timeout: float | None) -> float:
        left = self._deadline.left()
        return left if timeout is None else min(left, timeout)
