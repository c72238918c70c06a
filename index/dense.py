"""Nearest vectors (FAISS lives here)."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from index.encoder import Vectors
from index.errors import SnapshotDamaged

if TYPE_CHECKING:
    import faiss


class DenseIndex:
    """Exact search by inner product over unit vectors, so that a score is a cosine, -1 to 1."""

    def __init__(self, index: faiss.Index) -> None:
        """Wrap a FAISS index; see `build` and `open`."""
        import faiss

        # Single queries are 5 to 60 times slower with two OpenMP threads than with one.
        faiss.omp_set_num_threads(1)
        self._index = index

    @classmethod
    def build(cls, vectors: Vectors) -> DenseIndex:
        """Index `(n, d) float32` unit vectors; a vector's number is its row."""
        import faiss

        index = faiss.IndexFlatIP(vectors.shape[1])
        index.add(vectors)
        return cls(index)

    def save(self, path: Path) -> None:
        """Write the index to one file."""
        import faiss

        faiss.write_index(self._index, str(path))

    @classmethod
    def open(cls, path: Path) -> DenseIndex:
        """Map a written index into memory; raise SnapshotDamaged when the file is none."""
        import faiss

        try:
            return cls(faiss.read_index(str(path), faiss.IO_FLAG_MMAP_IFC))
        except RuntimeError as error:
            raise SnapshotDamaged(f"{path.name} is no FAISS index: build the index anew.") from error

    @property
    def shape(self) -> tuple[int, int]:
        """Number of vectors, and their length."""
        return int(self._index.ntotal), int(self._index.d)

    def search(self, vector: Vectors, k: int) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        """The numbers and cosines of the `k` nearest vectors, best first, for one `(d,)` query vector."""
        scores, numbers = self._index.search(vector[None, :], min(k, self.shape[0]))
        found = numbers[0] >= 0
        return numbers[0][found], scores[0][found]

    def scores(self, vector: Vectors, numbers: NDArray[np.int64]) -> NDArray[np.float32]:
        """The cosines of one `(d,)` query vector with the vectors of these numbers, `(len(numbers),)`."""
        stored: Vectors = self._index.reconstruct_batch(numbers)
        return np.asarray(stored @ vector, dtype=np.float32)
