"""`orgbot corpus editions`, and a build that follows the links."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

from bot.api.editions import Editions
from corpus.citable import citable_documents
from corpus.document import Language
from corpus.editions.addresses import ADDRESS
from corpus.store import CorpusStore
from tests.bot.test_cli import orgbot, said
from tests.conftest import COAST


def test_linked_editions_are_shown_with_the_reason_and_built_as_one(tmp_path: Path) -> None:
    english = replace(COAST[0], doc_id="in-english", url="https://coast.example/en/news/12", edition_group=None)
    english = replace(english, language=Language.ENGLISH, digest=False)
    french = replace(english, doc_id="in-french", url="https://coast.example/fr/news/12", language=Language.FRENCH)
    alone = replace(english, doc_id="alone", url="https://coast.example/en/news/9", text=COAST[1].text)
    with CorpusStore.open(tmp_path / "corpus.sqlite3", create=True) as store:
        for document in (english, french, alone):
            store.add(document)
        groups = {document.doc_id: document.edition_group for document, _ in citable_documents(store)}
        assert groups == {"alone": None, "in-english": "linked:in-english", "in-french": "linked:in-english"}
        assert [one.doc_id for one in Editions(store).others(english, "a snapshot")] == ["in-french"]
    shown = json.loads(orgbot(tmp_path, "corpus", "editions", "in-french", "--json").output)
    assert shown == [{"one": "in-english", "other": "in-french", "why": ADDRESS, "by_hand": False}]
    assert "no other document" in orgbot(tmp_path, "corpus", "editions", "alone").output
    assert "missing" in said(orgbot(tmp_path, "corpus", "editions", "missing"))


def test_a_link_is_undone_by_hand_and_the_decision_too(tmp_path: Path) -> None:
    english = replace(COAST[0], doc_id="in-english", url="https://coast.example/en/news/12", edition_group=None)
    english = replace(english, language=Language.ENGLISH, digest=False)
    french = replace(english, doc_id="in-french", url="https://coast.example/fr/news/12", language=Language.FRENCH)
    spanish = replace(english, doc_id="in-spanish", url="https://coast.example/nota", language=Language.SPANISH)
    with CorpusStore.open(tmp_path / "corpus.sqlite3", create=True) as store:
        for document in (english, french, spanish):
            store.add(document)

    def groups() -> list[str | None]:
        with CorpusStore.open(tmp_path / "corpus.sqlite3") as store:
            return [document.edition_group for document, _ in citable_documents(store)]

    done = orgbot(tmp_path, "corpus", "unlink", "in-french", "in-english", "--why", "another release")
    assert "kept apart" in done.output
    assert "in-french" not in orgbot(tmp_path, "corpus", "editions", "in-english").output.replace("is linked to no", "")
    assert "already" in said(orgbot(tmp_path, "corpus", "unlink", "in-english", "in-french", "--why", "again"))
    assert orgbot(tmp_path, "corpus", "link", "in-english", "in-spanish", "--why", "read both").exit_code == 0
    assert groups() == ["linked:in-english", None, "linked:in-english"]
    refused = orgbot(tmp_path, "corpus", "link", "in-spanish", "in-french", "--why", "read both")
    assert "apart" in said(refused)
    listed = json.loads(orgbot(tmp_path, "corpus", "decisions", "--json").output)
    assert [(one["one"], one["other"], one["together"], one["why"]) for one in listed] == [
        ("in-english", "in-french", False, "another release"),
        ("in-english", "in-spanish", True, "read both"),
    ]
    assert "another release" in orgbot(tmp_path, "corpus", "decisions").output
    assert orgbot(tmp_path, "corpus", "undecide", "in-french", "in-english").exit_code == 0
    assert "Nothing is decided" in said(orgbot(tmp_path, "corpus", "undecide", "in-french", "in-english"))
    assert groups() == ["linked:in-english"] * 3
    assert "twice" in said(orgbot(tmp_path, "corpus", "link", "in-french", "in-french", "--why", "the same"))
    assert "empty" in said(orgbot(tmp_path, "corpus", "link", "in-french", "in-english", "--why", " "))


def test_decisions_are_in_a_back_up(tmp_path: Path) -> None:
    data, restored = tmp_path / "data", tmp_path / "restored"
    with CorpusStore.open(data / "corpus.sqlite3", create=True) as store:
        for document in COAST[:2]:
            store.add(document, origin=document.url)
        store.decide(COAST[0].doc_id, COAST[1].doc_id, "read both", together=True)
        made = store.decisions()
    assert orgbot(data, "backup", str(tmp_path / "kept.tar")).exit_code == 0
    assert orgbot(restored, "restore", str(tmp_path / "kept.tar")).exit_code == 0
    with CorpusStore.open(restored / "corpus.sqlite3") as store:
        assert store.decisions() == made
    assert orgbot(restored, "corpus", "verify").exit_code == 0
