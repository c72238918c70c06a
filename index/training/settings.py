"""What can be tuned in the making of the encoder."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field


class TrainingSettings(BaseModel):
    """The values that the bundled encoder was made with."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    seed: int = 0
    dimensions: int = Field(256, gt=0)
    tokens: int = Field(112_000, gt=0)
    """The rows of the finished table: pieces, stems, and as many whole words as there is room for."""
    pieces: int = Field(20_000, gt=100)
    """How many parts of words are learnt, for words that are not in the table."""
    own_vector_from: int = Field(3, ge=1)
    """How often a word must occur to have something of its own beyond its stem and its pieces."""
    epochs: int = Field(3, gt=0)
    batch: int = Field(1024, gt=1)
    learning_rate: float = Field(0.02, gt=0)
    """Falls to zero in a straight line."""
    scale: float = Field(20.0, gt=0)
    """What cosines are multiplied by in the softmax (the inverse of its temperature)."""
    sentence_words: int = Field(20, gt=3)
    """Of a longer sentence, this many words drawn at random are read each time."""
    term_rounds: int = Field(3, ge=1)
    """How often the terms of the dictionaries are read in each epoch."""


class FurtherSettings(BaseModel):
    """The values with which an encoder is trained further on an organisation's own text."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    seed: int = 0
    epochs: int = Field(5, gt=0)
    batch: int = Field(256, gt=1)
    learning_rate: float = Field(0.003, gt=0)
    """Falls to zero in a straight line. The rows of the bundled table are about 1 long."""
    scale: float = Field(20.0, gt=0)
