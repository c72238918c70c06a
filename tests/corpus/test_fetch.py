"""Pages from a real web site on loopback, which behaves as well and as badly as sites do."""

from __future__ import annotations

import gzip
import threading
from collections.abc import Iterator, Sequence
from functools import partial

import brotli
import pytest
import zstandard

from corpus.errors import AddressRefused, ContentTooLarge, FetchError, FetchFailed, RobotsRefused
from corpus.settings import FetchSettings
from corpus.sources.address import checked_machines, is_public, parse_address
from corpus.sources.fetch import Fetched, Fetcher, Time
from tests.corpus.website import Reply, Request, Site, quick, served

LIMIT = 5_000_000


@pytest.fixture
def site() -> Iterator[Site]:
    with served() as running:
        yield running


class Clock:
    """Time that passes only in pauses."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self.pauses: list[float] = []

    def sleep(self, seconds: float) -> None:
        self.pauses.append(seconds)
        self.seconds += seconds

    def time(self) -> Time:
        return Time(now=lambda: self.seconds, sleep=self.sleep, wall=lambda: 1_600_000_000.0 + self.seconds)


def fetched(site: Site, path: str, settings: FetchSettings | None = None, clock: Clock | None = None) -> Fetched:
    chosen = settings or quick()
    with Fetcher(chosen, resolve=site.resolve, clock=(clock or Clock()).time()) as fetcher:
        return fetcher.fetch(site.address(path), site.hosts, LIMIT)


@pytest.mark.parametrize(
    ("coding", "pack"),
    [("gzip", gzip.compress), ("br", brotli.compress), ("zstd", zstandard.compress), ("identity", bytes)],
)
def test_every_coding_that_is_asked_for_is_undone(site: Site, coding: str, pack: type[bytes]) -> None:
    content = "Les phares de la côte. ".encode() * 5000
    site.pages["/a"] = Reply(content=pack(content), headers={"Content-Encoding": coding, "Content-Type": "Text/HTML;x"})
    got = fetched(site, "/a")
    assert got.content == content
    assert got.media_type == "text/html"
    asked = site.asked("/a")[0].headers
    assert asked["accept-encoding"] == "gzip, br, zstd"
    assert asked["user-agent"].startswith("orgbot/")
    assert "+https://coast.example/bot" in asked["user-agent"]


@pytest.mark.parametrize(
    ("coding", "pack"),
    [("gzip", gzip.compress), ("br", partial(brotli.compress, quality=1)), ("zstd", zstandard.compress)],
)
def test_a_bomb_does_not_go_off(site: Site, coding: str, pack: type[bytes]) -> None:
    site.pages["/bomb"] = Reply(content=pack(b"\0" * 60_000_000), headers={"Content-Encoding": coding})
    with pytest.raises(ContentTooLarge, match="more than the 5 MB"):
        fetched(site, "/bomb")


@pytest.mark.parametrize("coding", ["gzip", "br", "zstd", "deflate", "gzip, gzip"])
def test_a_broken_or_unknown_coding_is_said(site: Site, coding: str) -> None:
    packed = {"gzip": gzip.compress, "br": brotli.compress, "zstd": zstandard.compress}.get(coding, bytes)(b"x" * 999)
    site.pages["/a"] = Reply(content=packed[:-3], headers={"Content-Encoding": coding})
    with pytest.raises(FetchFailed, match="coding"):
        fetched(site, "/a")


def test_a_page_of_20_megabytes_is_not_read_to_its_end(site: Site) -> None:
    site.pages["/large"] = Reply(content=b"x" * 20_000_000)
    with pytest.raises(ContentTooLarge):
        fetched(site, "/large")


def test_a_drip_of_bytes_ends_at_the_deadline(site: Site) -> None:
    site.pages["/slow"] = Reply(content=b"x" * 1000, drip=0.05)
    with pytest.raises(FetchFailed, match=r"deadline|timed out"):
        fetched(site, "/slow", quick(deadline_seconds=0.3, retries=0))


def test_redirects_are_followed_as_far_as_allowed(site: Site) -> None:
    site.pages["/old"] = Reply(301, headers={"Location": "middle"})
    site.pages["/middle"] = Reply(302, headers={"Location": site.address("/new", "fr.coast.example")})
    site.pages["/new"] = Reply(content=b"here")
    got = fetched(site, "/old")
    assert (got.content, got.url) == (b"here", site.address("/new", "fr.coast.example"))
    site.pages["/loop"] = Reply(302, headers={"Location": "/loop"})
    with pytest.raises(ContentTooLarge, match="more than 10 redirects"):
        fetched(site, "/loop")
    assert len(site.asked("/loop")) == 11


@pytest.mark.parametrize(
    "target",
    ["http://elsewhere.example:{port}/x", "ftp://www.coast.example/x", "http://127.0.0.1:{port}/x", "//[::1]:{port}/"],
)
def test_a_redirect_is_judged_as_the_first_address_is(site: Site, target: str) -> None:
    site.pages["/x"] = Reply(content=b"secret")
    site.pages["/out"] = Reply(302, headers={"Location": target.format(port=site.port)})
    with pytest.raises(AddressRefused):
        fetched(site, "/out")
    assert not site.asked("/x")


def test_what_has_not_changed_is_not_sent_again(site: Site) -> None:
    site.html("/a", "A headline", "A body.")
    with Fetcher(quick(), resolve=site.resolve) as fetcher:
        first = fetcher.fetch(site.address("/a"), site.hosts, LIMIT)
        again = fetcher.fetch(site.address("/a"), site.hosts, LIMIT, first.validators)
    assert (first.status, again.status, again.content) == (200, 304, b"")
    assert site.bodies == 1
    assert site.connections == 1


def test_a_site_that_asks_to_wait_is_waited_for(site: Site) -> None:
    replies = [Reply(429, headers={"Retry-After": "7"}), Reply(503), Reply(content=b"at last")]
    site.pages["/busy"] = lambda _: replies.pop(0)
    clock = Clock()
    assert fetched(site, "/busy", clock=clock).content == b"at last"
    assert clock.pauses == [7.0, 2.0]


def test_a_wait_that_is_too_long_is_left_for_the_next_sync(site: Site) -> None:
    site.pages["/busy"] = Reply(503, headers={"Retry-After": "Wed, 13 Sep 2034 12:26:40 GMT"})
    clock = Clock()
    with pytest.raises(FetchFailed, match="status 503"):
        fetched(site, "/busy", clock=clock)
    assert clock.pauses == []


def test_retries_end_with_the_budget_of_the_run(site: Site) -> None:
    site.pages["/down"] = Reply(500)
    with Fetcher(quick(retries=3, retry_budget=4), resolve=site.resolve, clock=Clock().time()) as fetcher:
        for _ in range(3):
            with pytest.raises(FetchFailed, match="status 500"):
                fetcher.fetch(site.address("/down"), site.hosts, LIMIT)
    assert len(site.asked("/down")) == 3 + 4


def test_robots_are_obeyed_and_their_delay_kept(site: Site) -> None:
    site.pages["/robots.txt"] = Reply(
        content=b"User-agent: *\nDisallow: /\n\nUser-agent: orgbot\nDisallow: /private\nCrawl-delay: 9\n"
    )
    site.pages["/a"] = site.pages["/private/b"] = Reply(content=b"words")
    clock = Clock()
    with Fetcher(quick(delay_seconds=2), resolve=site.resolve, clock=clock.time()) as fetcher:
        assert fetcher.fetch(site.address("/a"), site.hosts, LIMIT).content == b"words"
        assert fetcher.fetch(site.address("/a"), site.hosts, LIMIT).content == b"words"
        with pytest.raises(RobotsRefused):
            fetcher.fetch(site.address("/private/b"), site.hosts, LIMIT)
    assert not site.asked("/private/b")
    assert clock.pauses == [2, 9]
    assert len(site.asked("/robots.txt")) == 1


def test_a_site_that_cannot_say_what_it_allows_is_left_alone(site: Site) -> None:
    site.pages["/robots.txt"] = Reply(500)
    site.pages["/a"] = Reply(content=b"words")
    with Fetcher(quick(retries=0), resolve=site.resolve) as fetcher:
        for _ in range(3):
            with pytest.raises(FetchFailed, match=r"robots\.txt"):
                fetcher.fetch(site.address("/a"), site.hosts, LIMIT)
    assert len(site.log) == 1


def test_gone_is_an_answer_and_other_statuses_are_not(site: Site) -> None:
    assert fetched(site, "/nothing").status == 404
    site.pages["/forbidden"] = Reply(403, b"no")
    with pytest.raises(FetchFailed, match="status 403"):
        fetched(site, "/forbidden")


def test_the_machine_that_was_checked_is_the_one_connected_to(site: Site) -> None:
    site.pages["/a"] = Reply(content=b"words")
    answers = [["127.0.0.1"], ["10.0.0.1"]]

    def rebinding(host: str, port: int) -> Sequence[str]:
        del host, port
        return answers.pop(0)

    with Fetcher(quick(), resolve=rebinding) as fetcher:
        assert fetcher.fetch(site.address("/a"), site.hosts, LIMIT).content == b"words"
    assert len(answers) == 1  # asked once for the connection, and not again
    with Fetcher(quick(), resolve=rebinding) as fetcher, pytest.raises(AddressRefused, match=r"10\.0\.0\.1"):
        fetcher.fetch(site.address("/a"), site.hosts, LIMIT)


HOSTILE = [
    "http://127.0.0.1:{port}/", "http://127.1:{port}/", "http://2130706433:{port}/", "http://0x7f000001:{port}/",
    "http://0x7f.0.0.1:{port}/", "http://0177.0.0.1:{port}/", "http://017700000001:{port}/", "http://0:{port}/",
    "http://0.0.0.0:{port}/", "http://127.0.0.1.:{port}/", "http://127.000.000.001:{port}/", "http://[::1]:{port}/",
    "http://[::]:{port}/", "http://[::ffff:127.0.0.1]:{port}/", "http://[::ffff:7f00:1]:{port}/",
    "http://[::127.0.0.1]:{port}/", "http://[64:ff9b::7f00:1]:{port}/", "http://[64:ff9b:1::7f00:1]:{port}/",
    "http://[2002:7f00:1::]:{port}/", "http://[fe80::1%25lo]:{port}/", "http://[fc00::1]/", "http://[fd00:ec2::254]/",
    "http://[ff02::1]/", "http://[fec0::1]/", "http://169.254.169.254/latest/meta-data/", "http://169.254.170.2/",
    "http://100.100.100.200/", "http://192.0.0.192/", "http://168.63.129.16/", "http://10.0.0.1/", "http://172.16.0.1/",
    "http://192.168.0.1/", "http://100.64.0.1/", "http://198.18.0.1/", "http://224.0.0.1/", "http://255.255.255.255/",
    "http://240.0.0.1/", "http://2852039166/", "http://0xa9fea9fe/", "http://0251.0376.0251.0376/",
    "http://１２７.０.０.１:{port}/", "http://①②⑦.⓪.⓪.①:{port}/", "http://127。0。0。1:{port}/",
    "http://localhost:{port}/", "http://localhost.:{port}/", "http://LOCALHOST:{port}/", "http://to-loopback.example/",
    "http://to-mapped.example/", "http://to-metadata.example/", "http://to-both.example/",
    "http://www.coast.example@127.0.0.1:{port}/", "http://www.coast.example:{port}@127.0.0.1:{port}/",
    "http://127.0.0.1:{port}#@www.coast.example/", "http://127.0.0.1:{port}\\@www.coast.example/",
    "http://www.coast.example.evil.example/", "http://evilwww.coast.example/", "http://www.coast.example:22/",
    "file:///etc/passwd", "ftp://www.coast.example/", "gopher://www.coast.example:{port}/", "javascript:alert(1)",
    "data:text/html,words", "//www.coast.example/", "http:///path", "http://", "", "http://www.coast.example\r\nX: y/",
    "http://www.coast.example\x00.evil.example/", "http://[::1", "http://www.coast.example:99999/",
]  # fmt: skip


def test_no_hostile_address_is_reached(site: Site) -> None:
    assert len(HOSTILE) >= 60
    leads = {
        "www.coast.example": ["93.184.215.14"],
        "to-loopback.example": ["127.0.0.1"],
        "to-mapped.example": ["::ffff:127.0.0.1"],
        "to-metadata.example": ["169.254.169.254"],
        "to-both.example": ["93.184.215.14", "127.0.0.1"],
    }

    def resolve(host: str, _: int) -> Sequence[str]:
        return leads.get(host, ["127.0.0.1"])

    for address in HOSTILE:
        written = address.format(port=site.port)
        # Even where a source named the host itself, for it is the machine that may not be asked.
        named = [
            "www.coast.example", "localhost", f"localhost:{site.port}", f"127.0.0.1:{site.port}", "10.0.0.1",
            f"[::1]:{site.port}", f"::1:{site.port}", "169.254.169.254", *leads,
        ]  # fmt: skip
        with Fetcher(FetchSettings(delay_seconds=0, retries=0), resolve=resolve) as fetcher:
            with pytest.raises(FetchError) as refused:
                fetcher.fetch(written, named, LIMIT)
            assert isinstance(refused.value, AddressRefused), written
    assert site.connections == 0


def test_hosts_are_compared_whole_and_ports_must_be_named() -> None:
    hosts = ["www.coast.example", "fr.coast.example:8080"]
    assert str(parse_address("HTTPS://WWW.Coast.Example:443/a?b#c", hosts)) == "https://www.coast.example/a?b"
    assert parse_address("http://fr.coast.example:8080/", hosts).port == 8080
    for other in ("http://fr.coast.example/", "http://www.coast.example:8080/", "http://coast.example/"):
        with pytest.raises(AddressRefused):
            parse_address(other, hosts)


def test_public_addresses_pass() -> None:
    assert all(map(is_public, ["93.184.215.14", "8.8.8.8", "2606:2800:21f:cb07:6820:80da:af6b:8b2c"]))
    assert checked_machines("a.example", 80, lambda *_: ["8.8.8.8", "8.8.4.4"]) == ["8.8.8.8", "8.8.4.4"]


def test_the_log_names_the_host_that_was_asked(site: Site) -> None:
    site.pages["/a"] = Reply(content=b"words")
    with Fetcher(quick(), resolve=site.resolve) as fetcher:
        fetcher.fetch(site.address("/a", "fr.coast.example"), site.hosts, LIMIT)
    request: Request = site.asked("/a")[0]
    assert request.host == "fr.coast.example"


def test_a_name_that_is_never_looked_up_ends_at_the_deadline(site: Site) -> None:
    looked_up = threading.Event()

    def resolve(*_: object) -> Sequence[str]:
        looked_up.wait(60)
        return ["127.0.0.1"]

    try:
        with (
            Fetcher(quick(deadline_seconds=1, retries=0), resolve=resolve) as fetcher,
            pytest.raises(FetchFailed, match="looked up"),
        ):
            fetcher.fetch(site.address("/a"), site.hosts, LIMIT)
    finally:
        looked_up.set()
    assert site.connections == 0
