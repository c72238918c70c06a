"""Whether the documents answer a question at all: a calibrated probability, and what rules an answer out.

The weights stand in `models/support.json`, learnt by `python -m evals.fit` from questions with known answers, questions
known to have none, and answerable questions whose documents were taken away.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.linear import LogisticModel
from bot.observe.stages import stage
from bot.order import DIGITS, counts_staff_alone, spells_out, tells_of_founding_alone
from bot.read import Sentence
from bot.stated import stated
from bot.understand import Expected, Understanding
from index.lexical.analysis import analyser, fold

SUPPORT_FEATURES = (
    "reading",  # log-odds of the best sentence
    "margin",  # … over the best sentence of another release, at most 3
    "retrieval",  # score of its passage over the best passage's
    "first_hit",  # its passage is the first hit
    "translated",  # BM25 of its passage over translated terms, which is alike for all languages
    "interaction",  # MaxSim of its passage in deviations from ordinary passages, in tens
    "unmet",  # how far the most telling word is met nowhere around
    "figure",  # it has a figure of the kind that the question asks for; 0.5 when it asks none
    "expected",  # … the person, place, date, reason … likewise
    "name_missing",  # a name or year of the question is met nowhere around
    "number_missing",  # a number of the question stands nowhere around
    "hardly_met",  # hardly a word of the question is met anywhere around, the most telling one not at all
    "contradicted",  # the question states a year, what is around only others
)
_WIDEST_MARGIN = 3.0
_NAME_MET = 0.3
_DEVIATIONS = 10.0
_SHORT = 2
_UNMET = 0.4
_HARDLY_MET = 0.3
_MOSTLY_UNMET = 0.9
_PEOPLE = frozenset(["people", "persons", "personnes", "gens", "personas", "gente"])
_CHIEF = re.compile(r"chiefs? of staff", re.I)
"""One of them is no number of staff."""
_FIRST = re.compile(r"\b(?:first|premiere?|primer[ao]?)\s+(\w+)")
_WHO_WAS_FIRST = re.compile(
    r"\b(?:who (?:was|is) the|qui (?:est|etait|fut|a ete) (?:le|la)|quien (?:es|fue|era) (?:el|la))\s+" + _FIRST.pattern
)


def support_features(understanding: Understanding, sentences: Sequence[Sentence]) -> dict[str, float]:
    """What is known of the support for an answer, by the names in `SUPPORT_FEATURES`; `sentences` are best first."""
    best = sentences[0]
    runner_up = next((other for other in sentences[1:] if _source(other) != _source(best)), None)
    margin = min(_WIDEST_MARGIN, best.score - runner_up.score) if runner_up else _WIDEST_MARGIN
    numbers = {term for term in understanding.terms if term[0].isdigit()} - understanding.years
    return {
        "reading": best.score,
        "margin": margin,
        "retrieval": best.features["retrieval"],
        "first_hit": float(best.hit.rank == 1),
        "translated": best.hit.signals.get("translated", 0.0),
        "interaction": best.hit.deviations.get("interaction", 0.0) / _DEVIATIONS,
        "unmet": best.features["unmet"],
        "figure": best.features["figure"],
        "expected": best.features["expected"],
        "name_missing": float(best.features["weakest_name"] < _NAME_MET),
        "number_missing": float(bool(numbers - _around(best))),
        "hardly_met": float(best.features["context"] < _HARDLY_MET and best.features["unmet"] >= _MOSTLY_UNMET),
        "contradicted": float(contradicted(understanding, best)),
    }


@stage("decide")
def support(understanding: Understanding, sentences: Sequence[Sentence], model: LogisticModel) -> float:
    """The probability that the documents answer the question, 0 to 1."""
    return model.probability(support_features(understanding, sentences)) if sentences else 0.0


def ruled_out(understanding: Understanding, best: Sentence) -> bool:
    """Whether the best sentence must not be stated, however probable it looks."""
    return (
        contradicted(understanding, best)
        or _half_unmet(understanding, best)
        or (understanding.expected in DIGITS and best.features["figure"] == 0)
        or _of_another(understanding, best)
        or _counts_another(understanding, best)
        or tells_of_founding_alone(understanding, best)
        or counts_staff_alone(understanding, best)
        or _another_first(understanding, best)
    )


def contradicted(understanding: Understanding, best: Sentence) -> bool:
    """Whether the question states a year that neither the sentence nor what surrounds it has.

    The figure of another year is a wrong answer, however well the rest agrees.
    """
    if not understanding.years:
        return False
    return not understanding.years & _around(best) or best.features["other_year"] > 0


def _of_another(understanding: Understanding, best: Sentence) -> bool:
    """Whether a question of what the organisation is or does is met by a sentence of what another one is part of."""
    asked = understanding.expected is Expected.DEFINITION and understanding.names_organisation
    return asked and best.features["actor"] == 0 and best.features["expected"] == 0


def _counts_another(understanding: Understanding, best: Sentence) -> bool:
    """Whether a short question asks how many there are of something, and the sentence counts something else.

    People are counted by many names, and by the number alone.
    """
    focus = understanding.focus
    if understanding.expected is not Expected.NUMBER or len(understanding.terms) > _SHORT or best.features["focus"] > 0:
        return False
    if not focus or focus in understanding.names | _PEOPLE or best.document.language is not understanding.language:
        return False
    stem = analyser(understanding.language).passage_terms
    return not set(stem(focus)) & set(stem(_CHIEF.sub(" ", best.text)))


def _another_first(understanding: Understanding, best: Sentence) -> bool:
    """Whether the first of some office is asked for, and the sentence names the first of something else.

    "The first woman to be Director General" was not the first Director General.
    """
    if understanding.expected is not Expected.PERSON or best.document.language is not understanding.language:
        return False
    stem = analyser(understanding.language).passage_terms
    asked = _WHO_WAS_FIRST.search(fold(understanding.text))
    told = [stem(word) for word in _FIRST.findall(fold(best.text))]
    # After a stop word, as in "became the first to", it does not say the first of what.
    return asked is not None and all(of_word and of_word != stem(asked[1]) for of_word in told)


def _half_unmet(understanding: Understanding, best: Sentence) -> bool:
    """Whether a question of one or two telling words has one that is met nowhere near the best sentence.

    A long question can miss a word; of a short one half would be left unanswered.
    """
    if understanding.expected is Expected.DEFINITION and spells_out(understanding, best.text):
        return False
    return len(understanding.terms) <= _SHORT and best.features["unmet"] >= _UNMET


def _around(sentence: Sentence) -> set[str]:
    """The folded words of its headline, passage, date and places."""
    known = stated(sentence.hit.passage, sentence.document)
    return {*known.words, *known.title_words}


def _source(sentence: Sentence) -> str:
    return sentence.hit.passage.edition_key
