"""What can be tuned in the corpus package."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field


class CorpusSettings(BaseModel):
    """Limits and thresholds of taking pages in."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    max_page_bytes: int = Field(5_000_000, gt=0)
    """A page of more bytes is refused before it is parsed."""

    min_body_characters: int = Field(40, gt=0)
    """A page with less body than this is refused as empty."""

    min_language_probability: float = Field(0.5, ge=0, le=1)
    """A page is refused when no supported language is at least this likely among all languages."""

    repeated_on_pages: int = Field(3, ge=2)
    """A line outside the body that stands on this many pages of a site is navigation."""
