"""The bundled sets: our own questions on the bundled corpus.

`iom/` holds questions that the corpus answers, `iom-unanswerable/` such as it does not. The corpus of both,
`iom/corpus.jsonl`, is written from the bundled pages by `python -m evals.sets`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from corpus.bundled import bundled_folder
from corpus.document import Document
from corpus.errors import PageError
from corpus.extract import extract
from corpus.settings import CorpusSettings
from corpus.sources.folder import read_pages

_HERE = Path(__file__).parent
ANSWERABLE = _HERE / "iom"
UNANSWERABLE = _HERE / "iom-unanswerable"
_METADATA = ("language", "url", "kind", "date", "places", "edition_group", "digest")


def bundled_sets() -> list[Path]:
    """The folders of the bundled sets."""
    return [ANSWERABLE, UNANSWERABLE]


def bundled_documents() -> Iterator[Document]:
    """The documents of the bundled corpus, in the order of their ids; raises PageError when a page is none."""
    settings = CorpusSettings()
    for page in read_pages([bundled_folder()], settings):
        if isinstance(page, PageError):
            raise page
        yield extract(page, settings)


def corpus_lines() -> str:
    """What `iom/corpus.jsonl` must hold: one JSON object for each document of the bundled corpus."""
    documents = sorted(bundled_documents(), key=lambda document: document.doc_id)
    return "".join(json.dumps(_record(document), ensure_ascii=False) + "\n" for document in documents)


def _record(document: Document) -> dict[str, object]:
    stored = json.loads(document.to_json())
    metadata = {name: stored[name] for name in _METADATA if stored[name]}
    return {"_id": document.doc_id, "title": document.title, "text": document.text, "metadata": metadata}
