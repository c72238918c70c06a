"""Made-up passages in three languages, as many as a benchmark wants."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

import numpy as np

from corpus.document import Document, DocumentKind, Language
from evals.sets import bundled_documents
from evals.testset import QuestionSet

_MAX_CHARACTERS = 950
"""Below the length at which a document would be split into two passages."""
_SENTENCES = (3, 8)
_WORDS = (9, 24)


def made_up_set(passages: int, seed: int = 0) -> QuestionSet:
    """A corpus without questions, of documents of one passage each; the same seed gives the same text.

    The words are the bundled corpus's, drawn by Zipf's law: the word of rank r has a probability proportional
    to 1/r, ranks by how often the corpus has the word. Postings lists are then as long as those of real text.
    """
    name = f"made-up-{passages}-{seed}"
    return QuestionSet(name, tuple(_documents(passages, seed)), (), (), digest=name, corpus_digest=name)


def _documents(count: int, seed: int) -> Iterator[Document]:
    """So many documents, the languages in turn."""
    generator = np.random.default_rng(seed)
    words = {language: _vocabulary(language) for language in Language}
    odds = {language: _zipf(len(found)) for language, found in words.items()}
    for number in range(count):
        language = list(Language)[number % len(Language)]
        sentences = []
        for _ in range(generator.integers(*_SENTENCES)):
            drawn = generator.choice(words[language], size=generator.integers(*_WORDS), p=odds[language])
            sentences.append(" ".join(drawn).capitalize() + ".")
        while len(" ".join(sentences)) > _MAX_CHARACTERS:
            sentences.pop()
        title = " ".join(generator.choice(words[language], size=8, p=odds[language])).capitalize()
        yield Document(f"made-up-{number}", "", DocumentKind.RELEASE, language, title, " ".join(sentences))


def _vocabulary(language: Language) -> list[str]:
    """The words of the bundled corpus in a language, the most frequent first."""
    texts = (document.text for document in bundled_documents() if document.language == language)
    counts = Counter(word for text in texts for word in re.findall(r"[^\W_]+", text.lower()))
    return sorted(counts, key=lambda word: (-counts[word], word))


def _zipf(count: int) -> np.typing.NDArray[np.float64]:
    weights = 1 / np.arange(1, count + 1)
    return np.asarray(weights / weights.sum())
