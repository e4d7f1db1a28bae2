"""How often each rule fired, and where the time went."""

from collections import Counter
from dataclasses import replace

from bplint.report.tables import durations, statistics
from bplint.run import lint_text

SOURCE = """OPENQASM 3.0;
include "stdgates.inc";
// bplint: observable = Z0
input float a;
input float b;
qubit[3] q;
ry(a) q[0];
rz(b) q[0];
"""


def test_one_line_a_rule_the_most_frequent_first():
    one = lint_text(SOURCE)
    report = replace(one, entries=one.entries * 3)
    counts = Counter(f.code for f in report.findings)
    rows = [line.split() for line in statistics(report).splitlines()]
    assert {code: int(count) for count, code, _ in rows} == counts
    assert [int(row[0]) for row in rows] == sorted(counts.values(), reverse=True)
    assert all(name for *_, name in rows)
    assert statistics(replace(one, entries=())) == ""


def test_the_slowest_analyses_and_no_more():
    report = lint_text(SOURCE, name="a\x1b.qasm")
    (circuit,) = report.circuits
    assert len(circuit.seconds) > 2
    rows = durations(report, 2).splitlines()
    slowest = sorted(circuit.seconds.items(), key=lambda item: -item[1])[:2]
    assert [row.split("  ")[-2].strip() for row in rows] == [name for name, _ in slowest]
    assert "\x1b" not in durations(report, 2)
    assert durations(report, 0) == ""
