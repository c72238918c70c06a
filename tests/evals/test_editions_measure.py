"""The gate of links: the documents of one release are found, those of two are kept apart."""

from __future__ import annotations

import pytest

from evals.editions import __main__ as command
from evals.editions.measure import FLOOR, Figures, LinkSet, link_sets, measure


@pytest.mark.parametrize("link_set", link_sets(), ids=lambda one: one.name)
def test_no_figure_is_below_the_floor(link_set: LinkSet) -> None:
    measured = measure(link_set)
    assert len(measured.editions.wanted) >= 30
    assert measured.editions.f1 >= FLOOR
    assert measured.reposts.f1 >= FLOOR


def test_figures_by_hand() -> None:
    figures = Figures(frozenset({("a", "b"), ("a", "c")}), frozenset({("a", "b"), ("b", "d"), ("c", "d")}))
    assert figures.precision == pytest.approx(1 / 3)
    assert figures.recall == 0.5
    assert figures.f1 == pytest.approx(0.4)
    assert Figures(frozenset(), frozenset()).f1 == 1


def test_the_command_fails_below_the_floor(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    assert command.main() == 0
    monkeypatch.setattr("corpus.editions.groups.by_likeness", lambda _documents: iter(()))
    assert command.main() == 1
    assert "edition missed" in capsys.readouterr().out
