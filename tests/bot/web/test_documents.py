from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from corpus.store import CorpusStore
from tests.bot.web.conftest import DOCUMENTS
from tests.conftest import make_document

TEXT = DOCUMENTS["lighthouse-2021"].text
QUOTE = "The work cost EUR 3.2 million."
START = TEXT.index(QUOTE)
END = START + len(QUOTE)


def test_the_quote_is_marked_in_the_whole_text(pages: TestClient) -> None:
    page = pages.get(f"/documents/lighthouse-2021?revision=1&start={START}&end={END}").text
    assert f'<mark id="quote">{QUOTE}</mark>' in page
    assert "The agency will repair 17 more lighthouses." in page
    assert "Coast Agency repairs 41 lighthouses" in page
    assert "5 November 2021" in page
    assert "Porthaven" in page
    assert 'href="https://coast.example/lighthouse-2021"' in page


def test_several_quotes_are_marked(pages: TestClient) -> None:
    page = pages.get("/documents/lighthouse-2021?start=4&end=9&start=10&end=16").text
    assert '<mark id="quote">Coast</mark> <mark>Agency</mark>' in page


@pytest.mark.parametrize(
    "query",
    ["start=5", "start=9&end=5", "start=0&end=99999", "start=-3&end=9", "start=x&end=y", "start=1e3&end=٣", "end=3",
     "revision=abc", "revision=0&start=1&end=5", "revision=99999999999999999999&start=99999999999999999999&end=3"],
)  # fmt: skip
def test_what_makes_no_sense_is_passed_over(pages: TestClient, query: str) -> None:
    reply = pages.get(f"/documents/lighthouse-2021?{query}")
    assert reply.status_code == 200
    assert "<mark" not in reply.text
    assert QUOTE in reply.text


def test_an_earlier_revision_is_shown_as_it_was_and_says_so(pages: TestClient) -> None:
    earlier = pages.get("/documents/lighthouse-2018?revision=1&start=0&end=3").text
    assert "A correction." not in earlier
    assert '<mark id="quote">The</mark>' in earlier
    assert "A newer revision of this document is stored." in earlier
    assert "A correction." in pages.get("/documents/lighthouse-2018").text


def test_a_revision_that_is_not_stored_marks_no_words_of_another(pages: TestClient) -> None:
    page = pages.get("/documents/lighthouse-2018?revision=7&start=0&end=3").text
    assert "The revision asked for is not stored" in page
    assert "<mark" not in page


def test_a_digest_says_that_its_words_are_ours(pages: TestClient) -> None:
    page = pages.get("/documents/puertos-es", headers={"Accept-Language": "es"}).text
    assert "resumen redactado por nosotros" in page
    assert 'href="https://coast.example/puertos-es"' in page
    assert "resumen redactado" not in pages.get("/documents/dunes-fr?lang=es").text


@pytest.mark.parametrize(
    ("language", "words"), [("fr", "Document introuvable"), ("en", "Document not found"), ("es", "no encontrado")]
)
def test_an_unknown_document_is_a_plain_404(pages: TestClient, language: str, words: str) -> None:
    reply = pages.get("/documents/<script>alert(1)</script>", headers={"Accept-Language": language})
    assert reply.status_code == 404
    assert words in reply.text
    assert f'<html lang="{language}">' in reply.text
    assert "<script" not in reply.text


@pytest.mark.parametrize(
    ("language", "words"), [("fr", "Document retiré"), ("en", "Document withdrawn"), ("es", "Documento retirado")]
)
def test_a_withdrawn_document_is_a_plain_410(pages: TestClient, store: CorpusStore, language: str, words: str) -> None:
    with sqlite3.connect(store.path) as connection:
        connection.execute("UPDATE document SET withdrawn_at = '2030-01-01T00:00:00+00:00' WHERE doc_id = 'dunes-en'")
    connection.close()
    for query in ("", "?revision=1"):
        reply = pages.get(f"/documents/dunes-en{query}", headers={"Accept-Language": language})
        assert reply.status_code == 410
        assert words in reply.text
        assert "marram" not in reply.text


def test_text_of_pages_is_text(pages: TestClient, store: CorpusStore) -> None:
    store.add(
        make_document(
            "hostile/one&two",
            '<img src=x onerror=alert(1)> and "quotes" & </p><script>alert(2)</script>',
            title="<svg onload=alert(3)>",
            url="javascript:alert(4)",
            places=("<b>Here</b>",),
        )
    )
    reply = pages.get("/documents/hostile%2Fone%26two?start=0&end=28")
    assert reply.status_code == 200
    assert '<mark id="quote">&lt;img src=x onerror=alert(1)&gt;</mark>' in reply.text
    for active in ("<img", "<script", "<svg", "<b>", 'href="javascript'):
        assert active not in reply.text


def test_document_pages_run_no_script_and_tell_no_other_site(pages: TestClient) -> None:
    headers = pages.get("/documents/dunes-fr").headers
    assert headers["content-security-policy"].startswith("default-src 'none'; style-src 'self'; img-src 'self'")
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"
    assert headers["x-robots-tag"] == "noindex"


def test_an_unreadable_corpus_is_said_plainly(pages: TestClient, store: CorpusStore, tmp_path: Path) -> None:
    assert tmp_path == store.path.parent
    store.close()
    reply = pages.get("/documents/dunes-fr")
    assert reply.status_code == 503
    assert "cannot be read right now" in reply.text
    assert str(tmp_path) not in reply.text
