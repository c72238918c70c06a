"""Which origins may frame which pages, and what counts as an origin."""

from __future__ import annotations

import pytest

from bot.settings import ServerSettings, origin_of
from tests.api.conftest import ALLOWED, Api


def framing(api: Api, path: str) -> tuple[str, str | None]:
    """Who may frame a page, by the policy and by the older header."""
    reply = api.client.get(path)
    policies = [part.strip() for part in reply.headers["content-security-policy"].split(";")]
    ancestors = [part.removeprefix("frame-ancestors ") for part in policies if part.startswith("frame-ancestors")]
    assert len(ancestors) == 1
    return ancestors[0], reply.headers.get("x-frame-options")


@pytest.mark.parametrize("path", ["/fr/", "/en/?embedded=1", "/documents/dunes-fr", "/es/answers/abc"])
def test_allowed_origins_may_frame_the_chat_and_its_documents(api: Api, path: str) -> None:
    assert framing(api, path) == (ALLOWED, None)


@pytest.mark.parametrize("path", ["/staff", "/staff/sign-in", "/api/docs", "/api/v1/openapi.json", "/", "/de/"])
def test_no_one_may_frame_anything_else(api: Api, path: str) -> None:
    assert framing(api, path) == ("'none'", "DENY")


def test_the_widget_may_be_loaded_by_pages_of_other_origins(api: Api) -> None:
    reply = api.client.get("/widget.js")
    assert reply.headers["content-type"].startswith("text/javascript")
    assert reply.headers["cross-origin-resource-policy"] == "cross-origin"
    assert api.client.get("/static/base.css").headers["cross-origin-resource-policy"] == "same-origin"


@pytest.mark.parametrize(
    "origin",
    [
        "*", "null", "https://*.example.org", "https://example.org/", "https://Example.org", "example.org",
        "https://a.example https://b.example", "https://a.example;", "ftp://a.example", "https://a@b.example", "",
    ],
)  # fmt: skip
def test_what_is_no_origin_is_no_setting(origin: str) -> None:
    with pytest.raises(ValueError, match="is no origin"):
        ServerSettings(allowed_origins=(origin,))


def test_by_default_no_origin_is_allowed() -> None:
    assert ServerSettings().allowed_origins == ()
    assert ServerSettings(allowed_origins=("http://localhost:8080",)).allowed_origins == ("http://localhost:8080",)
    assert origin_of("https://Ask.example.org:8443/below/it") == "https://ask.example.org:8443"
