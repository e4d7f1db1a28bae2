"""One source through everything, with sizes set from outside."""

import itertools
import json
import time

import pytest

from bplint import plugins
from bplint.config import Settings
from bplint.run import lint_text
from paths import FIXTURES

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


def test_an_offer_of_a_repair_is_not_looked_for_without_suggestions():
    (text,) = [rule.bad[0].source for rule in plugins.load().rules if rule.code == "BP901"]
    codes = {
        suggest: {f.code for f in lint_text(text, Settings(ignore=("BP1", "BP3"), suggest=suggest)).findings}
        for suggest in (False, True)
    }
    assert codes[True] - codes[False] == {"BP901"}


CLOCKS = {
    "one that stands still": itertools.repeat(0.0),
    "one that goes backwards": itertools.count(0.0, -1.0),
    "one that jumps to and fro": itertools.cycle([0.0, 500.0, -1e6, 30.0]),
}


@pytest.mark.parametrize("clock", CLOCKS.values(), ids=CLOCKS)
@pytest.mark.parametrize("name", ["tied/uccsd_h4", "tied/qaoa3r_n10_p2", "verdicts/product14_local"])
def test_an_answer_does_not_depend_on_the_clock(name, clock, monkeypatch):
    """Paths, states, exact grids and the algebra alike: the same bytes, whatever time it is."""
    text = (FIXTURES / f"{name}.qasm").read_text(encoding="utf-8")
    plain = lint_text(text, Settings(suggest=False)).to_json()
    monkeypatch.setattr(time, "monotonic", lambda: next(clock))
    assert lint_text(text, Settings(suggest=False)).to_json() == plain
    assert "deterministic" not in plain


def test_what_the_clock_ends_is_inconclusive_and_marked(monkeypatch):
    text = (FIXTURES / "tied" / "uccsd_h4.qasm").read_text(encoding="utf-8")
    clock = itertools.count(0.0, 1e6)
    monkeypatch.setattr(time, "monotonic", lambda: next(clock))
    (circuit,) = json.loads(lint_text(text, Settings(suggest=False)).to_json())["circuits"]
    assert circuit["deterministic"] is False
    assert circuit["analyses"]["gradient"]["status"] == "inconclusive"
    assert circuit["analyses"]["gradient"]["reason"].startswith("stopped by the clock")
