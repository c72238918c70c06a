"""The single rules of extraction: datelines, dates, decoding, front matter, ids, languages."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.document import Document, DocumentKind, Language
from corpus.errors import FrontMatterError, PageEmpty, PageError, PageLanguage, PageUnreadable
from corpus.extract import extract, outer_lines
from corpus.extract.dateline import read_dateline
from corpus.extract.dates import find_dates, whole_date
from corpus.extract.decode import decode
from corpus.page import Page, PageFormat
from corpus.settings import CorpusSettings

SETTINGS = CorpusSettings()
BODY = (
    "L'Agence du Littoral a ouvert lundi une station de sauvetage sur l'Île-aux-Sternes.\n"
    "La station abrite deux bateaux et emploie neuf gardes, qui se relaient jour et nuit.\n"
)
RELEASE = f"Accueil\nUne station de sauvetage ouvre sur l'île\nBrévanes, 12 mars - {BODY}"


def page(content: str | bytes, form: PageFormat = PageFormat.FLATTENED_TEXT, name: str = "page") -> Page:
    encoded = content.encode() if isinstance(content, str) else content
    return Page(name=f"{name}.{form}", url=f"file:///pages/{name}.{form}", format=form, content=encoded)


def read(content: str | bytes, form: PageFormat = PageFormat.FLATTENED_TEXT) -> Document:
    return extract(page(content, form), SETTINGS)


@pytest.mark.parametrize(
    ("opening", "places", "date"),
    [
        ("Genève, Gand, 30 avril - La", ("Genève", "Gand"), "--04-30"),
        ("Geneva/Juba – The", ("Geneva", "Juba"), None),
        ("Geneva, 26 November 2019 – The", ("Geneva",), "2019-11-26"),
        ("Ginebra / Panamá, 12 de mayo de 2023 – La", ("Ginebra", "Panamá"), "2023-05-12"),
        ("GENEVA — The", ("GENEVA",), None),
        ("(Geneva, 5 May 2020)", ("Geneva",), "2020-05-05"),
        ("Nairobi (Kenya), 3 mars 2022 – L'", ("Nairobi", "Kenya"), "2022-03-03"),
        ("Bogotá, Colombia. 5 de abril de 2024. La", ("Bogotá", "Colombia"), "2024-04-05"),
        ("Port-au-Prince, 2 Oct. – La", ("Port-au-Prince",), "--10-02"),
        ("París, 1º de julio", ("París",), "--07-01"),
        ("Paris, le 1er juillet 2016 - Le", ("Paris",), "2016-07-01"),
        ("Washington, D.C., May 5, 2021 – The", ("Washington, D.C.",), "2021-05-05"),
        ("Genève, lundi 3 mai 2021 – La", ("Genève",), "2021-05-03"),
        ("30 April 2024, Geneva – The", ("Geneva",), "2024-04-30"),
        ("San Salvador, El Salvador | 5 de mayo de 2020 | La", ("San Salvador", "El Salvador"), "2020-05-05"),
        ("Genève, avril 2024 – Le", ("Genève",), "2024-04"),
    ],
)
def test_dateline(opening: str, places: tuple[str, ...], date: str | None) -> None:
    dateline = read_dateline(f"{opening} ")
    assert dateline is not None
    assert dateline.places == places
    assert (str(dateline.date) if dateline.date else None) == date


@pytest.mark.parametrize(
    "paragraph",
    [
        "Geneva, 5 May 2020 was the day.",
        "In Geneva – the agency said",
        "Our Work – As the leading charity",
        "The day 5 May –",
    ],
)
def test_prose_is_no_dateline(paragraph: str) -> None:
    assert read_dateline(paragraph) is None


@pytest.mark.parametrize(
    ("line", "date"),
    [
        ("24 Nov 2015", "2015-11-24"),
        ("Publicado el 3 de mayo de 2021", "2021-05-03"),
        ("Publié le jeudi 3 mars 2022 à 14h30", "2022-03-03"),
        ("16/10/2023", "2023-10-16"),
        ("30 fevrier 2020", "None"),
        ("05/04/2024", "None"),  # May or April: not said
        ("STRATEGY 2030", "None"),
    ],
)
def test_date_line(line: str, date: str) -> None:
    assert str(whole_date(line)) == date


@settings(derandomize=True)
@given(st.text(max_size=300))
def test_any_text_has_datelines_and_dates_that_lie_in_it(text: str) -> None:
    assert all(0 <= start < end <= len(text) for _, (start, end) in find_dates(text))
    dateline = read_dateline(text)
    assert dateline is None or (dateline.places and 0 < dateline.end <= len(text))


@settings(derandomize=True)
@given(
    st.lists(
        st.sampled_from(["Genève", "Port-au-Prince", "Ciudad de México", "N’Djamena"]),
        min_size=1,
        max_size=4,
        unique=True,
    ),
    st.sampled_from([", ", "/", " / "]),
    st.dates(),
)
def test_places_and_date_come_back_as_written(places: list[str], between: str, day: object) -> None:
    from babel.dates import format_date

    written = format_date(day, "d MMMM", locale="fr")  # type: ignore[arg-type]
    dateline = read_dateline(f"{between.join(places)}, {written} - La Directrice")
    assert dateline is not None
    assert dateline.date is not None
    assert dateline.places == tuple(places)
    assert dateline.date.year is None
    assert str(dateline.date)[2:] == f"{day:%m-%d}"


@settings(derandomize=True)
@given(st.binary(max_size=400), st.sampled_from(PageFormat))
def test_any_bytes_become_a_document_or_a_page_error(content: bytes, form: PageFormat) -> None:
    with suppress(PageError):
        document = extract(page(content, form), SETTINGS)
        assert document.title
        assert document.text


@settings(derandomize=True)
@given(st.text(max_size=500), st.sampled_from(PageFormat))
def test_any_text_around_a_release_does_no_harm(text: str, form: PageFormat) -> None:
    with suppress(PageError):
        document = extract(page((text + "\n" + RELEASE).encode(errors="replace"), form), SETTINGS)
        assert Document.from_json(document.to_json()) == document


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252", "iso8859-15"])
def test_encodings(encoding: str) -> None:
    assert read(RELEASE.encode(encoding)) == read(RELEASE)


def test_invisible_and_control_characters_go() -> None:
    text = "\ufeffmi\u200bgra\u00adtion\x07\r\nune\tligne\u2028" + 50 * "a"
    assert decode(page(text)) == "migration\nune ligne\n" + 50 * "a"


@pytest.mark.parametrize("content", [b"%PDF\0\0\1", bytes(range(1, 32)) * 9, b"\x89PNG\r\n\x1a\n\0"])
def test_binary_is_refused(content: bytes) -> None:
    with pytest.raises(PageUnreadable, match=r"page\.txt is .*binary.*: save the page as"):
        read(content)


def test_empty_pages_are_refused() -> None:
    for content in ("", " \n\n", "Accueil\nMenu\nRechercher\n", "Une station ouvre sur l'île\n"):
        with pytest.raises(PageEmpty, match=r"page\.txt"):
            read(content)
    with pytest.raises(PageEmpty, match="headline"):
        read(f"Brévanes, 12 mars - {BODY}")


def test_another_language_is_refused_by_name() -> None:
    german = (
        "Neue Station auf der Insel eröffnet\nDie Küstenwache hat am Montag eine neue Station auf der Insel eröffnet. "
    )
    with pytest.raises(PageLanguage, match=r"page\.txt is in German"):
        read(german + "Neun Wächter arbeiten dort bei Tag und bei Nacht, und zwei Boote liegen im Hafen.")


def test_the_language_of_the_navigation_does_not_count() -> None:
    menu = "Skip to main content\nWho we are\nOur work\nWhere we work\nTake action\nData and research\nDonate now\n" * 8
    assert read(menu + RELEASE).language is Language.FRENCH


def test_a_page_over_the_limit_is_refused() -> None:
    with pytest.raises(PageUnreadable, match=r"larger than the 0\.001 MB allowed"):
        extract(page(RELEASE * 10), CorpusSettings(max_page_bytes=1000))


def test_lines_repeated_on_the_site_are_navigation() -> None:
    slogan = "La mer est à tous ceux qui la gardent"
    text = RELEASE.replace("\nBrévanes", f"\n{slogan}\nBrévanes")
    assert read(text).title == slogan  # by shape alone
    assert extract(page(text), SETTINGS, {slogan}).title == "Une station de sauvetage ouvre sur l'île"
    assert slogan in outer_lines(page(text), SETTINGS)[1]


def test_prose_in_the_body_survives_repetition() -> None:
    line = "La station abrite deux bateaux et emploie neuf gardes, qui se relaient jour et nuit."
    text = RELEASE + "La Directrice viendra l'inaugurer au mois de juin, avec les maires des neuf communes de la côte."
    assert line in extract(page(text), SETTINGS, {line}).paragraphs


def test_a_closing_note_known_from_other_pages_goes() -> None:
    note = (
        "À propos de l'Agence du Littoral\nL'Agence du Littoral protège depuis 1974 les côtes de neuf pays membres.\n"
    )
    assert len(extract(page(RELEASE + note), SETTINGS).paragraphs) == 4
    assert len(extract(page(RELEASE + note), SETTINGS, set(note.splitlines())).paragraphs) == 2


def test_the_same_url_always_gets_the_same_id() -> None:
    first = read(f"URL: https://littoral.example/fr/news/Île-aux-Sternes.html\n{RELEASE}")
    second = read(
        f"URL: https://littoral.example/fr/news/Île-aux-Sternes.html\nMenu\n{RELEASE}Fin de la première saison.\n"
    )
    assert first.doc_id == second.doc_id
    assert first.doc_id.startswith("ile-aux-sternes-")
    assert first.url == "https://littoral.example/fr/news/Île-aux-Sternes.html"


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("fr/news/x", DocumentKind.RELEASE),
        ("statements/x", DocumentKind.STATEMENT),
        ("speeches-and-talks/x", DocumentKind.STATEMENT),
        ("who-we-are", DocumentKind.ABOUT),
        ("help/frequently-asked-questions", DocumentKind.FAQ),
        ("p/123", DocumentKind.RELEASE),  # by its dateline
    ],
)
def test_kind_by_address(path: str, kind: DocumentKind) -> None:
    assert read(f"URL: https://littoral.example/{path}\n{RELEASE}").kind is kind


@pytest.mark.parametrize(
    ("matter", "said"),
    [
        ("colour: blue", "unknown key 'colour'.*allowed keys are id, url"),
        ("kind: poem", "'poem' as kind.*release, statement, about, faq"),
        ("language: de", "'de' as language.*fr, en, es"),
        ("date: 31 April", "'31 April' as date"),
        ("date: true", "True as date"),
        ("id: Not An Id", "'Not An Id' as id"),
        ("url: ftp://x", "'ftp://x' as url"),
        ("places: Paris", "'Paris' as places"),
        ("digest: maybe", "'maybe' as digest"),
        ("title: [a]", "as title, which must be text"),
        ("title: 'open", "is no YAML"),
    ],
)
def test_front_matter_is_checked(matter: str, said: str) -> None:
    with pytest.raises(FrontMatterError, match=rf"page\.md.*{said}|{said}") as caught:
        read(f"---\n{matter}\n---\n# Titre\n\n{BODY}", PageFormat.MARKDOWN)
    assert "page.md" in str(caught.value)


@pytest.mark.parametrize(
    ("written", "date"),
    [("2024-04-30", "2024-04-30"), ("2021", "2021"), ("2019-01", "2019-01"), ("--04-30", "--04-30")],
)
def test_front_matter_dates(written: str, date: str) -> None:
    document = read(f"---\ndate: {written}\nplaces: []\n---\n# Titre de la page\n\n{BODY}", PageFormat.MARKDOWN)
    assert str(document.date) == date
    assert document.places == ()


def test_front_matter_is_believed_over_the_body() -> None:
    document = read(
        f"---\ndate: 2023-01-02\nplaces: [Gand]\n---\n# Titre\n\nBrévanes, 12 mars - {BODY}", PageFormat.MARKDOWN
    )
    assert (str(document.date), document.places, document.kind) == ("2023-01-02", ("Gand",), DocumentKind.RELEASE)


@pytest.mark.parametrize("address", ["http://[", "ftp://littoral.example/x", "/relative", ""])
def test_an_odd_canonical_address_is_passed_over(address: str) -> None:
    document = read(
        f"<html><head><link rel='canonical' href='{address}'><title>Une station ouvre</title></head>"
        f"<body><h1>Une station ouvre</h1><p>{BODY}</p></body></html>",
        PageFormat.HTML,
    )
    assert document.url == "file:///pages/page.html"
