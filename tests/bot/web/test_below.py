"""What stands between the addresses that visitors see and those that the pages know."""

from __future__ import annotations

import pytest
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.testclient import TestClient
from starlette.types import Receive, Scope, Send

from bot.web.below import Below


async def echo(scope: Scope, receive: Receive, send: Send) -> None:
    """Say what was asked for, or lead to where the query names."""
    to = Request(scope).query_params.get("to")
    asked = {"path": scope["path"], "raw": scope["raw_path"].decode(), "query": scope["query_string"].decode()}
    reply: Response = RedirectResponse(to, 307) if to else JSONResponse(asked)
    await reply(scope, receive, send)


@pytest.fixture
def below() -> TestClient:
    return TestClient(Below(echo, "/ask"), base_url="http://www.example.org", follow_redirects=False)


@pytest.mark.parametrize(
    ("asked", "path", "raw"),
    [
        ("/ask/en/?a=b", "/en/", "/en/"),
        ("/en/", "/en/", "/en/"),
        ("/ask", "/", "/"),
        ("/ask/", "/", "/"),
        ("/asking", "/asking", "/asking"),
        ("/ask/ask/en/", "/ask/en/", "/ask/en/"),
        ("/%61sk/documents/%C3%A9t%C3%A9%2F50%25", "/documents/été/50%", "/documents/%C3%A9t%C3%A9/50%25"),
    ],
)
def test_the_path_is_taken_off_once_whether_or_not_a_proxy_has(
    below: TestClient, asked: str, path: str, raw: str
) -> None:
    reply = below.get(asked).json()
    assert (reply["path"], reply["raw"], reply["query"]) == (path, raw, asked.partition("?")[2])


@pytest.mark.parametrize(
    ("to", "location"),
    [
        ("/en/", "/ask/en/"),
        ("/staff?page=1#end", "/ask/staff?page=1#end"),
        ("http://www.example.org/en/", "/ask/en/"),
        ("https://www.example.org/en/", "/ask/en/"),
        ("https://elsewhere.example/en/", "https://elsewhere.example/en/"),
        ("//elsewhere.example/en/", "//elsewhere.example/en/"),
        ("en/", "en/"),
    ],
)
def test_redirects_of_our_own_lead_below_the_path_and_others_as_they_are(
    below: TestClient, to: str, location: str
) -> None:
    assert below.get("/ask/", params={"to": to}).headers["location"] == location


def test_on_a_host_of_its_own_nothing_is_changed() -> None:
    own = TestClient(Below(echo, ""), base_url="http://ask.example.org", follow_redirects=False)
    assert own.get("/ask/en").json()["path"] == "/ask/en"
    assert own.get("/", params={"to": "/en/"}).headers["location"] == "/en/"
