"""Pages over TLS: the certificate must be of the name that was asked for, by an authority that is trusted."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import trustme

from corpus.errors import FetchFailed
from corpus.sources import fetch
from corpus.sources.fetch import Fetched, Fetcher
from tests.corpus.website import HOSTS, Reply, Site, quick, served

names_told: list[str] = []


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture(autouse=True)
def trusted(authority: trustme.CA, monkeypatch: pytest.MonkeyPatch) -> None:
    """As the system's authorities are: httpx makes the context, with all its checks, and ours is one of them."""
    context = fetch._tls.__wrapped__()
    authority.configure_trust(context)
    monkeypatch.setattr(fetch, "_tls", lambda: context)


def context_of(issued: trustme.LeafCert) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    issued.configure_cert(context)
    names_told.clear()
    context.sni_callback = lambda _, name, __: names_told.append(name or "")
    return context


@pytest.fixture
def site(authority: trustme.CA) -> Iterator[Site]:
    with served(context_of(authority.issue_cert(*HOSTS[:2]))) as running:
        yield running


def fetched(site: Site, address: str) -> Fetched:
    with Fetcher(quick(retries=0), resolve=site.resolve) as fetcher:
        return fetcher.fetch(address, [f"{host}:{site.port}" for host in HOSTS], 1000)


def test_a_page_is_fetched_and_the_site_told_the_name_not_the_number(site: Site) -> None:
    site.pages["/a"] = Reply(content=b"lighthouses")
    got = fetched(site, site.address("/a"))
    assert (got.content, got.url) == (b"lighthouses", f"https://{HOSTS[0]}:{site.port}/a")
    assert names_told == [HOSTS[0]]
    assert site.asked("/a")[0].headers["host"] == f"{HOSTS[0]}:{site.port}"


def test_a_redirect_leads_to_another_name_of_the_certificate(site: Site) -> None:
    site.pages["/a"] = Reply(301, headers={"Location": site.address("/b", HOSTS[1])})
    site.pages["/b"] = Reply(content=b"moved")
    assert fetched(site, site.address("/a")).content == b"moved"
    assert names_told == [HOSTS[0], HOSTS[1]]


def test_a_certificate_of_another_name_is_refused_before_anything_is_asked(site: Site) -> None:
    with pytest.raises(FetchFailed, match="certificate"):
        fetched(site, site.address("/a", HOSTS[2]))
    assert site.log == []


def test_an_authority_that_is_not_trusted_is_refused() -> None:
    with served(context_of(trustme.CA().issue_cert(HOSTS[0]))) as site, pytest.raises(FetchFailed, match="certificate"):
        fetched(site, site.address("/a"))


def test_a_certificate_that_has_ended_is_refused(authority: trustme.CA) -> None:
    ended = authority.issue_cert(HOSTS[0], not_after=datetime.now(UTC) - timedelta(days=1))
    with served(context_of(ended)) as site, pytest.raises(FetchFailed, match="expired"):
        fetched(site, site.address("/a"))


def test_a_site_without_tls_is_refused() -> None:
    with served() as site, pytest.raises(FetchFailed):
        fetched(site, site.address("/a").replace("http://", "https://"))
