"""The desk's pages of editions: what is linked and why, undone by hand, linked by hand, and undone again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import urlencode

import pytest
from fastapi.testclient import TestClient

from bot.feedback import Action, FeedbackLog
from bot.settings import Settings
from bot.web.server import create_pages
from corpus.citable import citable_documents
from corpus.document import Language
from corpus.store import CorpusStore
from tests.bot.web.conftest import PASSWORD
from tests.bot.web.test_staff import sign_in
from tests.conftest import COAST

EN = replace(COAST[0], doc_id="news/in-english", url="https://coast.example/en/news/12")
FR = replace(EN, doc_id="news/in-french", url="https://coast.example/fr/news/12", language=Language.FRENCH)
ES = replace(EN, doc_id="nota", url="https://coast.example/nota", language=Language.SPANISH, title="<b>Faros</b>")
STATED = [replace(COAST[2], doc_id="dunes-fr"), replace(COAST[3], doc_id="dunes-en")]


@pytest.fixture
def releases(settings: Settings) -> Iterator[CorpusStore]:
    with CorpusStore.open(settings.data / "releases.sqlite3", create=True) as store:
        for document in (EN, FR, replace(ES, text="Other words.", date=None), *STATED):
            store.add(document)
        yield store


@pytest.fixture
def desk(releases: CorpusStore, feedback: FeedbackLog, settings: Settings) -> Iterator[TestClient]:
    pages = create_pages(settings, releases, feedback)
    with TestClient(pages, follow_redirects=False, headers={"Accept-Language": "en"}) as client:
        assert sign_in(client, password=PASSWORD) == 303
        yield client


def decide(desk: TestClient, what: str, **fields: str) -> str:
    reply = desk.post(f"/staff/editions/{what}", content=urlencode(fields))
    assert reply.status_code == 303
    return reply.headers["location"]


def groups(store: CorpusStore) -> dict[str, str | None]:
    return {document.doc_id: document.edition_group for document, _ in citable_documents(store)}


def test_links_are_listed_with_their_reasons_and_those_stated_are_not(desk: TestClient) -> None:
    page = desk.get("/staff/editions").text
    assert "the addresses are the same but for the language" in page
    assert "news/in-english" in page
    assert "dunes-fr" not in page
    shown = desk.get("/staff/editions", params={"document": "dunes-fr"}).text
    assert "front matter states the group" in shown
    assert desk.get("/staff/editions", params={"document": "missing"}).status_code == 404


def test_a_link_is_undone_and_the_decision_too(desk: TestClient, releases: CorpusStore, feedback: FeedbackLog) -> None:
    pair = {"one": EN.doc_id, "other": FR.doc_id, "document": EN.doc_id}
    assert groups(releases)[FR.doc_id] == f"linked:{EN.doc_id}"
    assert decide(desk, "part", **pair, why=" ").endswith("problem=reason")
    assert groups(releases)[FR.doc_id] is not None
    assert decide(desk, "part", **pair, why="two storms") == "/staff/editions?document=news%2Fin-english"
    assert groups(releases)[FR.doc_id] is None
    page = desk.get("/staff/editions", params={"document": EN.doc_id}).text
    assert "two storms" in page
    assert "the addresses are the same" not in page
    assert "two storms" in desk.get("/staff/editions").text
    decide(desk, "undo", **pair)
    assert groups(releases)[FR.doc_id] == f"linked:{EN.doc_id}"
    assert desk.post("/staff/editions/undo", content=urlencode(pair)).status_code == 404
    done = [(one.user, one.action, one.about) for one in feedback.actions.recent()[:2]]
    about = f"{EN.doc_id} {FR.doc_id}"
    assert done == [("staff", Action.UNDECIDED, about), ("staff", Action.PARTED, about)]
    assert about in desk.get("/staff/actions").text


def test_documents_are_linked_by_hand_unless_decisions_keep_them_apart(desk: TestClient, releases: CorpusStore) -> None:
    link = {"one": EN.doc_id, "document": EN.doc_id, "why": "read both"}
    for other in ("", "missing", EN.doc_id):
        assert decide(desk, "link", **link, other=other).endswith("problem=other")
    decide(desk, "link", **link, other="nota")
    assert groups(releases)["nota"] == groups(releases)[EN.doc_id]
    page = desk.get("/staff/editions", params={"document": "nota"}).text
    assert "&lt;b&gt;Faros" in page
    assert "<b>Faros" not in page
    assert "read both" in page
    decide(desk, "part", one=FR.doc_id, other="nota", document="nota", why="another storm")
    refused = decide(desk, "link", one=EN.doc_id, other=FR.doc_id, document=EN.doc_id, why="read them")
    assert refused.endswith("problem=apart")
    assert "keep these documents apart" in desk.get(refused).text


def test_withdrawn_documents_are_named_but_not_decided_on(desk: TestClient, releases: CorpusStore) -> None:
    pair = {"one": EN.doc_id, "other": FR.doc_id, "document": EN.doc_id}
    decide(desk, "part", **pair, why="two storms")
    releases.withdraw(FR.doc_id, "gone", by_hand=True)
    page = desk.get("/staff/editions", params={"document": EN.doc_id})
    assert page.status_code == 200
    assert FR.doc_id in page.text
    assert decide(desk, "link", **pair, why="again").endswith("problem=other")


def test_other_sites_cannot_decide(desk: TestClient, releases: CorpusStore) -> None:
    body = urlencode({"one": EN.doc_id, "other": FR.doc_id, "why": "mischief"})
    for what in ("part", "link", "undo"):
        foreign = {"Origin": "https://elsewhere.example", "Sec-Fetch-Site": "cross-site"}
        assert desk.post(f"/staff/editions/{what}", content=body, headers=foreign).status_code == 403
    assert releases.decisions() == []
