"""The whole server below a path: every page leads to pages below it, all of which are there."""

from __future__ import annotations

import re
from collections.abc import Iterator

import httpx
import pytest

from corpus.document import Language
from tests.bot.web.crawling import Crawl, links_of_api, serving_below
from tests.bot.web.test_routes import TABLE

PUBLIC = "http://www.example.org/ask/"
# What programs ask for, see below, and what Gradio's script asks for: see tests/browser/test_below_path.py.
NOT_LINKED = re.compile(r"\w+ /(api/v1/(?!openapi)|v1/)\S+|\w+ /\w\w/gradio_api/\S+|GET /\w\w/theme\.css")


@pytest.fixture(scope="module")
def below(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, list[str]]]:
    with serving_below(tmp_path_factory.mktemp("below"), PUBLIC) as served:
        yield served


@pytest.mark.parametrize("language", list(Language))
def test_every_page_leads_below_the_path_to_what_is_there(below: tuple[str, list[str]], language: Language) -> None:
    with httpx.Client(base_url=below[0], headers={"Accept-Language": language}, timeout=20, trust_env=False) as client:
        crawl = Crawl(client, PUBLIC)
        crawl.sign_in()
        crawl.follow(*below[1])
        crawl.read("/ask/nowhere", 404)
        crawl.read("/ask/documents/none", 404)
        crawl.sign_out()
    assert f"GET /{language}/" in crawl.asked
    lines = {line for line in TABLE if not NOT_LINKED.fullmatch(line)}
    assert {line for line in lines if not any(re.fullmatch(_pattern(line), one) for one in crawl.asked)} == set()


def test_links_in_replies_of_the_api_lead_below_the_path(below: tuple[str, list[str]]) -> None:
    with httpx.Client(base_url=below[0], timeout=20, trust_env=False) as client:
        links = links_of_api(client, "/ask")
        assert len(links) >= 2
        for link in links:
            assert link.startswith(f"{PUBLIC}documents/")
            assert client.get(link.removeprefix("http://www.example.org")).status_code == 200


def test_what_lies_beside_the_path_is_not_redirected(below: tuple[str, list[str]]) -> None:
    reply = httpx.get(f"{below[0]}/asking/", trust_env=False)
    assert reply.status_code == 404


def _pattern(line: str) -> str:
    return re.sub(r"\\\{\w+(:path)?\\\}", ".+", re.escape(line)) + ("/.+" if line == "GET /static" else "")
