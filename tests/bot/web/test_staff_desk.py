"""The desk's pages: filters, export, judging, passages, revisions, figures, trying a question, who did what."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import urlencode

import pytest
from fastapi.testclient import TestClient

from bot.answer import Answer, AnswerStatus, Question
from bot.feedback import Action, FeedbackLog, Reason, Selection, Show, Verdict, Vote, verdicts_for
from bot.locales import texts
from bot.pipeline import Pipeline
from bot.settings import Settings
from bot.understand import Expected
from bot.web.server import create_pages
from bot.web.staff_figures import HEIGHT, WIDTH, columns
from bot.web.staff_revisions import word_changes
from corpus.document import Language
from corpus.store import CorpusStore
from index.search import Index
from tests.bot.conftest import index  # noqa: F401  (the fixture that `desk` needs)
from tests.bot.web.conftest import DOCUMENTS, PASSWORD
from tests.bot.web.standin import answered, not_found

LIGHTS = DOCUMENTS["lighthouse-2021"]
COST = "The work cost EUR 3.2 million."
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


@pytest.fixture
def desk(
    store: CorpusStore,
    feedback: FeedbackLog,
    settings: Settings,
    index: Index,  # noqa: F811
) -> Iterator[TestClient]:
    """A signed-in client of a desk that can show the way of a question."""
    app = create_pages(settings, store, feedback, Pipeline(index, settings))
    with TestClient(app, base_url="http://127.0.0.1", follow_redirects=False) as client:
        assert send(client, "/staff/sign-in", user="staff", password=PASSWORD) == 303
        yield client


def send(client: TestClient, path: str, headers: dict[str, str] | None = None, **fields: str) -> int:
    return client.post(path, content=urlencode(fields), headers={**FORM, **(headers or {})}).status_code


def cost(question: str = "What did it cost?") -> Answer:
    return answered(question, Language.ENGLISH, (LIGHTS, COST))


def done(feedback: FeedbackLog) -> list[Action]:
    return [one.action for one in feedback.actions.recent()]


def test_every_page_is_closed_to_who_is_not_signed_in(
    store: CorpusStore, feedback: FeedbackLog, settings: Settings
) -> None:
    app = create_pages(settings, store, feedback)
    client = TestClient(app, follow_redirects=False)
    public_id = feedback.record(cost())
    routes = [
        (method.upper(), path.replace("{public_id}", public_id))
        for path, methods in app.openapi()["paths"].items()
        for method in methods
        if path.startswith("/staff")
    ]
    paths = {path for _, path in routes}
    assert {"/staff", "/staff/export.csv", "/staff/try", f"/staff/questions/{public_id}/verdict"} <= paths
    for method, path in routes:
        if path != "/staff/sign-in":
            reply = client.request(method, path)
            assert reply.status_code == 401, path
            assert "What did it cost?" not in reply.text
            assert reply.headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    "headers",
    [{"Origin": "https://elsewhere.example"}, {"Origin": "null"}, {"Sec-Fetch-Site": "cross-site"}],
)
def test_forms_of_other_sites_are_refused(desk: TestClient, feedback: FeedbackLog, headers: dict[str, str]) -> None:
    public_id = feedback.record(cost())
    assert send(desk, f"/staff/questions/{public_id}/verdict", headers, verdict="correct") == 403
    assert send(desk, "/staff/sign-in", headers, user="staff", password=PASSWORD) == 403
    assert feedback.judgements.of(public_id) is None
    own = {"Origin": "http://127.0.0.1", "Sec-Fetch-Site": "same-origin"}
    assert send(desk, f"/staff/questions/{public_id}/verdict", own, verdict="correct") == 303


def test_filters_are_kept_in_the_form_and_the_export(desk: TestClient, feedback: FeedbackLog) -> None:
    feedback.vote(feedback.record(cost("A price, please?")), Vote.DOWN, Reason.WRONG, "no <b>")
    feedback.record(not_found("Où est-il ?", Language.FRENCH))
    assert "Où est-il" not in desk.get("/staff?show=voted_down").text
    assert "A price" not in desk.get("/staff?show=unanswered&language=fr&words=OU").text
    assert "A price" in desk.get("/staff?document=lighthouse-2021&since=2020-01-01").text
    page = desk.get("/staff?show=voted_down&words=PRICE").text
    assert '<option value="voted_down" selected>' in page
    assert 'value="PRICE"' in page
    assert 'href="/staff/export.csv?show=voted_down&amp;words=PRICE"' in page
    for nonsense in ("show=x", "language=de", "since=yesterday", "until=2026-02-31", "page=x"):
        assert "A price" in desk.get(f"/staff?{nonsense}").text


def test_documents_to_filter_by_are_offered_and_long_questions_cut(desk: TestClient, feedback: FeedbackLog) -> None:
    public_id = feedback.record(cost("lights " * 100))
    page = desk.get("/staff").text
    assert f'<option value="{LIGHTS.doc_id}">{LIGHTS.title}</option>' in page
    assert page.count("lights") < 50
    assert desk.get(f"/staff/questions/{public_id}").text.count("lights") >= 100
    assert f'<option value="{LIGHTS.doc_id}">' in desk.get("/staff/figures").text
    actions = desk.get("/staff/actions").text
    assert f'<a href="/staff/questions/{public_id}">{public_id}</a>' in actions


def test_what_is_exported_is_what_is_filtered(desk: TestClient, feedback: FeedbackLog) -> None:
    public_id = feedback.record(cost("=HYPERLINK(1)"))
    feedback.vote(public_id, Vote.DOWN, Reason.OUTDATED, " @SUM(A1)")
    feedback.record(not_found("?", Language.FRENCH))
    reply = desk.get("/staff/export.csv?show=voted_down")
    assert reply.headers["content-disposition"] == 'attachment; filename="questions.csv"'
    (row,) = csv.DictReader(io.StringIO(reply.text.removeprefix("\ufeff")))
    assert row["question"] == "'=HYPERLINK(1)"
    assert row["comment"] == "'@SUM(A1)"
    assert (row["id"], row["vote"], row["reason"], row["answer"]) == (public_id, "down", "outdated", COST)
    records = [json.loads(line) for line in desk.get("/staff/export.jsonl").text.splitlines()]
    assert [one["question"] for one in records] == ["?", "=HYPERLINK(1)"]
    assert records[1]["documents"] == ["lighthouse-2021"]
    assert done(feedback)[:2] == [Action.EXPORTED, Action.EXPORTED]


def test_an_answer_is_judged_in_one_click_and_the_judgement_withdrawn(desk: TestClient, feedback: FeedbackLog) -> None:
    public_id = feedback.record(cost())
    here = f"/staff/questions/{public_id}"
    assert send(desk, f"{here}/verdict", verdict="should_have") == 422
    assert send(desk, f"{here}/verdict", verdict="wrong") == 303
    page = desk.get(here).text
    assert re.search(r'value="wrong" aria-pressed="true"', page)
    assert re.search(r'value="correct" aria-pressed="false"', page)
    assert 'value="should_have"' not in page
    assert "Last changed by staff" in page
    assert "What did it cost?" in desk.get("/staff/judgements").text
    assert send(desk, f"{here}/withdraw") == 303
    assert send(desk, f"{here}/withdraw") == 404
    assert feedback.judgements.all() == []
    assert send(desk, "/staff/questions/nowhere/verdict", verdict="correct") == 404
    assert [one for one in done(feedback) if one is not Action.OPENED][:2] == [Action.WITHDREW, Action.JUDGED]
    actions = desk.get("/staff/actions").text
    assert "Withdrew a judgement" in actions
    assert public_id in actions


def test_a_passage_is_found_marked_and_unmarked(desk: TestClient, feedback: FeedbackLog) -> None:
    public_id = feedback.record(not_found("How many lighthouses were repaired in 2021?", Language.ENGLISH))
    here = f"/staff/questions/{public_id}"
    assert "document=lighthouse-2021" in desk.get(f"{here}/passages").text
    page = desk.get(f"{here}/passages?document=lighthouse-2021").text
    spans = re.findall(r'name="span" value="(\d+-\d+)"', page)
    assert len(spans) == 4
    fields = [("document", "lighthouse-2021"), ("revision", "1"), *[("span", span) for span in spans[:3]]]
    reply = desk.post(f"{here}/passages/mark", content=urlencode(fields), headers=FORM)
    assert reply.headers["location"] == here
    judgement = feedback.judgements.of(public_id)
    assert judgement is not None
    # Sentences of one paragraph are one passage, the next paragraph's is another.
    assert [one.quote for one in judgement.passages] == [
        LIGHTS.text.split("\n\n")[0],
        "“A dark coast is a dangerous coast,” said Director Ada Marsh.",
    ]
    assert all(LIGHTS.text[one.start : one.end] == one.quote for one in judgement.passages)
    assert send(desk, f"{here}/passages/unmark", position="2") == 404
    assert send(desk, f"{here}/passages/unmark", position="0") == 303
    judgement = feedback.judgements.of(public_id)
    assert judgement is not None
    assert len(judgement.passages) == 1
    nothing = desk.post(f"{here}/passages/mark", content=urlencode(fields[:2]), headers=FORM)
    assert "Choose at least one sentence." in desk.get(nothing.headers["location"]).text
    for span, status in (("0-99999", 422), ("5-2", 422), ("x", 422)):
        assert send(desk, f"{here}/passages/mark", document="lighthouse-2021", revision="1", span=span) == status
    assert send(desk, f"{here}/passages/mark", document="nowhere", revision="1", span="0-3") == 404


def test_without_an_index_documents_are_found_by_their_words(pages: TestClient, feedback: FeedbackLog) -> None:
    send(pages, "/staff/sign-in", user="staff", password=PASSWORD)
    public_id = feedback.record(not_found("dunes?", Language.ENGLISH))
    found = pages.get(f"/staff/questions/{public_id}/passages").text
    assert "document=dunes-en" in found
    assert "document=puertos-es" not in found
    assert pages.get("/staff/try").status_code == 404


def test_revisions_are_compared_one_by_one(desk: TestClient, feedback: FeedbackLog, store: CorpusStore) -> None:
    storms = "Storms had damaged most of them."
    old = DOCUMENTS["lighthouse-2018"]
    store.add(replace(old, text="The Coast Agency repaired 13 lighthouses in 2018."))
    public_id = feedback.record(answered("Why?", Language.ENGLISH, (old, storms)))
    page = desk.get(f"/staff/questions/{public_id}").text
    assert "from revision 1 to revision 3" in page
    assert page.count("the quote still stands word for word") == 1
    assert page.count("the quote no longer stands there") == 1
    assert re.search(r"<del>.*?12 ?<.*?<ins>.*?13 ?<", page)
    second = desk.get(f"/staff/questions/{public_id}?against=2").text
    assert "from revision 1 to revision 2" in second
    assert "13" not in re.sub(r"<[^>]*>", "", second[second.index('class="changes"') :])
    for nonsense in ("x", "1", "99"):
        assert "to revision 3" in desk.get(f"/staff/questions/{public_id}?against={nonsense}").text


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("a b c", "a x c d"),
        ("", "new"),
        ("gone", ""),
        ("one\n\ntwo", "one\n\ntwo and"),
        ("a " * 4000, "a " * 4000 + "b"),
    ],
)
def test_a_comparison_holds_both_texts(old: str, new: str) -> None:
    pieces = word_changes(old, new)
    assert "".join(piece.text for piece in pieces if piece.change != "added") == old
    assert "".join(piece.text for piece in pieces if piece.change != "removed") == new
    assert any(piece.change != "same" for piece in pieces)


def test_pictures_stand_beside_their_tables(desk: TestClient, feedback: FeedbackLog) -> None:
    for question in ("Where are the tall ships?", "Where are the tall ships now?", "Who pays the pilots?"):
        feedback.record(not_found(question, Language.ENGLISH))
    feedback.vote(feedback.record(cost()), Vote.UP)
    page = desk.get("/staff/figures").text
    assert "1 of 4 questions were answered (25 %)." in page
    assert re.search(r'<th scope="row">[\d-]{10}</th><td class="figure">4</td><td class="figure">1</td>', page)
    assert "Coast Agency repairs 41 lighthouses" in page
    groups = page[page.index('id="alike"') :]
    assert "Where are the tall ships now?" in groups
    assert "Who pays the pilots?" not in groups
    assert " style=" not in page  # which the policy of the page would forbid
    assert "No question is kept" in desk.get("/staff/figures?words=nothing").text


def test_columns_fill_the_picture(feedback: FeedbackLog) -> None:
    feedback.record(cost())
    feedback.record(not_found("?", Language.ENGLISH))
    (column,) = columns(feedback.totals(Selection()).days)
    assert column.answered == column.unanswered == HEIGHT / 2
    assert 0 < column.x < column.x + column.width < WIDTH
    assert columns([]) == []


def test_the_way_of_a_question_is_shown(desk: TestClient, feedback: FeedbackLog, settings: Settings) -> None:
    page = desk.get("/staff/try?question=How+many+lighthouses+were+repaired+in+2021%3F").text
    assert "English" in page
    assert "<dd>number</dd>" in page
    assert "<dd>2021</dd>" in page
    assert "<code>bm25</code>" in page
    assert "41 lighthouses in 2021" in page
    assert "threshold" in page
    fused = page[page.index('id="fusion"') :]
    weights = settings.index.fusion.weights(Language.ENGLISH, Language.ENGLISH)
    assert f"<td>{weights.bm25:.3f}</td>" in fused
    assert f"<td>{weights.prior:+.3f}</td>" in fused
    assert done(feedback)[0] is Action.TRIED
    assert "cannot be read as a question" in desk.get("/staff/try?question=%3F%3F").text
    assert "<script" not in desk.get("/staff/try?question=<script>x").text


def test_explaining_and_answering_agree(index: Index, settings: Settings) -> None:  # noqa: F811
    pipeline = Pipeline(index, settings)
    question = Question("How many lighthouses were repaired in 2021?")
    way, answer = pipeline.explain(question), pipeline.answer(question)
    assert way is not None
    assert [one.text for one in way.chosen] == [one.text for one in answer.statements]
    assert way.hits == answer.hits
    assert round(way.probability, 4) == answer.probability
    log_odds = way.bias + sum(weight * way.support[name] for name, weight in way.weights.items())
    assert 1 / (1 + 2.718281828459045**-log_odds) == pytest.approx(way.probability)


@pytest.mark.parametrize("language", list(Language))
def test_whatever_the_desk_names_has_a_text(language: Language) -> None:
    keys = texts(language).entries.keys()
    assert {f"staff_verdict_{one}" for one in Verdict} <= keys
    assert {f"staff_action_{one}" for one in Action} <= keys
    assert {f"staff_show_{one}" for one in Show} <= keys
    assert {f"staff_vote_{one}" for one in Vote} <= keys
    assert {f"reason_{one}" for one in Reason} <= keys
    assert {f"staff_expected_{one}" for one in Expected} <= keys


def test_a_failure_of_ours_cannot_be_judged() -> None:
    assert verdicts_for(AnswerStatus.ERROR) == ()
    assert Verdict.SHOULD_HAVE in verdicts_for(AnswerStatus.NO_ANSWER)
