"""What staff and visitors see of an answer whose record the disk has changed."""

from __future__ import annotations

from fastapi.testclient import TestClient

from bot.feedback import FeedbackLog
from corpus.document import Language
from tests.bot.test_damaged_log import change
from tests.bot.web.standin import answered
from tests.bot.web.test_staff import sign_in
from tests.conftest import COAST


def test_a_damaged_answer_is_said_to_be_so_and_not_shown(pages: TestClient, feedback: FeedbackLog) -> None:
    cost = answered("What did it cost?", Language.ENGLISH, (COAST[0], "The work cost EUR 3.2 million."))
    public_id = feedback.record(cost)
    sign_in(pages)
    assert "3.2 million" in pages.get(f"/staff/questions/{public_id}").text
    change(feedback.path, "UPDATE answer SET record = replace(record, '3.2', '9.2')")
    shown = pages.get(f"/staff/questions/{public_id}", headers={"Accept-Language": "en"})
    assert shown.status_code == 200
    assert f"orgbot privacy erase -- {public_id}" in shown.text
    assert pages.get("/staff").status_code == 200
    assert pages.get(f"/en/answers/{public_id}").status_code == 503
    for page in (shown, pages.get("/staff"), pages.get(f"/en/answers/{public_id}")):
        assert "9.2" not in page.text
