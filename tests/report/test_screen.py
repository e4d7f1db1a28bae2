"""One circuit without -v: the worst finding, what explains it, what to do, and nothing that hides an error."""

import click
import pytest

from bplint.config import Settings
from bplint.errors import Span
from bplint.finding import Effect, Hit, Severity, Suggestion, Untold, Verdict, sign
from bplint.report import screen
from bplint.rewrite import Edit
from bplint.run import lint_text
from bplint.terminal.cells import cells
from repair_texts import hardware_efficient

NOTE, WARNING, ERROR = Severity
(ENTRY,) = lint_text(
    hardware_efficient(7, 1, "projector(0..n-1)", rotations=("ry",)), Settings(suggest=False, select=("BP104",))
).circuits
EDIT = Edit(1, 1, 1, 1, "", "x")


def finding(code, severity=WARNING, explains=(), suggestions=(), **hit):
    hit = Hit(**{"message": f"{code} is so. It has a second sentence.", "brief": f"{code} in brief", **hit})
    found = sign(hit, code=code, name=f"name-{code}", severity=severity, path="x.qasm", case_id="", explains=explains)
    return found._replace(suggestions=tuple(suggestions))


def suggestion(name, signal=0.02, verdict=Verdict.VERIFIED):
    effect = Effect((127, 7), (0.001, signal), (0.001, signal), (9, 5))
    return Suggestion(name, f"do {name}", verdict, effect, "who knows", edits=(EDIT,))


def shown(*findings, untold=(), manner=None):
    entry = ENTRY._replace(findings=findings, untold=untold)
    return [
        click.unstyle(line) for line in screen.lines_of(entry, manner or screen.Manner(told=screen.Told(set(), {})))
    ]


TOP = finding("T", ERROR, span=Span(6, 1, 6, 3))


def test_one_headline_with_its_reasons_and_the_others_in_a_line():
    lines = shown(
        TOP, finding("A", explains=("T",)), finding("B", explains=("T",)), finding("C", span=Span(5, 1, 5, 2))
    )
    assert lines[0] == "x.qasm:6:1: error T name-T"
    assert lines[1].startswith("  6 │ ")
    assert lines[3:6] == [
        "  T is so.",
        "  because   A in brief (A); B in brief (B)",
        "  also      C in brief (C, line 5)",
    ]
    assert lines[-1] == "  evidence, 2 related findings: -v   what it means: bplint explain T"


def test_no_error_is_folded_away():
    lines = shown(TOP, finding("U", ERROR, explains=("T",)), finding("V", ERROR))
    assert [line.split(" error ")[1] for line in lines if " error " in line] == ["T name-T", "U name-U", "V name-V"]


def test_findings_of_one_rule_are_told_once():
    lines = shown(TOP, *[finding("C", structure=str(i)) for i in range(16)])
    assert "  also      C in brief and 15 more (C)" in lines


def test_a_reason_without_few_words_goes_by_its_name():
    assert "  because   name A (A)" in shown(TOP, finding("A", explains=("T",), brief=""))


def test_at_most_two_verified_suggestions_those_with_the_largest_signal():
    some = [suggestion("a", 0.01), suggestion("b", 0.3), suggestion("c", 0.2), suggestion("d", 0.9, Verdict.UNVERIFIED)]
    lines = shown(TOP._replace(suggestions=tuple(some)), finding("A", explains=("T",), suggestions=[some[0]]))
    tried = [line for line in lines if "--prior" in line]
    assert [line.split("--prior ")[1] for line in tried] == ["b", "c"]
    assert "signal 1e-3 → 0.3   bplint fix x.qasm --prior b" in tried[0]
    assert any("2 more suggestions: -v" in line for line in lines)


def test_without_one_that_is_verified_the_help_stands_there():
    lines = shown(finding("T", help=("do it by hand",), suggestions=[suggestion("a", verdict=Verdict.UNVERIFIED)]))
    assert "  try       do it by hand" in lines
    assert any("1 more suggestion: -v" in line for line in lines)


def test_a_rule_is_explained_once_in_a_run():
    manner = screen.Manner(told=screen.Told(set(), {}))
    first, other = (shown(TOP._replace(hit=TOP.hit._replace(help=(way,))), manner=manner) for way in "ab")
    assert "bplint explain T" in first[-1]
    assert other == [*first[:-2], "  try       b"]
    third = TOP._replace(hit=TOP.hit._replace(help=("c",)))
    assert shown(third, finding("N", NOTE), manner=manner)[-1] == "  evidence, 1 note: -v"


def test_the_same_findings_and_advice_again_are_a_line_that_says_where_they_were_told():
    manner = screen.Manner(told=screen.Told(set(), {}))
    first = shown(TOP, finding("A", explains=("T",)), manner=manner)
    again = "x.qasm:6:1: error T name-T, as in circuit.qasm"
    assert len(first) > 4
    assert shown(TOP, finding("A", explains=("T",)), manner=manner) == [again]
    other = TOP._replace(hit=TOP.hit._replace(message="T is otherwise. So it is."))
    assert shown(other, finding("A", explains=("T",)), manner=manner) == [again, "  T is otherwise."]
    long = TOP._replace(hit=TOP.hit._replace(message=f"T is {'so ' * 40}."))
    assert shown(long, finding("A", explains=("T",)), manner=manner) == [again, "  T in brief"]


@pytest.mark.parametrize(
    "findings",
    [
        [finding("T", span=TOP.span)],
        [TOP, finding("B")],
        [TOP, finding("U", ERROR)],
        [TOP._replace(suggestions=(suggestion("a"),))],
        [TOP._replace(hit=TOP.hit._replace(help=("otherwise",)))],
        [TOP, finding("V", NOTE, undecided=True)],
    ],
)
def test_what_differs_has_its_own_block(findings):
    manner = screen.Manner(told=screen.Told(set(), {}))
    shown(TOP, manner=manner)
    assert not any("as in" in line for line in shown(*findings, manner=manner))
    assert "as in" in shown(TOP, manner=manner)[0]


def test_advice_to_declare_the_loss_is_given_once():
    line = "declare it"
    assert any(line in told for told in shown(finding("T", help=(line,))))
    assert not any(line in told for told in shown(finding("T", help=(line,), wants_loss=True)))


def test_notes_alone_are_quiet():
    assert shown(finding("N", NOTE)) == []
    assert any("1 note: -v" in line for line in shown(TOP, finding("N", NOTE)))


def test_what_could_not_be_told_and_matters_is_a_line():
    open_ = finding("T", NOTE, undecided=True, help=("more shots:  --shots 7",))
    assert shown(open_) == ["circuit.qasm: undecided: T: T in brief; more shots:  --shots 7"]
    untold = (Untold("A", "it is tied"), Untold("B", "it is tied"), Untold("C", "a trifle", minor=True))
    assert shown(untold=untold) == ["circuit.qasm: undecided: A, B: it is tied"]
    lines = shown(TOP, untold=untold)
    assert "  undecided A, B: it is tied" in lines
    assert any("1 minor question: -v" in line for line in lines)


TIED = """OPENQASM 3.0;
include "stdgates.inc";
// bplint: observable = Z0
input float a;
input float b;
qubit[1] q;
rx(a*b) q[0];
ry(b) q[0];
"""


def test_an_analysis_that_ran_out_is_a_line_too():
    (entry,) = lint_text(TIED).circuits
    lines = screen.lines_of(entry, screen.Manner(told=screen.Told(set(), {})))
    assert lines[0].startswith("circuit.qasm: inconclusive: gradient, loss: ")


def test_where_the_loss_is_assumed_it_says_so_in_the_readers_words():
    text = TIED.replace("rx(a*b)", "rz(a)").replace("// bplint: observable = Z0\n", "")
    (entry,) = lint_text(text).circuits
    told = "\n".join(screen.lines_of(entry, screen.Manner(told=screen.Told(set(), {}))))
    assert "assumed   the loss is mean(Z): say which it is,  // bplint: observable = Z0 Z1" in told
    told = "\n".join(screen.lines_of(entry, screen.Manner(screen.Told(set(), {}), "more", in_python=True)))
    assert 'observable="Z0 Z1"' in told


def test_what_fix_mends_by_itself_says_what_to_type():
    manner = screen.Manner(screen.Told(set(), {}), safe=frozenset("T"), suffixes=(".qasm",))
    found = finding("T", help=("drop it",))
    assert "  try       drop it  bplint fix x.qasm" in shown(found, manner=manner)
    assert "  try       drop it" in shown(found)
    manner.told.blocks.clear()
    assert "  try       drop it" in shown(found._replace(path="x.py"), manner=manner)


@pytest.mark.parametrize("width", [60, 80, 200])
def test_every_line_fits(monkeypatch, width):
    monkeypatch.setenv("COLUMNS", str(width))
    reasons = [finding(c, explains=("T",), brief=f"量子 {c} " * 4) for c in "ABC"]
    lines = shown(
        TOP._replace(suggestions=(suggestion("a"), suggestion("b"))), *reasons, untold=(Untold("D", "so " * 50),)
    )
    assert all(cells(line) <= width for line in lines)


def test_a_sentence_ends_where_the_next_begins():
    assert screen.sentence("Below 5.9e-4, i.e. not. Then more.") == "Below 5.9e-4, i.e. not."
    assert screen.sentence("Only one.") == "Only one."
