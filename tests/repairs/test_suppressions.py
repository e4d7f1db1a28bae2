"""Codes taken out of comments; every spelling, with line ends and byte order marks, is tested with ``bplint fix``."""

from bplint.errors import Span
from bplint.repairs.suppressions import without_codes

LINE = "ry(a) q; // bplint: ignore[BP101, BP203] θ"


def at(text, line=1):
    row = text.split("\n")[line - 1]
    return Span(line, row.index("//") + 1, line, len(row) + 1)


def test_other_codes_stay_and_the_last_takes_the_comment_along():
    assert without_codes(LINE, {at(LINE): {"BP203"}}) == ("ry(a) q; // bplint: ignore[BP101] θ", 1)
    assert without_codes(LINE, {at(LINE): {"BP203", "BP101"}}) == ("ry(a) q;", 1)


def test_a_line_of_its_own_goes_with_its_comment():
    text = "x q;\n  // bplint: ignore[BP101]\ny q;"
    assert without_codes(text, {at(text, 2): {"BP101"}}) == ("x q;\ny q;", 1)


def test_a_place_without_a_comment_is_in_an_included_file():
    assert without_codes("ry(a) q; x q;", {Span(1, 10, 1, 14): {"BP101"}}) == ("ry(a) q; x q;", 0)
    assert without_codes(LINE, {}) == (LINE, 0)
