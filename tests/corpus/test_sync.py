"""The corpus keeps step with a real web site on loopback that changes under the crawler."""

from __future__ import annotations

import gzip
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from corpus.errors import SourceError
from corpus.fetch_state import FetchState
from corpus.settings import CorpusSettings
from corpus.sources.declared import Source, add_source, load_sources, make_source, remove_source
from corpus.sources.fetch import Fetcher
from corpus.step import Event, Step
from corpus.store import CorpusStore
from corpus.sync import Sync
from tests.corpus.website import Reply, Site, quick, served

BODY = {
    "en": (
        "Porthaven, {day} May 2023 – The Coast Agency repaired {n} lighthouses on the northern shore this spring, and"
        " the ports paid for the work, which took the masons and the electricians of the agency four months."
    ),
    "fr": (
        "Porthaven, le {day} mai 2023 – L'Agence de la côte a réparé {n} phares sur la rive nord au printemps, et les"
        " ports ont payé les travaux, qui ont pris quatre mois aux maçons et aux électriciens de l'agence."
    ),
    "es": (
        "Porthaven, {day} de mayo de 2023 – La Agencia de la Costa reparó {n} faros en la orilla norte esta primavera,"
        " y los puertos pagaron las obras, que llevaron cuatro meses a los albañiles y electricistas de la agencia."
    ),
}


class Silent:
    def step(self, name: str, total: int) -> None:
        pass

    def advance(self, units: int) -> None:
        pass


class World:
    """A site, and a data folder that is synced with it."""

    def __init__(self, site: Site, data: Path) -> None:
        self.site = site
        self.data = data
        self.source = make_source(name="news", kind="sitemap", address=site.address("/sitemap.xml"), hosts=site.hosts)
        self.paths: list[str] = []

    def page(self, name: str, n: int, language: str = "en") -> None:
        path = f"/{language}/news/{name}"
        self.site.html(
            path, f"{n} {name}: phares, faros, lighthouses", BODY[language].format(n=n, day=n % 28 + 1), language
        )
        if path not in self.paths:
            self.paths.append(path)
        self.map()

    def map(self) -> None:
        self.site.sitemap("/sitemap.xml", [self.site.address(path) for path in self.paths])

    def sync(self, *sources: Source, dry: bool = False) -> list[Event]:
        settings = CorpusSettings(fetch=quick(retries=0))
        with (
            CorpusStore.open(self.data / "corpus.sqlite3", create=True) as store,
            FetchState.open(self.data / "fetch.sqlite3") as state,
            Fetcher(settings.fetch, resolve=self.site.resolve) as fetcher,
        ):
            work = Sync(store, state, fetcher, settings, Silent(), dry=dry)
            return [event for source in sources or (self.source,) for event in work.run(source)]

    def titles(self) -> list[str]:
        with CorpusStore.open(self.data / "corpus.sqlite3") as store:
            return sorted(one.document.title for one in store.documents())


def counts(events: list[Event]) -> dict[Step, int]:
    return dict(Counter(event.step for event in events))


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with served() as site:
        world = World(site, tmp_path)
        for n, (name, language) in enumerate([("alder", "en"), ("birch", "fr"), ("cedar", "es")], 11):
            world.page(name, n, language)
        yield world


def test_a_site_is_taken_in_and_then_only_asked_whether_it_changed(world: World) -> None:
    assert counts(world.sync(dry=True)) == {Step.ADDED: 3}
    assert world.titles() == []
    assert counts(world.sync()) == {Step.ADDED: 3}
    assert len(world.titles()) == 3
    world.site.bodies = 0
    assert counts(world.sync()) == {Step.UNCHANGED: 3}
    assert world.site.bodies == 1  # the sitemap


def test_a_changed_page_is_a_revision(world: World) -> None:
    world.sync()
    world.page("birch", 71, "fr")
    assert counts(world.sync(dry=True)) == {Step.CHANGED: 1, Step.UNCHANGED: 2}
    assert counts(world.sync()) == {Step.CHANGED: 1, Step.UNCHANGED: 2}
    assert counts(world.sync()) == {Step.UNCHANGED: 3}
    assert "71 birch: phares, faros, lighthouses" in world.titles()


@pytest.mark.parametrize("status", [404, 410])
def test_a_page_that_is_gone_is_withdrawn_and_returns(world: World, status: int) -> None:
    world.sync()
    kept = world.site.pages[world.paths[0]]
    world.site.pages[world.paths[0]] = Reply(status)
    assert counts(world.sync(dry=True)) == {Step.WITHDRAWN: 1, Step.UNCHANGED: 2}
    assert counts(world.sync()) == {Step.WITHDRAWN: 1, Step.UNCHANGED: 2}
    assert counts(world.sync()) == {Step.LEFT_OUT: 1, Step.UNCHANGED: 2}
    assert len(world.titles()) == 2
    world.site.pages[world.paths[0]] = kept
    assert counts(world.sync()) == {Step.ADDED: 1, Step.UNCHANGED: 2}
    assert len(world.titles()) == 3


def test_a_page_is_withdrawn_when_the_sitemap_has_lost_it_twice(world: World) -> None:
    world.sync()
    lost = world.paths.pop()
    world.map()
    assert counts(world.sync()) == {Step.UNCHANGED: 2}
    world.paths.append(lost)
    world.map()
    assert counts(world.sync()) == {Step.UNCHANGED: 3}  # it was a slip: the count begins anew
    world.paths.pop()
    world.map()
    assert counts(world.sync()) == {Step.UNCHANGED: 2}
    assert counts(world.sync()) == {Step.UNCHANGED: 2, Step.WITHDRAWN: 1}
    assert counts(world.sync()) == {Step.UNCHANGED: 2}


@pytest.mark.parametrize(
    "broken",
    [
        Reply(500),
        Reply(404),
        Reply(content=b"<urlset><url><loc>http://www.coast.example/"),
        Reply(content=b'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"/>'),
        Reply(content=b'<!DOCTYPE a [<!ENTITY b "cccc">]><urlset><url><loc>&b;</loc></url></urlset>'),
        Reply(content=b"<html><body>Back soon"),
        Reply(content=b"\x1f\x8bno gzip"),
        Reply(content=b"<urlset><url><loc>http://elsewhere.example/moved</loc></url></urlset>"),
    ],
)
def test_a_sitemap_that_fails_withdraws_nothing(world: World, broken: Reply) -> None:
    world.sync()
    world.site.pages["/sitemap.xml"] = broken
    for _ in range(3):
        events = world.sync()
        assert counts(events) == {Step.FAILED: 1}
        assert "news" in events[0].note or "sitemap.xml" in events[0].note
    assert len(world.titles()) == 3


def test_a_page_that_fails_stays_and_the_others_go_on(world: World) -> None:
    world.sync()
    world.site.pages[world.paths[0]] = Reply(500)
    world.page("cedar", 72, "es")
    assert counts(world.sync()) == {Step.FAILED: 1, Step.UNCHANGED: 1, Step.CHANGED: 1}
    assert len(world.titles()) == 3


def test_what_robots_txt_asks_not_to_fetch_is_left_out_and_is_no_failure(world: World) -> None:
    world.site.pages["/robots.txt"] = Reply(content=b"User-agent: *\nDisallow: /es/")
    assert counts(world.sync()) == {Step.ADDED: 2, Step.LEFT_OUT: 1}
    assert not world.site.asked(world.paths[2])


def test_an_index_of_sitemaps_packed_and_not_leads_to_all_pages(world: World) -> None:
    site = world.site
    namespace = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
    site.sitemap("/one.xml", [site.address(path) for path in world.paths[:2]])
    site.sitemap("/two.xml", [site.address(world.paths[2]), "http://elsewhere.example/x", "http://169.254.169.254/"])
    packed = site.pages["/two.xml"]
    assert isinstance(packed, Reply)
    site.pages["/two.xml.gz"] = Reply(content=gzip.compress(packed.content))
    children = "".join(f"<sitemap><loc>/{name}</loc></sitemap>" for name in ("one.xml", "two.xml.gz", "sitemap.xml"))
    site.pages["/sitemap.xml"] = Reply(content=f"<sitemapindex {namespace}>{children}</sitemapindex>".encode())
    assert counts(world.sync()) == {Step.ADDED: 3, Step.LEFT_OUT: 2}


@pytest.mark.parametrize(
    "feed",
    [
        "<rss><channel><link>/</link>{items}</channel></rss>",
        '<feed xmlns="http://www.w3.org/2005/Atom"><link href="/"/>{entries}</feed>',
        '<feed xmlns="http://www.w3.org/2005/Atom" xml:base="/en/"><entry><link href="news/alder"/>'
        '<link rel="self" href="/nothing"/></entry><entry><link href="../fr/news/birch"/></entry></feed>',
    ],
)
def test_feeds_with_relative_links(world: World, feed: str) -> None:
    items = "".join(f"<item><title>x</title><link>{path}</link></item>" for path in world.paths[:2])
    entries = "".join(f'<entry><link rel="alternate" href="..{path}"/></entry>' for path in world.paths[:2])
    world.site.pages["/feeds/all.xml"] = Reply(content=feed.format(items=items, entries=entries).encode())
    source = make_source(name="feed", kind="feed", address=world.site.address("/feeds/all.xml"), hosts=world.site.hosts)
    assert counts(world.sync(source)) == {Step.ADDED: 2}
    # What a feed names no more is still there, and asked for.
    world.site.pages["/feeds/all.xml"] = Reply(
        content=f"<rss><channel><item><link>{world.paths[2]}</link></item></channel></rss>".encode()
    )
    assert counts(world.sync(source)) == {Step.ADDED: 1, Step.UNCHANGED: 2}
    world.site.pages[world.paths[0]] = Reply(410)
    assert counts(world.sync(source)) == {Step.WITHDRAWN: 1, Step.UNCHANGED: 2}


def test_only_what_is_wanted_is_taken(world: World) -> None:
    place = {"address": world.site.address("/sitemap.xml"), "hosts": world.site.hosts}
    french = make_source(name="french", kind="sitemap", languages=["fr"], **place)
    assert counts(world.sync(french)) == {Step.ADDED: 1, Step.LEFT_OUT: 2}
    some = make_source(name="some", kind="sitemap", include=["/en/*", "/es/*"], exclude=["*/cedar"], **place)
    assert counts(world.sync(some)) == {Step.ADDED: 1}
    assert len(world.titles()) == 2


def test_a_page_may_not_speak_for_another_site(world: World) -> None:
    world.sync()
    liar = world.site.pages[world.paths[0]]
    assert isinstance(liar, Reply)
    stated = b"<link rel='canonical' href='https://elsewhere.example/real'>"
    liar.content, liar.etag = liar.content.replace(b"</head>", stated + b"</head>"), ""
    events = world.sync()
    assert counts(events) == {Step.FAILED: 1, Step.UNCHANGED: 2}
    assert "elsewhere.example" in next(event.note for event in events if event.step is Step.FAILED)


def test_latin_1_that_is_declared_utf_8_is_read(world: World) -> None:
    page = world.site.pages[world.paths[1]]
    assert isinstance(page, Reply)
    page.content = page.content.decode().encode("latin-1", errors="ignore")
    page.headers = {"Content-Type": "text/html; charset=utf-8"}
    world.sync()
    with CorpusStore.open(world.data / "corpus.sqlite3") as store:
        assert any("a réparé 12 phares" in one.document.text for one in store.documents())


def test_an_interrupted_sync_goes_on_and_asks_for_no_page_twice(world: World) -> None:
    for n in range(30, 38):
        world.page(f"oak-{n}", n)

    class Killed(BaseException):
        pass

    real = world.site.resolve
    for stop in (4, 7):
        settings = CorpusSettings(fetch=quick())
        with (
            CorpusStore.open(world.data / "corpus.sqlite3", create=True) as store,
            FetchState.open(world.data / "fetch.sqlite3") as state,
            Fetcher(settings.fetch, resolve=real) as fetcher,
        ):

            class Stopping(Silent):
                done = 0

                def advance(self, units: int) -> None:
                    self.done += units
                    if self.done == stop:  # noqa: B023
                        raise Killed

            with pytest.raises(Killed):
                list(Sync(store, state, fetcher, settings, Stopping()).run(world.source))
    world.sync()
    assert len(world.titles()) == 11
    assert [len(world.site.asked(path)) for path in world.paths] == [1] * 11


def test_a_folder_is_watched(world: World, tmp_path: Path) -> None:
    folder = tmp_path / "pages"
    folder.mkdir()
    source = make_source(name="files", kind="folder", path=folder)
    for name, n in (("ash", 41), ("elm", 42)):
        (folder / f"{name}.txt").write_text(f"{n} lighthouses are repaired\n{BODY['en'].format(n=n, day=3)}\n")
    assert counts(world.sync(source)) == {Step.ADDED: 2}
    (folder / "ash.txt").write_text(f"43 lighthouses are repaired\n{BODY['en'].format(n=43, day=3)}\n")
    assert counts(world.sync(source, dry=True)) == {Step.CHANGED: 1, Step.UNCHANGED: 1}
    assert counts(world.sync(source)) == {Step.CHANGED: 1, Step.UNCHANGED: 1}
    (folder / "elm.txt").unlink()
    assert counts(world.sync(source)) == {Step.UNCHANGED: 1}
    assert counts(world.sync(source)) == {Step.UNCHANGED: 1, Step.WITHDRAWN: 1}
    folder.rename(tmp_path / "elsewhere")
    assert counts(world.sync(source)) == {Step.FAILED: 1}
    assert world.titles() == ["43 lighthouses are repaired"]


def test_sources_are_written_and_read_back_and_comments_stay(tmp_path: Path) -> None:
    (tmp_path / "sources.toml").write_text("# Ours.\n")
    add_source(tmp_path, make_source(name="a", kind="sitemap", address="https://a.example/s.xml", languages=["fr"]))
    add_source(tmp_path, make_source(name="b", kind="list", addresses=["https://b.example/x"], exclude=["/y*"]))
    first, second = load_sources(tmp_path)
    assert (first.allowed_hosts, second.exclude) == (("a.example",), ("/y*",))
    with pytest.raises(SourceError, match="already"):
        add_source(tmp_path, first)
    remove_source(tmp_path, "a")
    assert [source.name for source in load_sources(tmp_path)] == ["b"]
    assert (tmp_path / "sources.toml").read_text().startswith("# Ours.")
    with pytest.raises(SourceError, match="no source a"):
        remove_source(tmp_path, "a")


@pytest.mark.parametrize(
    "text", ["[[source]]\nname='a'", "[[source", "source = 3", "[[source]]\nname='A b'\nkind='feed'"]
)
def test_a_file_of_sources_that_is_wrong_is_named(tmp_path: Path, text: str) -> None:
    (tmp_path / "sources.toml").write_text(text)
    with pytest.raises(SourceError, match=r"sources\.toml"):
        load_sources(tmp_path)
