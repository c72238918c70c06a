"""What is known of passages' words, kept between builds, so that a rebuild reads and encodes only what is new."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from index.encoder import Encoder, WordEncoder
from index.kept import Arrays, read_arrays, source_digest, write_arrays
from index.lexical.folded import DIGEST_BYTES, FoldedPassages
from index.passage import Passage
from index.pieces import Sequences
from index.word_vectors import WordVectors


@dataclass(frozen=True, slots=True)
class KnownWords:
    """The words of the passages of one build, and their vectors."""

    folded: FoldedPassages
    vectors: WordVectors
    """Those of `folded.forms`; of no word when the encoder knows none."""

    @classmethod
    def read(cls, path: Path | None, encoder: Encoder) -> KnownWords:
        """What an earlier build by the same encoder and analysis wrote; nothing when there is none or it is damaged."""
        arrays = read_arrays(path, _key(encoder))
        if not arrays:
            return cls(FoldedPassages.none(), WordVectors.none(encoder.dimensions))
        forms = arrays["forms"].tobytes().decode().split("\n") if len(arrays["forms"]) else []
        digests = [one.tobytes() for one in arrays["digests"]]
        words = Sequences(arrays["numbers"], arrays["starts"])
        folded = FoldedPassages(forms, words, digests, np.zeros(len(digests), np.int8))
        return cls(folded, WordVectors(arrays["vectors"], arrays["lengths"]))

    def extended(self, passages: Sequence[Passage], encoder: Encoder, told: Callable[[], None]) -> KnownWords:
        """The same of passages, of which these may be some; `told` is called when words are found and when encoded."""
        folded = FoldedPassages.of(passages, self.folded)
        told()
        vectors = self.vectors
        if isinstance(encoder, WordEncoder):
            vectors = vectors.extended(self.folded.forms, folded.forms, encoder)
        told()
        return KnownWords(folded, vectors)

    def write(self, path: Path | None, encoder: Encoder) -> None:
        """Put this in the place of what was written before."""
        arrays: Arrays = {
            "forms": np.frombuffer("\n".join(self.folded.forms).encode(), np.uint8),
            "numbers": self.folded.words.numbers,
            "starts": self.folded.words.starts,
            "digests": np.frombuffer(b"".join(self.folded.digests), np.uint8).reshape(-1, DIGEST_BYTES),
            "vectors": self.vectors.rounded,
            "lengths": self.vectors.lengths,
        }
        write_arrays(path, _key(encoder), arrays)


def _key(encoder: Encoder) -> str:
    """Changes whenever the same passage could have other words or the same word another vector."""
    return f"{encoder.digest} {source_digest(('index.lexical', 'analysis.py'))}"
