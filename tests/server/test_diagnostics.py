"""Findings as an editor shows them: places in its own units, and nothing that failed looks clean."""

import json

import pytest
from lsprotocol import types

from bplint.plugins import load
from bplint.server.diagnostics import failed, failures, shown
from bplint.server.worker import entries
from server.editor import document

RULES = load().rules
DEAD = """OPENQASM 3.0;
include "stdgates.inc";
// bplint: observable = Z0
input float a;
input float b;
qubit[2] q;
ry(b) q[0];
{}rz(a) q[0];
"""


def only(text, code):
    first = json.loads(next(entries(text, "x.qasm")))
    (one,) = [one for one in shown(first, document(text), RULES) if one.finding["code"] == code]
    return one.diagnostic


@pytest.mark.parametrize(("before", "units"), [("", 0), ("/* é */ ", 8), ("/* 𝜃 */ ", 9)])
def test_columns_are_counted_as_the_editor_does(before, units):
    found = only(DEAD.format(before), "BP203")
    assert found.range == types.Range(types.Position(7, units), types.Position(7, units + len("rz(a) q[0];")))
    assert (found.severity, found.source) == (types.DiagnosticSeverity.Warning, "bplint")
    assert found.code_description.href == "https://example.org/bplint/rules/BP203/"


def test_what_cannot_be_read_and_what_ends_beyond_the_text_has_a_place():
    found = only("OPENQASM 3.0;\nqubit q", "BP001")
    assert found.range.start.line <= 1
    assert document("a\n").range(9, 9, 9, 9).start == types.Position(1, 0)


def test_a_part_that_failed_is_told_at_the_first_line():
    entry = {"failures": [{"part": "rule", "name": "EX1", "lines": ["ValueError: no"]}]}
    (told,) = failed(list(failures(entry)), document("OPENQASM 3.0;\n"))
    assert (told.message, told.severity) == ("rule EX1 failed: ValueError: no", types.DiagnosticSeverity.Warning)
    assert told.range.start == types.Position(0, 0)
    assert failed(["x"], document(""))[0].range.end == types.Position(0, 0)


def test_what_could_not_be_told_says_so():
    first = json.loads(next(entries(DEAD.format(""), "x.qasm")))
    undecided = {**first, "findings": [{**first["findings"][0], "undecided": True, "message": "Why."}]}
    (one,) = shown(undecided, document(DEAD.format("")), RULES)
    assert "could not tell: Why." in one.diagnostic.message
