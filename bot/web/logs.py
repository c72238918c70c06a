"""How the server logs: to standard error, without the words of visitors and without their addresses.

The message of an exception may hold what a visitor wrote (a value that could not be read, a row that could not be
kept). Where it was raised and of what kind it is says enough in most cases; the settings can add the message.
"""

from __future__ import annotations

import logging
import sqlite3
import traceback
from types import TracebackType
from typing import Any

from bot.errors import BotError
from corpus.errors import SourceError, StoreError
from index.errors import SearchIndexError

_LEFT_OUT = "(its message may hold a visitor's words and is left out: see server.log_messages)"
# These say what is amiss with a file or a setting, and repeat nothing that was asked.
_PLAIN = (BotError, StoreError, SourceError, SearchIndexError, sqlite3.OperationalError, OSError)
ExceptionInfo = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


class WordlessFormatter(logging.Formatter):
    """Formats an exception as the places it came through and its kind, cause after cause."""

    def format(self, record: logging.LogRecord) -> str:
        """The record in one text; what another formatter has made of its exception is not taken over."""
        kept, record.exc_text = record.exc_text, None
        try:
            return super().format(record)
        finally:
            record.exc_text = kept

    def formatException(self, ei: ExceptionInfo) -> str:
        """Leave out the message of each exception that is none of ours."""
        parts: list[str] = []
        error = ei[1]
        seen: set[int] = set()
        while error is not None and id(error) not in seen:
            seen.add(id(error))
            said = str(error) if isinstance(error, _PLAIN) else _LEFT_OUT
            places = "".join(traceback.format_tb(error.__traceback__))
            parts.append(f"{places}{type(error).__module__}.{type(error).__qualname__}: {said}")
            error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
        return "\nThe cause:\n".join(parts)


def log_config(with_messages: bool) -> dict[str, Any]:
    """The configuration of logging while the server runs; `with_messages` logs exceptions whole."""
    formatter = "logging.Formatter" if with_messages else WordlessFormatter
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"plain": {"()": formatter, "fmt": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
        "handlers": {"errors": {"class": "logging.StreamHandler", "formatter": "plain", "stream": "ext://sys.stderr"}},
        "root": {"handlers": ["errors"], "level": "WARNING"},
        "loggers": {"uvicorn": {"level": "WARNING"}, "uvicorn.error": {"level": "WARNING"}},
    }
