"""Questions by what they have in common."""

from __future__ import annotations

from dataclasses import dataclass

from corpus.document import Language
from evals.slices import rows, sliced, slices
from evals.testset import Topic


@dataclass(frozen=True)
class Asked:
    topic: Topic


FRENCH = Asked(Topic("f", "Qui ?", Language.FRENCH, split="dev", kind="who", year=2019))
ACROSS = Asked(Topic("a", "¿Quién?", Language.SPANISH, split="test", kind="who", across=True))
LATER = Asked(Topic("l", "Quand ?", Language.FRENCH, split="test", kind="when", year=2021))


def test_every_question_is_in_one_value_of_each_slice_and_the_unknown_is_last() -> None:
    found = slices([LATER, ACROSS, FRENCH])
    assert found == {
        "language": {"es": [ACROSS], "fr": [LATER, FRENCH]},
        "across": {"across": [ACROSS], "own language": [LATER, FRENCH]},
        "split": {"dev": [FRENCH], "test": [LATER, ACROSS]},
        "kind": {"when": [LATER], "who": [ACROSS, FRENCH]},
        "year": {"2019": [FRENCH], "2021": [LATER], "–": [ACROSS]},
    }
    assert list(found["year"]) == ["2019", "2021", "–"]


def test_rows_are_labelled_and_leave_out_what_all_questions_share() -> None:
    labelled = dict(rows(sliced([FRENCH, LATER], len)))
    assert labelled == {
        "split dev": 1,
        "split test": 1,
        "kind when": 1,
        "kind who": 1,
        "year 2019": 1,
        "year 2021": 1,
    }
    assert dict(rows(sliced([FRENCH, ACROSS], len)))["across"] == 1
