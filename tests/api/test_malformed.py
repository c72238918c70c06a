"""Malformed requests by the thousand: each gets a documented reply, none a 5xx, a traceback or no end."""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import schemathesis
from fastapi import FastAPI
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import Case, GenerationMode
from schemathesis.checks import content_type_conformance, response_schema_conformance, status_code_conformance

from bot.pipeline import Pipeline
from bot.settings import Settings
from bot.web.server import create_pages, mount_api
from index.build import build_snapshot
from index.search import Index
from tests.api.conftest import opened
from tests.conftest import COAST, WordHashEncoder

EXAMPLES = int(os.environ.get("ORGBOT_TEST_EXAMPLES", "150"))
"""Of each test, shared out over its addresses; 10,000 are tried by hand."""
HANGS = timedelta(seconds=30)
UNLIMITED = {"questions_per_minute": 0, "requests_per_minute": 0}


def tried(share: int = 1) -> Any:
    """So many examples; the same ones each time, unless more than usual are asked for."""
    return settings(
        max_examples=max(1, EXAMPLES // share),
        deadline=HANGS,
        database=None,
        derandomize="ORGBOT_TEST_EXAMPLES" not in os.environ,
        suppress_health_check=list(HealthCheck),
        phases=(Phase.explicit, Phase.generate, Phase.shrink),
    )


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FastAPI]:
    """The API over the real pipeline, without limits of rate."""
    ours = Settings(data=tmp_path_factory.mktemp("malformed"), server=UNLIMITED)  # type: ignore[arg-type]
    encoder = WordHashEncoder()
    build_snapshot([(document, 1) for document in COAST], ours.snapshots_path, encoder, ours.index)
    with opened(ours) as (store, feedback):
        app = create_pages(ours, store, feedback)
        engine = Pipeline(Index.open(ours.snapshots_path, encoder, ours.index), ours)
        mount_api(app, ours, engine, store, feedback)
        yield app


@pytest.fixture(scope="module")
def client(app: FastAPI) -> Iterator[TestClient]:
    with TestClient(app, base_url="http://127.0.0.1", follow_redirects=False) as client:
        yield client


def said_well(status: int, body: str) -> None:
    """No failure of ours, and nothing of our code shown; the test client itself raises what no handler took."""
    assert status < 500, (status, body)
    assert "Traceback" not in body
    assert 'File "' not in body


# An id of an answer may be any text: nothing that breaks its schema could be sent.
OPERATIONS = [
    (name, mode)
    for name in ("ask", "search", "document", "answer", "vote")
    for mode in GenerationMode
    if (name, mode) != ("answer", GenerationMode.NEGATIVE)
]


@pytest.mark.parametrize(("name", "mode"), OPERATIONS, ids=lambda part: str(getattr(part, "value", part)))
def test_whatever_is_sent_the_reply_is_as_the_schema_says(app: FastAPI, name: str, mode: GenerationMode) -> None:
    schema = schemathesis.openapi.from_asgi("/api/v1/openapi.json", app)
    (operation,) = [
        found.ok() for found in schema.get_all_operations() if found.ok().definition.raw["operationId"] == name
    ]
    statuses = Counter[int]()

    @tried(len(OPERATIONS))
    @given(operation.as_strategy(generation_mode=mode))
    def sent(case: Case) -> None:
        reply = case.call()
        statuses[reply.status_code] += 1
        said_well(reply.status_code, reply.text)
        checks = [status_code_conformance, content_type_conformance, response_schema_conformance]
        case.validate_response(reply, checks=checks)

    sent()
    print(f"\n{mode.value} {name}: {dict(statuses)}")
    assert statuses.total() > 0


def _json(value: object) -> bytes:
    return json.dumps(value).encode()


ADDRESSES = [
    "/api/v1/ask", "/api/v1/search", "/api/v1/feedback", "/v1/chat/completions", "/v1/models", "/api/v1/documents/x",
    "/api/v1/answers/x", "/documents/lighthouse-2021", "/en/answers/x", "/staff", "/api/v1/openapi.json", "/api/docs",
]  # fmt: skip
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.text(max_size=10), inner, max_size=5),
    max_leaves=20,
)
KEYS = [
    "question",
    "earlier",
    "k",
    "answer_id",
    "vote",
    "comment",
    "model",
    "messages",
    "stream",
    "n",
    "tools",
    "content",
]
MESSAGES = st.lists(
    st.fixed_dictionaries(
        {"role": st.sampled_from(["user", "assistant", "system", "tool"]) | st.text(), "content": JSON}
    ),
    max_size=4,
)
BODIES = st.one_of(
    st.binary(max_size=300),
    JSON.map(_json),
    st.dictionaries(st.sampled_from(KEYS), JSON, max_size=6).map(_json),
    st.fixed_dictionaries(
        {"model": st.just("orgbot") | JSON, "messages": MESSAGES | JSON}, optional={"stream": JSON}
    ).map(_json),
)
HEADERS = st.dictionaries(
    st.sampled_from(
        ["Content-Type", "Accept", "Accept-Language", "Origin", "X-Forwarded-For", "Range", "Cookie", "Host"]
    ),
    st.sampled_from(["application/json", "text/plain", "*/*", "null", "", "bytes=0-", "fr;q=x", "a=b; staff=x"])
    | st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=40),
    max_size=4,
)


@tried()
@given(
    method=st.sampled_from(["POST", "GET", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS", "BREW"]),
    address=st.sampled_from(ADDRESSES),
    query=st.dictionaries(st.sampled_from(["revision", "start", "end", "page", "x"]), st.text(max_size=20), max_size=3),
    headers=HEADERS,
    body=BODIES,
    is_json=st.booleans(),
)
def test_whatever_bytes_come_no_address_fails(
    client: TestClient,
    method: str,
    address: str,
    query: dict[str, str],
    headers: dict[str, str],
    body: bytes,
    is_json: bool,
) -> None:
    if is_json:
        method, headers = "POST", headers | {"Content-Type": "application/json"}
    query = {name: value.encode("utf-8", "replace").decode() for name, value in query.items()}
    reply = client.request(method, address, params=query, headers=headers, content=body)
    said_well(reply.status_code, reply.text)
    assert reply.status_code != 500


@pytest.mark.parametrize("address", ["/api/v1/documents/a%0Ab", "/api/v1/answers/%0A", "/v1/models%0A", "/en/%0A"])
def test_an_address_with_the_end_of_a_line_in_it_is_nobodys(client: TestClient, address: str) -> None:
    reply = client.get(address)
    assert reply.status_code == 404
    assert not reply.headers["content-type"].startswith("text/html")
