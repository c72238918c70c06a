"""Other sentence-transformers models beside the default."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from bot.cli.main import app
from bot.settings import Settings
from evals import command
from evals.command import Options
from index.encoder import Encoder, open_encoder
from index.settings import IndexSettings
from tests.conftest import WordHashEncoder

WORDS = ["[UNK]", "query", "passage", ":", "lighthouses", "dunes", "agency"]


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A tiny model: the mean of its words' vectors, in which the words of the prefixes count like any other."""
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import StaticEmbedding
    from tokenizers import Tokenizer
    from tokenizers.models import WordLevel
    from tokenizers.normalizers import Lowercase
    from tokenizers.pre_tokenizers import Whitespace

    tokenizer = Tokenizer(WordLevel({word: place for place, word in enumerate(WORDS)}, unk_token="[UNK]"))
    tokenizer.normalizer = Lowercase()
    tokenizer.pre_tokenizer = Whitespace()
    weights = np.random.default_rng(0).standard_normal((len(WORDS), 8)).astype(np.float32)
    folder = tmp_path_factory.mktemp("models") / "tiny"
    SentenceTransformer(modules=[StaticEmbedding(tokenizer, embedding_weights=weights)], device="cpu").save(str(folder))
    return folder


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch, encoder: WordHashEncoder) -> list[Encoder]:
    """What the command opened; the default is a quick stand-in, every other model is opened as it is."""
    found: list[Encoder] = []

    def open_and_keep(settings: IndexSettings) -> Encoder:
        found.append(encoder if settings.encoder == "trilingual" else open_encoder(settings))
        return found[-1]

    monkeypatch.setattr("index.encoder.open_encoder", open_and_keep)
    return found


def test_prefixes_reach_the_named_model_and_no_other(
    set_dir: Path, settings: Settings, model: Path, opened: list[Encoder]
) -> None:
    options = Options(json=True, encoders=(str(model),), query_prefix="query: ", passage_prefix="passage: ")
    assert command.evaluate([set_dir], settings, options) == 0
    default, tiny = opened
    assert default.encode_queries(["dunes"]) == pytest.approx(default.encode_passages(["dunes"]))
    plain = open_encoder(IndexSettings(encoder=str(model)))
    assert tiny.encode_queries(["dunes"]) == pytest.approx(plain.encode_queries(["query: dunes"]))
    assert tiny.encode_passages(["dunes"]) == pytest.approx(plain.encode_passages(["passage: dunes"]))
    assert np.abs(tiny.encode_queries(["dunes"]) - plain.encode_queries(["dunes"])).max() > 0.1
    assert tiny.digest != plain.digest


@pytest.mark.usefixtures("opened")
def test_models_stand_in_one_table_and_in_files_of_their_own(
    tmp_path: Path, set_dir: Path, settings: Settings, model: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    options = Options(encoders=(str(model),), out=tmp_path / "out", run_out=tmp_path / "runs", answers=True)
    assert command.evaluate([set_dir], settings, options) == 0
    printed = capsys.readouterr().out
    retrieval = printed.partition("Speed")[0]
    assert retrieval.count("coast") == 2
    assert "word-hash" in retrieval
    assert {path.name for path in (tmp_path / "runs").iterdir()} == {"coast-trilingual.trec", "coast-tiny.trec"}
    results = {path.name.rpartition("-")[2]: json.loads(path.read_text()) for path in (tmp_path / "out").iterdir()}
    assert set(results) == {"hash.json", "tiny.json"}
    assert results["tiny.json"]["sets"][0]["settings"]["index"]["encoder"] == str(model)


@pytest.mark.usefixtures("opened")
def test_two_models_of_one_name_would_share_a_file(
    set_dir: Path, settings: Settings, model: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command.evaluate([set_dir], settings, Options(encoders=(str(model), str(model)))) == 1
    assert "Two encoders are named tiny" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--query-prefix", "query: "], "--encoder"),
        (["--compare", "a.json", "b.json", "coast"], "name no set"),
    ],
)
def test_options_that_do_not_fit_are_named(arguments: list[str], sentence: str) -> None:
    result = CliRunner().invoke(app, ["evaluate", *arguments])
    assert result.exit_code == 2
    assert sentence in result.output


def test_the_command_line_compares(tmp_path: Path) -> None:
    result = CliRunner().invoke(app, ["evaluate", "--compare", str(tmp_path / "a.json"), str(tmp_path / "b.json")])
    assert result.exit_code == 1
    assert "a.json cannot be read" in " ".join(result.output.split())
