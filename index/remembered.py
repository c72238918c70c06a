"""The last things that were worked out, by what they were asked for (cachetools lives here)."""

from __future__ import annotations

import threading
from collections.abc import Hashable, Iterable, Mapping, MutableMapping
from typing import Generic, TypeVar

from cachetools import LRUCache, TTLCache

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")


class Remembered(Generic[Key, Value]):
    """Values by key, those that were asked for least recently left out. It may be used from several threads."""

    def __init__(self, most: int, seconds: float | None = None) -> None:
        """Keep at most so many, each for so many seconds or, by default, for as long as there is room."""
        self._values: MutableMapping[Key, Value] = LRUCache(most) if seconds is None else TTLCache(most, seconds)
        self._lock = threading.Lock()

    def found(self, keys: Iterable[Key]) -> dict[Key, Value]:
        """The values that are known of these keys."""
        with self._lock:
            known = ((key, self._values.get(key)) for key in keys)
            return {key: value for key, value in known if value is not None}

    def keep(self, values: Mapping[Key, Value]) -> None:
        """Remember these; None is no value."""
        with self._lock:
            self._values.update(values)
