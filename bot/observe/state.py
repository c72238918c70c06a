"""What the server's parts say of themselves when the figures are read."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime

from bot.errors import FeedbackError
from bot.feedback import FeedbackLog, Vote
from bot.feedback.selection import Selection
from bot.observe.metrics import ServerState
from bot.settings import Settings
from corpus.errors import StoreError
from corpus.store import CorpusStore
from index.errors import SearchIndexError
from index.snapshot import read_manifest


def server_state(
    settings: Settings, snapshot: Callable[[], str], waiting: Callable[[], int], store: CorpusStore, log: FeedbackLog
) -> ServerState:
    """The state now; a part that cannot be read is left out and never an error."""
    built: datetime | None = None
    changed: datetime | None = None
    votes: dict[str, int] = {}
    is_ready = False
    with suppress(SearchIndexError, StoreError):
        open_one = snapshot()
        changed = store.last_added()
        is_ready = True
        with suppress(ValueError):
            built = datetime.fromisoformat(read_manifest(settings.snapshots_path / open_one).created_at)
    with suppress(FeedbackError):
        counted = log.totals(Selection()).votes
        votes = {str(vote): counted.get(vote, 0) for vote in Vote}
    return ServerState(is_ready, built, changed, waiting(), votes)
