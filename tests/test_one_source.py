"""One source through everything, with sizes set from outside."""

import pytest

from bplint.config import Settings
from bplint.run import lint_text

TEXT = """OPENQASM 3.0;
include "stdgates.inc";
// bplint: observable = projector(0..n-1)
const int n = {n};
input array[float, n] a;
input array[float, n] b;
qubit[n] q;
for int i in [0:n - 1] {{ ry(a[i]) q[i]; }}
for int i in [0:n - 2] {{ cz q[i], q[i + 1]; }}
for int i in [0:n - 1] {{ ry(b[i]) q[i]; }}
"""


def only(text, **settings):
    (report,) = lint_text(text, Settings(select=("BP201",), **settings)).circuits
    return report


@pytest.mark.parametrize("n", [8, 10])
def test_a_size_that_is_set_is_that_size_without_suggestions(n):
    """What is found is what the file would have with this number in it; edits of the file would be of another circuit."""
    written, told = only(TEXT.format(n=n)), only(TEXT.format(n=9), sizes=(("n", n),))
    assert told.case.circuit.n_qubits == n
    assert [f.hit.message for f in told.findings] == [f.hit.message for f in written.findings] != []
    assert any(f.suggestions for f in written.findings)
    assert not any(f.suggestions for f in told.findings)


def test_without_suggestions_the_findings_are_the_same():
    with_them, without = only(TEXT.format(n=8)), only(TEXT.format(n=8), suggest=False)
    assert [f.hit for f in with_them.findings] == [f.hit for f in without.findings]
    assert not any(f.suggestions for f in without.findings)
