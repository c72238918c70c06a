"""Answers from other processes: the same as from this one, whatever befalls the processes."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import Any, cast

import numpy as np
import pytest

from bot.answer import Answer, Question
from bot.errors import WorkerLost
from bot.observe.stages import timed
from bot.pipeline import Pipeline, open_pipeline
from bot.settings import Settings, load_settings
from bot.workers import Workers
from index.errors import EncoderError, SnapshotMissing
from index.settings import IndexSettings
from index.snapshot import current_snapshot
from tests.bot.served import made_data
from tests.bot.test_cli import PAGE, orgbot

REPAIRED = Question("How many lighthouses did the Coast Agency repair in 2021?")
ASKED = (
    REPAIRED,
    Question("And what did it cost?", earlier=(REPAIRED.text,)),
    Question("Combien de phares ont été réparés en 2021 ?"),
    Question("Who won the football match on Mars?"),
    Question(""),
)


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return load_settings(made_data(tmp_path_factory.mktemp("workers")))


@pytest.fixture(scope="module")
def here(settings: Settings) -> Pipeline:
    return open_pipeline(settings)


@pytest.fixture(scope="module")
def workers(settings: Settings) -> Iterator[Workers]:
    with Workers(settings, 2) as workers:
        workers.opened().start_others()
        yield workers


def is_running(process_id: int) -> bool:
    with suppress(ProcessLookupError):
        os.kill(process_id, 0)
        state = Path(f"/proc/{process_id}/stat").read_text().rpartition(")")[2].split()[0]
        return state != "Z"
    return False


def ignores(process_id: int, number: signal.Signals) -> bool:
    (ignored,) = re.findall(r"^SigIgn:\s*(\w+)", Path(f"/proc/{process_id}/status").read_text(), re.MULTILINE)
    return bool(int(ignored, 16) >> (number - 1) & 1)


def timeless(answer: Answer) -> dict[str, object]:
    return {**answer.to_record(), "elapsed_ms": 0}


@pytest.mark.parametrize("question", ASKED, ids=lambda question: question.text or "empty")
def test_an_answer_is_the_same_as_from_this_process(workers: Workers, here: Pipeline, question: Question) -> None:
    assert timeless(workers.answer(question)) == timeless(here.answer(question))


def test_so_is_all_else_that_a_server_asks_for(workers: Workers, here: Pipeline) -> None:
    assert workers.search(REPAIRED, 3) == here.search(REPAIRED, 3)
    assert workers.snapshot() == here.snapshot()
    assert np.array_equal(workers.vectors(["lighthouses", "phares"]), here.vectors(["lighthouses", "phares"]))
    one, other = workers.explain(REPAIRED), here.explain(REPAIRED)
    assert one is not None
    assert other is not None
    assert [sentence.text for sentence in one.chosen] == [sentence.text for sentence in other.chosen]
    assert dict(one.support) == dict(other.support)
    assert workers.explain(Question("")) is None


def test_the_stages_of_an_answer_are_told(workers: Workers) -> None:
    with timed() as stages:
        workers.answer(Question("How much did the work on the lighthouses cost?"))
    assert {"understand", "retrieve", "read", "decide", "cite"} <= stages.keys()


def test_the_answers_come_from_other_processes(workers: Workers) -> None:
    assert len(workers.process_ids()) == 2
    assert os.getpid() not in workers.process_ids()
    with ThreadPoolExecutor(8) as threads:
        asked = [Question(f"How many lighthouses did the Coast Agency repair in {year}?") for year in range(1990, 2022)]
        answers = list(threads.map(workers.answer, asked))
    assert [answer.question for answer in answers] == [question.text for question in asked]


def test_a_signal_to_the_whole_group_leaves_the_end_to_the_serving_process(workers: Workers) -> None:
    for process_id in workers.process_ids():
        while not ignores(process_id, signal.SIGTERM):  # it has only just been started
            time.sleep(0.05)
        os.kill(process_id, signal.SIGINT)
        os.kill(process_id, signal.SIGTERM)
    assert workers.answer(REPAIRED).statements
    assert all(is_running(process_id) for process_id in workers.process_ids())


def test_a_worker_that_is_lost_is_replaced(settings: Settings) -> None:
    with Workers(settings, 1) as workers:
        (lost,) = workers.opened().process_ids()
        os.kill(lost, signal.SIGKILL)
        assert workers.answer(REPAIRED).statements
        (other,) = workers.process_ids()
        assert other != lost


def test_a_question_that_costs_every_worker_its_life_is_given_up(settings: Settings) -> None:
    with Workers(settings, 1) as workers:
        workers.opened()
        before = workers.process_ids()
        # As one that takes more memory than there is.
        with pytest.raises(WorkerLost, match="twice"):
            workers.answer(cast(Question, Deadly()))
        assert workers.answer(REPAIRED).statements
        assert len(workers.process_ids()) == 1
        assert not workers.process_ids() & before


class Deadly:
    """Ends whichever process unpickles it."""

    def __reduce__(self) -> tuple[Any, ...]:
        return _die, ()


def _die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def test_a_new_snapshot_is_turned_to(tmp_path: Path) -> None:
    data = made_data(tmp_path)
    with Workers(load_settings(data), 1) as workers:
        before = workers.opened().snapshot()
        (tmp_path / "lights.txt").write_text(PAGE.format(name="lights", number=43))
        assert orgbot(data, "corpus", "add", str(tmp_path / "lights.txt")).exit_code == 0
        assert orgbot(data, "index", "build").exit_code == 0
        assert workers.snapshot() == current_snapshot(data / "snapshots") != before
        answer = workers.answer(REPAIRED)
        assert "43 lighthouses" in answer.statements[0].text
        assert answer.snapshot == workers.snapshot()


def test_a_damaged_new_snapshot_leaves_the_good_one(tmp_path: Path) -> None:
    data = made_data(tmp_path)
    with Workers(load_settings(data), 1) as workers:
        before = workers.opened().snapshot()
        (data / "snapshots" / "current").write_text("there-is-none\n")
        assert workers.snapshot() == before
        assert workers.answer(REPAIRED).snapshot == before


def test_what_hinders_opening_is_said_as_by_this_process(settings: Settings, tmp_path: Path) -> None:
    with Workers(load_settings(tmp_path / "empty"), 1) as workers, pytest.raises(SnapshotMissing, match="orgbot"):
        workers.opened()
    other = settings.model_copy(update={"index": IndexSettings(encoder="/nowhere")})
    with Workers(other, 1) as workers, pytest.raises(EncoderError, match="nowhere"):
        workers.opened()


def test_a_worker_that_ends_while_it_opens_the_index_is_told(settings: Settings) -> None:
    with Workers(settings, 1) as workers:
        (started,) = workers.process_ids()
        os.kill(started, signal.SIGKILL)
        with pytest.raises(WorkerLost, match="at once"):
            workers.opened()


def test_what_is_raised_there_is_raised_here(workers: Workers) -> None:
    with pytest.raises(TypeError):
        workers.vectors(cast(Any, 7))


def test_who_asks_after_the_end_is_told(settings: Settings) -> None:
    with Workers(settings, 1) as workers:
        workers.opened()
    with pytest.raises(WorkerLost, match="stopping"):
        workers.answer(REPAIRED)


_SERVE_AND_WAIT = """
import sys, time
from pathlib import Path
from bot.settings import load_settings
from bot.workers import Workers

if __name__ == "__main__":
    workers = Workers(load_settings(Path(sys.argv[1])), 1).opened()
    print(*workers.process_ids(), flush=True)
    time.sleep(60)
"""


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM])
def test_workers_end_with_the_process_that_serves(settings: Settings, tmp_path: Path, how: signal.Signals) -> None:
    (tmp_path / "serve.py").write_text(_SERVE_AND_WAIT)
    serving = subprocess.Popen(
        [sys.executable, str(tmp_path / "serve.py"), str(settings.data)], stdout=subprocess.PIPE, text=True
    )
    assert serving.stdout is not None
    worker = int(serving.stdout.readline())
    assert is_running(worker)
    serving.send_signal(how)
    serving.wait(10)
    serving.stdout.close()
    until = time.monotonic() + 10
    while is_running(worker) and time.monotonic() < until:
        time.sleep(0.05)
    assert not is_running(worker)
