"""The language of a question, also of three words and without accents."""

from __future__ import annotations

import math
import re

from corpus.document import Language
from corpus.language import language_probabilities
from index.lexical.analysis import stop_words, words

# Letters and marks that only one of the three languages uses.
_TELLING_MARKS = {
    Language.SPANISH: re.compile("[¿¡ñÑáíóúÁÍÓÚ]"),
    Language.FRENCH: re.compile("[çœèêàùâîôûëïÇŒÈÊÀ«»]|\\b[ldjnscqLDJNSCQ]['’]|\\bqu['’]"),
}
_NAME = re.compile(r"(?<=\s)[A-ZÀ-Ý]\S*[a-zà-ÿ]\S*")
_WORD_WEIGHT = 1.5
_MARK_WEIGHT = 2.0


def query_language(text: str) -> Language:
    """The likeliest supported language of a question.

    A statistical identifier errs on a few words, where function words ("combien", "who", "los") decide:
    each adds to the logarithm of the identifier's probability, shared among the languages that have it. The letters of
    a name tell of its bearer's language, not of the question's.
    """
    votes = {language: math.log(probability + 0.01) for language, probability in language_probabilities(text).items()}
    for word in set(words(text)):
        having = [language for language in Language if word in stop_words(language)]
        for language in having:
            votes[language] += _WORD_WEIGHT / len(having) ** 2
    unnamed = _NAME.sub("", text)
    for language, mark in _TELLING_MARKS.items():
        if mark.search(unnamed):
            votes[language] += _MARK_WEIGHT
    return max(votes, key=lambda language: votes[language])
