"""Structured logs (structlog lives here): one event a line, ours and those of libraries alike.

No event holds the words of a question. An unforeseen error may repeat them in its message, so of such an error only
its kind and its place are logged, unless the settings say otherwise; of a library's event, the first line.
"""

from __future__ import annotations

import logging
import sqlite3
import sys
import traceback
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any, TextIO

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

from bot.errors import BotError
from bot.settings import LogSettings
from corpus.errors import SourceError, StoreError
from index.errors import SearchIndexError

OURS = ("bot", "corpus", "index")
MAX_FOREIGN_CHARACTERS = 200
_PLAIN = (BotError, StoreError, SourceError, SearchIndexError, sqlite3.OperationalError, OSError)
"""Errors whose messages name files and settings, never a visitor's words."""
_MOST_FRAMES = 12
_MOST_CAUSES = 4


def configure(settings: LogSettings, stream: TextIO | None = None) -> None:
    """Send all events of this process to `stream` (standard error), as the settings say.

    With the format `auto` they are lines for people on a terminal, and JSON elsewhere.
    """
    stream = stream or sys.stderr
    as_json = settings.format == "json" or (settings.format == "auto" and not stream.isatty())
    level = logging.getLevelNamesMapping()[settings.level.upper()]
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    renderer: Processor = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if as_json
        else structlog.dev.ConsoleRenderer(colors=stream.isatty())
    )
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=shared,
        processors=[
            _in_few_words,
            partial(_error_in_text, settings.messages),
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            renderer,
        ],
    )
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *shared,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        wrapper_class=structlog.stdlib.BoundLogger,
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(stream)
    handler.setFormatter(formatter)
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(max(level, logging.WARNING))
    for name in OURS:
        logging.getLogger(name).setLevel(level)
    logging.captureWarnings(True)


def log(name: str, event: str, level: str = "info", /, **fields: object) -> None:
    """One event of ours; fields are figures, names and ids, never words of a visitor."""
    number = logging.getLevelNamesMapping()[level.upper()]
    if structlog.is_configured():
        structlog.stdlib.get_logger(name).log(number, event, **fields)
    else:  # inside another program, whose logging is its own matter
        logging.getLogger(name).log(number, "%s %s", event, fields)


def begin_request(**fields: str) -> None:
    """From here on, each event of this task carries these fields and none of an earlier request's."""
    structlog.contextvars.clear_contextvars()
    structlog.contextvars.bind_contextvars(**fields)


def request_fields() -> dict[str, str]:
    """What `begin_request` was given, for another process to begin with."""
    return {name: str(value) for name, value in structlog.contextvars.get_contextvars().items()}


def of_request(name: str) -> str:
    """A field that `begin_request` was given; empty outside of a request."""
    return str(structlog.contextvars.get_contextvars().get(name, ""))


def _in_few_words(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    """A library may log what it was sent, such as a request that it could not read."""
    name = str(event.get("logger", ""))
    if name.partition(".")[0] not in OURS:
        lines = str(event.get("event", "")).splitlines() or [""]
        event["event"] = lines[0][:MAX_FOREIGN_CHARACTERS]
    return event


def _error_in_text(with_messages: bool, _: WrappedLogger, __: str, event: EventDict) -> EventDict:
    found: Any = event.pop("exc_info", None)
    error = sys.exception() if found is True else found[1] if isinstance(found, tuple) else found
    event.pop("exc_text", None)
    if isinstance(error, BaseException):
        event["exception"] = "\n".join(_told(error, BaseException if with_messages else _PLAIN))
    return event


def _told(error: BaseException, plain: type[BaseException] | tuple[type[BaseException], ...]) -> Iterator[str]:
    for _ in range(_MOST_CAUSES):
        said = f": {error}" if isinstance(error, plain) else ""
        yield f"{type(error).__module__}.{type(error).__qualname__}{said}"
        for frame in traceback.extract_tb(error.__traceback__)[-_MOST_FRAMES:]:
            yield f"  {'/'.join(Path(frame.filename).parts[-3:])}:{frame.lineno} in {frame.name}"
        cause = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
        if cause is None:
            return
        error = cause
