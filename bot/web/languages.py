"""Which language a visitor reads."""

from __future__ import annotations

from starlette.requests import Request

from corpus.document import Language

DEFAULT_LANGUAGE = Language.ENGLISH


def visitor_language(request: Request) -> Language:
    """The language named in the address (`lang`), else the one that the browser prefers, else English."""
    named = request.query_params.get("lang", "")
    if named in set(Language):
        return Language(named)
    return preferred_language(request.headers.get("accept-language", ""))


def preferred_language(header: str) -> Language:
    """The best of our languages by an Accept-Language header (RFC 9110, 12.5.4)."""
    best, best_weight = DEFAULT_LANGUAGE, 0.0
    for choice in header.split(","):
        tag, _, weight_text = choice.partition(";")
        primary = tag.strip().lower().split("-")[0]
        weight = _weight(weight_text)
        if primary in set(Language) and weight > best_weight:
            best, best_weight = Language(primary), weight
    return best


def _weight(parameter: str) -> float:
    name, _, value = parameter.strip().partition("=")
    if name.strip().lower() != "q":
        return 1.0
    try:
        return float(value)
    except ValueError:
        return 0.0
