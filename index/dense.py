"""Nearest vectors, and vectors that are roughly alike (FAISS lives here)."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from index.encoder import Vectors
from index.errors import SnapshotDamaged

if TYPE_CHECKING:
    import faiss

_THREADS = 1
"""Single queries are 5 to 60 times slower with two OpenMP threads than with one."""


_MANY = 20_000
"""From so many vectors on, short codes choose which are compared: below, comparing all takes a millisecond."""
_CODES = 128
"""The pieces into which a vector is cut for its short code, of half a byte each."""
_ROUNDS, _POINTS = 10, 128
"""For how many rounds and from how many vectors for each value the codes are learnt. It takes a quarter of the time of
FAISS' own 25 and 256, for 0.3 % fewer of the nearest 100 among the chosen."""
_CHOSEN = 4
"""How many times more vectors than asked for the short codes choose."""


class DenseIndex:
    """Search by inner product over unit vectors, so that a score is a cosine, -1 to 1.

    Each component is kept in one byte (FAISS's scalar quantiser). Of many vectors, the nearest by short codes (product
    quantisation with codes of 4 bits: André, Kermarrec & Le Scouarnec 2017) are compared by those bytes.
    """

    def __init__(self, index: faiss.Index) -> None:
        """Wrap a FAISS index; see `build` and `open`."""
        import faiss

        faiss.omp_set_num_threads(_THREADS)
        self._index = index

    @classmethod
    def build(cls, vectors: Vectors) -> DenseIndex:
        """Index `(n, d) float32` unit vectors; a vector's number is its row."""
        import faiss

        count, dimensions = vectors.shape
        similarity = faiss.METRIC_INNER_PRODUCT
        index: faiss.Index = faiss.IndexScalarQuantizer(dimensions, faiss.ScalarQuantizer.QT_8bit, similarity)
        if count >= _MANY and dimensions % _CODES == 0:
            codes = faiss.IndexPQFastScan(dimensions, _CODES, 4, similarity)
            codes.pq.cp.niter, codes.pq.cp.max_points_per_centroid = _ROUNDS, _POINTS
            refined = faiss.IndexRefine(codes, index)
            refined.k_factor = _CHOSEN
            index = refined
        if count:  # FAISS trains on no empty set
            index.train(vectors)
            index.add(vectors)
        return cls(index)

    def save(self, path: Path) -> None:
        """Write the index to one file."""
        import faiss

        # By Python's file: FAISS' own writer tells no disk that is full at its end, and of others a RuntimeError.
        with path.open("wb") as file:
            faiss.write_index(self._index, faiss.PyCallbackIOWriter(file.write))  # type: ignore[attr-defined]

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
        return np.asarray(self.vectors(numbers) @ vector, dtype=np.float32)

    def vectors(self, numbers: NDArray[np.int64]) -> Vectors:
        """The vectors of these numbers as they are kept, `(len(numbers), d) float32`."""
        stored: Vectors = self._index.reconstruct_batch(numbers)
        return stored


class SignIndex:
    """Which vectors agree with a vector in most signs: a rough likeness, found without reading the vectors.

    Of two vectors at an angle of a, signs along random directions differ with the probability a / pi (Charikar 2002,
    after Goemans & Williamson 1995); the components of the vectors themselves serve as directions.
    """

    def __init__(self, signs: NDArray[np.uint8], dimensions: int) -> None:
        """Hold `(n, ceil(d / 8)) uint8` signs, see `signs_of`, of vectors of so many dimensions."""
        import faiss

        faiss.omp_set_num_threads(_THREADS)
        self._index = faiss.IndexBinaryFlat(8 * signs.shape[1])
        self._index.add(np.ascontiguousarray(signs))
        self._dimensions = dimensions

    def alike(self, signs: NDArray[np.uint8], differing: int) -> NDArray[np.int64]:
        """The numbers of the vectors that differ in at most so many of these `(1, ceil(d / 8))` signs."""
        _, _, numbers = self._index.range_search(np.ascontiguousarray(signs), differing + 1)
        found: NDArray[np.int64] = numbers
        return found

    def differing(self, cosine: float) -> int:
        """In how many signs two vectors of this cosine differ on average."""
        return int(self._dimensions * np.arccos(cosine) / np.pi)


def signs_of(vectors: NDArray[np.int8]) -> NDArray[np.uint8]:
    """A bit for each component of `(n, d)` vectors, set where it is above 0, `(n, ceil(d / 8)) uint8`."""
    return np.packbits(vectors > 0, axis=1)
