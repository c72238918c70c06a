from __future__ import annotations

import re
from urllib.parse import urlencode

import pytest
from fastapi.testclient import TestClient

from bot.feedback import FeedbackLog
from bot.settings import Settings
from bot.web.server import create_pages
from bot.web.signin import ATTEMPTS
from corpus.document import Language
from corpus.store import CorpusStore
from tests.bot.web.conftest import DOCUMENTS, PASSWORD
from tests.bot.web.standin import answered, not_found
from tests.conftest import make_document

COST = "The work cost EUR 3.2 million."


def sign_in(pages: TestClient, user: str = "staff", password: str = PASSWORD) -> int:
    return pages.post("/staff/sign-in", content=urlencode({"user": user, "password": password})).status_code


def test_without_a_password_there_is_no_desk(store: CorpusStore, feedback: FeedbackLog, settings: Settings) -> None:
    pages = TestClient(create_pages(Settings(data=settings.data / "empty"), store, feedback))
    for path in ("/staff", "/staff/questions/1", "/staff/figures", "/staff/export.csv"):
        assert pages.get(path).status_code == 404
    assert sign_in(pages, password="") == 404


def test_the_desk_opens_to_the_password_alone(pages: TestClient, feedback: FeedbackLog) -> None:
    answer_id = feedback.record(not_found("a private question", Language.ENGLISH))
    for path in ("/staff", f"/staff/questions/{answer_id}"):
        reply = pages.get(path)
        assert reply.status_code == 401
        assert "a private question" not in reply.text
    assert sign_in(pages, password="wrong") == 401
    assert sign_in(pages, user="admin") == 401
    assert sign_in(pages, password="") == 401
    assert pages.get("/staff").status_code == 401
    assert sign_in(pages) == 303
    assert "a private question" in pages.get("/staff").text
    assert pages.get(f"/staff/questions/{answer_id}").status_code == 200


def test_the_session_is_hidden_from_script_and_other_sites_and_ends(pages: TestClient) -> None:
    reply = pages.post("/staff/sign-in", content=urlencode({"user": "staff", "password": PASSWORD}))
    cookie = reply.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=strict" in cookie
    assert "path=/staff" in cookie
    token = pages.cookies["orgbot-staff"]
    assert pages.post("/staff/sign-out").status_code == 303
    pages.cookies.set("orgbot-staff", token, path="/staff")
    assert pages.get("/staff").status_code == 401


def test_guessing_is_slowed_down(pages: TestClient) -> None:
    assert [sign_in(pages, password=f"guess {n}") for n in range(ATTEMPTS)] == [401] * ATTEMPTS
    assert sign_in(pages) == 429


@pytest.mark.parametrize(("language", "words"), [("fr", "Mot de passe"), ("en", "Password"), ("es", "Contraseña")])
def test_the_sign_in_page_speaks_the_visitors_language(pages: TestClient, language: str, words: str) -> None:
    assert words in pages.get("/staff", headers={"Accept-Language": language}).text


def test_an_answer_stands_beside_its_documents_with_every_quote_marked(
    pages: TestClient, feedback: FeedbackLog
) -> None:
    document = DOCUMENTS["lighthouse-2021"]
    coast = "“A dark coast is a dangerous coast,” said Director Ada Marsh."
    revised = DOCUMENTS["lighthouse-2018"]
    storms = "Storms had damaged most of them."
    answer = answered("What did it cost?", Language.ENGLISH, (document, COST), (revised, storms), (document, coast))
    answer_id = feedback.record(answer)
    sign_in(pages)
    page = pages.get(f"/staff/questions/{answer_id}").text
    assert page.count('<article class="card">') == 2
    for quote in (COST, coast, storms):
        assert f"<mark>{quote}</mark>" in page
    assert "The agency will repair 17 more lighthouses." in page
    assert "newer revision (2)" in page
    assert page.count("A correction.") == 1
    assert re.search(r"<ins>.*?A correction\. ?<span", page)
    assert "the quote still stands word for word" in page


def test_a_document_that_is_gone_is_named(pages: TestClient, feedback: FeedbackLog) -> None:
    gone = make_document("gone", "These words are nowhere.")
    answer_id = feedback.record(answered("?", Language.ENGLISH, (gone, "These words")))
    sign_in(pages)
    assert "The document gone is no longer stored in revision 1." in pages.get(f"/staff/questions/{answer_id}").text
    assert pages.get("/staff/questions/999").status_code == 404


def test_many_questions_are_paged(pages: TestClient, feedback: FeedbackLog) -> None:
    for n in range(60):
        feedback.record(not_found(f"question {n}.", Language.ENGLISH))
    sign_in(pages)
    first, second = pages.get("/staff").text, pages.get("/staff?page=1").text
    assert "question 59." in first
    assert "question 9." not in first
    assert "question 9." in second
    assert "question 10." not in second
    for page in ("-1", "x", "99999999999999999999"):
        assert pages.get(f"/staff?page={page}").status_code == 200


def test_what_visitors_wrote_is_text(pages: TestClient, feedback: FeedbackLog) -> None:
    answer_id = feedback.record(not_found("<script>alert(1)</script><img src=x>", Language.ENGLISH))
    sign_in(pages)
    for path in ("/staff", f"/staff/questions/{answer_id}"):
        page = pages.get(path).text
        assert "&lt;script&gt;" in page
        assert "<script" not in page
        assert "<img" not in page


def test_a_broken_log_is_said_plainly(pages: TestClient, feedback: FeedbackLog, store: CorpusStore) -> None:
    sign_in(pages)
    feedback.close()
    reply = pages.get("/staff")
    assert reply.status_code == 503
    assert str(store.path.parent) not in reply.text
