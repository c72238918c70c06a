"""The making of the encoder, over a parallel text of a few hundred lines."""

from __future__ import annotations

import gzip
import itertools
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from corpus.document import Language
from index.encoder import Encoder, WordEncoder
from index.errors import EncoderError
from index.static import TABLE, TOKENIZER, StaticEncoder
from index.training.__main__ import main
from index.training.learning import translation_loss
from index.training.parallel import clean_term
from index.training.stems import stem
from index.training.tokens import UNKNOWN, word_tokenizer

FRENCH, SPANISH = Language.FRENCH, Language.SPANISH

WORDS = [
    ("border", "frontière", "frontera"),
    ("river", "rivière", "río"),
    ("school", "école", "escuela"),
    ("house", "maison", "casa"),
    ("child", "enfant", "niño"),
    ("water", "eau", "agua"),
    ("winter", "hiver", "invierno"),
    ("bread", "pain", "pan"),
    ("worker", "travailleur", "trabajador"),
    ("road", "route", "carretera"),
]


@pytest.fixture(scope="module")
def parallel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Every pair of words joined by "and", and the words alone."""
    folder = tmp_path_factory.mktemp("parallel")
    for column, language, conjunction in ((1, "fr", "et"), (2, "es", "y")):
        write(
            folder / f"{language}.tsv.gz",
            [
                f"made\tthe {a[0]} and the {b[0]}\tx {a[column]} {conjunction} x {b[column]}"
                for a, b in itertools.permutations(WORDS, 2)
            ],
        )
        write(folder / f"dict_{language}.tsv.gz", [f"made\t{row[0]}\t{row[column]}" for row in WORDS])
        write(folder / f"terms_{language}.tsv.gz", ["made\t7211 North   a place\tN"])
    return folder


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("settings") / "small.json"
    path.write_text('{"dimensions": 32, "pieces": 300, "batch": 16, "epochs": 20}')
    return path


@pytest.fixture(scope="module")
def model(parallel: Path, settings: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("trained") / "model"
    assert main(["--parallel", str(parallel), "--out", str(folder), "--settings", str(settings)]) == 0
    return folder


def write(path: Path, lines: list[str]) -> None:
    with gzip.open(path, "wt", encoding="utf-8") as file:
        file.write("\n".join(lines) + "\n")


def test_a_word_is_nearest_to_its_translations(model: Path) -> None:
    encoder = StaticEncoder.open(model)
    english, french, spanish = (encoder.word_vectors([row[column] for row in WORDS]) for column in range(3))
    for one, other in ((english, french), (english, spanish), (french, spanish)):
        assert (one @ other.T).argmax(axis=1).tolist() == list(range(len(WORDS)))


def test_a_question_finds_the_passage_in_another_language(model: Path) -> None:
    encoder = StaticEncoder.open(model)
    passages = encoder.encode_passages(["La casa y el pan", "El agua y el río", "La escuela y el niño"])
    assert int((passages @ encoder.encode_queries(["Water of the RIVER?"])[0]).argmax()) == 1


def test_inflected_and_accentless_words_are_understood(model: Path) -> None:
    encoder = StaticEncoder.open(model)
    school, ecoles, pan = encoder.word_vectors(["school", "ecoles", "pan"])
    assert school @ ecoles > school @ pan + 0.2


def test_sentence_transformers_gives_the_same_vectors(model: Path) -> None:
    from sentence_transformers import SentenceTransformer

    texts = ["the border and the house", "Où est l'école ?", "4 592 niños", "", "日本", "x" * 200, "water " * 300]
    ours = StaticEncoder.open(model).encode_passages(texts)
    theirs = SentenceTransformer(str(model), device="cpu").encode(texts)
    assert np.abs(ours - theirs).max() < 1e-5
    assert np.linalg.norm(ours[:3], axis=1) == pytest.approx(1, abs=1e-5)


def test_training_again_gives_the_same_files(model: Path, parallel: Path, settings: Path, tmp_path: Path) -> None:
    arguments = ["--parallel", str(parallel), "--out", str(tmp_path), "--settings", str(settings)]
    # Another process: the order of sets of strings must not matter.
    done = subprocess.run([sys.executable, "-m", "index.training", *arguments], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    for name in (TABLE, TOKENIZER):
        assert (tmp_path / name).read_bytes() == (model / name).read_bytes()
    assert StaticEncoder.open(tmp_path).digest == StaticEncoder.open(model).digest


def test_the_card_names_sources_settings_and_checksums(model: Path) -> None:
    card = (model / "README.md").read_text()
    assert "Wiktionary" in card
    assert '"dimensions":32' in card
    assert "| English–French, sentences | 90 |" in card
    assert card.count("sha256") >= 1
    assert f"`{TABLE}`" in card


@pytest.mark.parametrize(
    ("forms", "language"),
    [
        (["flee", "fled", "fleeing"], Language.ENGLISH),
        (["réfugié", "réfugiée", "réfugiés"], FRENCH),
        (["prendre", "pris", "prennent"], FRENCH),
        (["construire", "construit", "construisent"], FRENCH),
        (["huir", "huyó", "huyeron"], SPANISH),
        (["producir", "produjo", "produjeron"], SPANISH),
        (["morir", "murieron", "muertos"], SPANISH),
    ],
)
def test_forms_of_a_word_have_one_stem(forms: list[str], language: Language) -> None:
    assert len({stem(form, language) for form in forms}) == 1


def test_it_is_an_encoder_of_words(model: Path) -> None:
    encoder: Encoder = StaticEncoder.open(model, "ours")
    assert isinstance(encoder, WordEncoder)
    assert (encoder.name, encoder.dimensions) == ("ours", 32)
    assert encoder.encode_passages([]).shape == (0, 32)
    assert encoder.encode_queries(["river"]).dtype == np.float32


def test_a_folder_without_a_model_is_said(tmp_path: Path, model: Path) -> None:
    with pytest.raises(EncoderError, match="holds no static model"):
        StaticEncoder.open(tmp_path)
    (tmp_path / TABLE).write_bytes((model / TABLE).read_bytes())
    (tmp_path / TOKENIZER).write_text("{}")
    with pytest.raises(EncoderError, match="cannot be read"):
        StaticEncoder.open(tmp_path)
    word_tokenizer([UNKNOWN, *map(str, range(5000))]).save(str(tmp_path / TOKENIZER))
    with pytest.raises(EncoderError, match="do not belong together"):
        StaticEncoder.open(tmp_path)


@pytest.mark.parametrize("broken", ["made\tonly two columns", "one\ttwo\tthree\tfour"])
def test_a_line_of_another_form_is_said(
    broken: str, parallel: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for file in parallel.iterdir():
        (tmp_path / file.name).write_bytes(file.read_bytes())
    write(tmp_path / "es.tsv.gz", ["made\tone\tuno", broken])
    assert main(["--parallel", str(tmp_path), "--out", str(tmp_path / "model")]) == 1
    assert "Line 2 of" in capsys.readouterr().err


def test_missing_text_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--parallel", str(tmp_path), "--out", str(tmp_path / "model")]) == 1
    assert "fr.tsv.gz cannot be read" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("entry", "term"),
    [
        ("steal (from someone)", "steal"),
        ("relate   to urinate)", "relate"),
        ("6826 electronics", "electronics"),
        ("1984", "1984"),
        ("water {n} [liquid]", "water"),
    ],
)
def test_explanations_of_dictionaries_are_left_out(entry: str, term: str) -> None:
    assert clean_term(entry) == term


def test_gradients_follow_the_loss() -> None:
    one, other = np.random.default_rng(0).standard_normal((2, 5, 4))
    _, slope, other_slope = translation_loss(one, other, 3.0)
    for changed, gradient in ((one, slope), (other, other_slope)):
        for place in ((0, 0), (3, 2)):
            kept = changed[place]
            losses = []
            for step in (1e-5, -1e-5):
                changed[place] = kept + step
                losses.append(translation_loss(one, other, 3.0)[0])
            changed[place] = kept
            assert (losses[0] - losses[1]) / 2e-5 == pytest.approx(gradient[place], rel=1e-2, abs=1e-6)
