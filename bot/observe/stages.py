"""How long each stage of an answer took."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from typing import ParamSpec, TypeVar

_Given = ParamSpec("_Given")
_Returned = TypeVar("_Returned")

STAGES = ("understand", "retrieve", "read", "decide", "cite", "remembered")
"""An answer that is remembered has the last one alone."""
_seconds: ContextVar[dict[str, float] | None] = ContextVar("stage_seconds", default=None)


def stage(name: str) -> Callable[[Callable[_Given, _Returned]], Callable[_Given, _Returned]]:
    """A decorator: the function is (part of) that stage; its time counts while `timed` is in force."""

    def decorate(function: Callable[_Given, _Returned]) -> Callable[_Given, _Returned]:
        @wraps(function)
        def measured(*given: _Given.args, **named: _Given.kwargs) -> _Returned:
            seconds = _seconds.get()
            if seconds is None:
                return function(*given, **named)
            started = time.perf_counter()
            try:
                return function(*given, **named)
            finally:
                seconds[name] = seconds.get(name, 0.0) + time.perf_counter() - started

        return measured

    return decorate


def add_stages(seconds: Mapping[str, float]) -> None:
    """Count what stages took elsewhere, in another process, while `timed` is in force."""
    here = _seconds.get()
    if here is not None:
        for name, spent in seconds.items():
            here[name] = here.get(name, 0.0) + spent


@contextmanager
def timed() -> Iterator[dict[str, float]]:
    """Collect the seconds of each stage that this thread or task comes to."""
    seconds: dict[str, float] = {}
    token = _seconds.set(seconds)
    try:
        yield seconds
    finally:
        _seconds.reset(token)
