from __future__ import annotations

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from corpus.sentences import sentence_spans
from index.build import build_snapshot
from index.settings import IndexSettings
from index.split import split_document
from tests.conftest import COAST, WordHashEncoder, make_document

PIECES = st.sampled_from(["One here. ", "M. Dupont, encore. ", "\n\n", " ", "«\u00a0Oui\u00a0».", "\u2003", "x"])


class Steps:
    """Notes what a build tells of itself."""

    def __init__(self) -> None:
        self.begun: list[tuple[str, int]] = []
        self.done: list[int] = []

    def step(self, name: str, total: int) -> None:
        self.begun.append((name, total))
        self.done.append(0)

    def advance(self, units: int) -> None:
        self.done[-1] += units


def test_each_step_of_a_build_is_told_to_its_end(snapshots: Path, encoder: WordHashEncoder) -> None:
    steps = Steps()
    build_snapshot([(document, 1) for document in COAST], snapshots, encoder, IndexSettings(), progress=steps)
    assert steps.begun[0] == ("Splitting documents", len(COAST))
    assert steps.done == [total for _, total in steps.begun]


@given(pieces=st.lists(PIECES, max_size=20))
def test_a_short_text_is_cut_as_its_sentences_are(pieces: list[str]) -> None:
    text = "".join(pieces)
    spans = sentence_spans(text, "fr")
    expected = [text[spans[0][0] : spans[-1][1]]] if spans else []
    assert [passage.text for passage in split_document(make_document("d", text), 1000)] == expected
