from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.web.rendering import marked_paragraphs, marked_pieces, web_address

SPANS = st.lists(st.tuples(st.integers(-3, 60), st.integers(-3, 60)), max_size=5)


def test_a_quote_is_cut_out_of_its_text() -> None:
    pieces = marked_pieces("A dark coast is dangerous.", [(2, 12)])
    assert [(piece.text, piece.marked) for piece in pieces] == [
        ("A ", False),
        ("dark coast", True),
        (" is dangerous.", False),
    ]
    assert pieces[1].first


def test_quotes_that_overlap_or_touch_are_one() -> None:
    assert [piece.text for piece in marked_pieces("abcdefgh", [(4, 6), (1, 3), (2, 4)]) if piece.marked] == ["bcdef"]


@pytest.mark.parametrize("span", [(3, 3), (5, 2), (-1, 4), (0, 9), (20, 30)])
def test_a_span_that_does_not_fit_marks_nothing(span: tuple[int, int]) -> None:
    assert [piece.marked for piece in marked_pieces("abcdefgh", [span])] == [False]


def test_a_quote_over_two_paragraphs_is_marked_in_both_and_linked_once() -> None:
    first, second = marked_paragraphs("One two.\n\nThree four.", [(4, 15)])
    assert [(piece.text, piece.marked, piece.first) for piece in first] == [
        ("One ", False, False),
        ("two.", True, True),
    ]
    assert [(piece.text, piece.marked, piece.first) for piece in second] == [
        ("Three", True, False),
        (" four.", False, False),
    ]


@given(st.text(alphabet="ab \n<é", max_size=50), SPANS)
def test_no_character_is_lost_or_doubled(text: str, spans: list[tuple[int, int]]) -> None:
    assert "".join(piece.text for piece in marked_pieces(text, spans)) == text
    shown = "".join(piece.text for paragraph in marked_paragraphs(text, spans) for piece in paragraph)
    assert shown == text.replace("\n\n", "")


@pytest.mark.parametrize("url", ["https://coast.example/a?b=c#d", "http://coast.example"])
def test_web_addresses_are_linked(url: str) -> None:
    assert web_address(url) == url


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "java\nscript:alert(1)",
        "data:text/html,x",
        "vbscript:x",
        "file:///etc/hosts",
        "//coast.example/a",
        "https:///nohost",
        "http://[",
        "https://coast.example/ a",
        "folder/page.txt",
        "",
    ],
)
def test_other_addresses_are_not(url: str) -> None:
    assert web_address(url) == ""
