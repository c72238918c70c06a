"""Two files of results → which differences are more than chance."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from rich.console import Console

from evals.errors import ResultError
from evals.results import BINARY_SCORES, SetScores, read_results
from evals.significance import Difference, differences
from evals.tables import table


@dataclass(frozen=True, slots=True)
class SetComparison:
    """One set's scores in two results."""

    name: str
    differences: tuple[Difference, ...]


def compare_results(first: Path, second: Path) -> list[SetComparison]:
    """Compare the sets that both files hold; Holm's correction is over the scores of a set.

    Raises ResultError when a file cannot be read, when they share no set or no score, or when a set is not the same in
    both: figures of other questions, judgements or documents cannot be paired.
    """
    one, other = ({scores.name: scores for scores in read_results(path)} for path in (first, second))
    shared = [name for name in one if name in other]
    if not shared:
        raise ResultError(f"{first} and {second} share no set: evaluate the same sets for both.")
    found = [_compared(one[name], other[name], first, second) for name in shared]
    if not any(comparison.differences for comparison in found):
        raise ResultError(f"{first} and {second} share no score: evaluate both with --answers.")
    return found


def comparison_records(comparisons: Sequence[SetComparison]) -> list[dict[str, object]]:
    """The comparisons as plain values, for JSON."""
    return [
        {"set": comparison.name, "differences": [asdict(one) for one in comparison.differences]}
        for comparison in comparisons
    ]


def print_comparisons(comparisons: Sequence[SetComparison], first: Path, second: Path, console: Console) -> None:
    """One table of all sets, and what its columns mean."""
    made = table("Differences", "Set", "Score", "n", "A", "B", "B − A", "low", "high", "p", "p (Holm)")
    for comparison in comparisons:
        for place, one in enumerate(comparison.differences):
            made.add_row(
                "" if place else comparison.name,
                one.score.replace(" ", "\n"),
                str(one.questions),
                f"{one.mean_a:.3f}",
                f"{one.mean_b:.3f}",
                f"{one.difference:+.3f}",
                f"{one.low:+.3f}",
                f"{one.high:+.3f}",
                _p(one.p),
                _p(one.p_holm),
            )
    console.print(made)
    notes = (
        f"A is {first.name}, B is {second.name}; low to high is the 95 % interval of B − A.",
        "p is of McNemar's exact test where a question scores 0 or 1, otherwise of paired randomisation.",
    )
    for note in notes:
        console.print(note, style="dim", soft_wrap=True)


def _p(p: float) -> str:
    return "<.001" if p < 0.001 else f"{p:.3f}"


def _compared(one: SetScores, other: SetScores, first: Path, second: Path) -> SetComparison:
    if one.digest != other.digest:
        raise ResultError(
            f"The set {one.name} is not the same in {first.name} and {second.name}: "
            "evaluate both systems on the same documents, questions and judgements."
        )
    return SetComparison(one.name, tuple(differences(one.scores, other.scores, BINARY_SCORES)))
