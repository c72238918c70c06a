"""The sentences that the pipeline itself says, in the language of the question."""

from __future__ import annotations

import json
from functools import cache
from importlib import resources

from corpus.document import Language


def message(language: Language, key: str, **values: int) -> str:
    """The sentence of that key in `messages.json`, its `{names}` filled in."""
    return _messages()[language][key].format(**values)


def keys(language: Language) -> set[str]:
    """The keys of all sentences in a language; raises KeyError when it has none."""
    return set(_messages()[language])


@cache
def _messages() -> dict[str, dict[str, str]]:
    loaded: dict[str, dict[str, str]] = json.loads((resources.files("bot") / "messages.json").read_text("utf-8"))
    return loaded
