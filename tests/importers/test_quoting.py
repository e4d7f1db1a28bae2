"""Texts of a source in messages: short, one line, nothing that a terminal obeys."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bplint.importers.quoting import listed, quote


@given(st.text(st.characters(exclude_categories=())))
def test_whatever_the_text_it_is_short_printable_and_one_line(text):
    shown = quote(text)
    assert shown.isprintable()
    assert not [c for c in shown if unicodedata.category(c) in ("Cc", "Cf", "Cs", "Zl", "Zp")]
    assert bool(shown) == bool(text.split() or len(text) > 200)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("rx(a) q;", "rx(a) q;"),
        ("a\n\t  b", "a b"),
        ("x" * 40, "x" * 40),
        ("x" * 41, "x" * 39 + "…"),
        ("\x1b[31m", "\\x1b[31m"),
        ("\u202eq", "\\u202eq"),
        ("\ud800", "\\ud800"),
        (" " * 300, "…"),
    ],
)
def test_texts(text, shown):
    assert quote(text) == shown


def test_of_many_names_eight_are_listed():
    assert listed([f"q{i}" for i in range(8)]) == "q0, q1, q2, q3, q4, q5, q6, q7"
    assert listed([f"q{i}" for i in range(1_010)]).endswith("q7 and 1,002 more")
    assert listed([]) == ""
