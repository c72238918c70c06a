"""What can go wrong between Documents and Hits, and how it is said.

    SearchIndexError
    ├── EncoderError            the encoder's model is missing, damaged or of another kind
    ├── NothingToIndex          the corpus holds no document, and no index was published before
    └── SnapshotError
        ├── SnapshotMissing     nothing has been built yet
        ├── SnapshotDamaged     a file is missing or its checksum differs
        └── SnapshotMismatch    built by another encoder or in another format

Each message is one sentence that names the thing and the mend, fit to be shown to a user.
"""

from __future__ import annotations


class SearchIndexError(Exception):
    """Base of all errors of the package (Python's own `IndexError` is something else)."""


class EncoderError(SearchIndexError):
    """The encoder's model is missing, damaged or of another kind."""


class NothingToIndex(SearchIndexError):
    """The corpus holds no document."""


class SnapshotError(SearchIndexError):
    """No snapshot can be opened, written or published."""


class SnapshotMissing(SnapshotError):
    """Nothing has been built yet."""


class SnapshotDamaged(SnapshotError):
    """A file of the snapshot is missing or is not what was written."""


class SnapshotMismatch(SnapshotError):
    """The snapshot was built by another encoder or in another format."""
