"""Words are found once for all indexes, by pieces, and those of passages known before are not read again."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index import static
from index.build import build_snapshot
from index.lexical import folded as folded_module
from index.lexical.analysis import numbered_words, words
from index.lexical.folded import FoldedPassages
from index.passage import Passage
from index.search import Index
from index.settings import IndexSettings
from index.split import split_document
from index.static import StaticEncoder
from tests.conftest import COAST, make_document
from tests.index.test_words import Polyglot

PASSAGES = [passage for document in COAST for passage in split_document(document, 1000)]
WRITTEN = "Été|d’OIM| |\n|\u00a0|4|592|1,234|.|,|7,9|ﬁn|ﷺ|½|\u0301|´a|Œuf|\t|\r|\u2009|İ|ΣΑΣ|中文|_a|covid19"
PIECES = st.sampled_from([*WRITTEN.split("|"), "x" * 70])
TEXTS = st.lists(st.lists(PIECES, max_size=12).map("".join), max_size=5)
BUNDLED = StaticEncoder.open(Path(static.__file__).parent / "model")
TABLE = BUNDLED.table()


def words_of(folded: FoldedPassages) -> list[list[str]]:
    starts = folded.words.starts
    return [[folded.forms[number] for number in folded.words.numbers[start:end]] for start, end in pairwise(starts)]


def expected(passages: list[Passage]) -> list[list[str]]:
    return [words(f"{passage.title}\n{passage.text}") for passage in passages]


@given(texts=TEXTS)
def test_the_words_of_pieces_are_the_words_of_the_text(texts: list[str]) -> None:
    numbers: dict[str, int] = {}
    found = numbered_words(texts, numbers)
    forms = list(numbers)
    flat = [forms[number] for number in found.numbers]
    assert [flat[start:end] for start, end in pairwise(found.starts)] == [*map(words, texts)]


@settings(max_examples=50)
@given(texts=TEXTS)
def test_the_vector_of_a_text_is_the_sum_of_the_tokens_of_the_whole_text(texts: list[str]) -> None:
    for vector, tokens in zip(BUNDLED.encode_passages(texts), BUNDLED.tokens(texts), strict=True):
        summed = TABLE[tokens].sum(axis=0)
        np.testing.assert_allclose(vector, summed / max(np.linalg.norm(summed), 1e-12), atol=1e-5)


def test_known_passages_are_not_read_again(monkeypatch: pytest.MonkeyPatch) -> None:
    known = FoldedPassages.of(PASSAGES)
    new = split_document(make_document("new", "Gulls nest on 1,234 piers."), 1000)
    read = []

    def watched(texts: list[str], numbers: dict[str, int]) -> object:
        read.extend(texts)
        return numbered_words(texts, numbers)

    monkeypatch.setattr(folded_module, "numbered_words", watched)
    mixed = [*PASSAGES[3:], *new, PASSAGES[0]]
    again = FoldedPassages.of(mixed, known)
    assert read == ["new\nGulls nest on 1,234 piers."]
    assert words_of(again) == expected(mixed)
    assert again.forms == sorted({word for found in expected(mixed) for word in found})


def test_a_build_from_what_is_known_is_the_build_from_nothing(tmp_path: Path) -> None:
    encoder, chosen = Polyglot(dimensions=64), IndexSettings()
    before = [(document, 1) for document in COAST]
    after = [*before[1:], (make_document("new", "Gulls nest on the lighthouse."), 1)]
    cache = tmp_path / "embeddings.sqlite3"
    build_snapshot(before, tmp_path / "kept", encoder, chosen, cache)
    kept = build_snapshot(after, tmp_path / "kept", encoder, chosen, cache)
    anew = build_snapshot(after, tmp_path / "anew", encoder, chosen)
    assert {name: digest for name, digest in kept.files.items() if name != "passages.sqlite3"} == {
        name: digest for name, digest in anew.files.items() if name != "passages.sqlite3"
    }


@pytest.mark.parametrize("damage", ["cut", "flipped", "other encoder", "no file"])
def test_damaged_or_foreign_knowledge_of_words_is_not_used(tmp_path: Path, damage: str) -> None:
    cache, kept = tmp_path / "embeddings.sqlite3", tmp_path / "embeddings.words.npz"
    stored = [(document, 1) for document in COAST]
    first = Polyglot(dimensions=64, seed=1 if damage == "other encoder" else 0)
    build_snapshot(stored, tmp_path / "first", first, IndexSettings(), cache)
    written = bytearray(kept.read_bytes())
    if damage == "cut":
        kept.write_bytes(written[: len(written) // 2])
    elif damage == "flipped":
        written[len(written) // 2] ^= 4
        kept.write_bytes(written)
    elif damage == "no file":
        kept.unlink()
        kept.mkdir()  # nothing can be written there either
    encoder = Polyglot(dimensions=64)
    build_snapshot(stored, tmp_path / "second", encoder, IndexSettings(), cache)
    hits = Index.open(tmp_path / "second", encoder, IndexSettings()).search("faros reparados en 2021")
    assert hits[0].passage.doc_id == "lighthouse-2021"
    anew = build_snapshot(stored, tmp_path / "anew", encoder, IndexSettings())
    words_digest = anew.files["words/vectors.npy"]
    assert Index.open(tmp_path / "second", encoder, IndexSettings()).manifest.files["words/vectors.npy"] == words_digest
