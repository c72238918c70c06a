"""Text → terms: folding, stop words and stemming by language."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from functools import cache, lru_cache

import Stemmer
from bm25s.stopwords import STOPWORDS_FRENCH, STOPWORDS_SPANISH

from corpus.document import Language
from index.pieces import Sequences, cut

_STEMMERS = {Language.FRENCH: "french", Language.ENGLISH: "english", Language.SPANISH: "spanish"}

# bm25s brings Snowball's lists for French and Spanish; its English one has 33 words, too few for questions.
_ENGLISH = """a about above after again all am an and any are as at be because been before being below between both but by can
could did do does doing down during each few for from further had has have having he her here hers him his how i if in into is it
its itself just me more most my no nor not now of off on once only or other our out over own same she should so some such than that
the their theirs them then there these they this those through to too under until up us very was we were what when where which while
who whom whose why will with would you your"""

# Words that make a sentence a question say nothing about what it is about.
_QUESTION_WORDS = {
    Language.FRENCH: """combien comment pourquoi quand quel quelle quelles quels quoi où qui que dont lequel laquelle lesquels
    cet cette ceux celle celui celles là si ni plus moins très aussi selon fait faire faut peut peuvent entre sans sous vers chez
    depuis avant après pendant dit dis donc alors puis être avoir eu ont-ils est-ce lors ainsi comme tout tous toute toutes""",
    Language.ENGLISH: "how what when where which who whom whose why many much did does tell know please",
    Language.SPANISH: """cuánto cuánta cuántos cuántas cuándo cómo dónde quién quiénes qué cuál cuáles por si según fueron cada
    hace hacer puede pueden desde hasta sido ser tras así aún dice dijo""",
}

# "4 592", "4,592" and "4.592" are one number; "7,9" and "7.9" are another.
# Each pattern begins with what is rare in text, and looks behind it afterwards: so most of a text is passed over fast.
_GROUPED_NUMBER = re.compile(r"\d(?<![\d.,]\d)\d{0,2}(?:[ \u00a0\u202f.,]\d{3})+(?!\d)")
_DECIMAL_COMMA = re.compile(r",(?<=\d,)(?=\d)")
_FRENCH_PARTICIPLE = re.compile(r"(?<=\w{2})ees?$")
_NOT_ASCII = re.compile(r"[^\x00-\x7f]+")
_WORD = re.compile(r"\d+(?:\.\d+)?|[^\W\d_]+")


def fold(text: str) -> str:
    """Lower case, without accents or compatibility forms; numbers written one way."""
    return _folded(_ungrouped(text))


def _ungrouped(text: str) -> str:
    return _GROUPED_NUMBER.sub(lambda match: re.sub(r"\D", "", match.group()), text)


def _folded(text: str) -> str:
    text = _DECIMAL_COMMA.sub(".", text)
    decomposed = unicodedata.normalize("NFKD", text.casefold().replace("œ", "oe").replace("æ", "ae"))
    # Few characters are not ASCII: a build of an index looks at these alone, and at each stretch of them once.
    return _NOT_ASCII.sub(lambda match: _unmarked(match.group()), decomposed)


@lru_cache(maxsize=4096)
def _unmarked(text: str) -> str:
    return "".join(character for character in text if not unicodedata.combining(character))


def words(text: str) -> list[str]:
    """The folded words and numbers of a text, in order."""
    return _WORD.findall(fold(text))


def numbered_words(texts: Iterable[str], numbers: dict[str, int]) -> Sequences:
    """The numbers of the folded words of each text, as `words` gives them; new words are added to `numbers`.

    Only grouped numbers reach over a blank, so that all else is done once for each distinct piece between blanks.
    """
    pieces, of_texts = cut(map(_ungrouped, texts))
    lists = [
        [numbers.setdefault(word, len(numbers)) for word in ((piece,) if piece.isalpha() else _WORD.findall(piece))]
        for piece in _folded("\n".join(pieces)).split("\n")
    ]
    return of_texts.spelt_out(Sequences.of(lists))


@cache
def stop_words(language: Language) -> frozenset[str]:
    """The folded words of a language that say nothing about what a text is about."""
    base = {
        Language.FRENCH: " ".join(STOPWORDS_FRENCH),
        Language.ENGLISH: _ENGLISH,
        Language.SPANISH: " ".join(STOPWORDS_SPANISH),
    }[language]
    return frozenset(words(f"{base} {_QUESTION_WORDS[language]}"))


class Analyser:
    """The terms of texts in one language. Terms are comparable only between texts analysed for the same language."""

    def __init__(self, language: Language) -> None:
        """Analyse for `language`."""
        self._language = language
        # Without its cache, which is slower than stemming when a vocabulary is larger than it.
        self._stemmer = Stemmer.Stemmer(_STEMMERS[language], 0)
        self._stop = stop_words(language)

    def passage_terms(self, text: str) -> list[str]:
        """The terms of a passage in the analyser's language."""
        return self._stems(word for word in words(text) if word not in self._stop)

    def word_terms(self, folded: Sequence[str]) -> list[str | None]:
        """The term of each word that `words` gave, None for a stop word."""
        stems = self._stems(folded)
        return [None if word in self._stop else stem for word, stem in zip(folded, stems, strict=True)]

    def query_terms(self, text: str, language: Language) -> list[str]:
        """The terms of a question, which may be in another `language`: the stop words of both are left out."""
        foreign = stop_words(language)
        return self._stems(word for word in words(text) if word not in self._stop and word not in foreign)

    def _stems(self, kept: Iterable[str]) -> list[str]:
        if self._language is Language.FRENCH:
            # Without its accent the stemmer no longer knows the feminine participle: "déplacées", "deplacee".
            # Only these words end so: the pattern alone would take most of the time.
            kept = (_FRENCH_PARTICIPLE.sub("e", word) if word.endswith(("ee", "ees")) else word for word in kept)
        stems: list[str] = self._stemmer.stemWords(list(kept))
        return stems


@cache
def analyser(language: Language) -> Analyser:
    """The analyser of a language, made once."""
    return Analyser(language)
