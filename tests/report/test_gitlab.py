"""Code quality of GitLab: the keys that it wants, and fingerprints that it can tell apart."""

import json

from bplint.finding import Hit, Kind, Severity
from bplint.report import gitlab
from bplint.rule import rule
from bplint.run import lint_text

SMALL = """OPENQASM 3.0;
include "stdgates.inc";
// bplint: observable = Z0
input float a;
input float b;
qubit[1] q;
ry(a) q[0];
rz(b) q[0];
"""


def issues_of(report):
    issues = json.loads(gitlab.write(report, 0))
    for issue in issues:
        assert set(issue) == {"description", "check_name", "fingerprint", "severity", "location"}
        assert issue["severity"] in ("info", "minor", "major", "critical", "blocker")
        assert issue["location"]["lines"]["begin"] >= 1
    assert len({issue["fingerprint"] for issue in issues}) == len(issues)
    return issues


def test_a_finding_is_an_issue_at_its_line():
    (issue,) = issues_of(lint_text(SMALL, name="./my dir/x.qasm"))
    assert issue["check_name"] == "BP203 dead-parameter"
    assert issue["severity"] == "major"
    assert issue["location"] == {"path": "my dir/x.qasm", "lines": {"begin": 8, "end": 8}}
    assert issue["description"].startswith("b never influences the loss")
    (later,) = issues_of(lint_text("\n" + SMALL, name="./my dir/x.qasm"))
    assert later["fingerprint"] == issue["fingerprint"]
    assert later["location"]["lines"]["begin"] == 9
    (other,) = issues_of(lint_text(SMALL, name="other.qasm"))
    assert other["fingerprint"] != issue["fingerprint"]


def test_two_findings_of_one_structure_have_two_fingerprints():
    twice = rule("XX101", "twice", Severity.NOTE, kind=Kind.PATTERN, since="0.1")
    report = lint_text(SMALL, rules=[twice(lambda case, ask: [Hit("Here."), Hit("Here.")])])
    assert len(issues_of(report)) == 2


def test_what_could_not_be_read_or_told_is_an_issue():
    (fault,) = issues_of(lint_text("OPENQASM 3.0;\nqubit q\n"))
    assert (fault["check_name"], fault["severity"]) == ("BP001 unreadable", "critical")
    checks = {issue["check_name"] for issue in issues_of(lint_text("OPENQASM 3.0;\nqubit q;\n"))}
    assert checks == {"circuit-not variational", "BP004 assumption"}


def test_a_clean_circuit_is_an_empty_list():
    assert gitlab.write(lint_text(SMALL.replace("rz(b) q[0];\n", "").replace("input float b;\n", "")), 0) == "[]\n"
