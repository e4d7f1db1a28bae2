"""What was assumed, in words."""

from pathlib import Path

import pytest

from bplint.analyses.ask import Ask
from bplint.config import Settings
from bplint.errors import BplintError
from bplint.importers.qasm import read
from bplint.ir.trainable import select
from bplint.run import lint_text
from bplint_rules.bp004_assumption import check
from cases import case

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


def test_what_is_tied_by_a_line_is_said_beside_what_is_guessed():
    body = "ry(0.3) q[0];\nry(0.6) q[1];\nrx(0.3) q[0];\nrx(0.3) q[1];\n"
    assert "as trainable, angles of equal size as one parameter." in notes(body)
    tied = notes(f"// bplint: tie = 0.3, 0.6\n{body}")
    assert "as trainable, each on its own but for those that are tied." in tied


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


FIXTURES = Path(__file__).parents[2] / "fixtures"


def confirmed(circuit):
    """The policy of the line that BP004 offers for a circuit of numbers only; None if it offers none."""
    k = case(circuit, "Z0")
    lines = [line for hit in check.check(k, Ask(k)) for line in hit.help if line.startswith("to confirm")]
    return lines[0].rpartition(" = ")[2] if lines else None


def same(circuit, policy):
    """Whether a policy takes the very parameters that are taken where nothing is said."""
    (left, _), (right, _) = select(circuit), select(circuit, policy)
    return left.parameters == right.parameters and left.angles.columns == right.angles.columns


def test_the_line_that_confirms_keeps_what_was_assumed():
    """Over every circuit of numbers in the fixtures."""
    offered = []
    for path in sorted(FIXTURES.rglob("*.qasm")):
        try:
            circuit = read(path.read_text("utf-8"), path=path).circuit
        except (BplintError, UnicodeError):
            continue
        if (policy := confirmed(circuit)) is not None:
            assert same(circuit, policy), path
            offered.append(policy)
    assert min(offered.count("literals"), offered.count("tied-literals")) >= 3


TIED = [f"rz(1.347) q[{q % 2}];\nrx({-0.61 if q % 3 else 0.61}) q[{q % 2}];" for q in range(6)]


@pytest.mark.parametrize(
    ("body", "policy", "count"),
    [
        ("\n".join(TIED), "tied-literals", 2),
        ("rx(0.3) q[0]; ry(0.3) q[0]; rz(-0.3) q[1];", "tied-literals", 1),
        ("rx(0.3) q[0]; ry(0.4) q[0]; rz(-0.5) q[1];", "literals", 3),
        ("rx(0.3) q[0];", "literals", 1),
    ],
)
def test_equal_angles_stay_tied_when_confirmed(body, policy, count):
    circuit = read(HEAD + body).circuit
    assert confirmed(circuit) == policy
    assert same(circuit, policy)
    assert len(select(circuit, policy)[0].parameters) == count
