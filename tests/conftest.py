"""What all tests share: a seeded encoder, made-up documents, and data folders of their own."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path

import hypothesis
import numpy as np
import pytest

from corpus.document import Document, DocumentKind, Language, PartialDate
from index.encoder import Vectors
from index.lexical.analysis import words

# An example may take long on a busy machine, or be the first to import something.
hypothesis.settings.register_profile("unhurried", deadline=None)
hypothesis.settings.load_profile("unhurried")


class WordHashEncoder:
    """A seeded encoder: a text's vector is the mean of its words' random vectors."""

    name = "word-hash"

    def __init__(self, dimensions: int = 32, seed: int = 0) -> None:
        self.dimensions = dimensions
        self.digest = f"word-hash-{dimensions}-{seed}"
        self.encoded = 0
        self._seed = seed

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        return self._encode(texts)

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        self.encoded += len(texts)
        return self._encode(texts)

    def _encode(self, texts: Sequence[str]) -> Vectors:
        vectors = np.zeros((len(texts), self.dimensions), dtype=np.float32)
        for row, text in enumerate(texts):
            for word in words(text) or ["∅"]:
                vectors[row] += self._word(word)
            vectors[row] /= np.linalg.norm(vectors[row])
        return vectors

    def _word(self, word: str) -> Vectors:
        seed = int.from_bytes(hashlib.sha256(f"{self._seed}{word}".encode()).digest()[:8])
        return np.random.default_rng(seed).standard_normal(self.dimensions).astype(np.float32)


def make_document(
    doc_id: str,
    text: str,
    title: str = "",
    language: Language = Language.ENGLISH,
    **fields: object,
) -> Document:
    """A document of the made-up Coast Agency."""
    given: dict[str, object] = {"url": f"https://coast.example/{doc_id}", "kind": DocumentKind.RELEASE, **fields}
    return Document(doc_id=doc_id, title=title or doc_id, text=text, language=language, **given)  # type: ignore[arg-type]


COAST = [
    make_document(
        "lighthouse-2021",
        "The Coast Agency repaired 41 lighthouses in 2021. The work cost EUR 3.2 million.\n\n"
        "“A dark coast is a dangerous coast,” said Director Ada Marsh. The agency will repair 17 more lighthouses.",
        title="Coast Agency repairs 41 lighthouses",
        date=PartialDate(2021, 11, 5),
        places=("Porthaven",),
    ),
    make_document(
        "lighthouse-2018",
        "The Coast Agency repaired 12 lighthouses in 2018. Storms had damaged most of them.",
        title="Twelve lighthouses repaired in a year of storms",
        date=PartialDate(2018),
    ),
    make_document(
        "dunes-fr",
        "L’Agence du littoral a planté 9 000 oyats sur les dunes de Sablonne en mars 2020. "
        "Les dunes protègent la ville.",
        title="9 000 oyats plantés sur les dunes de Sablonne",
        language=Language.FRENCH,
        edition_group="dunes",
    ),
    make_document(
        "dunes-en",
        "The Coast Agency planted 9,000 marram grasses on the dunes of Sablonne in March 2020. "
        "The dunes shield the town.",
        title="9,000 marram grasses planted on the dunes of Sablonne",
        edition_group="dunes",
    ),
    make_document(
        "puertos-es",
        "La Agencia de la Costa abrió tres puertos pesqueros en Villamar el 4 de mayo de 2019. "
        "Los puertos dan trabajo a 600 personas de Villamar.",
        title="Tres puertos pesqueros nuevos en Villamar",
        language=Language.SPANISH,
        digest=True,
    ),
]
"""Documents of a made-up organisation, in three languages."""


@pytest.fixture
def encoder() -> WordHashEncoder:
    return WordHashEncoder()


@pytest.fixture
def snapshots(tmp_path: Path) -> Path:
    return tmp_path / "snapshots"
