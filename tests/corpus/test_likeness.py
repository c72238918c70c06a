"""Editions that no page and no address states are found by names and figures, and reposts by their words."""

from __future__ import annotations

import pytest

from corpus.document import Document, DocumentKind, Language, PartialDate
from corpus.editions import Linked, link_editions
from tests.conftest import make_document

ENGLISH = (
    "Porto Lume – The storm destroyed 860 houses and left 4,300 people without a roof, said Orla Quennick. Two boats "
    "carried 1,150 tarpaulins to Tessa and Ibor. Teams from Portugal repair the dyke of Old Ferry on Wednesday."
)
FRENCH = (
    "Porto Lume – La tempête a détruit 860 maisons et laissé 4 300 personnes sans toit, a dit Orla Quennick. Deux "
    "bateaux ont porté 1 150 bâches à Tessa et à Ibor. Des équipes du Portugal réparent la digue d'Old Ferry mercredi."
)
DAY = PartialDate(2024, 3, 4)


def page(name: str, text: str, language: Language = Language.ENGLISH, **fields: object) -> Document:
    fields = {"date": DAY, "url": f"https://www.coast.example/news/{name}"} | fields
    return make_document(name, text, f"Storm at {name}", language=language, **fields)  # type: ignore[arg-type]


def linked(*documents: Document) -> Linked:
    return link_editions(documents)


def test_translations_are_found_and_the_reason_is_kept() -> None:
    found = linked(page("a", ENGLISH), page("b", FRENCH, Language.FRENCH))
    (link,) = found.links
    assert (link.one, link.other, link.by_hand) == ("a", "b", False)
    assert link.why.startswith("names and figures are alike (")
    assert found.are_one_release("a", "b")


@pytest.mark.parametrize(
    "fields",
    [
        {"date": PartialDate(2024, 3, 20)},
        {"kind": DocumentKind.FAQ},
        {"digest": True},
    ],
)
def test_another_time_or_kind_is_another_thing(fields: dict[str, object]) -> None:
    assert not linked(page("a", ENGLISH), page("b", FRENCH, Language.FRENCH, **fields)).links


def test_of_two_that_are_alike_the_most_alike_is_linked() -> None:
    later = FRENCH.replace("860", "912").replace("4 300", "5 120")
    found = linked(page("a", ENGLISH), page("b", FRENCH, Language.FRENCH), page("c", later, Language.FRENCH))
    assert found.are_one_release("a", "b")
    assert not found.are_one_release("a", "c")


def test_a_repost_of_a_country_site_is_grouped_and_the_own_site_speaks() -> None:
    shorter = ENGLISH.removesuffix(" Teams from Portugal repair the dyke of Old Ferry on Wednesday.")
    found = linked(page("z", ENGLISH), page("a", shorter, url="https://lume.coast.example/news/1"))
    own, repost = found.documents
    assert own.repost_of is None
    assert repost.repost_of == "z"
    assert own.edition_group == repost.edition_group is not None
    assert "of the words are the same" in found.links[0].why


@pytest.mark.parametrize(
    "text",
    [
        # An update says much the same, with figures of its own.
        ENGLISH.replace("860", "912").replace("4,300", "5,120"),
        "Porto Lume – The Agency counted seals.",
    ],
)
def test_what_has_figures_of_its_own_is_no_repost(text: str) -> None:
    found = linked(page("a", ENGLISH), page("b", text))
    assert not found.links
    assert all(one.edition_group is None for one in found.documents)
