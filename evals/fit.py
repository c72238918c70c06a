"""Learn the weights of reading and deciding from questions with known answers.

    python -m evals.fit [SET_DIR…] [--write]

Reads the bundled sets' `dev` half and any further sets (all their questions), and prints the weights, with the
figures of both halves. `--write` puts them into `bot/models/`. The models are logistic regressions over a dozen
named features each: small enough to be read, and to be doubted, by a person.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

import bot
from bot.answer import AnswerStatus, Question
from bot.linear import LogisticModel
from bot.order import best_first
from bot.pipeline import Pipeline
from bot.read import FEATURES, Sentence
from bot.settings import Settings
from bot.support import SUPPORT_FEATURES, support_features
from bot.understand import Understanding
from evals.answers import holds
from evals.run import built_index
from evals.sets import bundled_sets
from evals.testset import QuestionSet, Topic, load_set
from index.encoder import open_encoder

SET_BY_HAND = {"about": 5.0, "subject": 4.0, "digest": -1.0, "other_name": -1.0}
"""Weights that the sets cannot teach: few of their questions are about the organisation itself, all their documents are
digests, and only releases list figures region by region."""
SUPPORT_BY_HAND = {"hardly_met": -0.6}
"""Too few answerable questions are met so little to learn it: a paraphrase may be, but then it must be surer."""
_LEFT_OUT_WEIGHT = 0.3
"""There are four times as many questions whose documents were left out as there are unanswerable ones, which are what
visitors ask."""
_PAIRS = 20
"""A right sentence is compared with at most this many wrong ones of its question."""

Matrix = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Case:
    """One question with the sentences that were read for it, and which of them are right."""

    topic: Topic
    set_name: str
    understanding: Understanding
    sentences: tuple[Sentence, ...]
    right: tuple[bool, ...]
    """The sentence holds a known answer and stands in a document that is judged to answer."""
    fitting: tuple[bool, ...]
    """The sentence stands in a document that is judged to answer."""
    left_out: bool = False
    """Whether the documents that answer were taken away."""


def collect(sets: Sequence[QuestionSet], settings: Settings) -> list[Case]:
    """Read for every question that has a known answer or is known to have none."""
    encoder = open_encoder(settings.index)
    cases = []
    for digest in dict.fromkeys(one.corpus_digest for one in sets):
        alike = [one for one in sets if one.corpus_digest == digest]
        with built_index(alike[0], settings, encoder) as built:
            pipeline = Pipeline(built.index, settings)
            for one in alike:
                for topic in one.topics:
                    case = _case(one, topic, pipeline) if topic.answers or topic.expected else None
                    if case is not None:
                        cases.append(case)
                        if topic.answers:
                            cases.append(_without(one, case))
    return [case for case in cases if case.sentences]


def fit_reading(cases: Iterable[Case]) -> LogisticModel:
    """Weights that put a right sentence before the wrong ones of its question (pairwise logistic regression)."""
    from sklearn.linear_model import LogisticRegression

    differences: list[Matrix] = []
    weights: list[float] = []
    for case in cases:
        described = np.asarray([[sentence.features[name] for name in FEATURES] for sentence in case.sentences])
        right = np.asarray(case.right)
        wrong = described[~right][:_PAIRS]
        for positive in described[right][:2]:
            differences += list(positive - wrong)
            weights += [1 / len(wrong)] * len(wrong)
    one_way = np.asarray(differences)
    model = LogisticRegression(C=10.0, fit_intercept=False, max_iter=5000)
    labels = np.repeat([1, 0], len(one_way))
    model.fit(np.vstack([one_way, -one_way]), labels, sample_weight=np.tile(weights, 2))
    learnt = dict(zip(FEATURES, np.round(model.coef_[0], 3).tolist(), strict=True))
    return LogisticModel(0.0, learnt | SET_BY_HAND)


def fit_support(cases: Sequence[Case], reading: LogisticModel) -> LogisticModel:
    """The probability that the best sentence is from a document that answers: see `bot.support`.

    Whether it is the very sentence is judged by reading; here it is decided whether to say anything.
    """
    from sklearn.linear_model import LogisticRegression
    from sklearn.preprocessing import StandardScaler

    learnt = [name for name in SUPPORT_FEATURES if name not in SUPPORT_BY_HAND]
    described, labels = [], []
    for case in cases:
        order = _order(case, reading)
        features = support_features(case.understanding, order)
        described.append([features[name] for name in learnt])
        labels.append(_is(case.fitting, case, order[0]))
    # In deviations, so that the penalty weighs on all features alike; the weights are given back for plain values.
    scale = StandardScaler()
    model = LogisticRegression(max_iter=5000)
    model.fit(
        scale.fit_transform(np.asarray(described)),
        np.asarray(labels),
        sample_weight=[_LEFT_OUT_WEIGHT if case.left_out else 1.0 for case in cases],
    )
    weights = model.coef_[0] / scale.scale_
    bias = float(model.intercept_[0] - weights @ scale.mean_)
    found = dict(zip(learnt, np.round(weights, 3).tolist(), strict=True))
    return LogisticModel(round(bias, 3), found | SUPPORT_BY_HAND)


def figures(cases: Sequence[Case], reading: LogisticModel, support: LogisticModel) -> dict[str, float]:
    """How often the best sentence is right, and how well the probability tells when it is."""
    from sklearn.metrics import roc_auc_score

    first, fitting, probabilities, answerable = [], [], [], []
    for case in cases:
        order = _order(case, reading)
        answerable.append(case.topic.expected is None)
        fitting.append(_is(case.fitting, case, order[0]))
        probabilities.append(support.probability(support_features(case.understanding, order)))
        if answerable[-1]:
            first.append(_is(case.right, case, order[0]))
    found = {"questions": float(len(cases))}
    if first:
        found["first sentence right"] = float(np.mean(first))
    if len(set(answerable)) == 2:
        found["AUROC answerable"] = float(roc_auc_score(answerable, probabilities))
    if len(set(fitting)) == 2:
        found["AUROC fitting"] = float(roc_auc_score(fitting, probabilities))
    return {name: round(value, 3) for name, value in found.items()}


def _case(question_set: QuestionSet, topic: Topic, pipeline: Pipeline) -> Case | None:
    """What was read for a question; None for what is refused unread."""
    read = pipeline.read(Question(topic.text))
    if read is None:
        return None
    understanding, sentences = read
    relevant = question_set.relevant.get(topic.query_id, frozenset())
    fitting = tuple(sentence.document.doc_id in relevant for sentence in sentences)
    right = tuple(
        fits and holds(sentence.text, topic.answers) for fits, sentence in zip(fitting, sentences, strict=True)
    )
    return Case(topic, question_set.name, understanding, tuple(sentences), right, fitting)


def _without(question_set: QuestionSet, case: Case) -> Case:
    """The same question as if no document answered it: what would be said then must not be said."""
    relevant = question_set.relevant[case.topic.query_id]
    groups = {document.edition_group for document in question_set.documents if document.doc_id in relevant}
    left = [
        sentence
        for sentence in case.sentences
        if sentence.document.doc_id not in relevant and (sentence.document.edition_group or "") not in groups
    ]
    nothing = (False,) * len(left)
    topic = replace(case.topic, expected=AnswerStatus.NO_ANSWER)
    return Case(
        topic, f"{case.set_name}, documents left out", case.understanding, tuple(left), nothing, nothing, left_out=True
    )


def _order(case: Case, reading: LogisticModel) -> list[Sentence]:
    """The sentences as a model of reading puts them."""
    scored = [replace(sentence, score=reading.log_odds(sentence.features)) for sentence in case.sentences]
    return best_first(case.understanding, scored)


def _is(marks: Sequence[bool], case: Case, sentence: Sentence) -> bool:
    """What is marked for a sentence of a case."""
    places = [(other.document.doc_id, other.start) for other in case.sentences]
    return marks[places.index((sentence.document.doc_id, sentence.start))]


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sets", nargs="*", type=Path, metavar="SET_DIR")
    parser.add_argument("--write", action="store_true", help="put the weights into bot/models/")
    arguments = parser.parse_args()
    bundled = [load_set(folder) for folder in bundled_sets()]
    cases = collect([*bundled, *(load_set(folder) for folder in arguments.sets)], Settings())
    learning = [case for case in cases if case.topic.split != "test"]
    reading = fit_reading(learning)
    # How sure one can be is learnt where there are unanswerable questions, too.
    own = {one.name for one in bundled}
    support = fit_support([case for case in learning if case.set_name.split(",")[0] in own], reading)
    for name in dict.fromkeys(case.set_name for case in cases):
        print(name, figures([case for case in cases if case.set_name == name], reading, support))
    for split in ("dev", "test"):
        print(split, figures([case for case in cases if case.topic.split == split], reading, support))
    for name, model in (("reading", reading), ("support", support)):
        record = json.dumps({"bias": model.bias, "weights": model.weights}, indent=1) + "\n"
        print(name, record)
        if arguments.write:
            (Path(bot.__file__).parent / "models" / f"{name}.json").write_text(record)


if __name__ == "__main__":
    main()
