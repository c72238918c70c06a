"""Parallel text: pairs of an English text and its translation."""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from corpus.document import Language
from index.training.errors import TrainingError

SENTENCES = {Language.FRENCH: ("fr",), Language.SPANISH: ("es",)}
TERMS = {Language.FRENCH: ("dict_fr", "terms_fr"), Language.SPANISH: ("dict_es", "terms_es")}

# Dictionaries explain in brackets, and after two spaces: "piss   to urinate)". Thesauri number: "6826 electronics".
_BRACKETS = re.compile(r"\{[^}]*\}|\[[^\]]*\]|\([^)]*\)?")
_EXPLANATION = re.compile(r"(?<=\S)\s{2,}.*$")
_NUMBERING = re.compile(r"^\d{4} (?=\D)")


@dataclass(frozen=True, slots=True)
class Pair:
    """An English text and the same in another language."""

    english: str
    translation: str
    language: Language
    is_term: bool
    """From a dictionary or thesaurus: a word or an expression, no sentence."""


def read_pairs(folder: Path) -> list[Pair]:
    """All pairs of a folder, in the order of its files: `fr`, `dict_fr`, `terms_fr`, and likewise `es`, each `.tsv.gz`.

    A line holds its source, the English text and the translation, between tabs. Raises TrainingError when a file is
    missing or a line has another form.
    """
    pairs = []
    for language in SENTENCES:
        for name in SENTENCES[language]:
            pairs += [Pair(*texts, language, False) for texts in _texts(folder / f"{name}.tsv.gz")]
        for name in TERMS[language]:
            cleaned = ((clean_term(a), clean_term(b)) for a, b in _texts(folder / f"{name}.tsv.gz"))
            pairs += [Pair(*texts, language, True) for texts in cleaned]
    return [pair for pair in pairs if pair.english and pair.translation]


def clean_term(text: str) -> str:
    """A dictionary's entry without its explanations and numbering."""
    bare = _BRACKETS.sub(" ", text).strip()
    return _NUMBERING.sub("", _EXPLANATION.sub("", bare)).strip(" ,;:")


def _texts(path: Path) -> Iterator[tuple[str, str]]:
    try:
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            for number, line in enumerate(lines, start=1):
                columns = line.rstrip("\n").split("\t")
                if len(columns) != 3:
                    raise TrainingError(
                        f"Line {number} of {path} has {len(columns)} columns instead of 3: "
                        "write the source, the English text and the translation, between tabs."
                    )
                yield columns[1], columns[2]
    except (OSError, EOFError, UnicodeDecodeError) as error:
        raise TrainingError(
            f"The parallel text {path} cannot be read ({type(error).__name__}): "
            "name the folder with the six files in --parallel."
        ) from error
