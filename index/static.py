"""Texts and words → vectors by a table of token vectors, without torch (tokenizers lives here)."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from index.encoder import Vectors
from index.errors import EncoderError
from index.pieces import Sequences, cut
from index.remembered import Remembered

if TYPE_CHECKING:
    from tokenizers import Tokenizer

TABLE = "model.safetensors"
TOKENIZER = "tokenizer.json"
_BATCH = 32_768
"""Texts that share what is known of their pieces."""
_PIECES = 64
"""So many pieces are put into one text for the tokenizer."""
_FEW = 4096
"""Fewer tokens are sorted; of more, each is marked in the whole table, which takes as long as to sort these."""
_REMEMBERED = 16_384
"""The vectors of so many words, some 16 MB."""
_SMALLEST = np.float32(1e-12)


class StaticEncoder:
    """A text's vector is the sum of its tokens' vectors, of length 1; a word's likewise.

    The folder is a sentence-transformers model of StaticEmbedding and Normalize, its table quantised as model2vec
    does: `embeddings` (tokens, d) int8 times `weights` (tokens,) float32. How much a token weighs in a text is in the
    length of its vector.
    """

    def __init__(
        self, name: str, digest: str, tokenizer: Tokenizer, table: NDArray[np.int8], weights: NDArray[np.float32]
    ) -> None:
        """Hold the opened parts; see `open`."""
        self.name = name
        self.digest = digest
        self._tokenizer = tokenizer
        self._table = table
        self._weights = weights
        self._remembered: Remembered[str, NDArray[np.float32]] = Remembered(_REMEMBERED)

    @classmethod
    def open(cls, folder: Path, name: str = "") -> StaticEncoder:
        """Read the table and the tokenizer of a folder, its name being the folder's unless another is given.

        Raises EncoderError when they are not there or not of this kind.
        """
        from safetensors import SafetensorError
        from safetensors.numpy import load
        from tokenizers import Tokenizer

        try:
            table, tokenizer = (folder / TABLE).read_bytes(), (folder / TOKENIZER).read_bytes()
            tensors = load(table)
            embeddings, weights = tensors["embeddings"], tensors["weights"]
            opened = Tokenizer.from_str(tokenizer.decode())
        except (OSError, SafetensorError, KeyError, UnicodeDecodeError) as error:
            raise EncoderError(
                f"The encoder folder {str(folder)!r} holds no static model ({type(error).__name__}): "
                "train one with `python -m index.training`, or set index.encoder to a folder that has one."
            ) from error
        except Exception as error:  # tokenizers raises nothing more specific
            raise EncoderError(
                f"The tokenizer {str(folder / TOKENIZER)!r} cannot be read: "
                "train the model anew with `python -m index.training`."
            ) from error
        if embeddings.ndim != 2 or weights.shape != embeddings.shape[:1] or opened.get_vocab_size() > len(embeddings):
            raise EncoderError(
                f"The table and the tokenizer of the encoder folder {str(folder)!r} do not belong together: "
                "train the model anew with `python -m index.training`."
            )
        opened.no_padding()
        opened.no_truncation()
        digest = hashlib.sha256(hashlib.sha256(table).digest() + hashlib.sha256(tokenizer).digest()).hexdigest()
        return cls(name or folder.name, digest, opened, embeddings, weights.astype(np.float32))

    @property
    def dimensions(self) -> int:
        """The length of a vector."""
        return int(self._table.shape[1])

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        """`(n, d) float32` unit vectors of questions; zero where a text has no word."""
        return self._encode(texts)

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        """`(n, d) float32` unit vectors of passages or sentences; zero where a text has no word."""
        return self._encode(texts)

    def word_vectors(self, words: Sequence[str]) -> Vectors:
        """`(m, d) float32` unit vectors of words in any of the languages, for late interaction and translation.

        Those of a few words are remembered: the same words are read for question after question.
        """
        if len(words) > _REMEMBERED:
            return self._encode(words)
        known = self._remembered.found(words)
        new = [word for word in dict.fromkeys(words) if word not in known]
        if new:
            found = {word: vector.copy() for word, vector in zip(new, self._encode(new), strict=True)}
            self._remembered.keep(found)
            known |= found
        return np.stack([known[word] for word in words]) if words else self._encode(words)

    def table(self) -> Vectors:
        """`(tokens, d) float32`: the vectors of all tokens, a copy."""
        return self._table.astype(np.float32) * self._weights[:, None]

    def tokens(self, texts: Sequence[str]) -> list[NDArray[np.int64]]:
        """The numbers of the tokens of each text, in their order."""
        encodings = self._tokenizer.encode_batch_fast(list(texts), add_special_tokens=False)
        return [np.asarray(encoding.ids, dtype=np.int64) for encoding in encodings]

    @property
    def tokenizer(self) -> Tokenizer:
        """What cuts texts into tokens."""
        return self._tokenizer

    def _encode(self, texts: Sequence[str]) -> Vectors:
        batches = [list(texts[start : start + _BATCH]) for start in range(0, len(texts), _BATCH)]
        if len(batches) < 2:
            sums = [self._sums(batch) for batch in batches]
        else:
            # Tokenising and summing, most of the work, are done outside Python's lock.
            with ThreadPoolExecutor(os.cpu_count()) as pool:
                sums = list(pool.map(self._sums, batches))
        vectors = np.concatenate([np.zeros((0, self.dimensions), dtype=np.float32), *sums])
        lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
        vectors /= np.maximum(lengths, _SMALLEST)
        return vectors

    def _sums(self, texts: list[str]) -> Vectors:
        """The summed token vectors of each text. Only the rows in use are turned into floats."""
        pieces, of_texts = cut(texts)
        tokens = of_texts.spelt_out(self._tokens_of_pieces(pieces))
        used, columns = self._used(tokens.numbers)
        rows = self._table[used].astype(np.float32) * self._weights[used, None]
        counts = csr_array((np.ones(len(columns), np.float32), columns, tokens.starts), shape=(len(texts), len(used)))
        return np.asarray(counts @ rows, dtype=np.float32)

    def _used(self, tokens: NDArray[np.int32]) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
        """The distinct tokens, ascending, and the place of each token among them."""
        if len(tokens) < _FEW:
            used, places = np.unique(tokens, return_inverse=True)
            return used.astype(np.int64), places.astype(np.int32)
        is_used = np.zeros(len(self._table), dtype=bool)
        is_used[tokens] = True
        return np.flatnonzero(is_used), (np.cumsum(is_used, dtype=np.int32) - 1)[tokens]

    def _tokens_of_pieces(self, pieces: Sequence[str]) -> Sequences:
        """The tokens of pieces of text between blanks: no token, nor what is put in its place, reaches over one.

        A call of the tokenizer costs more than a piece, so that many are put into one text; the place of each token
        there tells which piece it is of.
        """
        lines = [" ".join(pieces[first : first + _PIECES]) for first in range(0, len(pieces), _PIECES)]
        encodings = self._tokenizer.encode_batch(lines, add_special_tokens=False)
        begun = np.cumsum([0, *(len(line) + 1 for line in lines)])
        places = [
            np.fromiter((start for start, _ in encoding.offsets), np.int64, len(encoding)) + before
            for encoding, before in zip(encodings, begun, strict=False)
        ]
        flat = np.concatenate([np.zeros(0, np.int64), *places])
        ends = np.cumsum([len(piece) + 1 for piece in pieces])
        counts = np.bincount(np.searchsorted(ends, flat, side="right"), minlength=len(pieces))
        numbers = np.fromiter(chain.from_iterable(encoding.ids for encoding in encodings), np.int32, count=len(flat))
        return Sequences(numbers, np.concatenate([[0], np.cumsum(counts)]))
