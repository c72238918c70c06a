"""The model's card: what it is, what it was made of, what it can and cannot do."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from index.training.parallel import Pair
from index.training.settings import FurtherSettings, TrainingSettings

_CARD = """---
language: [fr, en, es]
library_name: sentence-transformers
pipeline_tag: sentence-similarity
license: cc-by-sa-4.0
---
# A small static encoder for French, English and Spanish

One table of {tokens:,} token vectors of {dimensions} dimensions, in bytes ({megabytes:.0f} MB). No transformer: a
text is folded (lower case, no accents), cut into words, and the vectors of its words are summed. The same table serves
three uses: the vector of a text; late interaction, where each word of a question looks for its nearest word in a
passage; and a word's translations, which are its nearest neighbours.

    from sentence_transformers import SentenceTransformer
    SentenceTransformer("{folder}").encode(["Combien de pays ?", "How many countries?"])

or, without torch, `index.static.StaticEncoder.open(Path("{folder}"))`, which gives the same vectors.

## Made of

`python -m index.training --parallel FOLDER --out {folder}` on {made}, {minutes:.0f} minutes on the processor alone.

| pairs | number |
|---|---|
{counts}

| from | licence |
|---|---|
| Debian's website | Expat or GPL-2+ |
| Python documentation and its translations | PSF; French: CC0 |
| Tatoeba | CC BY 2.0 FR |
| GNOME user help | CC BY-SA 3.0 |
| mozilla.org | MPL 2.0 |
| Wiktionary (open-dsl-dict/wiktionary-dict) | CC BY-SA 3.0 |
| EuroVoc (© European Union) | reuse with credit, CC BY 4.0 |
| Country names (mledoze/countries) | ODbL 1.0 |

No text of these is in the model; it holds words and numbers learnt from how they are translated.

Each word is learnt as the sum of its parts, its Snowball stem and, when it is frequent enough, a vector of its own;
only the sums are kept. The loss is the symmetric softmax over a batch: a text has to find its translation among the
others'. Settings: `{settings}`

## Use in late interaction

As measured: leave out the stop words of the question; let a number match only itself; clip cosines below 0.15; raise
what is left to 1.5; weigh each word of the question by its inverse document frequency.

## Figures

Success@1 / nDCG@10 with the default settings on development halves of XQuAD (240 passages) and of questions to the
CNIL (512 answers), for the texts' vectors, late interaction, and the latter plus half of the former (scaled per
question). The settings of late interaction and the weights of tokens were chosen on these same halves.

| | English | Spanish | Spanish → English | English → Spanish | French (CNIL) |
|---|---|---|---|---|---|
| BM25 | .926 / .960 | .907 / .951 | .443 / .537 | .507 / .625 | .492 / .674 |
| text vectors | .730 / .839 | .660 / .780 | .529 / .666 | .539 / .689 | .314 / .534 |
| late interaction | .923 / .962 | .900 / .949 | .802 / .889 | .784 / .883 | .405 / .595 |
| both | .933 / .967 | .913 / .957 | .825 / .903 | .824 / .904 | .443 / .636 |
| both and BM25 | .936 / .968 | .920 / .960 | .776 / .877 | .753 / .864 | .508 / .690 |

Differences below .02 are within what another seed or another choice of parts gives.

## Limits

- Meaning is that of single words: no word order, no negation, one vector for all senses of a word.
- The sentences are about software and free projects; other subjects are known from dictionaries alone, which list words
  in their basic form. Names and words that neither has are read by their parts.
- French and Spanish are joined through English; no French–Spanish pair was read.
- What the dictionaries say about people and peoples was not reviewed.

## Files

| file | sha256 |
|---|---|
{digests}
"""

_FURTHER_CARD = """---
language: [fr, en, es]
library_name: sentence-transformers
pipeline_tag: sentence-similarity
license: cc-by-sa-4.0
---
# The trilingual encoder, trained further

Made {made} by `python -m index.training --further` from the encoder of digest `{start}` (its card says what it was made
of) on {pairs} pairs of translated sentences and headlines of a corpus's own editions. Settings: `{settings}`

Of {measured} pairs kept back at first, {before:.3f} were found first among all before and {after:.3f} after.

| file | sha256 |
|---|---|
{digests}
"""


def further_card(
    start: str, settings: FurtherSettings, figures: tuple[int, int, float, float], digests: Mapping[str, str]
) -> str:
    """The README of a model that was trained further: pairs learnt and kept back, shares found before and after."""
    pairs, measured, before, after = figures
    return _FURTHER_CARD.format(
        made=f"{datetime.now(UTC):%Y-%m-%d}",
        start=start,
        pairs=pairs,
        settings=settings.model_dump_json(),
        measured=measured,
        before=before,
        after=after,
        digests=_digest_rows(digests),
    )


def _digest_rows(digests: Mapping[str, str]) -> str:
    return "\n".join(f"| `{name}` | `{digest}` |" for name, digest in digests.items())


def card(
    settings: TrainingSettings,
    pairs: Sequence[Pair],
    shape: tuple[int, ...],
    digests: Mapping[str, str],
    minutes: float,
) -> str:
    """The README of a model: `shape` is its table's, `digests` the sha256 of its files by name."""
    tokens, dimensions = shape
    counts = Counter((pair.language, pair.is_term) for pair in pairs)
    return _CARD.format(
        tokens=tokens,
        dimensions=dimensions,
        megabytes=tokens * (dimensions + 4) / 1e6,
        folder="index/model",
        made=f"{datetime.now(UTC):%Y-%m-%d}",
        minutes=minutes,
        counts="\n".join(
            f"| English–{language.name.capitalize()}, {'terms' if is_term else 'sentences'} | {count:,} |"
            for (language, is_term), count in sorted(counts.items())
        ),
        settings=settings.model_dump_json(),
        digests=_digest_rows(digests),
    )
