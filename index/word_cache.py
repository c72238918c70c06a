"""What is known of passages' words, kept between builds, so that a rebuild reads and encodes only what is new."""

from __future__ import annotations

import hashlib
import os
import unicodedata
import zipfile
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import resources
from pathlib import Path

import numpy as np

from index.encoder import Encoder, WordEncoder
from index.lexical.folded import DIGEST_BYTES, FoldedPassages
from index.passage import Passage
from index.pieces import Sequences
from index.word_vectors import WordVectors

_FORMAT = 1


def words_path(embeddings: Path | None) -> Path | None:
    """The file beside the cache of vectors."""
    return embeddings and embeddings.with_suffix(".words.npz")


@dataclass(frozen=True, slots=True)
class KnownWords:
    """The words of the passages of one build, and their vectors."""

    folded: FoldedPassages
    vectors: WordVectors
    """Those of `folded.forms`; of no word when the encoder knows none."""

    @classmethod
    def none(cls, dimensions: int) -> KnownWords:
        """Nothing."""
        return cls(FoldedPassages.none(), WordVectors.none(dimensions))

    @classmethod
    def read(cls, path: Path | None, encoder: Encoder) -> KnownWords:
        """What an earlier build by the same encoder and analysis wrote; nothing when there is none or it is damaged."""
        nothing = cls.none(encoder.dimensions)
        if path is None:
            return nothing
        try:
            # The checksums of the archive's members are compared while they are read.
            with path.open("rb") as opened, np.load(opened, allow_pickle=False) as file:
                if bytes(file["key"]) != _key(encoder):
                    return nothing
                forms = bytes(file["forms"]).decode().split("\n") if len(file["forms"]) else []
                digests = [one.tobytes() for one in file["digests"]]
                words = Sequences(file["numbers"], file["starts"])
                known = cls(
                    FoldedPassages(forms, words, digests, np.zeros(len(digests), np.int8)),
                    WordVectors(file["vectors"], file["lengths"]),
                )
        except (OSError, ValueError, KeyError, EOFError, NotImplementedError, zipfile.BadZipFile, zlib.error):
            return nothing
        return known if known._is_whole(encoder) else nothing

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
        """Put this in the place of what was written before; a disk that is full is no reason to fail."""
        if path is None:
            return
        new = path.with_name(f"{path.name}.{os.getpid()}.new")
        try:
            with new.open("wb") as file:
                np.savez(
                    file,
                    key=np.frombuffer(_key(encoder), np.uint8),
                    forms=np.frombuffer("\n".join(self.folded.forms).encode(), np.uint8),
                    numbers=self.folded.words.numbers,
                    starts=self.folded.words.starts,
                    digests=np.frombuffer(b"".join(self.folded.digests), np.uint8).reshape(-1, DIGEST_BYTES),
                    vectors=self.vectors.rounded,
                    lengths=self.vectors.lengths,
                )
            new.replace(path)
        except OSError:
            new.unlink(missing_ok=True)

    def _is_whole(self, encoder: Encoder) -> bool:
        words, forms = self.folded.words, len(self.folded.forms)
        expected = forms if isinstance(encoder, WordEncoder) else 0
        return (
            len(words) == len(self.folded.digests)
            and words.starts[-1] == len(words.numbers)
            and int(words.numbers.max(initial=-1)) < forms
            and self.vectors.rounded.shape == (expected, encoder.dimensions)
        )


def _key(encoder: Encoder) -> bytes:
    """Changes whenever the same passage could have other words or the same word another vector."""
    analysis = (resources.files("index.lexical") / "analysis.py").read_bytes()
    said = f"{_FORMAT} {encoder.digest} {unicodedata.unidata_version} {hashlib.sha256(analysis).hexdigest()}"
    return said.encode()
