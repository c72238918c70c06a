"""Countries whose names hold the name of another one: Sudan and South Sudan, Guinea and Papua New Guinea."""

from __future__ import annotations

import re
from functools import cache

from babel import Locale

from corpus.document import Language
from index.lexical.analysis import fold, words

_WITHIN = r"[\W_]+"


def without_other_countries(text: str, question: str) -> str:
    """The text without the names of countries that only hold the name of one that the question asks about.

    A question about Sudan is not met by "South Sudan"; one about South Sudan is. Positions in the text are not kept.
    """
    longer = _longer_names()
    asked = " ".join(words(question))
    for short, names in longer.items():
        if re.search(rf"\b{short}\b", asked):
            for name in names:
                if not re.search(_pattern(name), asked):
                    text = re.sub(_pattern(name), " ", fold(text))
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
