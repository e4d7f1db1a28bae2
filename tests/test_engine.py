"""Rules run on a case: limits of severity, who could not tell, and the wall around each."""

import json
import math
import re

import numpy as np
import pytest

from bplint import engine
from bplint.analyses.ask import Ask, BudgetError
from bplint.analyses.family import AskOf, Family, Member
from bplint.config import Settings
from bplint.errors import Span
from bplint.failure import PartKind
from bplint.finding import Hit, Kind, Severity, Untold
from bplint.report import json as report_json
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
    found, untold, faults = engine.check_family(family, AskOf({1: Ask(k)}), [hungry, modest, torn])
    assert faults == ()
    assert [(f.hit.message, f.severity.label) for f in found] == [
        ("worst", "warning"),
        ("too much", "warning"),
        ("own", "note"),
    ]
    assert untold == tuple(
        Untold(code, "10 MB are not enough", ran_out=True, name=name)
        for code, name in (("XY001", "hungry"), ("XY003", "torn"))
    )
    assert engine.check(k, Ask(k), [hungry, torn]) == (
        [],
        (Untold("XY003", "it is too close to call", name="torn"),),
        (),
    )


def test_the_report_has_what_could_not_be_told():
    @rule("XY003", "torn", Severity.WARNING, kind=Kind.EXACT, since="1", scope=Scope.FAMILY)
    def torn(family, ask):
        raise Undecided("two sizes are too few")

    @rule("XY004", "undecided", Severity.WARNING, kind=Kind.EXACT, since="1")
    def undecided(case, ask):
        raise Undecided("it is tied")

    report = lint_text("OPENQASM 3.0;\ninput int n;\nqubit[n] q;\n", rules=[torn, undecided], sizes=(1, 2))
    assert [circuit.untold for circuit in report.circuits] == 2 * [(Untold("XY004", "it is tied", name="undecided"),)]
    assert report.families[0].untold == (Untold("XY003", "two sizes are too few", name="torn"),)
    assert report.undecided == 3
    assert [report.exit_code(), report.exit_code(fail_on_incomplete=True)] == [0, 4]


def test_what_could_only_be_a_note_leaves_nothing_open():
    @rule("XY004", "undecided", Severity.WARNING, kind=Kind.EXACT, since="1")
    def undecided(case, ask):
        raise Undecided("it is tied", minor=True)

    report = lint_text("OPENQASM 3.0;\ninput float a;\nqubit[1] q;\nU(a, 0, 0) q[0];\n", rules=[undecided])
    assert [circuit.untold for circuit in report.circuits] == [
        (Untold("XY004", "it is tied", name="undecided", minor=True),)
    ]
    assert (report.undecided, report.inconclusive, report.unsettled) == (0, 0, [])
    assert report.exit_code(fail_on_incomplete=True) == 0
    assert json.loads(report_json.write(report, 0, 0))["circuits"][0]["findings"] == []


def test_what_a_rule_of_notes_leaves_open_is_minor():
    @rule("XY005", "modest", Severity.NOTE, kind=Kind.EXACT, since="1")
    def modest(case, ask):
        raise Undecided("it is tied")

    text = "OPENQASM 3.0;\ninput float a;\nqubit[1] q;\nU(a, 0, 0) q[0];\n"
    assert lint_text(text, rules=[modest]).undecided == 0
    assert lint_text(text, rules=[modest._replace(severity=Severity.WARNING)]).undecided == 1
    assert lint_text(text, rules=[modest._replace(worst=Severity.WARNING)]).undecided == 1


def yields(*hits):
    """A rule that yields these."""

    @rule("XY001", "broken", Severity.NOTE, kind=Kind.EXACT, since="1")
    def broken(case, ask):
        yield Hit("This is lost.")
        yield from hits

    return broken


@rule("XY002", "sound", Severity.NOTE, kind=Kind.EXACT, since="1")
def sound(case, ask):
    yield Hit("This stays.")


@pytest.mark.parametrize(
    ("nonsense", "said"),
    [
        ("text", "want Hit objects from a rule, got str"),
        (("message",), "want Hit objects from a rule, got tuple"),
        (Hit(7), "want strings as message"),
        (Hit("m", help="text"), "a tuple of strings as help"),
        (Hit("m", help=(1,)), "a tuple of strings as help"),
        (Hit("m", severity=2), "want a Severity or None as severity of a Hit, got 2"),
        (Hit("m", span=3), "want a Span of whole numbers from 1 on, got 3"),
        (Hit("m", span=Span(0, 1, 1, 1)), "want a Span of whole numbers"),
        (Hit("m", span=Span(1, np.int64(1), 1, 1)), "want a Span of whole numbers"),
        (Hit("m", evidence=[1]), "want a mapping as evidence of a Hit, got list"),
        (Hit("m", evidence={"x": math.nan}), "evidence['x']: want a finite number, got nan"),
        (
            Hit("m", evidence={"x": [1.0, {"y": np.float64(1)}]}),
            "evidence['x'][1]['y']: want plain data, got numpy.float64",
        ),
    ],
)
def test_what_is_no_hit_is_a_fault_of_its_rule_alone(nonsense, said):
    k = case(circuit(1, [("rx", [0], "a")]), "Z0")
    found = engine.check(k, Ask(k), [yields(nonsense), sound])
    assert [f.hit.message for f in found.findings] == ["This stays."]
    assert [one[:3] for one in found.untold] == [("XY001", "the rule failed", True)]
    (fault,) = found.faults
    assert (fault.part, fault.name, fault.module) == (PartKind.RULE, "XY001", __name__)
    assert said in fault.lines[-1]


def test_a_rule_that_raises_is_named_with_its_last_lines():
    def check(case, ask):
        return 1 / 0

    def alone(case):
        return ()

    k = case(circuit(1, [("rx", [0], "a")]), "Z0")
    found = engine.check(k, Ask(k), [sound._replace(code="XY001", check=check), sound._replace(check=alone), sound])
    assert [f.hit.message for f in found.findings] == ["This stays."]
    first, second = found.faults
    assert re.fullmatch(r"test_engine.py:\d+ in check: return 1 / 0", first.lines[-2])
    assert first.lines[-1] == "ZeroDivisionError: division by zero"
    assert "takes 1 positional argument but 2 were given" in second.lines[-1]


def test_an_analysis_that_fails_is_named_once_however_many_rules_ask():
    def torn(case, ask):
        raise ValueError("no such thing")

    def asks(case, ask):
        yield Hit(ask(torn))

    k = case(circuit(1, [("rx", [0], "a")]), "Z0")
    ask = Ask(k)
    found = engine.check(
        k, ask, [sound._replace(code="XY001", check=asks), sound._replace(check=asks), sound._replace(code="XY003")]
    )
    assert [f.hit.message for f in found.findings] == ["This stays."]
    assert [one[:3] for one in found.untold] == [(code, "analysis torn failed", True) for code in ("XY001", "XY002")]
    assert not found.faults
    assert [(fault.part, fault.name, fault.lines[-1]) for fault in ask.faults] == [
        (PartKind.ANALYSIS, "torn", "ValueError: no such thing")
    ]


def test_arguments_that_an_analysis_does_not_take_are_the_fault_of_the_rule():
    def narrow(case, ask):
        return 1

    def asks(case, ask):
        yield Hit(ask(narrow, wide=True))

    k = case(circuit(1, [("rx", [0], "a")]), "Z0")
    ask = Ask(k)
    found = engine.check(k, ask, [sound._replace(check=asks)])
    assert [fault.part for fault in found.faults] == [PartKind.RULE]
    assert not ask.faults
