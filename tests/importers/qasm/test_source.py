"""Decoding, places and comments of OpenQASM texts, and the limits on them."""

import pytest

from bplint.errors import LimitError, SourceError, Span
from bplint.importers.decoding import decode
from bplint.importers.qasm import Limits, read
from bplint.importers.qasm.source import SourceText
from bplint.importers.quoting import listed, quote

CIRCUIT = 'OPENQASM 2.0;\ninclude "qelib1.inc";\nqreg q[2];\nry(0.3) q[0];\n'


def message(text, **limits):
    with pytest.raises(SourceError) as caught:
        SourceText(text, Limits(**limits))
    return caught.value.message, caught.value.span


@pytest.mark.parametrize(
    ("data", "want"),
    [
        ("x".encode("utf-16"), "this is UTF-16 text, not UTF-8 text"),
        ("x".encode("utf-32"), "this is UTF-32 text, not UTF-8 text"),
        ("x".encode("utf-16-le"), "this has NUL bytes: it is binary, or UTF-16 text"),
        (b"\x1f\x8b\x08", "this is gzip data, not UTF-8 text"),
        (b"PK\x03\x04", "this is a zip archive, not UTF-8 text"),
    ],
)
def test_what_is_no_text_is_named(data, want):
    with pytest.raises(SourceError) as caught:
        decode(data)
    assert caught.value.message == want


def test_byte_order_mark_is_no_part_of_the_text():
    assert decode(b"\xef\xbb\xbfqubit q;") == "qubit q;"
    assert SourceText("\ufeffqubit q;").text == "qubit q;"


def test_a_byte_that_is_not_utf_8_may_stand_in_a_comment_only():
    program = read(decode(CIRCUIT.encode() + b"// Winkel \xfc\n"))
    assert [(note.text, note.span.line) for note in program.notes] == [("a comment has bytes that are not UTF-8", 5)]
    assert message(decode(b"qubit \xfc;")) == ("byte 0xFC is not UTF-8 text", Span(1, 7, 1, 8))


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_every_line_end_counts_as_one(end):
    program = read(CIRCUIT.replace("\n", end))
    assert program.circuit.span(0) == Span(4, 1, 4, 14)


def test_columns_count_characters():
    source = SourceText("input float θ;\n  ry(θ) q;\n")
    assert source.span(17, 25) == Span(2, 3, 2, 11)
    assert source.span(6, 20) == Span(1, 7, 2, 6)


def test_form_feed_and_vertical_tab_are_white_space():
    assert len(read(CIRCUIT.replace(" ", "\f\v")).circuit) == 1


def test_comments_are_taken_out_of_the_code_and_kept():
    text = 'include "a//b";// one\nh /* two\n*/q;pragma x "y\n@note z; w\n#pragma v\nmypragma q;'
    source = SourceText(text)
    assert source.code == 'include "    ";      \nh       \n  q;           \n          \n         \nmypragma q;'
    assert [(comment.kind, comment.text) for comment in source.comments] == [
        ("comment", " one"),
        ("comment", " two\n"),
        ("pragma", ' x "y'),
        ("annotation", "note z; w"),
        ("pragma", " v"),
    ]
    assert all(text[a.start : a.end].endswith(a.text) or a.text == " two\n" for a in source.comments)


@pytest.mark.parametrize(
    ("text", "want", "place"),
    [
        ("qubit q; /* never", "this comment is never closed", (1, 10)),
        ('qubit q;\ninclude "qe', "this string is never closed", (2, 9)),
        ("include 'qe\n';", "this string is never closed", (1, 9)),
        ("h\u200b q;", "unexpected zero width space (U+200B)", (1, 2)),
        ("h\x1b[31m q;", "unexpected control character (U+001B)", (1, 2)),
        ("h\xa0q;", "unexpected no-break space (U+00A0)", (1, 2)),
        ("input float 😀;", "unexpected character 😀 (U+1F600)", (1, 13)),
        ("# a comment\n", "unexpected character # (U+0023)", (1, 1)),
        ("\n  OPENQASM 9.9;", "OpenQASM 9.9 is unknown; 2.0, 3.0 and 3.1 are read", (2, 12)),
    ],
)
def test_fault_is_placed(text, want, place):
    text, span = message(text)
    assert (text, (span.line, span.column)) == (want, place)


@pytest.mark.parametrize(
    ("line", "version"),
    [("", None), ("OPENQASM 2;", 2), ("OPENQASM 2.0;", 2), ("OPENQASM 3;", 3), ("// x\n OPENQASM 3.1 ;", 3)],
)
def test_version_line(line, version):
    assert SourceText(line + "qubit q;").version == version


def test_file_limit_is_named():
    assert message("x" * 11, file=10)[0] == "11 characters: the limit `file` is 10"
    with pytest.raises(LimitError, match="11 bytes: the limit `file` is 10"):
        decode(b"x" * 11, limits=Limits(file=10))


@pytest.mark.parametrize(
    ("statements", "limits", "want"),
    [
        ("qreg r[9];", {"qubits": 10}, "11 qubits: the limit `qubits` is 10"),
        ("h q[0];", {"operations": 1}, "2 operations: the limit `operations` is 1"),
        ("cry(a) q[0],q[1];", {"operations": 2}, "3 operations: the limit `operations` is 2"),
        ("rx(a) q[0];rx(b) q[0];", {"parameters": 1}, "more than 1 parameters: the limit `parameters` is 1"),
        ("rx(((1))) q[0];", {"nesting": 1}, "parentheses nested too deeply: the limit `nesting` is 1"),
        ("rx(1234) q[0];", {"digits": 3}, "a number of 4 digits: the limit `digits` is 3"),
        ("rx(theta) q[0];", {"name": 4}, "a name of 5 characters, theta: the limit `name` is 4"),
        ("rx(a+a+a) q[0];", {"steps": 6}, "7 steps of evaluation: the limit `steps` is 6"),
    ],
)
def test_every_limit_is_named_when_it_is_hit(statements, limits, want):
    with pytest.raises(LimitError) as caught:
        read(CIRCUIT + statements, limits=Limits(**limits))
    assert caught.value.message == want
    assert caught.value.span.line == 5


def test_quoted_text_is_short_and_harmless():
    assert quote("a\n  b\tc") == "a b c"
    assert quote("\x1b]0;x\x07 \u202eab \udcfc") == "\\x1b]0;x\\x07 \\u202eab \\udcfc"
    assert quote("x" * 1000) == "x" * 39 + "…"
    assert listed([f"t{i}" for i in range(10)]) == "t0, t1, t2, t3, t4, t5, t6, t7 and 2 more"
