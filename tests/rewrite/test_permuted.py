"""Rewrites for permutations, against dense matrices."""

import numpy as np
import pytest

from bplint.ir.circuit import Role
from bplint.rewrite import Refused, equivariant, rewritten
from rewriting import ansatz, keeps, priors
from samples import circuit


def prior(name, n):
    return next(one for one in priors(n) if one.name == name)


@pytest.mark.parametrize("entangler", ["cx", "cz", "rzz", "crx", "swap", "iswap"])
@pytest.mark.parametrize("name", ["cn", "dn", "sn", "mirror", "z2-cn", "u1-cn"])
def test_layers_become_invariant(entangler, name):
    rng = np.random.default_rng(3)
    for n in (2, 3, 4):
        c = circuit(n, ansatz(n, 2, entangler, ["ry", "rz"]))
        r = rewritten(c, equivariant(c, prior(name, n)))
        assert keeps(r, prior(name, n), {p.name: rng.normal() for p in r.parameters})


def test_angles_are_tied_along_orbits():
    ring = [("cz", [q, (q + 1) % 4]) for q in range(4)]
    c = circuit(4, [*ansatz(4, 1, "cz", ["ry", "rz"])[:8], *ring, *[("rx", [q], f"b{q}") for q in range(4)]])
    rewrite = equivariant(c, prior("cn", 4))
    assert rewrite.counts == (3, 0, 0, 9, 0)  # the ring stays
    assert {p for new in rewrite.changes.values() for one in new for _, terms in one.angles for p, _ in terms} == {
        0,
        4,
        8,
    }


def test_what_an_orbit_lacks_is_put_in():
    c = circuit(3, [("ry", [0], "a"), ("cx", [0, 1]), ("rx", [2], "b")])
    rewrite = equivariant(c, prior("sn", 3))
    r = rewritten(c, rewrite)
    assert [r.gates.names[k] for k in r.gates.name.tolist()] == ["ry"] * 3 + ["rzz"] * 3 + ["rx"] * 3
    assert rewrite.counts.added == 6


@pytest.mark.parametrize("missing", range(4))
def test_interleaved_layers(missing):
    first = [("ry", [0], "a"), ("cz", [0, 1]), ("rx", [0], "b")]
    second = [("ry", [3], "c"), ("cz", [3, 2]), ("rx", [3], "d")]
    gates = [*first, *second]
    del gates[[0, 2, 3, 5][missing]]
    c = circuit(4, gates)
    r = rewritten(c, equivariant(c, prior("mirror", 4)))
    assert keeps(r, prior("mirror", 4), {p.name: 0.3 + 0.2 * k for k, p in enumerate(r.parameters)})
    assert len(r) == (8 if missing == 3 else 6)  # as runs of the file, without the last gate
    # The pair (0, 3) would have to stand after the last and before the third.
    assert equivariant(circuit(4, [*first, *second]), prior("sn", 4)).reason == "its layers are interleaved"


def test_data_stays_where_all_qubits_have_the_same():
    layer = [("rx", [0], "x"), ("rx", [1], "x"), ("ry", [0], "a"), ("ry", [1], "b"), ("cz", [0, 1])]
    c = circuit(2, layer, roles={"x": Role.DATA})
    assert set(equivariant(c, prior("sn", 2)).changes) == {3}
    c = circuit(2, [("rx", [0], "x"), *layer[2:]], roles={"x": Role.DATA})
    assert isinstance(equivariant(c, prior("sn", 2)), Refused)


def test_too_many_pairs_are_refused():
    n = 500
    c = circuit(n, ansatz(n, 1, "cx", ["ry"]))
    assert "more gates" in equivariant(c, prior("sn", n)).reason
