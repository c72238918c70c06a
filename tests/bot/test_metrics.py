"""What Prometheus reads from the running server, and that the dashboard asks for nothing else."""

from __future__ import annotations

import json
import socket
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import promql_parser
import pytest
from prometheus_client.parser import text_string_to_metric_families
from pydantic import ValidationError

from bot.errors import MetricsError
from bot.observe.metrics import Metrics, ServerState
from bot.observe.stages import STAGES, stage, timed
from bot.settings import MetricsSettings
from tests.bot.served import Served, free_port, made_data, serving

DASHBOARD = json.loads((Path(__file__).parents[2] / "docs" / "grafana-dashboard.json").read_text("utf-8"))
QUERIES = [target["expr"] for panel in DASHBOARD["panels"] for target in panel["targets"]]
QUESTION = "How many lighthouses did the Coast Agency repair in 2021?"
Samples = dict[str, list[tuple[dict[str, str], float]]]


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("metrics")
    with serving(made_data(folder), folder / "log", ORGBOT_METRICS__PORT="{metrics}") as served:
        yield served


@pytest.fixture(scope="module")
def read(served: Served) -> Samples:
    """The figures after four questions, one of them answered twice and voted for, and one request refused."""
    asked = [
        httpx.post(f"{served.address}/api/v1/ask", json={"question": question}, timeout=20).json()
        for question in (QUESTION, "Combien de phares ont brûlé à Tombouctou en 1931 ?", QUESTION)
    ]
    assert asked[0]["status"] == "answered"
    messages = {"model": "orgbot", "messages": [{"role": "user", "content": ""}]}
    httpx.post(f"{served.address}/v1/chat/completions", json=messages)
    vote = {"answer_id": asked[0]["answer_id"], "vote": "up"}
    assert httpx.post(f"{served.address}/api/v1/feedback", json=vote).status_code == 204
    httpx.post(f"{served.address}/api/v1/ask", content=b"x" * 20_000)
    return samples(httpx.get(served.metrics).text)


def samples(text: str) -> Samples:
    found: Samples = defaultdict(list)
    for family in text_string_to_metric_families(text):
        for sample in family.samples:
            found[sample.name].append((sample.labels, sample.value))
    return dict(found)


def value(read: Samples, name: str, **labels: str) -> float:
    return sum(one for stated, one in read[name] if labels.items() <= stated.items())


def test_questions_are_counted_by_face_language_and_status(read: Samples) -> None:
    assert value(read, "orgbot_questions_total") == 4
    assert value(read, "orgbot_questions_total", face="api", language="en", status="answered") == 2
    assert value(read, "orgbot_questions_total", face="completions", status="refused") == 1
    abstained = value(read, "orgbot_questions_total", language="fr", face="api")
    assert value(read, "orgbot_abstentions_total", language="fr") == abstained == 1


def test_each_stage_and_the_whole_are_timed(read: Samples) -> None:
    assert {labels["stage"] for labels, _ in read["orgbot_stage_seconds_count"]} == set(STAGES)
    assert value(read, "orgbot_answer_seconds_count", face="api") == 3
    assert value(read, "orgbot_stage_seconds_count", stage="remembered") == 1
    whole = value(read, "orgbot_answer_seconds_sum")
    assert 0 < value(read, "orgbot_stage_seconds_sum") < whole


def test_the_state_is_told(read: Samples) -> None:
    assert value(read, "orgbot_ready") == 1
    assert 0 < value(read, "orgbot_snapshot_age_seconds") < 600
    assert 0 < value(read, "orgbot_corpus_age_seconds") < 600
    assert value(read, "orgbot_questions_waiting") == value(read, "orgbot_questions_in_progress") == 0
    assert (value(read, "orgbot_votes", vote="up"), value(read, "orgbot_votes", vote="down")) == (1, 0)
    assert value(read, "orgbot_responses_total", face="api", status="413") == 1


def test_the_memory_of_each_process_is_told(read: Samples) -> None:
    assert value(read, "process_resident_memory_bytes") > 5e7
    assert value(read, "orgbot_workers_resident_bytes") > 5e7


def test_processes_that_have_ended_take_no_memory() -> None:
    metrics = Metrics()
    metrics.watch_workers(lambda: [2**22 + 1])
    assert metrics.registry.get_sample_value("orgbot_workers_resident_bytes") == 0


def test_the_figures_are_on_their_own_port_alone(served: Served) -> None:
    assert httpx.get(f"{served.address}/metrics").status_code == 404


@pytest.mark.parametrize("query", QUERIES)
def test_the_dashboard_asks_for_figures_and_labels_that_are_there(read: Samples, query: str) -> None:
    selectors = list(_selectors(promql_parser.parse(query)))  # raises for what is no PromQL
    assert selectors
    for name, labels in selectors:
        assert name in read, name
        for label in labels:
            assert all(label in stated for stated, _ in read[name]), (name, label)


def test_the_dashboard_shows_every_figure_of_ours(read: Samples) -> None:
    asked = {name for query in QUERIES for name, _ in _selectors(promql_parser.parse(query))}
    bare = {name.removesuffix("_bucket").removesuffix("_sum").removesuffix("_count") for name in asked}
    ours = {name for name in read if name.startswith("orgbot_") and not name.endswith(("_created", "_bucket"))}
    assert {name.removesuffix("_sum").removesuffix("_count") for name in ours} <= bare | asked


def _selectors(node: Any, grouped: tuple[str, ...] = ()) -> Iterator[tuple[str, list[str]]]:
    """Each metric of a query, with the labels by which it is chosen and grouped."""
    match node:
        case promql_parser.VectorSelector():
            yield node.name, [*grouped, *(one.name for one in node.matchers.matchers)]
        case promql_parser.MatrixSelector():
            yield from _selectors(node.vector_selector, grouped)
        case promql_parser.AggregateExpr():
            by = tuple(node.modifier.labels) if node.modifier else ()
            yield from _selectors(node.expr, (*grouped, *by))
        case promql_parser.BinaryExpr():
            yield from _selectors(node.lhs, grouped)
            yield from _selectors(node.rhs, grouped)
        case promql_parser.Call():
            for one in node.args:
                yield from _selectors(one, grouped)
        case promql_parser.ParenExpr():
            yield from _selectors(node.expr, grouped)


def test_they_are_off_by_default_and_on_loopback_alone() -> None:
    with Metrics().served(MetricsSettings()):
        assert MetricsSettings().port == 0
    for host in ("0.0.0.0", "192.0.2.7", "example.org"):
        with pytest.raises(ValidationError, match="loopback"):
            MetricsSettings(host=host)
    assert MetricsSettings(host="::1").host == "::1"


def test_a_port_in_use_is_named() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        settings = MetricsSettings(port=taken.getsockname()[1])
        with pytest.raises(MetricsError, match=r"metrics\.port"), Metrics().served(settings):
            pass


def test_a_server_that_is_not_ready_says_so_and_leaves_out_what_it_does_not_know() -> None:
    metrics = Metrics()
    metrics.watch(lambda: ServerState(False, None, None, 2))
    settings = MetricsSettings(port=free_port())
    with metrics.served(settings):
        read = samples(httpx.get(f"http://127.0.0.1:{settings.port}/metrics").text)
    assert value(read, "orgbot_ready") == 0
    assert value(read, "orgbot_questions_waiting") == 2
    assert "orgbot_snapshot_age_seconds" not in read


def test_a_stage_counts_only_while_it_is_timed_and_adds_up() -> None:
    @stage("read")
    def work(fails: bool) -> int:
        if fails:
            raise ValueError("it fails")
        return 7

    assert work(False) == 7
    with timed() as seconds:
        work(False)
        once = seconds["read"]
        with pytest.raises(ValueError, match="it fails"):
            work(True)
    assert seconds["read"] > once
