"""The finished table, written as a sentence-transformers folder."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from corpus.document import Language
from index.lexical.analysis import stop_words
from index.static import TABLE, TOKENIZER
from index.training.lexicon import Lexicon
from index.training.settings import TrainingSettings
from index.training.tokens import UNKNOWN, word_tokenizer

Floats = NDArray[np.float32]

_LONGEST_TOKEN = 30
_SHORTEST_STEM = 4
_COMMON_NUMBER = 20
_PART_SHARE = 0.25
_STEM_SHARE = 0.9
_STOP_WORD_SHARE = 0.1
_MODULES = [("0", "", "StaticEmbedding"), ("1", "1_Normalize", "Normalize")]


def finished_table(lexicon: Lexicon, features: Floats, settings: TrainingSettings) -> tuple[Tokenizer, Floats]:
    """The tokenizer and one row for each of its tokens: parts, stems, then the most frequent words.

    A word's row is the sum of its features, so that nothing is left to add up when a text is read. A row's length is
    what the token weighs in a text: the more telling, the longer; stop words say next to nothing.
    """
    first_stem, rarest = len(lexicon.parts), lexicon.rarest_weight
    known = lexicon.numbers
    rows: dict[str, Floats] = {UNKNOWN: np.zeros(features.shape[1], np.float32)}
    weights = {UNKNOWN: 0.0}
    for number, part in enumerate(lexicon.parts):
        rows[part] = features[number] * _PART_SHARE * rarest
    for number, stem in enumerate(lexicon.stems, start=first_stem):
        if len(stem) >= _SHORTEST_STEM and stem not in known:
            rows[stem] = features[number] * _STEM_SHARE * rarest
    of_words = lexicon.weighted @ features
    for number, word in enumerate(lexicon.words):
        if word in rows or (len(rows) < settings.tokens and _is_kept(word, lexicon.counts[word])):
            rows[word] = of_words[number]
            weights[word] = float(lexicon.weights[number])
    stops = frozenset().union(*map(stop_words, Language))
    telling = [_STOP_WORD_SHARE if token in stops else weights.get(token, rarest) for token in rows]
    table = np.stack(list(rows.values()))
    lengths = np.maximum(np.linalg.norm(table, axis=1), 1e-6)
    return word_tokenizer(rows), (table * (np.asarray(telling) / np.sqrt(lengths))[:, None]).astype(np.float32)


def _is_kept(word: str, count: int) -> bool:
    """A rare number or a slip of the pen is better read by its parts."""
    return len(word) <= _LONGEST_TOKEN and count >= (_COMMON_NUMBER if word[0].isdigit() else 2)


def write_model(folder: Path, tokenizer: Tokenizer, table: Floats) -> dict[str, str]:
    """Write the folder that sentence-transformers and `index.static` read; the sha256 of each file by its name.

    The table is kept in bytes, each row with a factor of its own (`embeddings`, `weights`: the layout of model2vec).
    """
    from safetensors.numpy import save

    folder.mkdir(parents=True, exist_ok=True)
    factors = np.maximum(np.abs(table).max(1), 1e-9).astype(np.float32) / 127
    quantised = np.round(table / factors[:, None]).astype(np.int8)
    (folder / TABLE).write_bytes(save({"embeddings": quantised, "weights": factors}))
    tokenizer.save(str(folder / TOKENIZER), pretty=False)
    modules = [
        {"idx": number, "name": name, "path": path, "type": f"sentence_transformers.models.{kind}"}
        for number, (name, path, kind) in enumerate(_MODULES)
    ]
    (folder / "modules.json").write_text(json.dumps(modules, indent=2) + "\n", encoding="utf-8")
    (folder / "1_Normalize").mkdir(exist_ok=True)
    # An empty folder is lost by git and by wheels.
    (folder / "1_Normalize" / "config.json").write_text("{}\n", encoding="utf-8")
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.suffix != ".md"
    }
