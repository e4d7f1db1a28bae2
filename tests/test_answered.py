"""Programs with odd but legal directives, most of them found by generating such: every question is answered or left open.

None of them may make an analysis, a rule or a repair fail; once they did (fixtures/answered).
"""

import pytest

from bplint.config import Settings
from bplint.run import lint, profile
from paths import FIXTURES

FOUND = sorted((FIXTURES / "answered").glob("*.qasm"))


@pytest.mark.parametrize("path", FOUND, ids=lambda path: path.stem)
def test_nothing_fails(path):
    for report in (lint([str(path)], Settings(isolated=True)), profile([str(path)], Settings(isolated=True))):
        assert len(report.circuits) == 1
        assert not report.failures


@pytest.mark.parametrize("name", ["coefficients_far_apart", "only_the_smallest_term_moves"])
def test_a_signal_that_no_double_holds_is_invisible_and_not_zero(name):
    (circuit,) = lint([str(FIXTURES / "answered" / f"{name}.qasm")], Settings(isolated=True, suggest=False)).circuits
    (hit,) = (f.hit for f in circuit.findings if f.code == "BP301")
    assert "noise of 10,000 shots, 1e-4: signal below 1e-300" in hit.message
    assert "more than 1,000,000,000,000 shots" in hit.message


def test_what_moves_beside_a_large_constant_is_neither_constant_nor_zero():
    """1e90*Z0 keeps its value; X1 moves: E[(∂X1/∂a)²] = 2²·3/16 where two RY(a) turn it around one RX(b)."""
    (circuit,) = lint([str(FIXTURES / "answered" / "far_apart_and_tied.qasm")], Settings(isolated=True)).circuits
    assert "BP104" not in {f.code for f in circuit.findings}
    (hit,) = (f.hit for f in circuit.findings if f.code == "BP301")
    assert "noise of 10,000 shots, 1e-4: signal 1.9e-181 (exact)" in hit.message
