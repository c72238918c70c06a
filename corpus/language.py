"""Which language a text is in (py3langid lives here)."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from corpus.document import Language

if TYPE_CHECKING:
    from py3langid.langid import LanguageIdentifier


@cache
def _identifier() -> LanguageIdentifier:
    # Imported here: unpacking the model costs half a second, which `orgbot --help` need not pay.
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)


def identify(text: str) -> tuple[str, float]:
    """The likeliest of all languages known to the model, as its ISO 639-1 code, and its probability."""
    code, probability = _identifier().classify(text)
    return str(code), float(probability)


def language_probabilities(text: str) -> dict[Language, float]:
    """The probability of each supported language, given that the text is in one of them."""
    ranked = {code: float(probability) for code, probability in _identifier().rank(text)}
    total = sum(ranked[language] for language in Language)
    if total == 0:
        return dict.fromkeys(Language, 1 / len(Language))
    return {language: ranked[language] / total for language in Language}
