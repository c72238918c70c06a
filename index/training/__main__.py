"""`python -m index.training`: train an encoder and write its folder.

From nothing, on parallel text (`--parallel`): so the bundled one was made. Or further, from an encoder that is there,
on the editions of a corpus (`--further FOLDER --corpus FILE`): so it learns the words of an organisation's releases.
"""

from __future__ import annotations

import argparse
import logging
import sys
import time
from pathlib import Path

from corpus.errors import CorpusError
from corpus.store import CorpusStore
from index.errors import SearchIndexError
from index.static import StaticEncoder
from index.training.card import card, further_card
from index.training.editions import edition_pairs, held_out
from index.training.further import found_first, train_further
from index.training.lexicon import build_lexicon
from index.training.parallel import read_pairs
from index.training.save import finished_table, write_model
from index.training.settings import FurtherSettings, TrainingSettings
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


def train_encoder_further(start: Path, corpus: Path, out: Path, settings: FurtherSettings) -> None:
    """Go on with the encoder in `start` on the editions of a corpus, and write the model with its card to `out`.

    Every tenth pair is kept for measuring first, then all are learnt.
    """
    encoder = StaticEncoder.open(start)
    with CorpusStore.open(corpus) as store:
        documents = [stored.document for stored in store.documents() if not stored.withdrawn]
    pairs = edition_pairs(documents, encoder)
    learning, measured = held_out(pairs)
    before = found_first(encoder, encoder.table(), measured) if measured else 0.0
    after = found_first(encoder, train_further(encoder, learning, settings), measured) if measured else 0.0
    _logger.info("of %d pairs kept back, %.3f were found first before and %.3f after", len(measured), before, after)
    digests = write_model(out, encoder.tokenizer, train_further(encoder, pairs, settings))
    figures = (len(pairs), len(measured), before, after)
    (out / "README.md").write_text(further_card(encoder.digest, settings, figures, digests), encoding="utf-8")
    _logger.info("written to %s", out)


def main(arguments: list[str] | None = None) -> int:
    """Run the command; 0 when the model was written, 1 when it could not be."""
    parser = argparse.ArgumentParser(
        prog="python -m index.training", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    way = parser.add_mutually_exclusive_group(required=True)
    way.add_argument("--parallel", type=Path, help="train from nothing: folder of fr.tsv.gz, dict_fr.tsv.gz and so on")
    way.add_argument("--further", type=Path, metavar="FOLDER", help="go on with this encoder, such as index/model")
    parser.add_argument("--corpus", type=Path, help="with --further: the corpus.sqlite3 of a data folder")
    parser.add_argument("--out", type=Path, required=True, help="folder to be written")
    parser.add_argument("--settings", type=Path, help="JSON file of values that differ from the defaults")
    options = parser.parse_args(arguments)
    if (options.corpus is None) != (options.further is None):
        parser.error("--further and --corpus go together")
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s", datefmt="%H:%M:%S")
    try:
        changed = options.settings.read_text(encoding="utf-8") if options.settings else "{}"
        if options.further is not None:
            further = FurtherSettings.model_validate_json(changed)
            train_encoder_further(options.further, options.corpus, options.out, further)
        else:
            train_encoder(options.parallel, options.out, TrainingSettings.model_validate_json(changed))
    except (SearchIndexError, CorpusError, OSError, ValueError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
