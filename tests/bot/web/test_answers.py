from __future__ import annotations

from fastapi.testclient import TestClient

from bot.feedback import FeedbackLog
from corpus.document import Language
from tests.bot.web.conftest import DOCUMENTS
from tests.bot.web.standin import answered, not_found

COST = "The work cost EUR 3.2 million."


def test_the_page_shows_the_answer_as_it_was_shown(pages: TestClient, feedback: FeedbackLog) -> None:
    public_id = feedback.record(
        answered("What <b>did</b> it cost?", Language.ENGLISH, (DOCUMENTS["lighthouse-2021"], COST))
    )
    reply = pages.get(f"/en/answers/{public_id}")
    assert reply.status_code == 200
    assert f"<mark>{COST}</mark>" in reply.text
    assert "What &lt;b&gt;did&lt;/b&gt; it cost?" in reply.text
    assert "<script" not in reply.text
    assert "<button" not in reply.text
    assert reply.headers["x-robots-tag"] == "noindex"
    assert reply.headers["cache-control"] == "no-store"


def test_the_page_speaks_the_language_of_its_address(pages: TestClient, feedback: FeedbackLog) -> None:
    public_id = feedback.record(not_found("¿Y los faros?", Language.SPANISH, DOCUMENTS["puertos-es"]))
    page = pages.get(f"/fr/answers/{public_id}").text
    assert '<html lang="fr">' in page
    assert "No he encontrado respuesta" in page


def test_what_is_not_kept_is_said_plainly(pages: TestClient) -> None:
    reply = pages.get(f"/es/answers/{'A' * 22}")
    assert reply.status_code == 404
    assert "No se conserva ninguna respuesta en esta dirección" in reply.text
    assert pages.get(f"/de/answers/{'A' * 22}").status_code == 404


def test_a_log_that_cannot_be_read_is_said_plainly(pages: TestClient, feedback: FeedbackLog) -> None:
    feedback.close()
    assert pages.get(f"/en/answers/{'A' * 22}").status_code == 503
