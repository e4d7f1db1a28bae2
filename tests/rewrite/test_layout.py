"""Where statements begin and end."""

import pytest

from bplint.rewrite.layout import Layout

STATEMENTS = [
    "OPENQASM 3.0;",
    'include "a;b{.inc";',
    "const int n = 3;",
    "gate g(x) a { rx(x) a; }",
    "qubit[n] q;",
    "array[int, 2] v = {1, 2};",
    "for int i in {0, 2} h q[i];",
    "for int i in [0:1] { if (i == 0) { x q[i]; } else { y q[i]; } }",
    "if (n == 3) x q[0]; else y q[0];",
    "h q[{0, 1}];",
    "ctrl @x q[0], q[1];",
]


def test_statements():
    between = ["\n", " // x; {\n", " /* } ; */ ", "\n@an.annotation {\n", "\n#pragma so { ;\n"]
    text = "".join(s + between[k % len(between)] for k, s in enumerate(STATEMENTS))
    layout = Layout(text)
    assert [text[s.start : s.end] for s in layout.statements] == STATEMENTS
    assert [s.word for s in layout.statements][:5] == ["OPENQASM", "include", "const", "gate", "qubit"]
    assert (layout.version, layout.libraries, layout.defined) == (3, ["a;b{.inc"], {"g"})
    for s in layout.statements:
        assert layout.offset(*layout.place(s.start)) == s.start
        assert layout.around(s.end - 1) == s


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_lines(end):
    layout = Layout(f"x q;{end}y q;{end}z q;")
    assert layout.newline == end
    assert [layout.place(s.start) for s in layout.statements] == [(1, 1), (2, 1), (3, 1)]
    assert layout.text[layout.next_line(0) :].startswith("y")
    assert layout.line_end(0) == 4
    assert layout.next_line(len(layout.text)) == len(layout.text)


@pytest.mark.parametrize(
    ("text", "want"),
    [
        ("qreg a[2]; qubit b; qubit[3] c;", [("a", 2), ("b", None), ("c", 3)]),
        ("const int n = 4; qubit[n] q; qubit[2] r;", [("q", 4), ("r", 2)]),
        ("const int n = 4; qubit[n] q; qubit[n] r;", None),
        ("qreg a[2];", None),
        ("x $0;", []),
    ],
)
def test_registers(text, want):
    assert Layout(text).registers(6) == want
