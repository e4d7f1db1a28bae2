"""Code and comments of OpenQASM texts, also of texts that are none."""

import random

import pytest

from bplint.openqasm_comments import Unclosed, split


def test_comments_of_every_kind():
    text = "// a\n/* b\r\n c */ # no; x;\n#pragma p q\npragma r\n@bplint.fixed\nctrl @x a; include \"//f\"; '/*'\n"
    code, comments = split(text)
    assert [(c.kind, c.text.strip()) for c in comments] == [
        ("comment", "a"), ("comment", "b\r\n c"), ("pragma", "p q"), ("pragma", "r"), ("annotation", "bplint.fixed"),
    ]  # fmt: skip
    assert code.split() == ["#", "no;", "x;", "ctrl", "@x", "a;", "include", '"', '";', "'", "'"]


@pytest.mark.parametrize(
    ("text", "what", "place"),
    [
        ("h q; /* x", "comment", (5, 7)),
        ('include "a\n"', "string", (8, 9)),
        ("' // '", "", None),
        ("it's", "string", (2, 3)),
    ],
)
def test_what_never_ends(text, what, place):
    if place is None:
        assert split(text)[1] == ()
        return
    with pytest.raises(Unclosed) as caught:
        split(text)
    assert (caught.value.what, (caught.value.start, caught.value.end)) == (what, place)


@pytest.mark.parametrize("seed", range(100))
def test_every_character_is_code_or_comment_and_keeps_its_place(seed):
    rng = random.Random(seed)
    parts = ["// c", "/* d */", "\n", "\r\n", "x;", '"s"', "@", "@a b", "pragma z", "#pragma", "ctrl @ y", " ", "é"]
    text = "".join(rng.choices(parts, k=30))
    code, comments = split(text)
    assert len(code) == len(text)
    inside = [any(c.start <= k < c.end for c in comments) for k in range(len(text))]
    for k, (before, after) in enumerate(zip(text, code, strict=True)):
        want = before if before in "\r\n" or not inside[k] else " "
        assert after == want or (after == " " and before == "s")  # the inside of a string is blank too
    assert all(c.text in text[c.start : c.end] for c in comments)
