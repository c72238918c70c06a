"""How many questions and requests one address may send: what is beyond is answered with 429 and when to come back."""

from __future__ import annotations

import math
import re
import time

from limits import RateLimitItem, RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter
from starlette.types import Scope

from bot.settings import ServerSettings
from bot.web.visitors import Visitors

# What makes the pipeline work. Votes and pages count as requests.
_QUESTION = re.compile(r"/api/v1/(ask|search)|/v1/chat/completions|/mcp|/[a-z]{2}/gradio_api/queue/join")
# Files that a page loads by the dozen, and what a monitor asks.
_UNCOUNTED = re.compile(r"/static/.+|/widget\.js|/[a-z]{2}/(assets/.+|theme\.css)|/(healthz|readyz)")


class RateLimits:
    """Counts in memory, by a key that is no address. It may be used from several threads."""

    def __init__(self, server: ServerSettings) -> None:
        """Take the limits from the settings; 0 stands for none."""
        self._visitors = Visitors()
        self._limiter = MovingWindowRateLimiter(MemoryStorage())
        self._questions = _per_minute(server.questions_per_minute, "questions")
        self._requests = _per_minute(server.requests_per_minute, "requests")

    def wait(self, scope: Scope) -> int:
        """Count a request; in how many seconds to come back when it is one too many, else 0."""
        path = scope["path"]
        if _UNCOUNTED.fullmatch(path):
            return 0
        asks = scope["method"] == "POST" and _QUESTION.fullmatch(path)
        key = self._visitors.key(scope)
        for limit in (self._requests, self._questions if asks else None):
            if limit is not None and not self._limiter.hit(limit, key):
                reset = self._limiter.get_window_stats(limit, key).reset_time
                return max(1, math.ceil(reset - time.time()))
        return 0


def _per_minute(amount: int, what: str) -> RateLimitItem | None:
    return RateLimitItemPerMinute(amount, namespace=what) if amount else None
