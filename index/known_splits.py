"""Where documents were cut, kept between builds: to find their sentences takes longer than all else of a rebuild."""

from __future__ import annotations

import hashlib
from importlib.metadata import version
from itertools import pairwise
from pathlib import Path

import numpy as np

from corpus.document import Document
from corpus.sentences import Span
from index.kept import read_arrays, source_digest, write_arrays
from index.pieces import Sequences
from index.split import passage_spans

_DIGEST_BYTES = 16


class KnownSplits:
    """The spans of passages of one length, read from a file and written to it again."""

    def __init__(self, path: Path | None, key: str, known: dict[bytes, list[int]], passage_characters: int) -> None:
        """Hold what is known; see `read`."""
        self._path = path
        self._key = key
        self._known = known
        self._used: dict[bytes, list[int]] = {}
        self._passage_characters = passage_characters

    @classmethod
    def read(cls, path: Path | None, passage_characters: int) -> KnownSplits:
        """What an earlier build by the same code wrote; nothing when there is none or it is damaged."""
        sources = source_digest(("index", "split.py"), ("index", "sentence_splitter.py"), ("corpus", "sentences.py"))
        key = f"{passage_characters} {version('sentencex')} {sources}"
        arrays = read_arrays(path, key)
        known: dict[bytes, list[int]] = {}
        if arrays:
            bounds, starts = arrays["bounds"].tolist(), arrays["starts"].tolist()
            digests = (one.tobytes() for one in arrays["digests"])
            known = {digest: bounds[start:end] for digest, (start, end) in zip(digests, pairwise(starts), strict=True)}
        return cls(path, key, known, passage_characters)

    def spans(self, document: Document) -> list[Span]:
        """Where the passages of a document begin and end, known or found now."""
        text = f"{document.language}\0{document.text}".encode("utf-8", "surrogatepass")
        digest = hashlib.blake2b(text, digest_size=_DIGEST_BYTES).digest()
        bounds = self._known.get(digest)
        if bounds is None:
            spans = passage_spans(document, self._passage_characters)
            bounds = [bound for span in spans for bound in span]
        if self._path is not None:
            self._used[digest] = bounds
        return [*zip(bounds[::2], bounds[1::2], strict=True)]

    def write(self) -> None:
        """Keep what was used of it."""
        if self._path is not None:
            bounds = Sequences.of([*self._used.values()])
            digests = np.frombuffer(b"".join(self._used), np.uint8).reshape(-1, _DIGEST_BYTES)
            write_arrays(self._path, self._key, {"bounds": bounds.numbers, "starts": bounds.starts, "digests": digests})
