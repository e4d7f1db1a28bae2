"""Text in cells: widths, cuts, line breaks, and what stands for characters that a screen has not."""

import textwrap

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bplint.terminal.cells import PLAIN, cells, cut, spelled, wrapped


@pytest.mark.parametrize(
    ("text", "width"),
    [("abc", 3), ("ψ → │", 5), ("量子", 4), ("ｑ", 2), ("e\u0301", 1), ("🙂", 2), ("", 0), ("한글 x", 6)],
)
def test_wide_characters_take_two_cells_and_combining_ones_none(text, width):
    assert cells(text) == width


def test_a_cut_keeps_its_width_where_it_falls_within_a_character():
    assert cut("量子x", 0, 3) == "量 "
    assert cut("量子x", 1, 3) == " 子"
    assert cut("量子x", 2, 3) == "子x"
    assert cut("hello", 1, 3) == "ell"


words = st.lists(st.text("ab12.:-", min_size=1, max_size=30), max_size=20).map(" ".join)


@given(words, st.integers(8, 40), st.sampled_from(["", "  ", "  try  "]))
def test_narrow_text_breaks_as_the_standard_library_breaks_it(text, width, first):
    rest = " " * len(first)
    lines = list(wrapped(text, width, first, rest))
    assert all(len(line) <= width for line in lines)
    assert "".join(lines).replace(" ", "") == (first + text).replace(" ", "") * bool(text.strip())
    if all(len(word) <= width - len(first) for word in text.split()):
        expected = textwrap.wrap(
            text, width, initial_indent=first, subsequent_indent=rest, break_on_hyphens=False, break_long_words=False
        )
        assert lines == expected


@given(st.lists(st.text("a量e\u0301", min_size=1, max_size=8), max_size=12), st.integers(4, 20))
def test_wide_text_fits_too_and_loses_nothing(parts, width):
    text = " ".join(parts)
    lines = list(wrapped(text, width))
    assert all(cells(line) <= width for line in lines)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")


@pytest.mark.parametrize("encoding", ["ascii", "cp1252", "latin-1", "utf-8", "cp437"])
def test_every_character_of_bplints_own_can_be_printed(encoding):
    own = "│ ─ ━ · … → × ± – ≥ ≤ ⟨Z⟩ ∂² ½ π θ χ Σ"
    text = spelled(own, encoding)
    text.encode(encoding)
    assert "?" not in text
    assert spelled(own, "utf-8") == own


def test_what_is_not_bplints_own_becomes_a_mark_as_wide_as_it_was():
    assert spelled("│ 量 ψ e\u0301", "ascii") == "| ?? ? e"
    assert spelled("café", "cp1252") == "café"
    assert spelled("caf\u00e9", "ascii") == "caf?"


def test_what_stands_for_a_frame_is_as_wide():
    assert all(len(PLAIN[ord(bar)]) == 1 for bar in "│─━·")
