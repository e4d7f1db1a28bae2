"""One line a finding."""

import re
from dataclasses import replace

from bplint.report import concise
from bplint.run import lint_text

DEAD = """OPENQASM 3.0;
include "stdgates.inc";
// bplint: observable = Z0
input float a;
input float b;
qubit[1] q;
ry(a) q[0];
rz(b) q[0];
"""


def test_place_code_severity_message():
    report = lint_text(DEAD, name="dir/a.qasm")
    *lines, tally = concise.write(report, 1).splitlines()
    assert len(lines) == len(report.findings)
    for line, finding in zip(lines, report.findings, strict=True):
        path, row, column, rest = line.split(":", 3)
        assert (path, int(row), int(column)) == ("dir/a.qasm", finding.span.line, finding.span.column)
        assert rest.startswith(f" {finding.code} {finding.severity.label} {finding.hit.message}")
    assert re.match(r"\d+ errors?, \d+ warnings?, \d+ notes?; ", tally)


def test_control_characters_of_a_name_do_not_reach_the_terminal():
    text = concise.write(lint_text(DEAD, name="a\x1b[31m\u202e.qasm"), 1)
    assert "\x1b" not in text
    assert "\u202e" not in text
    assert all(c.isprintable() or c == "\n" for c in text)


def test_nothing_found_is_the_tally_alone():
    report = lint_text(DEAD)
    text = concise.write(replace(report, entries=()), 0)
    assert text.splitlines() == ["0 errors, 0 warnings, 0 notes; 0 skipped, 0 inconclusive"]
