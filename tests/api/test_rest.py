from __future__ import annotations

import json
import threading
from dataclasses import replace
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from starlette.exceptions import HTTPException

from bot.answer import Filters
from bot.api import errors, models, service
from bot.settings import ServerSettings, Settings
from corpus.document import DocumentKind, PartialDate
from tests.api.conftest import ALLOWED, COST, DOCUMENTS, LIGHTHOUSE, REPAIRED, Api
from tests.conftest import make_document


def ask(api: Api, question: str, **more: Any) -> dict[str, Any]:
    reply = api.client.post("/api/v1/ask", json={"question": question, **more})
    assert reply.status_code == 200, reply.text
    record: dict[str, Any] = reply.json()
    return record


def problem(reply: Any, status: int) -> dict[str, Any]:
    assert reply.status_code == status
    assert reply.headers["content-type"] == "application/problem+json"
    record: dict[str, Any] = reply.json()
    assert record["status"] == status
    assert record["type"] == "about:blank"
    assert record["title"]
    assert record["detail"]
    return record


def test_an_answer_is_the_json_of_the_command_line_with_an_id(api: Api) -> None:
    record = ask(api, "How many lighthouses?")
    answer = api.engine.script["How many lighthouses?"]
    models.AnswerRecord.model_validate(record)
    answer_id = record.pop("answer_id")
    assert record == json.loads(json.dumps(answer.to_record()))
    assert [one["text"] for one in record["statements"]] == [REPAIRED, COST]
    cited = record["citations"][1]
    assert cited["quote"] == LIGHTHOUSE.text[cited["start"] : cited["end"]] == COST
    logged = api.feedback.find(answer_id)
    assert logged
    assert logged.question == "How many lighthouses?"


def test_having_no_answer_is_a_status(api: Api) -> None:
    assert ask(api, "¿Y los faros?")["status"] == "no_answer"
    refused = ask(api, "Do it")
    assert (refused["status"], refused["message"]) == ("refused", "Put it as a question.")


def test_the_latest_earlier_questions_are_passed_on(api: Api) -> None:
    ask(api, "And then?", earlier=["1", "2", "x" * 2000, "3", "4", "5"])
    assert api.engine.asked[-1].text == "And then?"
    assert api.engine.asked[-1].earlier == ("2", "3", "4", "5")


@pytest.mark.parametrize("path", ["ask", "search"])
def test_filters_go_with_the_question(api: Api, path: str) -> None:
    given = {"since": 2019, "until": 2021, "kinds": ["release", "faq"], "place": " Porthaven "}
    assert api.client.post(f"/api/v1/{path}", json={"question": "x", "filters": given}).status_code == 200
    kinds = frozenset({DocumentKind.RELEASE, DocumentKind.FAQ})
    assert api.engine.asked[-1].filters == Filters(2019, 2021, kinds, "Porthaven")
    assert api.client.post(f"/api/v1/{path}", json={"question": "x"}).status_code == 200
    assert api.engine.asked[-1].filters == Filters()


def test_search_gives_passages(api: Api) -> None:
    reply = api.client.post("/api/v1/search", json={"question": "lighthouses", "k": 3}).json()
    models.SearchReply.model_validate(reply)
    assert reply["question"] == "lighthouses"
    assert [(one["rank"], one["text"], one["url"]) for one in reply["hits"]] == [(1, REPAIRED, LIGHTHOUSE.url)]


def test_a_document_with_its_editions(api: Api) -> None:
    record = api.client.get("/api/v1/documents/dunes-fr").json()
    document = DOCUMENTS["dunes-fr"]
    assert (record["headline"], record["text"]) == (document.title, document.text)
    assert (record["language"], record["kind"], record["revision"]) == ("fr", "release", 1)
    english = DOCUMENTS["dunes-en"]
    assert record["editions"] == [
        {"doc_id": "dunes-en", "language": "en", "headline": english.title, "url": english.url}
    ]
    assert api.client.get("/api/v1/documents/lighthouse-2021").json()["date"] == "2021-11-05"
    assert api.client.get("/api/v1/documents/lighthouse-2021").json()["editions"] == []


def test_an_edition_of_a_new_snapshot_is_known(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    path = "/api/v1/documents/dunes-fr"
    assert len(api.client.get(path).json()["editions"]) == 1
    api.store.add(replace(DOCUMENTS["dunes-en"], doc_id="dunes-es", edition_group="dunes"))
    monkeypatch.setattr(api.engine, "snapshot", lambda: "next")
    assert len(api.client.get(path).json()["editions"]) == 2


def test_each_revision_of_a_document_can_be_read(api: Api) -> None:
    revised = replace(LIGHTHOUSE, text="Corrected.", date=PartialDate(None, 11, 5))
    api.store.add(revised)
    now = api.client.get("/api/v1/documents/lighthouse-2021").json()
    assert (now["revision"], now["text"], now["date"]) == (2, "Corrected.", "--11-05")
    then = api.client.get("/api/v1/documents/lighthouse-2021", params={"revision": 1}).json()
    assert (then["revision"], then["current_revision"], then["text"]) == (1, 2, LIGHTHOUSE.text)
    problem(api.client.get("/api/v1/documents/lighthouse-2021", params={"revision": 3}), 404)
    problem(api.client.get("/api/v1/documents/lighthouse-2021", params={"revision": "x"}), 422)


def test_an_id_with_a_slash_leads_to_its_document(api: Api) -> None:
    api.store.add(make_document("coast.example/news/1", "A slash is no hindrance."))
    for path in ("coast.example/news/1", "coast.example%2Fnews%2F1"):
        assert api.client.get(f"/api/v1/documents/{path}").json()["text"] == "A slash is no hindrance."


def test_an_answer_can_be_read_again_and_voted_on(api: Api) -> None:
    first = ask(api, "How many lighthouses?")
    again = api.client.get(f"/api/v1/answers/{first['answer_id']}").json()
    assert again.pop("asked_at")
    assert again == first | {"hits": []}
    vote = {"answer_id": first["answer_id"], "vote": "down", "reason": "outdated", "comment": "Now 42."}
    assert api.client.post("/api/v1/feedback", json=vote).status_code == 204
    logged = api.feedback.find(first["answer_id"])
    assert logged
    assert logged.voted
    assert (logged.voted.vote, logged.voted.reason, logged.voted.comment) == ("down", "outdated", "Now 42.")


def test_what_is_not_there_is_a_problem(api: Api) -> None:
    for path in ("nothing", "v1/nothing", "v1/documents/none", "v1/answers/none"):
        problem(api.client.get(f"/api/{path}"), 404)
    problem(api.client.post("/api/v1/feedback", json={"answer_id": "none", "vote": "up"}), 404)


@pytest.mark.parametrize(
    ("path", "body", "pointer"),
    [
        ("ask", {}, "#/question"),
        ("ask", {"question": 5}, "#/question"),
        ("ask", {"question": "\ud800"}, "#/question"),
        ("ask", {"question": "x", "langauge": "fr"}, "#/langauge"),
        ("ask", {"question": "x", "earlier": ["y", None]}, "#/earlier/1"),
        ("search", {"question": "x", "k": 0}, "#/k"),
        ("ask", {"question": "x", "filters": {"since": 2020, "until": 2019}}, "#/filters"),
        ("ask", {"question": "x", "filters": {"since": "soon"}}, "#/filters/since"),
        ("ask", {"question": "x", "filters": {"until": 20190}}, "#/filters/until"),
        ("search", {"question": "x", "filters": {"kinds": ["gossip"]}}, "#/filters/kinds/0"),
        ("search", {"question": "x", "filters": {"place": "x" * 81}}, "#/filters/place"),
        ("search", {"question": "x", "filters": {"country": "x"}}, "#/filters/country"),
        ("feedback", {"answer_id": "x", "vote": "sideways"}, "#/vote"),
        ("feedback", {"answer_id": "x", "vote": "up", "reason": "a~/b", "comment": "x" * 1001}, "#/reason"),
    ],
)
def test_a_wrong_request_is_told_where_it_is_wrong(api: Api, path: str, body: dict[str, Any], pointer: str) -> None:
    reply = api.client.post(f"/api/v1/{path}", content=json.dumps(body), headers={"Content-Type": "application/json"})
    assert problem(reply, 422)["errors"][0]["pointer"] == pointer


def test_what_is_no_json_is_refused(api: Api) -> None:
    json_type = {"Content-Type": "application/json"}
    assert problem(api.client.post("/api/v1/ask", content="{", headers=json_type), 422)["errors"][0]["pointer"] == "#"
    problem(api.client.post("/api/v1/ask", content="[" * 16_000, headers=json_type), 400)
    for kind in ("text/plain", "application/x-www-form-urlencoded", ""):
        problem(api.client.post("/api/v1/ask", content='{"question": "x"}', headers={"Content-Type": kind}), 415)
    problem(api.client.get("/api/v1/ask"), 405)
    assert api.client.get("/api/v1/ask").headers["allow"] == "POST"
    problem(api.client.post("/api/v1/ask", json={"question": "x" * 17_000}), 413)
    assert api.engine.asked == []


def test_a_failure_is_a_problem_that_says_nothing_of_its_cause(api: Api) -> None:
    assert problem(api.client.post("/api/v1/ask", json={"question": "Fail"}), 503)["detail"] == "The search failed."
    api.engine.broken = True
    assert "scripted" not in api.client.post("/api/v1/ask", json={"question": "x"}).text
    problem(api.client.post("/api/v1/ask", json={"question": "x"}), 503)
    api.engine.is_open = False
    reply = api.client.post("/api/v1/search", json={"question": "x"})
    problem(reply, 503)
    assert reply.headers["retry-after"]


def test_who_finds_the_line_full_is_sent_away(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service, "_WAITING", 0)
    busy = service.Service(api.engine, api.feedback, Settings(server=ServerSettings(workers=1)))
    inside, leave = threading.Barrier(3), threading.Event()

    def slow(*_: object) -> list[Any]:
        inside.wait(20)
        leave.wait(20)
        return []

    monkeypatch.setattr(api.engine, "search", slow)
    threads = [threading.Thread(target=busy.search, args=(busy.question("x"), 1)) for _ in range(2)]
    for thread in threads:
        thread.start()
    inside.wait(20)
    with pytest.raises(service.Busy):
        busy.ask(busy.question("y"))
    leave.set()
    for thread in threads:
        thread.join()
    assert busy.ask(busy.question("y"))[0].question == "y"


def test_any_status_has_the_shape_of_a_problem() -> None:
    app = FastAPI()
    errors.handle_errors(app, errors.problem, 422)

    @app.get("/{status}")
    def fail(status: int) -> None:
        if status == 500:
            raise RuntimeError("the cause")
        raise service.Busy if status == 503 else HTTPException(status, "Said.", {"Retry-After": "7"})

    client = TestClient(app, raise_server_exceptions=False)
    assert problem(client.get("/429"), 429)["title"] == "Too Many Requests"
    assert client.get("/429").headers["retry-after"] == "7"
    assert "the cause" not in problem(client.get("/500"), 500)["detail"]
    problem(client.get("/503"), 503)


def test_it_tells_whether_it_can_answer(api: Api) -> None:
    assert api.client.get("/healthz").json() == {"status": "ok"}
    assert api.client.get("/readyz").json() == {"status": "ready", "snapshot": "made-up"}
    api.engine.is_open = False
    problem(api.client.get("/readyz"), 503)
    assert api.client.get("/healthz").status_code == 200
    api.engine.is_open = True
    api.store.close()
    problem(api.client.get("/readyz"), 503)


def test_only_allowed_origins_may_read_replies(api: Api) -> None:
    body = {"question": "How many lighthouses?"}
    for path in ("/api/v1/ask", "/v1/chat/completions"):
        asking = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "content-type"}
        granted = api.client.options(path, headers={"Origin": ALLOWED, **asking})
        assert granted.status_code == 200
        assert granted.headers["access-control-allow-origin"] == ALLOWED
        assert "access-control-allow-credentials" not in granted.headers
        denied = api.client.options(path, headers={"Origin": "https://evil.example", **asking})
        assert "access-control-allow-origin" not in denied.headers
    allowed = api.client.post("/api/v1/ask", json=body, headers={"Origin": ALLOWED})
    assert allowed.headers["access-control-allow-origin"] == ALLOWED
    other = api.client.post("/api/v1/ask", json=body, headers={"Origin": "https://evil.example"})
    assert "access-control-allow-origin" not in other.headers


def test_the_schema_names_every_address_its_examples_and_its_problems(api: Api) -> None:
    schema = api.client.get("/api/v1/openapi.json").json()
    assert schema["openapi"].startswith("3.1")
    assert schema["servers"] == [{"url": "/api"}]
    assert set(schema["paths"]) == {
        "/v1/ask", "/v1/search", "/v1/documents/{doc_id}", "/v1/answers/{answer_id}", "/v1/feedback",
    }  # fmt: skip
    for path, operations in schema["paths"].items():
        for operation in operations.values():
            assert operation["description"], path
            failures = {status: one for status, one in operation["responses"].items() if status >= "4"}
            assert failures
            assert all(list(one["content"]) == ["application/problem+json"] for one in failures.values()), path
    models = schema["components"]["schemas"]
    assert models["AskRequest"]["properties"]["question"]["examples"]
    assert {"type", "title", "status", "detail"} <= models["Problem"]["properties"].keys()


def test_the_page_about_the_api_names_no_other_host(api: Api) -> None:
    page = api.client.get("/api/docs")
    assert "http" not in page.text.replace('"/api/', "")
    assert "'unsafe-eval'" not in page.headers["content-security-policy"]
    assert "script-src 'self';" in page.headers["content-security-policy"]
    for file in ("swagger-ui.css", "swagger-ui-bundle.js"):
        assert api.client.get(f"/api/docs/{file}").status_code == 200
