"""Where in the lines of a page its headline and its body are."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice

from corpus.document import DocumentKind
from corpus.extract import boilerplate
from corpus.extract.boilerplate import is_beside_headline, is_bullet, is_glued_menu, is_prose, word_count
from corpus.extract.contact import reaches_someone
from corpus.extract.dateline import read_dateline
from corpus.extract.kind import is_question, kind_of_label

MIN_WORDS_AFTER_DATELINE = 6
HEADLINE_WORDS = range(4, 36)
MAX_DATELINES = 50
"""So many lines with a dateline are weighed as openings of the body."""
LEAD_LINES = 5
"""At most so many lines of a lead stand between headline and dateline."""
NAVIGATION = -12
"""What a line that is surely navigation weighs."""
LINES_ABOVE_BODY = 14
"""So many lines above the body are searched for the headline."""

_OPENING_SUBHEADING = re.compile(
    r"(?:contexte|background|overview|introduction|présentation|presentación|presentation|summary|résumé"
    r"|resumen|antecedentes|contexto|introducción"
    r"|en bref|in brief|key points|points clés|puntos clave|highlights|panorama|aperçu)\s*:?",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Layout:
    """Where things are: `lines[start:end]` is the body; what lies between headline and start is no body."""

    headline: int | None
    start: int
    end: int


def line_weights(lines: Sequence[str], repeated: frozenset[str]) -> list[int]:
    """How much each line speaks for (above 0) or against (below 0) being of the body."""
    return [_weight(line, lines[place - 1] if place else "", line in repeated) for place, line in enumerate(lines)]


def _weight(line: str, before: str, is_repeated: bool) -> int:
    words = word_count(line)
    if boilerplate.is_navigation(line) or is_glued_menu(line, before) or is_repeated:
        return NAVIGATION
    if boilerplate.is_footer(line):
        return NAVIGATION
    if is_bullet(line):
        return 4 if words >= 12 or boilerplate.ends_sentence(line) else -2
    if is_question(line) and words >= 3:
        return 5
    if is_prose(line):
        return min(words, 40)
    return 2 if boilerplate.ends_sentence(line) else -3 if words >= 5 else -4


def find_layout(lines: Sequence[str], weights: Sequence[int], repeated: frozenset[str]) -> Layout | None:
    """The body begins at a dateline, or else is the stretch of lines with the most weight."""
    best_start, best_end, best = _heaviest(weights)
    opening = (place for place in range(len(lines)) if _opens(lines, weights, place))
    dated = [(place, _heaviest_from(place, lines, weights)) for place in islice(opening, MAX_DATELINES)]
    if dated:
        place, (weight, end) = max(dated, key=lambda entry: (entry[1][0], -entry[0]))
        # A dateline that only opens a teaser beside a longer text does not count.
        if weight * 2 >= best:
            return Layout(*_above_dateline(lines, weights, place, repeated), end)
    if best <= 0:
        return None
    start, end = best_start, _heaviest_from(best_start, lines, weights)[1]
    headline, start = _above_prose(lines, start, end, repeated)
    return Layout(headline, start, max(end, best_end) if end <= start else end)


def _heaviest(weights: Sequence[int]) -> tuple[int, int, int]:
    """Start, end and sum of the heaviest stretch (Kadane's algorithm)."""
    best = (0, 0, 0)
    start = total = 0
    for place, weight in enumerate(weights):
        if total <= 0:
            start, total = place, 0
        total += weight
        if total > best[2]:
            best = (start, place + 1, total)
    return best


def _heaviest_from(start: int, lines: Sequence[str], weights: Sequence[int]) -> tuple[int, int]:
    """Weight and end of the heaviest stretch that begins at `start` and does not reach into the footer."""
    best, end, total, prose = 0, start + 1, 0, 0
    is_unbroken = True
    for place in range(start, len(lines)):
        if prose and weights[place] == NAVIGATION and boilerplate.is_footer(lines[place]):
            break
        total += weights[place]
        prose += weights[place] > 5
        is_unbroken = is_unbroken and weights[place] > NAVIGATION
        # Prose below a long list of short lines still belongs to the body, unless navigation stands between.
        if total > best or (is_unbroken and weights[place] > 5):
            best, end = max(best, total), place + 1
    return best, end


def _opens(lines: Sequence[str], weights: Sequence[int], place: int) -> bool:
    """Whether a body with a dateline begins with this line."""
    line = lines[place]
    dateline = None if is_bullet(line) or boilerplate.is_navigation(line) else read_dateline(line)
    if dateline is None or is_glued_menu(line, lines[place - 1] if place else ""):
        return False
    following = line[dateline.end :]
    if dateline.date is not None and not following:
        below = weights[place + 1 : place + 4]
        # A salutation may come before the text; what reads like a headline has its text below itself.
        is_followed = bool(below) and (below[0] > 5 or lines[place + 1].endswith((",", ":")))
        return is_followed and max(below) > 5 and NAVIGATION not in below
    return word_count(following) >= MIN_WORDS_AFTER_DATELINE and (dateline.date is not None or is_prose(line))


def _above_dateline(
    lines: Sequence[str], weights: Sequence[int], place: int, repeated: frozenset[str]
) -> tuple[int | None, int]:
    """Headline and start of a body whose dateline stands at `place`; a lead paragraph may stand above it."""
    start = place
    while start and _is_lead(lines[start - 1], weights[start - 1]):
        start -= 1
    if start == 0 or place - start > LEAD_LINES:
        start = place  # prose up to the top, or too much of it, is no lead
    headline = _headline_above(lines, start, repeated, at_least=HEADLINE_WORDS.start)
    if headline is None:
        headline = _headline_above(lines, start, repeated, at_least=1)
    if headline is None and start < place:
        return start, place
    if headline is None and place and not is_beside_headline(lines[place - 1]):
        headline = place - 1
    return headline, start


def _is_lead(line: str, weight: int) -> bool:
    """Whether the line is a whole sentence that may stand between headline and dateline, or an item of a summary."""
    is_sentence = weight > 5 or (is_bullet(line) and weight > 0)
    return is_sentence and boilerplate.ends_sentence(line) and not is_question(line) and not is_beside_headline(line)


def _above_prose(lines: Sequence[str], start: int, end: int, repeated: frozenset[str]) -> tuple[int | None, int]:
    """Headline and start of a body without a dateline."""
    questions = sum(map(is_question, lines[start:end]))
    if is_question(lines[start]) and questions == 1 and end - start > 1:
        return start, start + 1
    if _is_menu_entry_as_title(lines, start - 1):
        return start - 1, start
    headline = _headline_above(lines, start, repeated, at_least=1, allow_labels=True)
    if (
        headline is None
        and end - start > 1
        and (is_question(lines[start]) or not boilerplate.ends_sentence(lines[start]))
    ):
        return start, start + 1
    if headline is None and start and not boilerplate.is_clutter(lines[start - 1]) and word_count(lines[start - 1]):
        return start - 1, start
    if headline is not None and _OPENING_SUBHEADING.fullmatch(lines[headline]):
        above = _headline_above(lines, headline, repeated, at_least=2, allow_labels=True)
        if above is not None:
            return above, headline
    # Below a headline that the page's title names, the first line that belongs to neither is a sub-heading.
    if headline is not None:
        start = next((place for place in range(headline + 1, start) if not is_beside_headline(lines[place])), start)
    return headline, start


def _is_menu_entry_as_title(lines: Sequence[str], place: int) -> bool:
    """Whether a page is titled like an entry of its own menu: "Notre travail" there, and again above the body."""
    if place < 2 or not boilerplate.is_navigation(lines[place]) or boilerplate.is_clutter(lines[place]):
        return False
    return lines[place] in lines[: place - 1] and lines[place] != lines[place - 1]


def _headline_above(
    lines: Sequence[str], start: int, repeated: frozenset[str], *, at_least: int, allow_labels: bool = False
) -> int | None:
    """The nearest line above `start` that can be a headline, one named in the page's title first."""
    window = range(start - 1, max(-1, start - 1 - LINES_ABOVE_BODY), -1)
    candidates = [place for place in window if _can_be_headline(lines, place, at_least, allow_labels)]
    counts = Counter(lines)
    for place in candidates:
        if _is_announced(lines, place, counts):
            return place
    near = [place for place in candidates if start - place <= (6 if at_least > 1 else 4)] or candidates[:1]
    return next((place for place in near if lines[place] not in repeated), near[0] if near else None)


def _can_be_headline(lines: Sequence[str], place: int, at_least: int, allow_labels: bool) -> bool:
    line, words = lines[place], word_count(lines[place])
    if not at_least <= words < HEADLINE_WORDS.stop or is_bullet(line) or line.endswith((".", ";", ",")):
        return False
    if is_glued_menu(line, lines[place - 1] if place else ""):
        return False
    if allow_labels and kind_of_label(line) in (DocumentKind.ABOUT, DocumentKind.FAQ):
        return True
    return not is_beside_headline(line) and not reaches_someone(line)


def _is_announced(lines: Sequence[str], place: int, counts: Counter[str]) -> bool:
    """Whether the line stands elsewhere on the page, too: as its title or at the end of a breadcrumb."""
    line = lines[place]
    # Menus repeat their entries in pairs; a headline's other copy stands farther off.
    if (
        word_count(line) >= HEADLINE_WORDS.start
        and counts[line] > 1
        and line not in lines[max(0, place - 1) : place]
        and line not in lines[place + 1 : place + 2]
    ):
        return True
    if word_count(line) < 2:
        return False
    title_or_breadcrumb = re.compile(rf"{re.escape(line)}\s[|–—-]\s.{{2,80}}|.{{2,120}}\s[>»›/|]\s{re.escape(line)}")
    return any(title_or_breadcrumb.fullmatch(other) for other in lines[:place])
