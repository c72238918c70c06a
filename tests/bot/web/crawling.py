"""A browser without a screen: follows every address of every page, sends every form, and stays below a path."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from urllib.parse import quote, urldefrag, urlencode, urljoin, urlsplit

import httpx
import pytest
from lxml import html

from bot.feedback import FeedbackLog
from bot.pipeline import Pipeline
from bot.settings import Settings
from bot.web.server import create_app
from corpus.document import Language
from corpus.store import CorpusStore
from index.build import build_snapshot
from index.search import Index
from tests.bot.web.conftest import PASSWORD
from tests.bot.web.standin import answered, not_found
from tests.bot.web.test_staff_editions import EN, FR
from tests.browser.conftest import running
from tests.conftest import COAST, WordHashEncoder, make_document

# Ids as pages of the web and files may give them: what a proxy decodes and writes anew must come out the same.
ODD = make_document("été 50% & co/notes", "The Coast Agency has 12 boats.", title="Boats")
DOCUMENTS = [*COAST, EN, FR, ODD]
QUESTION = "How many lighthouses were repaired in 2021?"
_STARTS = ("", "/", "/widget.js", "/api/docs", "/staff", "/healthz", "/readyz")
# What is typed into forms, by the name of the field.
_FIELDS = {"document": EN.doc_id, "other": ODD.doc_id, "why": "read", "question": QUESTION, "words": "lighthouses"}
# What our own scripts load: modules, what is relative to the script, and paths of the host, of which there are none.
_LOADED = re.compile(r"""\b(?:from|import|new URL\()\s*['"]([^'"]+)['"]|['"`](/\w[^'"`]*)['"`]""")
_STYLED = re.compile(r"""url\(["']?([^"')]+)["']?\)""")


@contextmanager
def serving_below(folder: Path, public_url: str) -> Iterator[tuple[str, list[str]]]:
    """The whole server below the path of `public_url`, with pages of every kind.

    Where it listens, and where a visitor's first steps may lead to: pages lead to all the rest.
    """
    unlimited = {"questions_per_minute": 0, "requests_per_minute": 0}
    server = {"staff_password": PASSWORD, "public_url": public_url, **unlimited}
    settings = Settings(data=folder, server=server)  # type: ignore[arg-type]
    encoder = WordHashEncoder()
    build_snapshot([(one, 1) for one in DOCUMENTS], settings.snapshots_path, encoder, settings.index)
    pipeline = Pipeline(Index.open(settings.snapshots_path, encoder, settings.index), settings)
    with (
        pytest.MonkeyPatch.context() as patch,
        CorpusStore.open(settings.corpus_path, create=True) as store,
        FeedbackLog.open(settings.feedback_path) as log,
    ):
        patch.setattr("bot.web.staff_desk.PER_PAGE", 2)  # so that there are older ones
        for document in DOCUMENTS:
            store.add(document)
        log.record(not_found("Where are the tall ships?", Language.ENGLISH, COAST[0]))
        quotes = ((EN, "The work cost EUR 3.2 million."), (COAST[1], "Storms had damaged most of them."))
        answers = [
            answered("What did it cost?", Language.ENGLISH, *quotes, (ODD, ODD.text)),
            not_found("¿Dónde están los faros?", Language.SPANISH, COAST[0], ODD),
        ]
        kept = [f"/{answer.language}/answers/{log.record(answer)}" for answer in answers]
        store.add(replace(COAST[1], text=f"A correction. {COAST[1].text}"))
        with running(create_app(settings, pipeline, store, log)) as address:
            yield address, [f"{settings.server.root_path}{path}" for path in (*_STARTS, *kept)]


def links_of_api(client: httpx.Client, root: str) -> set[str]:
    """The links to stored documents in replies of the API and of the completions."""
    asked = {"question": QUESTION}
    said = {"model": "orgbot", "messages": [{"role": "user", "content": QUESTION}]}
    replies = [
        client.post(f"{root}/api/v1/ask", json=asked),
        client.get(f"{root}/api/v1/documents/{quote(ODD.doc_id, safe='')}"),
        client.post(f"{root}/v1/chat/completions", json=said),
    ]
    assert [reply.status_code for reply in replies] == [200] * 3
    return {
        link for reply in replies for link in re.findall(r"https?://[^\s\"\\)<>]+/documents/[^\s\"\\)<>#]+", reply.text)
    }


class Crawl:
    """Where one visitor came to. Every reply is asserted to be below the path and no error."""

    def __init__(self, client: httpx.Client, public_url: str) -> None:
        """Ask by `client`, which begins at the host; what begins with the host of `public_url` is asked there, too."""
        self.asked: set[str] = set()
        """Method and path, as the server itself knows it, of all that was asked."""
        self._client = client
        self._origin = str(client.base_url).rstrip("/")
        self._hosts = {"", urlsplit(str(client.base_url)).netloc, urlsplit(public_url).netloc}
        self._root = urlsplit(public_url).path.rstrip("/")
        self._waiting: list[str] = []
        self._seen: set[str] = set()
        self._sign_out: html.FormElement | None = None

    def sign_in(self) -> None:
        """Fill the form that stands before the desk."""
        reply = self._client.get(f"{self._root}/staff")
        assert reply.status_code == 401
        (form,) = self._read(reply).forms
        self._send(form, {"user": "staff", "password": PASSWORD})

    def follow(self, *addresses: str) -> None:
        """Ask for these and all that they lead to; the session goes on."""
        self._waiting += addresses
        while self._waiting:
            self._get(self._waiting.pop())

    def sign_out(self) -> None:
        """Send the form that ends the session, of which `follow` came across."""
        assert self._sign_out is not None
        self._send(self._sign_out)
        self._waiting.clear()
        self.read(f"{self._root}/staff", 401)

    def read(self, address: str, status: int) -> None:
        """A page that says an error, and all that it leads to."""
        reply = self._client.get(address)
        assert reply.status_code == status, address
        self._read(reply)
        self.follow()

    def _get(self, address: str) -> None:
        reply = self._client.get(address)
        self._arrived("GET", address, reply)
        if "location" in reply.headers:
            self._lead(address, reply.headers["location"], "redirect")
        elif reply.headers["content-type"].startswith("text/html"):
            for form in self._read(reply).forms:
                action = f"{form.method} {form.action}"
                if action in self._seen:
                    continue
                self._seen.add(action)
                if form.action.endswith("/sign-out"):
                    self._sign_out = form
                else:
                    self._send(form)
        else:
            self._load(address, reply)

    def _read(self, reply: httpx.Response) -> html.HtmlElement:
        address = str(reply.request.url)
        page = html.document_fromstring(reply.content, base_url=address)
        for element, attribute, link, _ in page.iterlinks():
            if element.tag == "form":
                element.attrib["action"] = self._below(urljoin(address, link), f"form of {address}")
            else:
                self._lead(address, link, f"{element.tag} {attribute}")
        return page

    def _load(self, address: str, reply: httpx.Response) -> None:
        kind = reply.headers["content-type"]
        if "/static/" not in address and not address.endswith("/widget.js"):
            return  # those of Gradio and Swagger UI are left to the browser
        found = _LOADED.findall(reply.text) if "javascript" in kind else []
        found += [(one, "") for one in _STYLED.findall(reply.text)] if "css" in kind else []
        for relative, absolute in found:
            self._lead(address, relative or absolute, "script or style")

    def _send(self, form: html.FormElement, fields: dict[str, str] | None = None) -> None:
        for field in form.inputs:
            if field.get("type") == "checkbox":
                field.checked = True
            elif field.tag == "input" and not field.value and field.get("type") != "date":
                field.value = {**_FIELDS, **(fields or {})}[field.name]
        values = form.form_values() + [
            (one.get("name"), one.get("value")) for one in form.xpath(".//button[@name]")[:1]
        ]
        if form.method == "GET":
            self._waiting.append(f"{form.action}?{urlencode(values)}")
            return
        body = urlencode(values)
        headers = {"Content-Type": "application/x-www-form-urlencoded", "Origin": self._origin}
        reply = self._client.post(form.action, content=body, headers=headers)
        self._arrived("POST", form.action, reply)
        assert reply.status_code == 303, (form.action, reply.status_code)
        address = self._below(urljoin(form.action, reply.headers["location"]), f"redirect of {form.action}")
        self._seen.discard(address)  # what was sent has changed it
        self._lead(form.action, reply.headers["location"], "redirect")

    def _arrived(self, method: str, address: str, reply: httpx.Response) -> None:
        assert reply.status_code < 400, (method, address, reply.status_code)
        self.asked.add(f"{method} {urlsplit(address).path.removeprefix(self._root) or '/'}")

    def _lead(self, page: str, link: str, how: str) -> None:
        address = urldefrag(urljoin(page, link)).url
        if urlsplit(address).scheme not in ("", "http", "https") or urlsplit(address).netloc not in self._hosts:
            return
        address = self._below(address, f"{how} of {page}")
        if address not in self._seen:
            self._seen.add(address)
            self._waiting.append(address)

    def _below(self, address: str, where: str) -> str:
        parts = urlsplit(address)
        assert parts.path.startswith(f"{self._root}/") or parts.path == self._root, f"{address} in a {where}"
        return parts._replace(scheme="", netloc="").geturl()
