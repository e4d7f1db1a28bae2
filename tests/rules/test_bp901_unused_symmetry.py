"""BP901: when symmetries are looked for, and which is named."""

import importlib

import pytest

from bplint.analyses.ask import Ask
from bplint.analyses.gradients.gradient import gradient
from bplint.config import Settings
from bplint.run import lint_text
from bplint_rules.bp901_unused_symmetry import check
from cases import case
from models import hardware_efficient, ising, ring
from samples import circuit


def hits(k, **options):
    return list(check.check(k, Ask(k), **options))


def alike(shots=100, **options):
    return case(hardware_efficient(5, 4), "mean(Z)", shots=shots, **options)


def test_the_least_restriction_that_helps_is_named():
    """A parity keeps more than interchanges do; where only the latter lift the signal enough, they are named.

    Tied rotations are measured with more noise: turns, with as many rotations tied and less gained, are not named at all.
    """
    k = alike()
    ask = Ask(k)
    found = {gain: list(check.check(k, ask, gain=gain)) for gain in (1.0, 1.5, 1e6)}
    assert [[hit.evidence["group"] for hit in hits] for hits in found.values()] == [["Z_2"], ["S_5"], []]
    (hit,) = found[1.5]
    assert hit.evidence["signal"] == ask(gradient).signal
    assert hit.evidence["signal_with"] > 1.5 * ask(gradient).upper


@pytest.fixture
def unasked(monkeypatch):
    def asked(*_):
        raise AssertionError("priors were measured")

    monkeypatch.setattr(importlib.import_module("bplint.repairs.measure"), "priors", asked)


@pytest.mark.usefixtures("unasked")
@pytest.mark.parametrize(
    ("why", "k"),
    [
        ("the shots show it well", alike(shots=100_000)),
        ("nobody declared the observable", alike(source="assumed")),
        ("the circuit carries data", alike(data=["ry0_0"])),
        ("nothing is trained", alike(trainable="none")),
        ("each term shows by itself", case(circuit(9, [("ry", [q], f"t{q}") for q in range(9)]), "mean(Z)", shots=10)),
        ("the loss is dead", case(circuit(2, [("rz", [0], "a")]), "Z0 + Z1", shots=10)),
    ],
)
def test_nothing_is_measured_where_nothing_is_wrong(why, k):
    assert not hits(k), why


def test_the_signal_is_what_decides():
    """The same circuit, loss and start: with enough shots nothing is amiss, and a larger margin asks for more."""
    assert hits(alike(shots=100), gain=1.5)
    assert not hits(alike(shots=100)), "by less than twice"
    assert not hits(alike(shots=100_000), gain=1.5)
    assert hits(alike(shots=100_000), gain=1.5, margin=1e5)


def test_a_field_that_breaks_the_ring_leaves_nothing():
    whole = ising(ring(5), 5)
    assert hits(case(hardware_efficient(5, 8), whole, shots=100))
    uneven = f"{whole} + 0.3*Z0 + 0.5*Y1 + 0.2*Z2 X3 + 0.4*Y0 Z4"
    assert not hits(case(hardware_efficient(5, 8), uneven, shots=100))


def test_what_a_worse_finding_carries_is_not_said_again():
    """Beside BP101, which carries the prior, it is left out; alone it is found."""
    text = (
        'OPENQASM 3.0;\ninclude "stdgates.inc";\n// bplint: observable = mean(Z)\n// bplint: shots = 1000\n'
        "input array[float[64], 96] t;\nqubit[6] q;\n"
        "for int l in [0:7] {\n  for int i in [0:5] { ry(t[12*l + i]) q[i]; rz(t[12*l + 6 + i]) q[i]; }\n"
        "  for int i in [0:4] { cz q[i], q[i+1]; }\n}\n"
    )
    found = {
        select: [f.code for f in lint_text(text, Settings(select=select)).findings]
        for select in (("BP901",), ("BP101", "BP901"))
    }
    assert found == {("BP901",): ["BP901"], ("BP101", "BP901"): ["BP101"]}
