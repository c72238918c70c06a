"""Times the steps of a build."""

from __future__ import annotations

import time
from collections.abc import Callable


class Stopwatch:
    """A build's Progress that notes when each step begins, by the clock or by another one."""

    def __init__(self, now: Callable[[], float] = time.perf_counter) -> None:
        """Take the time, in seconds, from `now`."""
        self._now = now
        self._begun: list[tuple[str, float]] = []

    def step(self, name: str, total: int) -> None:  # noqa: ARG002
        """A step begins."""
        self._begun.append((name, self._now()))

    def advance(self, units: int) -> None:
        """Nothing is noted within a step."""

    def seconds(self) -> dict[str, float]:
        """The seconds of each step, the last of which ends now."""
        ends = [*(moment for _, moment in self._begun[1:]), self._now()]
        return {name: round(end - begun, 2) for (name, begun), end in zip(self._begun, ends, strict=True)}
