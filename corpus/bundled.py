"""Where the corpus lies that comes with the package."""

from __future__ import annotations

from pathlib import Path


def bundled_folder() -> Path:
    """The folder of the bundled pages: Markdown with front matter, in French, English and Spanish."""
    return Path(__file__).parent / "sample"
