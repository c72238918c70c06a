"""What can go wrong in the making of the encoder."""

from __future__ import annotations

from index.errors import SearchIndexError


class TrainingError(SearchIndexError):
    """The parallel text is missing or of another form."""
