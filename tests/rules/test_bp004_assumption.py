"""What was assumed, in words."""

import pytest

from bplint.config import Settings
from bplint.run import lint_text

HEAD = 'OPENQASM 3.0;\ninclude "stdgates.inc";\n// bplint: observable = Z0\nqubit[2] q;\n'


def notes(body, **settings):
    report = lint_text(HEAD + body, Settings(**settings))
    return " ".join(f.hit.message for f in report.findings if f.code == "BP004")


@pytest.mark.parametrize(
    ("body", "settings", "reason"),
    [
        ("h q[0];", {}, "the file has no angle at all"),
        ("rz(pi/4) q[0];", {}, "none of 1 literal angles looks trained"),
        ("input float x;\nry(x) q[0];", {"data": ("x",)}, "all symbols carry data or are fixed"),
        ("ry(0.3) q[0];", {"trainable": "none"}, "none was asked for"),
    ],
)
def test_no_trainable_parameter_says_why(body, settings, reason):
    assert f"No trainable parameter was found: {reason}." in notes(body, **settings)


def test_a_plain_symbolic_file_has_nothing_to_assume():
    assert notes("input float a;\nry(a) q[0];") == ""


def test_literals_beside_symbols_are_counted():
    assert "1 literal angles beside the symbols" in notes("input float a;\nry(a) q[0];\nrx(0.3) q[0];")


def test_expressions_and_data_are_named():
    text = "input float a;\ninput float x;\nry(sin(a)) q[0];\nrx(x) q[0];"
    found = notes(text, data=("x",))
    assert "Not affine in the parameters: sin(a); taken as parameters of their own." in found
    assert "x carries data" in found


def test_a_remark_alone_has_its_place():
    """Beside another assumption it is one sentence of several, about the whole file."""
    (finding,) = [
        f for f in lint_text(HEAD + "#pragma other\ninput float a;\nry(a) q[0];").findings if f.code == "BP004"
    ]
    assert (finding.hit.message, finding.span.line) == ("Pragma ignored: other.", 5)
    (finding,) = [f for f in lint_text(HEAD + "#pragma other\nh q[0];").findings if f.code == "BP004"]
    assert finding.hit.span is None
