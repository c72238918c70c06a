"""Questions that ask for like things, put together."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

_NEAREST_COSINE = 0.6
"""Groups are joined while their questions are on average at least this alike."""


def alike(vectors: NDArray[np.float32], nearest: float = _NEAREST_COSINE) -> list[list[int]]:
    """Groups of the positions of like vectors, the largest first, those of one left out.

    `vectors` is `(n, d) float32` of unit length. Agglomerative clustering by average linkage of the cosine distance
    (UPGMA; Sokal and Michener 1958): time and memory grow with n², so give at most some hundreds.
    """
    from scipy.cluster.hierarchy import fcluster, linkage  # takes a moment to import, and only the desk needs it

    if len(vectors) < 2:
        return []
    rows, columns = np.triu_indices(len(vectors), k=1)
    distances = np.clip(1 - (vectors @ vectors.T)[rows, columns], 0, 2).astype(np.float64)
    labels = fcluster(linkage(distances, "average"), t=1 - nearest, criterion="distance")
    groups = [np.flatnonzero(labels == label).tolist() for label in np.unique(labels)]
    return sorted((group for group in groups if len(group) > 1), key=lambda group: (-len(group), group[0]))
