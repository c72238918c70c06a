"""Learn how far each signal of search is trusted from questions with judgements.

    python -m evals.fusion [SET_DIR…] [--write]

Reads the bundled set's `dev` half and any further sets (all their questions). Prints, for each set, what each signal
finds alone, what the weights find that were learnt on all sets, and what those find that were learnt without it
(leave-one-set-out). `--write` puts the weights into `index/fusion.json`, unless some set's best single signal finds
more.

The weights are found by coordinate ascent on the measure itself, as befits a linear model of few features (Metzler &
Croft 2007): one weight after the other is tried at a few multiples, and changed when the measure gains.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from rich.console import Console
from rich.table import Table

import index
from bot.settings import Settings
from evals.errors import EvaluationError
from evals.run import built_index
from evals.sets import ANSWERABLE
from evals.testset import QuestionSet, load_set
from index.encoder import open_encoder
from index.fuse import SIGNALS
from index.query import query_language
from index.settings import FusionSettings, PairWeights

WEIGHTS = Path(index.__file__).with_name("fusion.json")
FIRST = FusionSettings(
    same_language=PairWeights(bm25=1.0, translated=0.2, interaction=0.8, dense=0.25, proximity=1.9, prior=1.0),
    across_languages=PairWeights(bm25=0.3, translated=0.3, interaction=1.0, dense=0.9),
)
"""Where the ascent begins: set by hand after a logistic regression on pairs of passages. `proximity` stays as it is: it
counts for the best passages alone, once the other weights have found them."""
_CANDIDATES = 80
_STEPS = (0.5, 0.7, 0.8, 0.9, 1.1, 1.25, 1.4, 2.0)
_LEVELS = (0.0, 0.1)
_LEAST_GAIN = 1e-4
_ROUNDS = 8
_NOWHERE = np.float32(-1e9)

Weights = NDArray[np.float64]
"""`(2, signals + 1)`: for the same language and across languages, a weight for each signal, then the prior."""


@dataclass(frozen=True, slots=True)
class Pool:
    """The candidates of a set's questions, padded to the same number."""

    name: str
    deviations: NDArray[np.float32]
    """`(questions, candidates, signals + 1)`: the standardised signals, and 1 for the prior."""
    same_language: NDArray[np.bool_]
    relevant: NDArray[np.bool_]
    """`(questions, candidates)`: the passage is of a release that is judged to answer."""
    there: NDArray[np.bool_]

    def measure(self, weights: Weights) -> tuple[float, float]:
        """Success@1 and the mean reciprocal rank, over releases' passages; a question without a candidate counts 0."""
        narrow = weights.astype(np.float32)
        scores = np.where(self.same_language, self.deviations @ narrow[0], self.deviations @ narrow[1])
        best = np.where(self.relevant, scores, _NOWHERE).max(axis=1)
        wrong = self.there & ~self.relevant
        ranks = 1 + (wrong & (scores >= best[:, None])).sum(axis=1)
        found = self.relevant.any(axis=1)
        return float((found & (ranks == 1)).mean()), float(np.where(found, 1 / ranks, 0).mean())


def collect(question_set: QuestionSet, settings: Settings) -> Pool:
    """Search for every judged question save those of the `test` half, and keep the best candidates by any signal."""
    groups = {document.doc_id: document.edition_group or document.doc_id for document in question_set.documents}
    topics = [topic for topic in question_set.judged if topic.split != "test"]
    shape = (len(topics), _CANDIDATES)
    pool = Pool(
        question_set.name,
        np.zeros((*shape, len(SIGNALS) + 1), dtype=np.float32),
        *(np.zeros(shape, dtype=np.bool_) for _ in range(3)),
    )
    with built_index(question_set, settings, open_encoder(settings.index)) as built:
        for row, topic in enumerate(topics):
            hits = built.index.search(topic.text, built.passages)
            deviations = np.asarray([[hit.deviations.get(name, 0.0) for name in SIGNALS] for hit in hits])
            kept = np.argsort(-deviations.max(axis=1), kind="stable")[:_CANDIDATES]
            judged = {groups[doc_id] for doc_id in question_set.relevant[topic.query_id]}
            language = query_language(topic.text)
            pool.deviations[row, : len(kept), :-1] = deviations[kept]
            pool.deviations[row, : len(kept), -1] = 1
            pool.same_language[row, : len(kept)] = [hits[place].passage.language == language for place in kept]
            pool.relevant[row, : len(kept)] = [hits[place].passage.edition_key in judged for place in kept]
            pool.there[row, : len(kept)] = True
    return pool


def fit(pools: Sequence[Pool], first: Weights) -> Weights:
    """The weights with the highest mean over sets of the mean of Success@1 and RR, near `first`."""

    def objective(weights: Weights) -> float:
        return float(np.mean([pool.measure(weights) for pool in pools]))

    weights, best = first.copy(), objective(first)
    places = [(int(row), int(column)) for row, column in np.argwhere(first > 0)]
    for _ in range(_ROUNDS):
        before = best
        for place in places:
            trials = []
            for value in [*(weights[place] * step for step in _STEPS), *_LEVELS]:
                trial = weights.copy()
                trial[place] = value
                trials.append((objective(trial), trial))
            gained, trial = max(trials, key=lambda one: one[0])
            if gained > best + _LEAST_GAIN:
                best, weights = gained, trial
        if best == before:
            break
    return np.round(weights, 3)


def alone(signal: int) -> Weights:
    """Weights by which a single signal counts."""
    weights = np.zeros((2, len(SIGNALS) + 1))
    weights[:, signal] = 1
    return weights


def to_weights(settings: FusionSettings) -> Weights:
    """The weights of settings as an array."""
    return np.asarray(
        [
            [*(pair.of(name) for name in SIGNALS), pair.prior]
            for pair in (settings.same_language, settings.across_languages)
        ]
    )


def to_settings(weights: Weights) -> FusionSettings:
    """An array of weights as settings, with the `proximity` of FIRST."""
    same, across = (dict(zip((*SIGNALS, "prior"), map(float, row), strict=True)) for row in weights)
    return FusionSettings(
        same_language=FIRST.same_language.model_copy(update=same),
        across_languages=FIRST.across_languages.model_copy(update=across),
    )


def main() -> int:
    """Run the command line; returns the exit status."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sets", nargs="*", type=Path, metavar="SET_DIR")
    parser.add_argument("--write", action="store_true", help="put the weights into index/fusion.json")
    arguments = parser.parse_args()
    try:
        pools = [collect(load_set(folder), Settings()) for folder in (ANSWERABLE, *arguments.sets)]
    except EvaluationError as error:
        print(f"evals.fusion: {error}", file=sys.stderr)
        return 1
    first = to_weights(FIRST)
    learnt = fit(pools, first)
    Console().print(_table(pools, first, learnt))
    record = to_settings(learnt).model_dump_json(indent=1, include={"same_language", "across_languages"})
    print(record)
    short = [pool.name for pool in pools if pool.measure(learnt)[0] < max(_singles(pool))]
    if short:
        print(f"evals.fusion: a single signal finds more than the weights on {', '.join(short)}.", file=sys.stderr)
        return 1
    if arguments.write:
        WEIGHTS.write_text(json.dumps(json.loads(record), indent=1) + "\n", encoding="utf-8")
    return 0


def _singles(pool: Pool) -> list[float]:
    return [pool.measure(alone(signal))[0] for signal in range(len(SIGNALS))]


def _table(pools: Sequence[Pool], first: Weights, learnt: Weights) -> Table:
    columns = (*SIGNALS, "by hand", "learnt", "learnt without it")
    table = Table(title="Success@1", title_justify="left", box=None, header_style="bold")
    table.add_column("Set")
    for name in ("n", *columns):
        table.add_column(name, justify="right")
    for pool in pools:
        others = [other for other in pools if other is not pool]
        without = fit(others, first) if others else first
        figures: Iterable[float] = (*_singles(pool), *(pool.measure(one)[0] for one in (first, learnt, without)))
        table.add_row(pool.name, str(len(pool.there)), *(f"{figure:.3f}" for figure in figures))
    return table


if __name__ == "__main__":
    sys.exit(main())
