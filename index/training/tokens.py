"""The tokenizer: a text's folded words, each whole if the table has it, else in the longest parts that it has."""

from __future__ import annotations

import heapq
import math
from collections import Counter
from collections.abc import Iterable, Mapping
from itertools import pairwise

from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers

UNKNOWN = "[UNK]"
INSIDE = "##"
"""Marks the parts of a word that do not begin it, as WordPiece does."""
_LONGEST = 64

_Neighbours = tuple[str, str]


def word_tokenizer(tokens: Iterable[str]) -> Tokenizer:
    """A tokenizer with these tokens, numbered in their order. It folds a text as `index.lexical.analysis` does."""
    tokenizer = Tokenizer(
        models.WordPiece(
            {token: number for number, token in enumerate(tokens)},
            unk_token=UNKNOWN,
            continuing_subword_prefix=INSIDE,
            max_input_chars_per_word=_LONGEST,
        )
    )
    tokenizer.normalizer = normalizers.Sequence(
        [
            normalizers.Lowercase(),
            *(normalizers.Replace(letter, plain) for letter, plain in (("œ", "oe"), ("æ", "ae"), ("ß", "ss"))),
            normalizers.Replace(Regex("(?<=\\d)[,.\u00a0\u202f\u2009](?=\\d{3}(?!\\d))"), ""),
            normalizers.Replace(Regex(r"(?<=\d),(?=\d)"), "."),
            normalizers.NFKD(),
            normalizers.StripAccents(),
        ]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Split(Regex(r"\d+(?:\.\d+)?|[^\W\d_]+"), behavior="removed", invert=True)
    return tokenizer


def frequent_parts(words: Mapping[str, int], size: int) -> list[str]:
    """At most `size` parts of words: every letter, then what arises from joining the commonest neighbours, in turn.

    Byte-pair encoding (Sennrich et al. 2016) with words counted by the logarithm of their number: what matters are the
    words that are yet to be seen. The trainers of `tokenizers` would be quicker, but give other parts each time.
    """
    weights = [1 + int(math.log2(count)) for count in words.values()]
    splits = [[word[0], *(INSIDE + letter for letter in word[1:])] for word in words]
    parts = sorted({part for split in splits for part in split})
    counts: Counter[_Neighbours] = Counter()
    where: dict[_Neighbours, set[int]] = {}
    for number, split in enumerate(splits):
        for pair in pairwise(split):
            counts[pair] += weights[number]
            where.setdefault(pair, set()).add(number)
    queue = [(-count, pair) for pair, count in counts.items()]
    heapq.heapify(queue)
    known = set(parts)
    while queue and len(parts) < size:
        count, pair = heapq.heappop(queue)
        if -count != counts[pair]:
            continue  # It has been counted anew since, and queued with that count.
        joined = pair[0] + pair[1].removeprefix(INSIDE)
        if joined not in known:
            known.add(joined)
            parts.append(joined)
        changed = set()
        for number in where.pop(pair):
            old = splits[number]
            splits[number] = new = _join(old, pair, joined)
            for neighbours in pairwise(old):
                counts[neighbours] -= weights[number]
                changed.add(neighbours)
            for neighbours in pairwise(new):
                counts[neighbours] += weights[number]
                where.setdefault(neighbours, set()).add(number)
                changed.add(neighbours)
        for neighbours in changed:
            if counts[neighbours] > 0:
                heapq.heappush(queue, (-counts[neighbours], neighbours))
    return parts


def _join(split: list[str], pair: _Neighbours, joined: str) -> list[str]:
    new: list[str] = []
    for part in split:
        if new and (new[-1], part) == pair:
            new[-1] = joined
        else:
            new.append(part)
    return new
