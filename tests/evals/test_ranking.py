"""Hits → ranks of documents and of releases."""

from __future__ import annotations

from pathlib import Path

import pytest

from corpus.document import Language
from evals.ranking import document_run, rank, release_run
from evals.testset import QuestionSet, load_set
from index.passage import Hit, Passage
from tests.evals.conftest import write_set

DOCUMENTS = [
    {"_id": name, "text": "Dunes.", "metadata": {"language": language, "edition_group": group}}
    for name, language, group in [("dunes-fr", "fr", "dunes"), ("dunes-en", "en", "dunes"), ("port-es", "es", "")]
]
QUERY = "How many grasses were planted on the dunes of the town?"


def hits(*found: tuple[str, Language, str | None]) -> list[Hit]:
    return [
        Hit(place, 1 / place, Passage(f"{doc_id}#{place}", doc_id, 0, 6, "Dunes.", "Dunes", language, group))
        for place, (doc_id, language, group) in enumerate(found, start=1)
    ]


PORT = ("port-es", Language.SPANISH, None)
FRENCH = ("dunes-fr", Language.FRENCH, "dunes")
ENGLISH = ("dunes-en", Language.ENGLISH, "dunes")


@pytest.fixture
def english(tmp_path: Path) -> QuestionSet:
    """One English question that its English edition is judged to answer."""
    return load_set(write_set(tmp_path / "set", DOCUMENTS, [{"_id": "q", "text": QUERY}], "q\tdunes-en\t1"))


def test_a_document_is_ranked_where_its_first_passage_is(english: QuestionSet) -> None:
    found = {"q": hits(PORT, ENGLISH, PORT)}
    assert document_run(found) == {"q": ("port-es", "dunes-en")}
    assert rank(english, found)[0].rank == 2


def test_editions_of_one_release_are_one_hit_where_the_shown_one_stands(english: QuestionSet) -> None:
    # The French edition is not shown, for the English one was found: the port stands before the release of the dunes.
    assert release_run({"q": hits(FRENCH, PORT, ENGLISH)}, english.judged) == {"q": ("port-es", "dunes")}
    (one,) = rank(english, {"q": hits(FRENCH, PORT, ENGLISH)})
    assert (one.rank, one.measures["Release Success@1"], one.measures["Release Success@5"]) == (3, 0.0, 1.0)


def test_the_release_succeeds_where_another_edition_of_it_is_the_hit(english: QuestionSet) -> None:
    (one,) = rank(english, {"q": hits(FRENCH, PORT)})
    assert one.rank is None
    assert (one.measures["Success@1"], one.measures["Release Success@1"]) == (0.0, 1.0)
