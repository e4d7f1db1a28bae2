"""The circuit of a rewrite."""

import numpy as np
import pytest

from bplint.importers.qasm import read
from bplint.ir.circuit import Spelling
from bplint.rewrite import Placed, Rewrite, rewritten
from samples import circuit, random_gates, unitary_of


@pytest.mark.parametrize("seed", range(10))
def test_no_change_is_the_same_circuit(seed):
    rng = np.random.default_rng(seed)
    gates = random_gates(rng, 3, 15, fixed=0.2, parametric=("rx", "u1", "crx", "cp", "xy", "rzz"))
    c = circuit(3, [*gates, ("u3", [0], "a", 0.4, "b"), ("ccx", [0, 1, 2]), ("cu3", [1, 0], "a", 0.1, 0.2)])
    r = rewritten(c, Rewrite((), {}, c.parameters))
    values = {p.name: rng.normal() for p in c.parameters}
    assert np.allclose(unitary_of(c, values), unitary_of(r, values))
    for column in ("code", "start", "qubits", "letters", "factor", "gate", "moment", "spans"):
        assert np.array_equal(getattr(c, column), getattr(r, column))


def test_places_and_spellings_of_what_stays_are_kept():
    c = read('include "qelib1.inc"; qreg q[2]; rx(0.3) q;\nrz(0.123456789) q[0]; t q[0]; measure q[1] -> c[1];'.replace(
        "measure", "creg c[2]; measure")).circuit  # fmt: skip
    r = rewritten(c, Rewrite((Placed("x", (1,)),), {0: (Placed("ry", (0,), ((0.5, ()),)),)}, c.parameters))
    assert r.measured == (1,)
    assert r.gates.statement.tolist()[1:] == c.gates.statement.tolist()
    assert r.span(2) == c.span(1)
    assert [int(r.angles.spelling[r.angle[k]]) for k in (2, 3)] == [Spelling.DECIMAL, Spelling.PRECISE]
