"""Addresses → bytes, politely and safely (httpx, httpcore and protego live in this folder)."""

from __future__ import annotations

import email.utils
import ssl
import time
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from functools import cache
from importlib.metadata import version
from types import TracebackType
from typing import Self

import httpcore
import httpx
from protego import Protego

from corpus.errors import AddressRefused, ContentTooLarge, FetchFailed, RobotsRefused
from corpus.settings import FetchSettings
from corpus.sources.address import Resolver, parse_address, system_resolver
from corpus.sources.connect import CheckedBackend, Deadline
from corpus.sources.unpack import ACCEPTED, unpack

GONE = frozenset({404, 410})
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_MAY_PASS = frozenset({408, 425, 429, 500, 502, 503, 504})
_ROBOTS_BYTES = 512_000
"""What RFC 9309 asks every crawler to read of a robots.txt."""
_SHORT_BYTES = 65_536
_MAX_CRAWL_DELAY = 60.0
_FIRST_PAUSE = 1.0
"""Seconds before the first retry; each further pause is twice as long."""


@dataclass(frozen=True, slots=True)
class Validators:
    """What a site said of an answer, to ask later whether it still holds; empty where it said nothing."""

    etag: str = ""
    last_modified: str = ""


NOTHING_KNOWN = Validators()


@dataclass(frozen=True, slots=True)
class Fetched:
    """A site's answer: `status` is 200, 304 (as it was), 404 or 410 (gone); `content` is unpacked."""

    url: str
    """Where the redirects led."""
    status: int
    content: bytes = b""
    media_type: str = ""
    """Lower case, without parameters."""
    validators: Validators = NOTHING_KNOWN


@dataclass(slots=True)
class _Host:
    """What is known of one scheme, host and port during a run."""

    robots: Protego | None = None
    silent: str = ""
    """Why it cannot be asked in this run, once that is known."""
    delay: float = 0.0
    next_at: float = 0.0


@dataclass(frozen=True, slots=True)
class Time:
    """Clock and pause, in seconds; tests bring their own."""

    now: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep
    wall: Callable[[], float] = time.time


@dataclass(slots=True)
class _Reply:
    status: int
    headers: httpx.Headers
    content: bytes = field(default=b"", repr=False)


class Fetcher:
    """Fetches one page after another: one request at a time, one connection to a host, a pause between two.

    No cookies, no passwords, no proxies of the environment. For one thread.
    """

    def __init__(
        self, settings: FetchSettings, *, resolve: Resolver = system_resolver, clock: Time | None = None
    ) -> None:
        """Connect to nothing yet; `resolve` and `clock` are replaced by tests."""
        self._settings = settings
        self._time = clock or Time()
        self._deadline = Deadline()
        self._pool = httpcore.ConnectionPool(
            ssl_context=_tls(),
            max_connections=8,
            keepalive_expiry=60.0,
            network_backend=CheckedBackend(resolve, self._deadline, allow_loopback=settings.allow_loopback),
        )
        self._hosts: dict[str, _Host] = {}
        self._budget = settings.retry_budget
        contact = f" (+{settings.contact})" if settings.contact else ""
        self._agent = f"{settings.agent}/{version('orgbot')}{contact}"

    def __enter__(self) -> Self:
        """Return the fetcher itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close all connections."""
        self._pool.close()

    def fetch(
        self, address: str, hosts: Collection[str], limit: int, validators: Validators = NOTHING_KNOWN
    ) -> Fetched:
        """The answer of a site, after at most so many redirects as the settings allow, each judged anew.

        `hosts` are the hosts that may be asked, `limit` the most bytes taken, unpacked. `validators` of an earlier
        answer spare the body when nothing changed. Raises FetchError: AddressRefused, RobotsRefused,
        ContentTooLarge, or FetchFailed when the site does not answer as it should after the retries.
        """
        seconds = self._settings.deadline_seconds
        url = self._parse(address, hosts)
        for _ in range(self._settings.max_redirects + 1):
            self._check_robots(url, hosts)
            began = self._time.now()
            reply = self._ask_again(url, limit, validators, seconds)
            seconds = max(1.0, seconds - (self._time.now() - began))
            if reply.status not in _REDIRECTS:
                return self._answer(url, reply, address)
            url = self._parse(_join(url, reply.headers.get("location", "")), hosts)
        raise ContentTooLarge(f"{address} leads through more than {self._settings.max_redirects} redirects.")

    def _parse(self, address: str, hosts: Collection[str]) -> httpx.URL:
        return parse_address(address, hosts, allow_loopback=self._settings.allow_loopback)

    def _answer(self, url: httpx.URL, reply: _Reply, address: str) -> Fetched:
        if reply.status not in (200, 304, *GONE):
            raise FetchFailed(f"{address} answers with status {reply.status}: its page is left as it was.")
        return Fetched(
            url=str(url),
            status=reply.status,
            content=reply.content,
            media_type=reply.headers.get("content-type", "").partition(";")[0].strip().lower(),
            validators=Validators(reply.headers.get("etag", ""), reply.headers.get("last-modified", "")),
        )

    def _check_robots(self, url: httpx.URL, hosts: Collection[str]) -> None:
        host = self._host(url)
        if host.silent:
            raise FetchFailed(host.silent)
        if host.robots is None:
            try:
                host.robots = self._read_robots(url, hosts)
            except FetchFailed as error:
                host.silent = str(error)
                raise
            asked = host.robots.crawl_delay(self._settings.agent) or 0.0
            host.delay = max(host.delay, min(asked, _MAX_CRAWL_DELAY))
        if not host.robots.can_fetch(str(url), self._settings.agent):
            raise RobotsRefused(f"{url} is not fetched: the robots.txt of {url.host} asks not to.")

    def _read_robots(self, url: httpx.URL, hosts: Collection[str]) -> Protego:
        """A site without robots.txt allows all; one that cannot say what it allows is not fetched (RFC 9309)."""
        place = url.copy_with(raw_path=b"/robots.txt")
        for _ in range(self._settings.max_redirects + 1):
            reply = self._ask_again(place, _ROBOTS_BYTES, NOTHING_KNOWN, self._settings.deadline_seconds)
            if reply.status not in _REDIRECTS:
                break
            try:
                place = self._parse(_join(place, reply.headers.get("location", "")), hosts)
            except AddressRefused:
                return Protego.parse("")  # led away from the site: it has none of its own
        if reply.status >= 500 or reply.status == 429:
            raise FetchFailed(f"{url.host} cannot say what may be fetched (robots.txt, status {reply.status}).")
        text = reply.content.decode("utf-8", errors="replace") if reply.status == 200 else ""
        return Protego.parse(text)

    def _ask_again(self, url: httpx.URL, limit: int, validators: Validators, seconds: float) -> _Reply:
        """Ask, and again after failures that may pass, as long as the budget lasts."""
        for attempt in range(self._settings.retries + 1):
            failure = ""
            asked_wait: float | None = None
            try:
                reply = self._ask(url, limit, validators, seconds)
                if reply.status not in _MAY_PASS:
                    return reply
                asked_wait = self._retry_after(reply)
            except (httpcore.NetworkError, httpcore.ProtocolError, httpcore.TimeoutException) as error:
                failure = str(error) or type(error).__name__
            wait = _FIRST_PAUSE * 2**attempt if asked_wait is None else asked_wait
            is_last = attempt == self._settings.retries or self._budget <= 0
            if is_last or wait > self._settings.max_wait_seconds:
                if failure:
                    raise FetchFailed(f"{url} cannot be fetched ({failure}): its page is left as it was.")
                return reply
            self._budget -= 1
            self._time.sleep(wait)
        raise AssertionError("unreachable")

    def _ask(self, url: httpx.URL, limit: int, validators: Validators, seconds: float) -> _Reply:
        """One request and its whole answer within so many seconds, after the pause that the host is due."""
        host = self._host(url)
        pause = host.next_at - self._time.now()
        if pause > 0:
            self._time.sleep(pause)
        headers = {"User-Agent": self._agent, "Accept": "*/*", "Accept-Encoding": ACCEPTED}
        if validators.etag:
            headers["If-None-Match"] = validators.etag
        if validators.last_modified:
            headers["If-Modified-Since"] = validators.last_modified
        wire = [(b"Host", url.netloc), *((name.encode(), value.encode("latin-1")) for name, value in headers.items())]
        target = httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path)
        timeouts = dict.fromkeys(("connect", "read", "write", "pool"), seconds)
        self._deadline.set(seconds)
        try:
            with self._pool.stream("GET", target, headers=wire, extensions={"timeout": timeouts}) as response:
                reply = _Reply(response.status, httpx.Headers(response.headers))
                if reply.status == 200:
                    packed = _read(response, limit, str(url))
                    reply.content = unpack(packed, reply.headers.get("content-encoding", ""), limit, str(url))
                else:
                    _pass_over(response)
                return reply
        finally:
            host.next_at = self._time.now() + host.delay

    def _host(self, url: httpx.URL) -> _Host:
        key = f"{url.scheme}://{url.netloc.decode('ascii').lower()}"
        return self._hosts.setdefault(key, _Host(delay=self._settings.delay_seconds))

    def _retry_after(self, reply: _Reply) -> float | None:
        """Seconds that the site asks to wait, or None."""
        text = reply.headers.get("retry-after", "").strip()
        if text.isdecimal():
            return float(text[:9])
        try:
            return max(0.0, email.utils.parsedate_to_datetime(text).timestamp() - self._time.wall())
        except (ValueError, OverflowError):
            return None


@cache
def _tls() -> ssl.SSLContext:
    """The trusted authorities; reading them takes a fifth of a second."""
    return httpx.create_ssl_context(trust_env=False)


def _join(url: httpx.URL, location: str) -> str:
    try:
        return str(url.join(location))
    except (httpx.InvalidURL, ValueError):
        raise AddressRefused(f"{url} leads to no address ({location[:60]!r}).") from None


def _pass_over(response: httpcore.Response) -> None:
    """Read a short error page, so that the connection can be used again."""
    size = 0
    for piece in response.iter_stream():
        size += len(piece)
        if size > _SHORT_BYTES:
            return


def _read(response: httpcore.Response, limit: int, name: str) -> bytes:
    """The bytes as they are sent, no more than the limit of what they may become."""
    content = bytearray()
    for piece in response.iter_stream():
        content += piece
        if len(content) > limit:
            raise ContentTooLarge(f"{name} holds more than the {limit / 1e6:.3g} MB allowed.")
    return bytes(content)
