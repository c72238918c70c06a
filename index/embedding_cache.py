"""Vectors kept between builds, so that a rebuild encodes only what is new."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from index.encoder import Encoder, Vectors

_SCHEMA = """
CREATE TABLE IF NOT EXISTS embeddings (
    encoder TEXT NOT NULL, text_digest BLOB NOT NULL, vector BLOB NOT NULL, checksum BLOB NOT NULL,
    PRIMARY KEY (encoder, text_digest)
) WITHOUT ROWID
"""
_QUESTION_MARKS = 500


def encode_passages(
    encoder: Encoder,
    texts: Sequence[str],
    cache: Path | None,
    advance: Callable[[int], None],
    batch: int = 256,
) -> Vectors:
    """Encode `texts` → `(n, d) float32`, taking what the cache holds and adding what it does not.

    `advance` is told the number of texts done. A cache that cannot be used is rebuilt or done without:
    it holds nothing that cannot be computed again.
    """
    told = 0

    def tell(done: int) -> None:
        nonlocal told
        told += done
        advance(done)

    try:
        return _encoded(encoder, texts, cache, tell, batch)
    except (sqlite3.Error, UnicodeDecodeError) as error:  # damaged where it was not read before, or the disk is full
        if cache is not None and not isinstance(error, sqlite3.OperationalError):
            cache.unlink(missing_ok=True)
        vectors = _encoded(encoder, texts, None, lambda _: None, batch)
        advance(len(texts) - told)
        return vectors


def _encoded(
    encoder: Encoder, texts: Sequence[str], cache: Path | None, advance: Callable[[int], None], batch: int
) -> Vectors:
    vectors = np.zeros((len(texts), encoder.dimensions), dtype=np.float32)
    if cache is None:
        for first in range(0, len(texts), batch):
            here = range(first, min(first + batch, len(texts)))
            vectors[first : here.stop] = encoder.encode_passages([texts[row] for row in here])
            advance(len(here))
        return vectors
    with _Cache.open(cache) as known:
        digests = [hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest() for text in texts]
        missing = known.fill(vectors, encoder.digest, digests)
        advance(len(texts) - len(missing))
        for first in range(0, len(missing), batch):
            rows = missing[first : first + batch]
            vectors[rows] = encoder.encode_passages([texts[row] for row in rows])
            known.put(encoder.digest, [digests[row] for row in rows], vectors[rows])
            advance(len(rows))
    return vectors


class _Cache:
    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    @classmethod
    def open(cls, path: Path) -> _Cache:
        try:
            return cls._connected(str(path))
        except sqlite3.OperationalError:  # read-only folder, full disk: the build still works without a cache
            return cls._connected(":memory:")
        except sqlite3.DatabaseError:  # not a database: what it held can be computed again
            path.unlink()
            return cls._connected(str(path))

    @classmethod
    def _connected(cls, path: str) -> _Cache:
        connection = sqlite3.connect(path, timeout=30)
        try:
            connection.execute("PRAGMA journal_mode=WAL")
            connection.execute(_SCHEMA)
        except sqlite3.Error:
            connection.close()
            raise
        return cls(connection)

    def __enter__(self) -> _Cache:
        return self

    def __exit__(self, *_: object) -> None:
        self._connection.close()

    def fill(self, vectors: Vectors, encoder: str, digests: list[bytes]) -> list[int]:
        """Copy the known vectors into their rows; return the rows that remain."""
        known: dict[bytes, Vectors] = {}
        for first in range(0, len(digests), _QUESTION_MARKS):
            part = digests[first : first + _QUESTION_MARKS]
            marks = ",".join("?" * len(part))
            rows = self._connection.execute(
                f"SELECT text_digest, vector, checksum FROM embeddings WHERE encoder = ? AND text_digest IN ({marks})",
                (encoder, *part),
            )
            for text_digest, blob, checksum in rows:
                vector = np.frombuffer(blob, dtype="<f4")
                if vector.shape == vectors.shape[1:] and _checksum(blob) == checksum:
                    known[text_digest] = vector
        missing = []
        for row, digest in enumerate(digests):
            if digest in known:
                vectors[row] = known[digest]
            else:
                missing.append(row)
        return missing

    def put(self, encoder: str, digests: list[bytes], vectors: Vectors) -> None:
        blobs = [vector.astype("<f4").tobytes() for vector in vectors]
        # In the order of the table, whose pages are then written once.
        rows = sorted((encoder, digest, blob, _checksum(blob)) for digest, blob in zip(digests, blobs, strict=True))
        with self._connection:
            self._connection.executemany("INSERT OR REPLACE INTO embeddings VALUES (?, ?, ?, ?)", rows)


def _checksum(blob: bytes) -> bytes:
    return hashlib.blake2b(blob, digest_size=8).digest()
