"""What can be tuned in the corpus package."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field


class FetchSettings(BaseModel):
    """How pages are fetched from the web."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    agent: str = Field("orgbot", pattern=r"^[A-Za-z][A-Za-z_-]*$")
    """The name that robots.txt knows the program by."""

    contact: str = ""
    """An address, of a page or of mail, where a site's owner finds who fetches."""

    delay_seconds: float = Field(1.0, ge=0)
    """The pause between two requests to one host; a longer Crawl-delay of its robots.txt is kept."""

    deadline_seconds: float = Field(30.0, gt=0)
    """One page, with its redirects, must have arrived by then."""

    max_redirects: int = Field(10, ge=0)

    max_listing_bytes: int = Field(50_000_000, gt=0)
    """A sitemap or feed of more bytes, unpacked, is refused."""

    max_addresses: int = Field(100_000, gt=0)
    """A source that lists more is refused."""

    retries: int = Field(3, ge=0)
    """So often is one request tried again after a failure that may pass."""

    retry_budget: int = Field(50, ge=0)
    """So often in a whole sync."""

    max_wait_seconds: float = Field(120.0, ge=0)
    """A site that asks for a longer wait is left alone until the next sync."""

    allow_loopback: bool = False
    """Let addresses lead to this very machine: for tests only."""


class CorpusSettings(BaseModel):
    """Limits and thresholds of taking pages in."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    max_page_bytes: int = Field(5_000_000, gt=0)
    """A page of more bytes is refused before it is parsed."""

    max_read_seconds: float = Field(30, gt=0)
    """Reading one HTML, PDF or DOCX page is broken off after so many seconds."""

    max_reader_bytes: int = Field(2_000_000_000, ge=500_000_000)
    """The process that reads such pages may take so many bytes of address space, its libraries included."""

    max_unpacked_bytes: int = Field(50_000_000, gt=0)
    """A DOCX whose parts have more bytes than this together, unpacked, is refused unread."""

    min_body_characters: int = Field(40, gt=0)
    """A page with less body than this is refused as empty."""

    min_language_probability: float = Field(0.5, ge=0, le=1)
    """A page is refused when no supported language is at least this likely among all languages."""

    repeated_on_pages: int = Field(3, ge=2)
    """A line outside the body that stands on this many pages of a site is navigation."""

    fetch: FetchSettings = FetchSettings()
