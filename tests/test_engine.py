"""What the engine finds itself: assumptions, in words."""

import pytest

from bplint import engine
from bplint.analyses.ask import Ask, BudgetError
from bplint.analyses.family import AskOf, Family, Member
from bplint.config import Settings
from bplint.finding import Hit, Kind, Severity
from bplint.rule import Scope, rule
from bplint.run import lint_text
from cases import case
from samples import circuit

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


def test_a_guess_caps_errors_at_warnings():
    n = 14
    body = f"// bplint: observable = {'Z' * n}\n" + "".join(f"ry(0.{q + 11}) q[{q}];\n" for q in range(n))
    text = f'OPENQASM 2.0;\ninclude "qelib1.inc";\nqreg q[{n}];\n{body}'
    guessed, declared = lint_text(text), lint_text(text, Settings(trainable="literals"))
    severities = [next(f.severity.label for f in r.findings if f.code == "BP301") for r in (guessed, declared)]
    assert severities == ["warning", "error"]


def test_a_family_rule_that_runs_out_leaves_the_others():
    @rule("XY001", "hungry", Severity.WARNING, kind=Kind.EXACT, since="1", scope=Scope.FAMILY)
    def hungry(family, ask):
        yield Hit("This is lost.")
        raise BudgetError("10 MB are not enough")

    @rule("XY002", "modest", Severity.NOTE, kind=Kind.EXACT, since="1", scope=Scope.FAMILY, worst=Severity.WARNING)
    def modest(family, ask):
        yield Hit("own")
        yield Hit("worst", severity=Severity.WARNING)
        yield Hit("too much", severity=Severity.ERROR)

    k = case(circuit(1, [("rx", [0], "a")]), "Z0")
    found = engine.check_family(Family("f", (Member(1, k),)), AskOf({1: Ask(k)}), [hungry, modest])
    assert [(f.hit.message, f.severity.label) for f in found] == [
        ("worst", "warning"),
        ("too much", "warning"),
        ("own", "note"),
    ]
    assert engine.check(k, Ask(k), [hungry]) == ([], ("XY001",))
