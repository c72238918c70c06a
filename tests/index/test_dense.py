from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from index.dense import DenseIndex, SignIndex, signs_of
from index.encoder import Vectors

GENERATOR_SEED = 7


def clustered(count: int, dimensions: int) -> tuple[Vectors, Vectors]:
    """Unit vectors around 200 centres, and twenty queries near some of them."""
    generator = np.random.default_rng(GENERATOR_SEED)
    centres = generator.standard_normal((200, dimensions))
    vectors = centres[generator.integers(200, size=count)] + generator.standard_normal((count, dimensions))
    queries = vectors[:20] + 0.5 * generator.standard_normal((20, dimensions))
    return tuple((rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32) for rows in (vectors, queries))  # type: ignore[return-value]


@pytest.mark.parametrize("count", [1000, 20_000], ids=["all compared", "chosen by short codes"])
def test_the_nearest_are_those_of_brute_force(count: int) -> None:
    vectors, queries = clustered(count, 128)
    index = DenseIndex.build(vectors)
    shared = []
    for query in queries:
        exact = np.argsort(-(vectors @ query))[:50]
        numbers, cosines = index.search(query, 50)
        shared.append(len(set(exact) & set(numbers)) / 50)
        np.testing.assert_allclose(cosines, vectors[numbers] @ query, atol=0.01)
        np.testing.assert_allclose(index.scores(query, numbers), cosines, atol=1e-5)
    assert np.mean(shared) > 0.93


@pytest.mark.parametrize("count", [1, 300, 20_000])
def test_a_written_index_is_read_as_it_was(count: int, tmp_path: Path) -> None:
    vectors, queries = clustered(count, 128)
    built = DenseIndex.build(vectors)
    built.save(tmp_path / "dense.faiss")
    read = DenseIndex.open(tmp_path / "dense.faiss")
    assert read.shape == built.shape == vectors.shape
    for query in queries[:count]:
        for before, after in zip(built.search(query, 10), read.search(query, 10), strict=True):
            np.testing.assert_array_equal(before, after)


def test_vectors_that_differ_in_few_signs_are_found() -> None:
    vectors, queries = clustered(2000, 100)
    index = SignIndex(signs_of(vectors), 100)
    numbers = index.alike(signs_of(queries[:1]), 30)
    differing = ((vectors > 0) != (queries[0] > 0)).sum(axis=1)
    assert set(numbers.tolist()) == set(np.flatnonzero(differing <= 30).tolist())
    assert 0 < len(numbers) < 2000


def test_signs_tell_the_cosine() -> None:
    index = SignIndex(signs_of(np.eye(8, dtype=np.float32)), 256)
    assert [index.differing(cosine) for cosine in (1.0, 0.0, -1.0)] == [0, 128, 256]
