"""Rules run on a case: limits of severity, and who could not tell."""

from bplint import engine
from bplint.analyses.ask import Ask, BudgetError
from bplint.analyses.family import AskOf, Family, Member
from bplint.config import Settings
from bplint.finding import Hit, Kind, Severity, Untold
from bplint.rule import Scope, Undecided, rule
from bplint.run import lint_text
from cases import case
from samples import circuit


def test_a_guess_caps_errors_at_warnings():
    n = 14
    body = f"// bplint: observable = {'Z' * n}\n" + "".join(f"ry(0.{q + 11}) q[{q}];\n" for q in range(n))
    text = f'OPENQASM 2.0;\ninclude "qelib1.inc";\nqreg q[{n}];\n{body}'
    guessed, declared = lint_text(text), lint_text(text, Settings(trainable="literals"))
    severities = [next(f.severity.label for f in r.findings if f.code == "BP301") for r in (guessed, declared)]
    assert severities == ["warning", "error"]


def test_a_rule_that_cannot_tell_is_noted_with_its_reason_and_leaves_the_others():
    @rule("XY001", "hungry", Severity.WARNING, kind=Kind.EXACT, since="1", scope=Scope.FAMILY)
    def hungry(family, ask):
        yield Hit("This is lost.")
        raise BudgetError("10 MB are not enough")

    @rule("XY003", "torn", Severity.WARNING, kind=Kind.EXACT, since="1", family=hungry.family)
    def torn(case, ask):
        yield Hit("This is lost too.")
        raise Undecided("it is too close to call")

    @rule("XY002", "modest", Severity.NOTE, kind=Kind.EXACT, since="1", scope=Scope.FAMILY, worst=Severity.WARNING)
    def modest(family, ask):
        yield Hit("own")
        yield Hit("worst", severity=Severity.WARNING)
        yield Hit("too much", severity=Severity.ERROR)

    k = case(circuit(1, [("rx", [0], "a")]), "Z0")
    family = Family("f", (Member(1, k),))
    found, untold = engine.check_family(family, AskOf({1: Ask(k)}), [hungry, modest, torn])
    assert [(f.hit.message, f.severity.label) for f in found] == [
        ("worst", "warning"),
        ("too much", "warning"),
        ("own", "note"),
    ]
    assert untold == tuple(Untold(code, "10 MB are not enough", ran_out=True) for code in ("XY001", "XY003"))
    assert engine.check(k, Ask(k), [hungry, torn]) == ([], (Untold("XY003", "it is too close to call"),))


def test_the_report_has_what_could_not_be_told():
    @rule("XY003", "torn", Severity.WARNING, kind=Kind.EXACT, since="1", scope=Scope.FAMILY)
    def torn(family, ask):
        raise Undecided("two sizes are too few")

    @rule("XY004", "undecided", Severity.WARNING, kind=Kind.EXACT, since="1")
    def undecided(case, ask):
        raise Undecided("it is tied")

    report = lint_text("OPENQASM 3.0;\ninput int n;\nqubit[n] q;\n", rules=[torn, undecided], sizes=(1, 2))
    assert [circuit.untold for circuit in report.circuits] == 2 * [(Untold("XY004", "it is tied"),)]
    assert report.families[0].untold == (Untold("XY003", "two sizes are too few"),)
