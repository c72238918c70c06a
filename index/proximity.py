"""Whether words that stand beside each other in the question stand near each other in a passage.

The unordered windows of the sequential dependence model (Metzler & Croft 2005): a passage on "federal courts" should
beat one that has the two words in different sentences. BM25, MaxSim and pooled vectors all forget where a word stands.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from itertools import pairwise

from corpus.document import Language
from index.lexical.analysis import analyser
from index.lexical.bm25 import LexicalIndex
from index.passage import Passage

_WINDOW = 8
"""Two terms are near each other with so many terms from one to the other, or fewer; stop words do not count."""


Pair = tuple[str, str]
"""Two terms."""


def neighbours(query: str, language: Language, of_passages: Language) -> frozenset[Pair]:
    """The neighbouring terms of a question in `language`, as passages of a language have them."""
    terms = analyser(of_passages).query_terms(query, language)
    return frozenset(pair for pair in pairwise(terms) if pair[0] != pair[1])


def proximity(pairs: Collection[Pair], passage: Passage, lexical: LexicalIndex) -> float:
    """The sum over neighbouring terms of a question that are near each other in a passage; higher is better.

    Each pair counts as much as its less telling term, 0 to 1 (`LexicalIndex.term_weight`).
    """
    asked = {term for pair in pairs for term in pair}
    places: dict[str, list[int]] = defaultdict(list)
    for place, term in enumerate(analyser(passage.language).passage_terms(passage.text) if asked else ()):
        if term in asked:
            places[term].append(place)
    near = [pair for pair in pairs if _near(pair, places)]
    weights = {term: lexical.frequency_weight(term, passage.language) for pair in near for term in pair}
    return sum(min(weights[one], weights[other]) for one, other in near)


def _near(pair: Pair, places: Mapping[str, Sequence[int]]) -> bool:
    one, other = (places.get(term, ()) for term in pair)
    return any(abs(here - there) <= _WINDOW for here in one for there in other)
