"""Word vectors in search: late interaction, translated terms, no bias to the question's own language."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from corpus.document import Document, Language
from evals.sets import bundled_documents
from index.build import build_snapshot
from index.encoder import BUNDLED_ENCODER, Vectors, WordEncoder, open_encoder
from index.lexical.analysis import words
from index.lexical.bm25 import LexicalIndex
from index.lexical.folded import FoldedPassages
from index.passage import Passage
from index.search import Index
from index.settings import IndexSettings
from index.split import split_document
from index.word_vectors import WordVectors
from index.words import WordIndex
from tests.conftest import COAST, WordHashEncoder, make_document

SETTINGS = IndexSettings()
TRANSLATIONS = {"faro": "lighthouse", "faros": "lighthouse", "phare": "lighthouse", "phares": "lighthouse",
                "lighthouses": "lighthouse", "repare": "repaired", "reparo": "repaired", "tempete": "storm",
                "tormenta": "storm", "dune": "dunes", "duna": "dunes", "dunas": "dunes"}  # fmt: skip


class Polyglot(WordHashEncoder):
    """A seeded encoder in which translations share a vector."""

    name = "polyglot"

    def word_vectors(self, texts: Sequence[str]) -> Vectors:
        return self._encode(texts)

    def _word(self, word: str) -> Vectors:
        return super()._word(TRANSLATIONS.get(word, word))


@pytest.fixture
def polyglot() -> Polyglot:
    return Polyglot(dimensions=64)


def opened(snapshots: Path, documents: list[Document], encoder: Polyglot) -> Index:
    build_snapshot([(document, 1) for document in documents], snapshots, encoder, SETTINGS)
    return Index.open(snapshots, encoder, SETTINGS)


def test_it_is_known_for_a_word_encoder(polyglot: Polyglot, encoder: WordHashEncoder) -> None:
    assert isinstance(polyglot, WordEncoder)
    assert not isinstance(encoder, WordEncoder)


@pytest.mark.parametrize("question", ["¿Cuántos faros se reparó en 2021?", "Combien de phares a-t-on réparé en 2021 ?"])
def test_a_question_finds_its_passage_in_another_language(snapshots: Path, polyglot: Polyglot, question: str) -> None:
    assert opened(snapshots, COAST, polyglot).search(question)[0].passage.doc_id == "lighthouse-2021"


def test_near_misses_of_ones_own_language_do_not_bury_another(snapshots: Path, polyglot: Polyglot) -> None:
    fillers = ["puerto", "barca", "playa", "marea", "pesca", "red", "arena", "roca", "ola", "isla"]
    own = [
        make_document(
            f"es-{number}",
            f"El {fillers[number % 10]} de la costa: {fillers[number * 7 % 10]}, {fillers[number * 3 % 10]}, 2021.",
            language=Language.SPANISH,
        )
        for number in range(2000)
    ]
    index = opened(snapshots, [*own, *COAST], polyglot)
    found = [hit.passage.doc_id for hit in index.search("¿Qué faro de la costa se reparó en 2021?", k=5)]
    assert any(doc_id.startswith("lighthouse") for doc_id in found)


def words_of(documents: list[Document], encoder: Polyglot) -> WordIndex:
    passages = [passage for document in documents for passage in split_document(document, 1000)]
    return indexed(passages, encoder)[1]


def indexed(passages: list[Passage], encoder: WordEncoder) -> tuple[LexicalIndex, WordIndex]:
    folded = FoldedPassages.of(passages)
    lexical = LexicalIndex.build(folded)
    return lexical, WordIndex.build(folded, lexical, WordVectors.of(folded.forms, encoder))


def test_interaction_by_hand(polyglot: Polyglot) -> None:
    documents = [
        make_document("a", "Lighthouse storm."),
        make_document("b", "Lighthouse."),
        make_document("c", "Gulls."),
    ]
    index = words_of([make_document(one.doc_id, one.text, title="x") for one in documents], polyglot)
    asked = index.look_up("¿faro tormenta?", polyglot)
    assert asked is not None
    both, one, none = index.interaction(asked, index.of_passages(np.asarray([0, 1, 2])))
    assert both == pytest.approx(1.0, abs=0.01)  # each word of the question has its translation there
    assert one < both
    assert none < one
    assert asked.weights.sum() == pytest.approx(1.0)
    assert asked.weights[1] > asked.weights[0]  # "storm" is in fewer passages than "lighthouse"


def test_a_number_is_met_by_itself_alone(polyglot: Polyglot) -> None:
    index = words_of([make_document("a", "In 2018."), make_document("b", "In 2019.")], polyglot)
    asked = index.look_up("2018", polyglot)
    assert asked is not None
    np.testing.assert_allclose(index.interaction(asked, index.of_passages(np.asarray([0, 1]))), [1, 0], atol=1e-5)


def test_a_question_of_stop_words_has_nothing_to_look_up(polyglot: Polyglot) -> None:
    assert words_of(COAST, polyglot).look_up("¿de la que los?", polyglot) is None


def test_what_is_written_is_what_is_read(polyglot: Polyglot, tmp_path: Path) -> None:
    written = words_of(COAST, polyglot)
    written.save(tmp_path / "words")
    read = WordIndex.open(tmp_path / "words")
    numbers = np.arange(len(COAST))
    for question in ("faros 2021", "dunas", "puertos de Villamar"):
        before, after = written.look_up(question, polyglot), read.look_up(question, polyglot)
        assert before is not None
        assert after is not None
        np.testing.assert_array_equal(
            written.interaction(before, written.of_passages(numbers)),
            read.interaction(after, read.of_passages(numbers)),
        )
    assert set(read.languages) == set(Language)


def test_few_words_are_compared_and_nearly_all_translations_found() -> None:
    bundled = open_encoder(SETTINGS)
    assert isinstance(bundled, WordEncoder)
    passages = [passage for document in bundled_documents() for passage in split_document(document, 1000)]
    lexical, index = indexed(passages, bundled)
    forms = sorted({word for passage in passages for word in words(f"{passage.title} {passage.text}")})
    terms = lexical.term_numbers(forms, Language.FRENCH)
    known, vectors = np.flatnonzero(terms >= 0), bundled.word_vectors(forms)
    found, expected, compared = 0, 0, []
    for word in ("children", "shipwreck", "funding", "borders", "niños", "terremoto", "ayuda", "retorno"):
        cosines = vectors[known] @ bundled.word_vectors([word])[0]
        nearest = known[np.argsort(-cosines)[:6]]
        wanted = set(terms[nearest[np.sort(cosines)[::-1][:6] >= 0.45]].tolist())
        asked = index.look_up(word, bundled)
        assert asked is not None
        translations = index.translations(asked, Language.FRENCH)
        found += len(wanted & {number for numbers, _ in translations for number in numbers.tolist()})
        expected += len(wanted)
        compared.append(len(asked.near[0].numbers) / len(forms))
    assert expected > 10
    assert found >= 0.95 * expected
    assert np.mean(compared) < 0.1


def test_the_bundled_encoder_knows_translations_and_loads_in_sentence_transformers() -> None:
    from sentence_transformers import SentenceTransformer

    bundled = open_encoder(SETTINGS)
    assert isinstance(bundled, WordEncoder)
    assert SETTINGS.encoder == BUNDLED_ENCODER
    english, french, spanish, other = bundled.word_vectors(["children", "enfants", "niños", "bread"])
    assert min(english @ french, english @ spanish, french @ spanish) > 0.6
    assert max(english @ other, french @ other, spanish @ other) < 0.4
    texts = ["How many people were displaced?", "Combien de personnes ont été déplacées ?"]
    folder = Path(__file__).parents[2] / "index" / "model"
    model = SentenceTransformer(str(folder), device="cpu", local_files_only=True)
    np.testing.assert_allclose(model.encode(texts), bundled.encode_passages(texts), atol=1e-4)


def test_the_english_encoder_is_there_and_verified() -> None:
    english = open_encoder(IndexSettings(encoder="all-MiniLM-L6-v2"))
    sentences = english.encode_passages(["a ship sank", "bread recipes"])
    near, far = (english.encode_queries(["a boat capsized"]) @ sentences.T)[0]
    assert near > far
