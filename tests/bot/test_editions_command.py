"""`orgbot corpus editions`, and a build that follows the links."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

from bot.api.editions import Editions
from bot.cli.index import documents_to_index
from corpus.document import Language
from corpus.editions import ADDRESS
from corpus.store import CorpusStore
from tests.bot.test_cli import orgbot, said
from tests.conftest import COAST


def test_linked_editions_are_shown_with_the_reason_and_built_as_one(tmp_path: Path) -> None:
    english = replace(COAST[0], doc_id="in-english", url="https://coast.example/en/news/12", edition_group=None)
    english = replace(english, language=Language.ENGLISH, digest=False)
    french = replace(english, doc_id="in-french", url="https://coast.example/fr/news/12", language=Language.FRENCH)
    alone = replace(english, doc_id="alone", url="https://coast.example/en/news/9")
    with CorpusStore.open(tmp_path / "corpus.sqlite3", create=True) as store:
        for document in (english, french, alone):
            store.add(document)
        groups = {document.doc_id: document.edition_group for document, _ in documents_to_index(store)}
        assert groups == {"alone": None, "in-english": "linked:in-english", "in-french": "linked:in-english"}
        assert [one.doc_id for one in Editions(store).others(english, "a snapshot")] == ["in-french"]
    shown = json.loads(orgbot(tmp_path, "corpus", "editions", "in-french", "--json").output)
    assert shown == [{"one": "in-english", "other": "in-french", "why": ADDRESS}]
    assert "no other edition" in orgbot(tmp_path, "corpus", "editions", "alone").output
    assert "missing" in said(orgbot(tmp_path, "corpus", "editions", "missing"))
