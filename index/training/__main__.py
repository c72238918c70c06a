"""`python -m index.training`: train the bundled encoder and write its folder."""

from __future__ import annotations

import argparse
import logging
import sys
import time
from pathlib import Path

from index.errors import SearchIndexError
from index.training.card import card
from index.training.lexicon import build_lexicon
from index.training.parallel import read_pairs
from index.training.save import finished_table, write_model
from index.training.settings import TrainingSettings
from index.training.train import train

_logger = logging.getLogger(__name__)


def train_encoder(parallel: Path, out: Path, settings: TrainingSettings) -> None:
    """Read the parallel text, learn, and write the model with its card to `out`."""
    started = time.monotonic()
    pairs = read_pairs(parallel)
    _logger.info("%d pairs read", len(pairs))
    lexicon = build_lexicon(pairs, settings)
    _logger.info("%d words of %d features", *lexicon.composition.shape)
    tokenizer, table = finished_table(lexicon, train(lexicon, pairs, settings), settings)
    digests = write_model(out, tokenizer, table)
    minutes = (time.monotonic() - started) / 60
    (out / "README.md").write_text(card(settings, pairs, table.shape, digests, minutes), encoding="utf-8")
    _logger.info("written to %s after %.0f minutes", out, minutes)


def main(arguments: list[str] | None = None) -> int:
    """Run the command; 0 when the model was written, 1 when it could not be."""
    parser = argparse.ArgumentParser(prog="python -m index.training", description=__doc__)
    parser.add_argument("--parallel", type=Path, required=True, help="folder of fr.tsv.gz, dict_fr.tsv.gz and so on")
    parser.add_argument("--out", type=Path, required=True, help="folder to be written, such as index/model")
    parser.add_argument("--settings", type=Path, help="JSON file of values that differ from the defaults")
    options = parser.parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s", datefmt="%H:%M:%S")
    try:
        changed = options.settings.read_text(encoding="utf-8") if options.settings else "{}"
        settings = TrainingSettings.model_validate_json(changed)
        train_encoder(options.parallel, options.out, settings)
    except (SearchIndexError, OSError, ValueError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
