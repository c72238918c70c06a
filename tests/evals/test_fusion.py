from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from bot.settings import Settings
from evals.fusion import FIRST, WEIGHTS, Pool, alone, collect, fit, to_settings, to_weights
from evals.testset import load_set
from index.fuse import SIGNALS
from index.settings import FusionSettings


def pool(name: str, deviations: list[list[list[float]]], relevant: list[list[bool]], same: bool = True) -> Pool:
    """Candidates by hand, the prior's column added."""
    given = np.asarray(deviations, dtype=np.float32)
    ones = np.ones((*given.shape[:2], 1), dtype=np.float32)
    there = np.ones(given.shape[:2], dtype=np.bool_)
    return Pool(name, np.concatenate([given, ones], axis=2), there & same, np.asarray(relevant), there)


def test_ranks_by_hand() -> None:
    questions = pool(
        "by hand",
        [[[3, 0, 0, 0], [1, 0, 0, 0], [2, 0, 0, 0]], [[0, 0, 0, 1], [0, 0, 0, 2], [0, 0, 0, 3]]],
        [[True, False, False], [True, False, False]],
    )
    # By words the first question is right and the second undecided among all: ties count as lost.
    assert questions.measure(alone(SIGNALS.index("bm25"))) == (0.5, pytest.approx((1 + 1 / 3) / 2))
    assert questions.measure(alone(SIGNALS.index("dense"))) == (0.0, pytest.approx((1 / 3 + 1 / 3) / 2))


def test_a_question_without_a_relevant_candidate_counts_nothing() -> None:
    assert pool("nothing", [[[1, 1, 1, 1]]], [[False]]).measure(to_weights(FIRST)) == (0.0, 0.0)


def test_fitting_turns_to_the_signal_that_is_right() -> None:
    # Words mislead and vectors are right, by little: the weights set by hand fail.
    misled = pool("misled", [[[2, 0, 0, 0], [0, 0, 0, 3]]] * 4, [[False, True]] * 4)
    first = to_weights(FIRST)
    assert misled.measure(first)[0] == 0.0
    learnt = fit([misled], first)
    assert misled.measure(learnt)[0] == 1.0
    assert learnt[1].tolist() == first[1].tolist(), "weights that change nothing stay"


def test_weights_survive_the_way_through_settings() -> None:
    assert to_settings(to_weights(FIRST)) == FIRST


def test_the_bundled_weights_are_the_defaults() -> None:
    assert FusionSettings.model_validate_json(WEIGHTS.read_text("utf-8")) == FusionSettings()


def test_candidates_of_a_real_index(set_dir: Path) -> None:
    collected = collect(load_set(set_dir), Settings())
    assert collected.there.any(axis=1).all()
    assert (collected.relevant <= collected.there).all()
    assert collected.measure(to_weights(FusionSettings()))[1] > 0.5
