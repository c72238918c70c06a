"""The two commands as they are: `orgbot init` and `orgbot serve`, the bundled corpus, a browser."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from http.client import HTTPConnection
from pathlib import Path

import httpx
import psutil
import pytest
from playwright.sync_api import Page, expect

from bot.locales import texts
from corpus.document import Language
from tests.browser.conftest import PHONE, ask

MAX_RESIDENT_BYTES = 1.2 * 2**30
START_SECONDS = 120
ORGBOT = [sys.executable, "-c", "from bot.cli.main import main; main()"]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, psutil.Process]]:
    """The address of a running server, and its process."""
    folder = tmp_path_factory.mktemp("served")
    environment = {name: value for name, value in os.environ.items() if not name.startswith("ORGBOT_")}
    data = ["--data", str(folder / "data")]
    subprocess.run([*ORGBOT, *data, "init"], check=True, env=environment, capture_output=True)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    log = folder / "server.log"
    with log.open("wb") as written:
        process = subprocess.Popen(
            [*ORGBOT, *data, "serve", "--port", str(port)], env=environment, stdout=written, stderr=written
        )
        try:
            yield _when_it_answers(f"http://127.0.0.1:{port}", process, log), psutil.Process(process.pid)
        finally:
            process.terminate()
            process.wait(30)


def _when_it_answers(address: str, process: subprocess.Popen[bytes], log: Path) -> str:
    for _ in range(START_SECONDS * 5):
        if process.poll() is not None:
            break
        try:
            httpx.get(f"{address}/readyz").raise_for_status()  # before, the API answers and the chat does not
        except httpx.HTTPError:
            time.sleep(0.2)
        else:
            return address
    pytest.fail(f"The server did not start: {log.read_text()}")


@pytest.mark.parametrize("language", list(Language))
def test_every_example_question_is_answered_with_a_marked_quote(
    open_page: Callable[..., Page], server: tuple[str, psutil.Process], language: Language
) -> None:
    page = open_page(server[0], locale=language.value, size=PHONE)
    for n, question in enumerate(texts(language).examples, start=1):
        ask(page, question)
        exchange = page.locator(f"#exchange-{n}")
        expect(exchange).to_have_attribute("lang", language.value)
        statement = exchange.locator(".words").first.inner_text()
        exchange.locator(".chip").first.click()
        expect(page.locator(f"#card-{n}-1 mark")).to_have_text(statement)
        page.context.pages[0].bring_to_front()
        stored = page.locator(f"#card-{n}-1 .links a").first.get_attribute("href")
        marked = httpx.get(f"{server[0]}{stored}").text
        assert '<mark id="quote">' in marked


def test_the_server_fits_a_small_machine(server: tuple[str, psutil.Process]) -> None:
    assert server[1].memory_info().rss < MAX_RESIDENT_BYTES


def test_a_connection_is_not_ended_before_a_proxy_would(server: tuple[str, psutil.Process]) -> None:
    # A question that nginx sends at the moment that the server ends their connection would be lost (502).
    host, port = server[0].removeprefix("http://").split(":")
    connection = HTTPConnection(host, int(port), timeout=20)
    connection.connect()
    opened = connection.sock
    for pause in (0, 6):  # a second longer than uvicorn waits by default
        time.sleep(pause)
        connection.request("GET", "/healthz")
        assert connection.getresponse().read() == b'{"status":"ok"}'
    assert connection.sock is opened
    connection.close()
