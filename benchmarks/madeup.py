"""Made-up passages in three languages, as many as a benchmark wants, and questions about known ones."""

from __future__ import annotations

import random
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from corpus.document import Document, DocumentKind, Language
from evals.sets import bundled_documents
from evals.testset import Qrel, QuestionSet, Topic
from index.lexical.analysis import stop_words, words

_MAX_CHARACTERS = 950
"""Below the length at which a document would be split into two passages."""
_SENTENCES = (5, 10)
_WORDS = (9, 24)
_TITLE_WORDS = 8
_HEAPS_K, _HEAPS_BETA = 44, 0.49
_QUESTION_WORDS = (4, 9)
_FORM_LENGTHS = range(3, 15)
_BLOCK = 2000
"""How many documents of a language are drawn at a time."""


def made_up_set(passages: int, questions: int = 0, seed: int = 0) -> QuestionSet:
    """Documents of one passage each, and known-item questions; the same seed gives the same text.

    Words are drawn by Zipf's law: the word of rank r has a probability proportional to 1/r. The first ranks are the
    bundled corpus's words by how often it has them; then come made-up ones, so that n words of text hold about
    44 n^0.49 distinct ones (Heaps' law with the constants of Reuters-RCV1: Manning, Raghavan & Schütze 2008, §5.1.1).
    Postings lists are then as long, and word tables as large, as those of real text. A question is made of telling
    words of one document, in its language.
    """
    name = f"made-up-{passages}-{seed}"
    of_language = [_documents(language, passages, seed) for language in Language]
    documents = tuple(next(of_language[number % len(of_language)]) for number in range(passages))
    asked = list(_questions(documents, questions, seed))
    qrels = tuple(Qrel(topic.query_id, document.doc_id, 1) for topic, document in asked)
    return QuestionSet(name, documents, tuple(topic for topic, _ in asked), qrels, digest=name, corpus_digest=name)


def _documents(language: Language, most: int, seed: int) -> Iterator[Document]:
    """Documents of a language without end; every third document of the whole set is one."""
    generator = np.random.default_rng([seed, list(Language).index(language)])
    share = -(-most // len(Language))
    expected = share * (np.mean(range(*_SENTENCES)) * np.mean(range(*_WORDS)) + _TITLE_WORDS)
    vocabulary = _vocabulary(language, round(_HEAPS_K * expected**_HEAPS_BETA), seed)
    likely = np.cumsum(1 / np.arange(1, len(vocabulary) + 1))
    number = list(Language).index(language)
    while True:
        for title, text in _texts(vocabulary, likely / likely[-1], generator, min(share, _BLOCK)):
            yield Document(f"made-up-{number}", "", DocumentKind.RELEASE, language, title, text)
            number += len(Language)


def _texts(
    vocabulary: Sequence[str], cumulated: NDArray[np.float64], generator: np.random.Generator, count: int
) -> Iterator[tuple[str, str]]:
    """So many headlines and texts; their words are drawn all at once."""
    lengths = [generator.integers(*_WORDS, size=generator.integers(*_SENTENCES)) for _ in range(count)]
    total = sum(int(one.sum()) + _TITLE_WORDS for one in lengths)
    drawn = iter([vocabulary[rank] for rank in np.searchsorted(cumulated, generator.random(total)).tolist()])
    for of_sentences in lengths:
        title, *sentences = (
            " ".join([next(drawn) for _ in range(length)]).capitalize() for length in (_TITLE_WORDS, *of_sentences)
        )
        while sum(map(len, sentences)) + 2 * len(sentences) > _MAX_CHARACTERS:
            sentences.pop()
        yield title, " ".join(f"{sentence}." for sentence in sentences)


def _vocabulary(language: Language, size: int, seed: int) -> list[str]:
    """So many words of a language, the most frequent first: the bundled corpus's, then made-up ones."""
    texts = (document.text for document in bundled_documents() if document.language == language)
    counts = Counter(word for text in texts for word in re.findall(r"[^\W_]+", text.lower()))
    found = sorted(counts, key=lambda word: (-counts[word], word))[:size]
    return list(dict.fromkeys([*found, *_forms(found, size - len(found), seed)]))


def _forms(like: Sequence[str], count: int, seed: int) -> Iterator[str]:
    """So many new words, each letter drawn as it follows the two before it in `like`."""
    letters = random.Random(seed)
    following = defaultdict(list)
    for word in filter(str.isalpha, like):
        for position, letter in enumerate(f"{word}$"):
            following[f"^^{word}"[position : position + 2]].append(letter)
    known = set(like)
    while count > 0:
        form = ""
        while not form.endswith("$"):
            form += letters.choice(following[f"^^{form}"[-2:]])
        if len(form) - 1 in _FORM_LENGTHS and form[:-1] not in known:
            known.add(form[:-1])
            count -= 1
            yield form[:-1]


def _questions(documents: Sequence[Document], count: int, seed: int) -> Iterator[tuple[Topic, Document]]:
    """Questions about documents spread over the set, of distinct telling words in the order of the text."""
    generator = np.random.default_rng([seed, len(Language)])
    for number, place in enumerate(np.linspace(0, len(documents) - 1, count, dtype=np.int64).tolist()):
        document = documents[place]
        stop = stop_words(document.language)
        telling = list(dict.fromkeys(word for word in words(document.text) if word not in stop))
        size = min(len(telling), int(generator.integers(*_QUESTION_WORDS)))
        kept = np.sort(generator.choice(len(telling), size=size, replace=False))
        text = " ".join(telling[position] for position in kept)
        yield Topic(f"known-item-{number}", text, document.language), document
