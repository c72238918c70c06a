"""Files and folders into the store: all good pages are added though others fail."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from corpus.bundled import bundled_folder
from corpus.document import DocumentKind, Language
from corpus.errors import FrontMatterError, PageEmpty, PageLanguage, PageNotFound, PageUnreadable
from corpus.ingest import Outcome, add_pages
from corpus.page import Page
from corpus.settings import CorpusSettings
from corpus.sources.folder import read_pages
from corpus.store import Change, CorpusStore

PAGES = Path(__file__).parents[1] / "fixtures" / "pages"
SETTINGS = CorpusSettings()
BODY = (
    "La station abrite deux bateaux et emploie neuf gardes, qui se relaient jour et nuit.\n"
    "Elle a été payée par les neuf communes de la côte et par une collecte des habitants.\n"
)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[CorpusStore]:
    with CorpusStore.open(tmp_path / "corpus.sqlite3", create=True) as store:
        yield store


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "pages"
    folder.mkdir()
    return folder


def add(store: CorpusStore, *paths: Path, settings: CorpusSettings = SETTINGS) -> list[Outcome]:
    return list(add_pages(store, read_pages(paths, settings), settings))


def write(path: Path, headline: str, body: str = BODY, before: str = "") -> Path:
    path.write_text(f"{before}{headline}\nBrévanes, 12 mars - {body}", encoding="utf-8")
    return path


def test_the_fixture_pages_are_added_and_adding_again_changes_nothing(store: CorpusStore) -> None:
    first = add(store, PAGES)
    assert {outcome.change for outcome in first} == {Change.ADDED}
    digest = store.digest()
    second = add(store, PAGES)
    assert {outcome.change for outcome in second} == {Change.UNCHANGED}
    assert [outcome.doc_id for outcome in second] == [outcome.doc_id for outcome in first]
    assert store.digest() == digest


def test_the_bundled_corpus_is_whole(store: CorpusStore) -> None:
    outcomes = add(store, bundled_folder())
    assert [outcome.error for outcome in outcomes if outcome.error] == []
    documents = [stored.document for stored in store.documents()]
    assert len(documents) == len(outcomes) >= 100
    assert {document.language for document in documents} == set(Language)
    assert {document.kind for document in documents} == set(DocumentKind)
    assert all(document.digest and document.is_on_the_web for document in documents)
    assert all(outcome.name.endswith(f"{outcome.doc_id}.md") for outcome in outcomes)


def test_a_changed_file_is_a_revision(store: CorpusStore, folder: Path) -> None:
    page = write(folder / "station.txt", "Une station ouvre sur l'île")
    (added,) = add(store, page)
    write(page, "Une station ouvre enfin sur l'île")
    (revised,) = add(store, page)
    assert (added.change, revised.change) == (Change.ADDED, Change.REVISED)
    assert added.doc_id == revised.doc_id
    assert added.doc_id is not None
    assert store.get(added.doc_id).document.title == "Une station ouvre enfin sur l'île"
    assert store.get(added.doc_id, revision=1).document.title == "Une station ouvre sur l'île"


def test_the_same_url_twice_is_a_revision_and_stays_so(store: CorpusStore, folder: Path) -> None:
    url = "URL: https://littoral.example/fr/news/station\n"
    write(folder / "a.txt", "Une station ouvre sur l'île", before=url)
    write(folder / "b.txt", "Une station ouvre enfin sur l'île", before=url)
    assert [outcome.change for outcome in add(store, folder)] == [Change.ADDED, Change.REVISED]
    assert [outcome.change for outcome in add(store, folder)] == [Change.UNCHANGED] * 2
    (stored,) = store.documents()
    assert stored.document.title == "Une station ouvre enfin sur l'île"


def test_the_same_id_with_another_url_is_refused(store: CorpusStore, folder: Path) -> None:
    for name in ("a", "b"):
        (folder / f"{name}.md").write_text(
            f"---\nid: same\nurl: https://x.example/{name}\n---\n# Une station ouvre\n\n{BODY}"
        )
    first, second = add(store, folder)
    assert first.change is Change.ADDED
    assert isinstance(second.error, FrontMatterError)
    assert "b.md states the id 'same', which the page https://x.example/a has already" in str(second.error)


def test_bad_pages_are_told_and_good_ones_kept(store: CorpusStore, folder: Path) -> None:
    write(folder / "good.txt", "Une station ouvre sur l'île")
    (folder / "binary.txt").write_bytes(b"\x00\x01\x02" * 100)
    (folder / "empty.html").touch()
    (folder / "german.txt").write_text(
        "Neue Station auf der Insel eröffnet\nDie Küstenwache hat am Montag eine neue Station auf der Insel eröffnet, "
        "und neun Wächter arbeiten dort bei Tag und bei Nacht.\n"
    )
    (folder / "large.txt").write_bytes(b"x")
    os.truncate(folder / "large.txt", 50_000_000)
    (folder / "matter.md").write_text(f"---\ncolour: blue\n---\n{BODY}")
    (folder / "notes.docx").write_bytes(b"passed over")
    missing = folder / "missing.txt"
    outcomes = {Path(outcome.name).name: outcome for outcome in add(store, folder, missing, folder / "notes.docx")}
    assert outcomes.pop("good.txt").change is Change.ADDED
    assert {name: type(outcome.error) for name, outcome in outcomes.items()} == {
        "binary.txt": PageUnreadable,
        "empty.html": PageEmpty,
        "german.txt": PageLanguage,
        "large.txt": PageUnreadable,
        "matter.md": FrontMatterError,
        "missing.txt": PageNotFound,
        "notes.docx": PageUnreadable,
    }
    for name, outcome in outcomes.items():
        message = str(outcome.error)
        assert name in message
        assert "\n" not in message
        assert message.endswith(".")
    assert "50 MB, more than the 5 MB allowed" in str(outcomes["large.txt"].error)
    assert len(list(store.documents())) == 1


def test_repetition_over_a_batch_finds_what_shape_alone_takes_for_a_headline(store: CorpusStore, folder: Path) -> None:
    slogan = "La mer est à tous ceux qui la gardent"
    titles = [
        "Une station ouvre sur l'île",
        "Les dunes de Brévanes sont replantées",
        "Un phare rouvre après quatre ans",
    ]
    for number, title in enumerate(titles):
        write(folder / f"{number}.txt", f"{title}\n{slogan}")
    add(store, folder)
    assert [stored.document.title for stored in store.documents()] == titles


def test_repetition_learnt_later_leaves_known_pages_alone(store: CorpusStore, folder: Path) -> None:
    slogan = "La mer est à tous ceux qui la gardent"
    write(folder / "0.txt", f"Une station ouvre sur l'île\n{slogan}")
    add(store, folder)
    for number in (1, 2):
        write(folder / f"{number}.txt", f"Le phare numéro {number} rouvre au public\n{slogan}")
    assert [outcome.change for outcome in add(store, folder)] == [Change.UNCHANGED, Change.ADDED, Change.ADDED]
    assert [stored.document.title for stored in store.documents()][1:] == [
        "Le phare numéro 1 rouvre au public",
        "Le phare numéro 2 rouvre au public",
    ]


def test_folders_are_read_in_order_and_loops_of_links_do_no_harm(folder: Path) -> None:
    (folder / "b").mkdir()
    write(folder / "b" / "two.txt", "Deux")
    write(folder / "a.HTM", "Un")
    write(folder / ".hidden.txt", "Caché")
    (folder / "b" / "loop").symlink_to(folder)
    (folder / "c.txt").symlink_to(folder / "b" / "two.txt")
    (folder / "d.txt").symlink_to(folder / "d.txt")
    (folder / "e.txt").symlink_to(folder / "gone.txt")
    found = list(read_pages([folder, folder / "b" / "two.txt"], SETTINGS))
    assert [Path(page.name).name for page in found if isinstance(page, Page)] == ["a.HTM", "two.txt"]
    errors = [page for page in found if not isinstance(page, Page)]
    assert [(type(error), Path(error.page).name) for error in errors] == [
        (PageUnreadable, "d.txt"),
        (PageNotFound, "e.txt"),
    ]


def test_odd_paths_are_told(folder: Path) -> None:
    os.mkfifo(folder / "pipe.txt")
    (folder / "void").mkdir()
    odd = [folder / "pipe.txt", folder / "void", Path(f"{folder}/null\0.txt"), folder / "x\ny.txt"]
    messages = [str(page) for page in read_pages(odd, SETTINGS) if not isinstance(page, Page)]
    assert len(messages) == 4
    for said, message in zip(
        ("no regular file", "holds no page", "null", "x?y.txt does not exist"), messages, strict=True
    ):
        assert said in message
