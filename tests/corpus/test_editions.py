"""Which documents are linked as editions of one release, and which are not."""

from __future__ import annotations

from datetime import UTC, datetime

from corpus.document import Document, DocumentKind, Language, PartialDate
from corpus.editions import link_editions
from corpus.editions.addresses import ADDRESS, HREFLANG
from corpus.editions.decisions import Decision


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
    return {(link.one, link.other, link.why) for link in link_editions(documents).links}


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
    found = link_editions([alone, *three, stated]).documents
    assert [one.doc_id for one in found] == ["x", "en", "es", "fr", "y"]
    assert [one.edition_group for one in found] == [None, *["linked:en"] * 3, "harbour"]
    assert link_editions([stated, *reversed(three), alone]).documents[1].edition_group == "linked:en"


def decided(one: str, other: str, together: bool) -> Decision:
    return Decision(one, other, together, "the desk knows", datetime(2026, 1, 1, tzinfo=UTC))


def groups(documents: list[Document], *decisions: Decision) -> dict[str, str | None]:
    return {one.doc_id: one.edition_group for one in link_editions(documents, decisions).documents}


def test_a_decision_links_what_nothing_else_does_and_is_its_reason() -> None:
    two = [page("a", "/harbour", "en"), page("b", "/port", "fr", "2020-01-01")]
    found = link_editions(two, [decided("a", "b", True)])
    assert [(link.why, link.by_hand) for link in found.links] == [("by hand: the desk knows", True)]
    assert groups(two, decided("a", "b", True)) == {"a": "linked:a", "b": "linked:a"}


def test_two_documents_kept_apart_are_in_no_common_group_by_way_of_a_third() -> None:
    three = [page(code, f"/{code}/news/12", code) for code in ("en", "es", "fr")]
    assert groups(three, decided("en", "es", False)) == {"en": "linked:en", "es": None, "fr": "linked:en"}


def test_a_decision_stands_above_front_matter() -> None:
    stated = [page(code, f"/{code}/news/{code}", code, edition_group="harbour") for code in ("en", "es", "fr")]
    assert groups(stated, decided("en", "fr", False)) == {"en": "harbour", "es": "harbour", "fr": None}
    other = page("x", "/port", "fr")
    assert groups([*stated[:2], other], decided("es", "x", True))["x"] == "harbour"


def test_of_pages_linked_in_one_language_the_organisations_own_is_cited() -> None:
    country = page("a", "https://mali.coast.example/harbour", "en", "2024-05-01")
    own = page("b", "https://www.coast.example/news/harbour", "en")
    found = link_editions([country, own], [decided("a", "b", True)]).documents
    assert [one.repost_of for one in found] == ["b", None]


def test_a_decision_on_a_document_that_is_not_there_changes_nothing() -> None:
    assert groups([page("a", "/harbour", "en")], decided("a", "gone", True)) == {"a": None}
