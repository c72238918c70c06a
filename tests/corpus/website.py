"""A web site on loopback, under several host names, that does what its pages are told to do."""

from __future__ import annotations

import ssl
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from corpus.settings import FetchSettings

HOSTS = ("www.coast.example", "fr.coast.example", "elsewhere.example")


@dataclass
class Reply:
    """What the site answers; `pieces` are sent one by one with a pause of `drip` seconds between."""

    status: int = 200
    content: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    drip: float = 0.0
    etag: str = ""


@dataclass(frozen=True)
class Request:
    host: str
    path: str
    headers: dict[str, str]


class Site:
    """Pages by path (or by host and path), and the log of what was asked."""

    def __init__(self, port: int, scheme: str = "http") -> None:
        self.port = port
        self.scheme = scheme
        self.pages: dict[str, Reply | Callable[[Request], Reply]] = {}
        self.log: list[Request] = []
        self.bodies = 0
        self.sent: Counter[str] = Counter()
        """How often the body of each path was sent."""
        self.connections = 0

    def address(self, path: str, host: str = HOSTS[0]) -> str:
        return f"{self.scheme}://{host}:{self.port}{path}"

    @property
    def hosts(self) -> list[str]:
        return [f"{host}:{self.port}" for host in HOSTS[:2]]

    def asked(self, path: str) -> list[Request]:
        return [request for request in self.log if request.path == path]

    def resolve(self, host: str, _: int) -> Sequence[str]:
        if host not in HOSTS:
            raise OSError(f"{host} is not known")
        return ["127.0.0.1"]

    def html(self, path: str, headline: str, body: str, language: str = "en") -> None:
        """A page in the template of the site, with an ETag that tells its state."""
        menu = "".join(f"<li><a href='/{name}'>{name}</a></li>" for name in ("News", "About us", "Contact"))
        text = (
            f"<!doctype html><html lang='{language}'><head><meta charset='utf-8'><title>{headline} | Coast Agency"
            f"</title></head><body><nav><ul>{menu}</ul></nav><main><article><h1>{headline}</h1><p>{body}</p></article>"
            "</main><footer>© Coast Agency</footer></body></html>"
        )
        content = text.encode()
        self.pages[path] = Reply(content=content, headers={"Content-Type": "text/html"}, etag=f'"{hash(content):x}"')

    def sitemap(self, path: str, addresses: Sequence[str]) -> None:
        entries = "".join(f"<url><loc>{address}</loc></url>" for address in addresses)
        text = f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{entries}</urlset>'
        self.pages[path] = Reply(content=text.encode(), headers={"Content-Type": "application/xml"})


@contextmanager
def served(tls: ssl.SSLContext | None = None) -> Iterator[Site]:
    """A running site, over TLS where a context is given; it is stopped at the end."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def setup(self) -> None:
            site.connections += 1
            super().setup()

        def log_message(self, *_: object) -> None:
            pass

        def do_GET(self) -> None:
            host = self.headers["Host"].partition(":")[0]
            request = Request(host, self.path, {name.lower(): value for name, value in self.headers.items()})
            site.log.append(request)
            page = site.pages.get(f"{host}{self.path}", site.pages.get(self.path, Reply(404, b"gone")))
            reply = page(request) if callable(page) else page
            if reply.etag and request.headers.get("if-none-match") == reply.etag:
                reply = Reply(304, etag=reply.etag)
            elif reply.status == 200 and self.path != "/robots.txt":
                site.bodies += 1
                site.sent[self.path] += 1
            try:
                self._send(reply)
            except OSError:  # the client has had enough
                self.close_connection = True

        def _send(self, reply: Reply) -> None:
            self.send_response(reply.status)
            for name, value in reply.headers.items():
                self.send_header(name, value)
            if reply.etag:
                self.send_header("ETag", reply.etag)
            if reply.status != 304:
                self.send_header("Content-Length", str(len(reply.content)))
            self.end_headers()
            if reply.status == 304:
                return
            if not reply.drip:
                self.wfile.write(reply.content)
                return
            for place in range(len(reply.content)):
                self.wfile.write(reply.content[place : place + 1])
                time.sleep(reply.drip)

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, *_: object) -> None:
            """A client that was killed is no error of the site."""

    server = Server(("127.0.0.1", 0), Handler)
    if tls is not None:
        # The handshake is left to the thread of each connection.
        server.socket = tls.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    site = Site(server.server_address[1], "https" if tls else "http")
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield site
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def quick(**changed: object) -> FetchSettings:
    """Settings for a site on loopback, without pauses."""
    given: dict[str, object] = {"delay_seconds": 0, "allow_loopback": True, "contact": "https://coast.example/bot"}
    return FetchSettings(**(given | changed))  # type: ignore[arg-type]
