"""Countries whose names hold the name of another one: Sudan and South Sudan, Guinea and Papua New Guinea."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from babel import Locale

from corpus.document import Language
from index.lexical.analysis import fold, words

_WITHIN = r"[\W_]+"


Pattern = re.Pattern[str]


def other_countries(question: str) -> tuple[Pattern, ...]:
    """The folded names of countries that only hold the name of one that the question asks about; mostly none.

    A question about Sudan is not met by "South Sudan"; one about South Sudan is.
    """
    of_question = words(question)
    asked = " ".join(of_question)
    patterns = [
        re.compile(_pattern(name)) for word in dict.fromkeys(of_question) for name in _longer_names().get(word, ())
    ]
    return tuple(pattern for pattern in patterns if not pattern.search(asked))


def without(text: str, others: Sequence[Pattern]) -> str:
    """The text without these names; positions in it are not kept."""
    for pattern in others:
        text = pattern.sub(" ", fold(text))
    return text


@cache
def _longer_names() -> dict[str, tuple[str, ...]]:
    """The folded name of a country → the folded names of others that hold it, in all languages."""
    found: dict[str, set[str]] = {}
    for language in Language:
        territories = Locale(language).territories
        names = [words(name) for code, name in territories.items() if len(code) == 2]
        for short in names:
            for name in names:
                if len(short) == 1 < len(name) and short[0] in name:
                    found.setdefault(short[0], set()).add(" ".join(name))
    return {short: tuple(sorted(names)) for short, names in sorted(found.items())}


def _pattern(name: str) -> str:
    return r"\b" + _WITHIN.join(re.escape(word) for word in name.split()) + r"\b"
