"""What the running server logs: one JSON object for each event, with the request's id and without its words."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator
from datetime import datetime

import httpx
import pytest
import structlog

from bot.observe.logs import configure, log
from bot.settings import LogSettings
from bot.web.requests import cleaned, face_of
from tests.bot.served import Served, made_data, serving

SECRET = "Zanzibarquux"
QUESTION = f"How many lighthouses did the Coast Agency of {SECRET} repair in 2021?"


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("logs")
    with serving(made_data(folder), folder / "log") as served:
        yield served


def test_a_question_and_its_request_are_two_events_of_one_id(served: Served) -> None:
    reply = httpx.post(f"{served.address}/api/v1/ask", json={"question": QUESTION}, headers={"X-Request-ID": "mine-1"})
    assert reply.headers["X-Request-ID"] == "mine-1"
    request = served.event(event="request", request_id="mine-1")
    assert (request["method"], request["path"], request["status"], request["face"]) == (
        "POST", "/api/v1/ask", 200, "api",
    )  # fmt: skip
    question = served.event(event="question", request_id="mine-1")
    assert (question["status"], question["language"], question["face"]) == (reply.json()["status"], "en", "api")
    assert {"understand", "retrieve", "read", "decide"} <= question["stages_ms"].keys()
    assert question["ms"] > 0
    assert question["level"] == "info"
    assert datetime.fromisoformat(question["timestamp"]).tzinfo is not None


def test_a_request_without_an_id_is_given_one(served: Served) -> None:
    given = {httpx.get(f"{served.address}/healthz").headers["X-Request-ID"] for _ in range(3)}
    assert len(given) == 3
    assert all(len(one) == 16 for one in given)


def test_an_id_is_cleaned_and_bounded(served: Served) -> None:
    headers = {"X-Request-ID": 'a"b}\\ <c>' + "d" * 100}
    assert httpx.get(f"{served.address}/healthz", headers=headers).headers["X-Request-ID"] == "abc" + "d" * 61
    assert cleaned("\x00\n ü") == ""


def test_what_is_refused_is_logged_too(served: Served) -> None:
    httpx.post(f"{served.address}/api/v1/ask", content=b"x" * 20_000, headers={"X-Request-ID": "large"})
    assert served.event(event="request", request_id="large")["status"] == 413


def test_the_other_faces_are_told_apart(served: Served) -> None:
    message = {"model": "orgbot", "messages": [{"role": "user", "content": QUESTION}]}
    httpx.post(f"{served.address}/v1/chat/completions", json=message, headers={"X-Request-ID": "v1"})
    assert served.event(event="question", request_id="v1")["face"] == "completions"
    call = {"jsonrpc": "2.0", "id": 1, "method": "tools/call",
            "params": {"name": "ask", "arguments": {"question": QUESTION}}}  # fmt: skip
    headers = {"X-Request-ID": "tool", "Accept": "application/json, text/event-stream"}
    httpx.post(f"{served.address}/mcp", json=call, headers=headers, timeout=20)
    assert served.event(event="question", request_id="tool")["face"] == "tools"
    assert [one["face"] for one in served.events() if one["event"] == "question"].count("chat") == 0
    assert face_of("/en/") == "chat"


def test_no_event_holds_the_words_of_a_question(served: Served) -> None:
    bodies: list[object] = [{"question": QUESTION}, {"question": SECRET * 500}, {"question": [SECRET]}, {SECRET: 1}]
    paths = ("/api/v1/ask", "/api/v1/search", "/v1/chat/completions", "/mcp", f"/{SECRET}", f"/documents/{SECRET}")
    for path in paths:
        for body in bodies:
            httpx.post(f"{served.address}{path}", json=body, headers={"Accept": "application/json, text/event-stream"})
        httpx.get(f"{served.address}{path}", params={"q": SECRET})
    written = served.log.read_text("utf-8")
    assert SECRET not in written
    assert served.events()


@pytest.fixture
def stream() -> Iterator[io.StringIO]:
    """Where the events of a test go; what was there before comes back."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    levels = {name: logging.getLogger(name).level for name in ("bot", "corpus", "index")}
    yield io.StringIO()
    root.handlers[:] = handlers
    root.setLevel(level)
    for name, one in levels.items():
        logging.getLogger(name).setLevel(one)
    logging.captureWarnings(False)
    structlog.reset_defaults()


def test_an_unforeseen_error_is_logged_by_its_place_and_not_by_its_words(stream: io.StringIO) -> None:
    configure(LogSettings(), stream)
    try:
        try:
            raise FileNotFoundError(2, "gone", "corpus.sqlite3")
        except FileNotFoundError as error:
            raise RuntimeError(f"no answer to {QUESTION}") from error
    except RuntimeError:
        logging.getLogger("bot.web.events").exception("A question could not be answered")
    (event,) = map(json.loads, stream.getvalue().splitlines())
    assert event["level"] == "error"
    assert event["logger"] == "bot.web.events"
    assert "builtins.RuntimeError\n" in event["exception"]
    assert "test_logs.py:" in event["exception"]
    assert "corpus.sqlite3" in event["exception"]  # a file's name, which whoever mends it needs
    assert SECRET not in stream.getvalue()


def test_the_settings_may_ask_for_the_messages(stream: io.StringIO) -> None:
    configure(LogSettings(messages=True), stream)
    try:
        raise RuntimeError(f"no answer to {QUESTION}")
    except RuntimeError:
        logging.getLogger("bot.web.events").exception("A question could not be answered")
    assert SECRET in json.loads(stream.getvalue())["exception"]


def test_a_library_says_one_line_and_only_what_is_amiss(stream: io.StringIO) -> None:
    configure(LogSettings(level="debug"), stream)
    logging.getLogger("library").info("chatter")
    logging.getLogger("library").warning("invalid request\n%s", QUESTION)
    log("bot.test", "fine", "debug", count=3)
    warned, own = map(json.loads, stream.getvalue().splitlines())
    assert warned["event"] == "invalid request"
    assert (own["event"], own["count"]) == ("fine", 3)


def test_the_level_and_the_form_are_set(stream: io.StringIO) -> None:
    configure(LogSettings(format="console", level="warning"), stream)
    log("bot.test", "unheard")
    log("bot.test", "heard", "warning", count=3)
    assert "unheard" not in stream.getvalue()
    assert "heard" in stream.getvalue()
    assert "count=3" in stream.getvalue()
    assert not stream.getvalue().startswith("{")


def test_the_chat_is_logged_with_the_id_of_its_own_request(served: Served) -> None:
    base = f"{served.address}/en/gradio_api"
    with httpx.Client(timeout=20) as client:
        config = client.get(f"{served.address}/en/").text
        start = config.index("window.gradio_config = ") + len("window.gradio_config = ")
        found = json.JSONDecoder().raw_decode(config[start:])[0]
        ask = next(one for one in found["dependencies"] if one["api_name"] == "ask" or len(one["inputs"]) >= 6)
        for number in (1, 2):
            body = {
                "fn_index": ask["id"], "session_hash": f"s{number}", "trigger_id": None,
                "data": [QUESTION, "", "", "", [], None][: len(ask["inputs"])],
            }  # fmt: skip
            sent = client.post(f"{base}/queue/join", json=body, headers={"X-Request-ID": f"chat-{number}"})
            assert sent.status_code == 200, sent.text
            with client.stream("GET", f"{base}/queue/data", params={"session_hash": f"s{number}"}) as events:
                for line in events.iter_lines():
                    if "process_completed" in line:
                        break
            assert served.event(event="question", face="chat")["request_id"] == f"chat-{number}"
