"""One circuit with -v: each finding, each suggestion with its effect and its verdict."""

import click

from bplint.config import Settings
from bplint.finding import Effect, Hit, Severity, Suggestion, Verdict, sign
from bplint.report import detail
from bplint.rewrite import Edit
from bplint.run import lint_text
from repair_texts import hardware_efficient

GLOBAL = hardware_efficient(7, 1, "projector(0..n-1)", rotations=("ry",))


def finding(*suggestions, help=("do it by hand",)):
    hit = Hit("It is bad.", help=help)
    return sign(hit, code="BP301", name="bad", severity=Severity.ERROR, path="x.qasm", case_id="")._replace(
        suggestions=suggestions
    )


def shown(*findings):
    (entry,) = lint_text(GLOBAL, Settings(suggest=False, select=("BP104",))).circuits
    return click.unstyle("\n".join(detail.lines_of(entry._replace(findings=findings))))


def suggestion(name, verdict=Verdict.VERIFIED, reason="", **more):
    effect = Effect((127, 7), (0.001, 0.02), (0.001, 0.02), (9, 5))
    return Suggestion(name, f"keep {name}", verdict, effect, reason, **more)


EDIT = Edit(1, 1, 1, 1, "", "x")


def test_a_suggestion_has_its_effect_and_what_to_type():
    lines = shown(finding(suggestion("z2", keeps="Z0 = +1", edits=(EDIT,)))).splitlines()
    (at,) = (i for i, line in enumerate(lines) if "keep z2" in line)
    assert lines[at].startswith("  try       keep z2 (Z0 = +1)")
    assert lines[at].endswith("measured: signal 1e-3 → 0.02, dimension 7")
    assert any("bplint fix x.qasm --prior z2" in line for line in lines[at:])
    assert "do it by hand" not in "".join(lines)


def test_what_was_refuted_is_told_with_its_reason():
    bad = finding(suggestion("u1", Verdict.REFUTED, "the sector is wrong"))
    assert "do it by hand" in shown(bad), "the help stays where no suggestion helps"
    assert "refuted: the sector is wrong" in shown(bad)
    assert "unverified: who knows" in shown(finding(suggestion("u1", Verdict.UNVERIFIED, "who knows", edits=(EDIT,))))


def test_nothing_is_said_twice_unless_it_is_better():
    first = finding(suggestion("z2", Verdict.UNVERIFIED, "who knows"))
    again = shown(first, finding(suggestion("z2", Verdict.UNVERIFIED, "who knows")))
    assert again.count("keep z2") == 1
    assert shown(first, finding(suggestion("z2"))).count("keep z2") == 2


def test_a_change_that_was_not_measured_has_no_numbers():
    nothing = Effect((127, None), (0.001, None), (0.001, None), (9, None))
    output = shown(finding(suggestion("u1", Verdict.UNVERIFIED, "it holds data")._replace(effect=nothing)))
    assert "measured" not in output
    assert "unverified: it holds data" in output


def test_a_reason_says_what_it_explains():
    first = finding()
    reason = sign(Hit("So."), code="EX1", name="so", severity=Severity.NOTE, path="x", case_id="", explains=("BP301",))
    assert "explains  BP301" in shown(first, reason)
    assert "explains" not in shown(reason)
