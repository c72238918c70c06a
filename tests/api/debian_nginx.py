"""Debian's nginx as the tests run it: with TLS, on free ports, in a folder of its own."""

from __future__ import annotations

import os
import shutil
import socket
import ssl
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

DEPLOY = Path(__file__).parent.parent.parent / "docs" / "deploy"
_MAIN = """
daemon off;
pid {folder}/nginx.pid;
error_log {folder}/main.log;
events {{}}
http {{
    client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
    include {folder}/site.conf;
}}
"""

_SITE_ABOVE = """
server {{
    listen 127.0.0.1:{port}{tls};
    location / {{ return 200 "The site itself"; }}
    include {folder}/orgbot.conf;
}}
"""


def free_port() -> int:
    """A port of this machine on which nothing listens."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


def make_certificate(folder: Path) -> ssl.SSLContext:
    """`cert.pem` and `key.pem` for 127.0.0.1; what trusts them."""
    subprocess.run(
        [
            _program("openssl"), "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2",
            "-subj", "/CN=ask.example.org", "-addext", "subjectAltName=IP:127.0.0.1",
            "-keyout", folder / "key.pem", "-out", folder / "cert.pem",
        ],
        check=True, capture_output=True,
    )  # fmt: skip
    return ssl.create_default_context(cafile=str(folder / "cert.pem"))


@contextmanager
def nginx_running(folder: Path, site: str, port: int) -> Iterator[None]:
    """Serve `site`, which listens on `port`, until the context ends; nginx writes into `folder`."""
    folder.chmod(0o755)
    (folder / "site.conf").write_text(site)
    (folder / "nginx.conf").write_text(_MAIN.format(folder=folder))
    nginx = subprocess.Popen([_program("nginx"), "-e", folder / "main.log", "-c", folder / "nginx.conf"])
    try:
        _await_port(port, nginx, folder)
        yield
    finally:
        nginx.terminate()
        nginx.wait(10)


def site_above(folder: Path, port: int, behind: str, *, strips: bool, speaks_tls: bool = False) -> str:
    """A site of other things that serves `behind` below /ask/, as docs/deploy/nginx-below.conf has it.

    With `strips` the operator has ended the address of `proxy_pass` with a slash: nginx then takes the path off.
    """
    here = DEPLOY.joinpath("nginx-below.conf").read_text("utf-8")
    for old, new in (
        ("proxy_pass http://127.0.0.1:7860;", f"proxy_pass {behind}{'/' if strips else ''};"),
        ("/var/log/nginx/", f"{folder}/"),
    ):
        assert old in here
        here = here.replace(old, new)
    (folder / "orgbot.conf").write_text(here)
    tls = f" ssl; ssl_certificate {folder}/cert.pem; ssl_certificate_key {folder}/key.pem" if speaks_tls else ""
    return _SITE_ABOVE.format(port=port, folder=folder, tls=tls)


def _program(name: str) -> str:
    found = shutil.which(name, path=f"{os.environ.get('PATH', '')}:/usr/sbin")  # where Debian puts nginx
    if found is None:
        pytest.fail(f"This test needs {name}: install it (Debian: apt-get install {name}).", pytrace=False)
    return found


def _await_port(port: int, nginx: subprocess.Popen[bytes], folder: Path) -> None:
    for _ in range(100):
        assert nginx.poll() is None, (folder / "main.log").read_text()
        with socket.socket() as attempt:
            if attempt.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    pytest.fail("nginx does not listen")
