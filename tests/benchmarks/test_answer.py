"""What `python -m benchmarks.answer` tells of a pipeline."""

from __future__ import annotations

from pathlib import Path

from benchmarks.answer import measure, unremembered
from bot.pipeline import open_pipeline
from bot.settings import load_settings
from corpus.document import Language
from evals.testset import Topic
from tests.bot.served import made_data


def test_the_time_of_an_answer_and_of_its_stages(tmp_path: Path) -> None:
    pipeline = open_pipeline(unremembered(load_settings(made_data(tmp_path))))
    topics = [Topic("1", "How many lighthouses did the Coast Agency repair in 2021?", language=Language.ENGLISH)] * 2
    told = measure(pipeline, topics)
    assert told.keys() == {"processor_ms", "understand_ms", "retrieve_ms", "read_ms", "decide_ms", "cite_ms"}
    assert told["processor_ms"] > 0
