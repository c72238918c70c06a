"""Which documents are linked as editions of one release, and which are not."""

from __future__ import annotations

from corpus.document import Document, DocumentKind, Language, PartialDate
from corpus.editions import ADDRESS, HREFLANG, edition_links, with_editions


def page(doc_id: str, path: str, language: str, date: str | None = "2024-05-02", **more: object) -> Document:
    stated = {
        "doc_id": doc_id,
        "url": path if path.startswith("https:") else f"https://coast.example{path}",
        "kind": DocumentKind.RELEASE,
        "language": Language(language),
        "title": "A title",
        "text": "A text.",
        "date": PartialDate.parse(date) if date else None,
    }
    return Document(**(stated | more))  # type: ignore[arg-type]


def linked(*documents: Document) -> set[tuple[str, str, str]]:
    return {(link.one, link.other, link.why) for link in edition_links(documents)}


def test_pages_that_name_each_other_are_linked_and_one_that_is_not_named_back_is_not() -> None:
    english = page("a", "/harbour-opens", "en", alternates=("https://coast.example/le-port-ouvre/",))
    french = page("b", "/le-port-ouvre", "fr", "2024-05-03", alternates=("https://coast.example/harbour-opens",))
    spanish = page("c", "/abre-el-puerto", "es", alternates=("https://coast.example/harbour-opens",))
    assert linked(english, french, spanish) == {("a", "b", HREFLANG)}


def test_addresses_that_differ_in_the_language_alone_are_linked_wherever_it_stands() -> None:
    for one, other in (
        ("/en/news/12", "/fr/news/12"),
        ("/mali/en/news/12", "/mali/fr/news/12"),
        ("https://en.coast.example/news/12", "https://fr.coast.example/news/12"),
        ("/news?id=12&lang=en", "/news?id=12&lang=fr"),
        ("/news/harbour-en.html", "/news/harbour-fr.html"),
    ):
        assert linked(page("a", one, "en"), page("b", other, "fr")) == {("a", "b", ADDRESS)}, one


def test_a_date_without_a_year_agrees_with_a_whole_one() -> None:
    assert linked(page("a", "/en/news/12", "en", "--05-02"), page("b", "/fr/news/12", "fr"))
    assert not linked(page("a", "/en/news/12", "en", "--05-03"), page("b", "/fr/news/12", "fr"))


def test_what_is_no_edition_stays_apart() -> None:
    english = page("a", "/en/news/12", "en")
    for other in (
        page("b", "/fr/news/13", "fr"),  # the same day, another release
        page("b", "/fr/news/12", "fr", "2023-05-02"),  # numbered apart in each language
        page("b", "/fr/news/12", "fr", None),
        page("b", "/fr/news/12", "en"),  # the template's language is not the text's
        page("b", "https://mali.coast.example/fr/news/12", "fr"),
        page("b", "/fr/news/12", "fr", edition_group="harbour"),  # front matter has said what it belongs to
        page("b", "/fr/news/12", "fr", digest=True),
    ):
        assert linked(english, other) == set(), other


def test_an_address_that_two_pages_of_one_language_share_links_nothing() -> None:
    english, french = page("a", "/en/news/12", "en"), page("b", "/fr/news/12", "fr")
    assert linked(english, french, page("c", "/fr/news/12/", "fr")) == set()


def test_a_release_gets_no_second_edition_in_one_language() -> None:
    english = page("a", "/en/news/12", "en", alternates=("https://coast.example/port",))
    named = page("b", "/port", "fr", alternates=("https://coast.example/en/news/12",))
    assert linked(english, named, page("c", "/fr/news/12", "fr")) == {("a", "b", HREFLANG)}


def test_three_editions_are_one_group_and_everything_else_is_as_it_was() -> None:
    three = [page(code, f"/{code}/news/12", code) for code in ("en", "es", "fr")]
    alone, stated = page("x", "/en/news/9", "en"), page("y", "/en/news/8", "en", edition_group="harbour")
    found = with_editions([alone, *three, stated])
    assert [one.doc_id for one in found] == ["x", "en", "es", "fr", "y"]
    assert [one.edition_group for one in found] == [None, *["linked:en"] * 3, "harbour"]
    assert with_editions([stated, *reversed(three), alone])[1].edition_group == "linked:en"
