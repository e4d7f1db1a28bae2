"""Rewrites for every kind of prior, those that ask for charges and permutations together included, against matrices."""

from itertools import product

import numpy as np
import pytest

import dense
from bplint.ir.circuit import Role
from bplint.ir.frame import frame
from bplint.ir.observable import parse
from bplint.rewrite import Refused, equivariant, rewritten
from rewriting import X, keeps, parity, priors
from samples import circuit, random_gates

GATES = ("rx", "ry", "rz", "p", "rzz", "rxx", "rzx", "crx", "xy", "cp")


def without_preparation(c, rewrite):
    changes = {**rewrite.changes, **dict.fromkeys(rewrite.preparation, ())}
    return rewritten(c, rewrite._replace(changes=changes))


@pytest.mark.parametrize("seed", range(40))
def test_rewritten_circuits_keep_the_prior(seed):
    rng = np.random.default_rng(seed)
    n = int(rng.integers(2, 5))
    c = circuit(n, random_gates(rng, n, 10, fixed=0.1 * (seed % 2), parametric=GATES))
    for one, mixed in product(priors(n), (False, True)):
        rewrite = equivariant(c, one, parse("Z0 Z1", n), mixed=mixed)
        if isinstance(rewrite, Refused):
            assert rewrite.reason
            continue
        r = without_preparation(c, rewrite)
        if one.strings:
            assert set(frame(r).axes) <= dense.pauli_closure(one.strings, n)
        else:
            assert keeps(r, one, {p.name: rng.normal() for p in r.parameters})


def test_charges_come_first_and_then_permutations_of_what_they_leave():
    """RY and CX under the parity of X and the turns of a ring: one angle for all RX, one for all bonds, and it stays so."""
    n = 4
    prior = next(p for p in priors(n) if p.name == "z2-cn")
    assert prior.charges == (parity(n, X),)
    c = circuit(n, [("ry", [q], f"a{q}") for q in range(n)] + [("cx", [q, (q + 1) % n]) for q in range(n)])
    rewrite = equivariant(c, prior, parse("Z0 Z1 + Z1 Z2 + Z2 Z3 + Z3 Z0", n))
    r = rewritten(c, rewrite)
    used = {p for operation in r.operations for p, _ in operation.terms}
    assert len(used) == 2
    assert {r.gate_name(o.number) for o in r.operations if o.terms} == {"rx", "rzz"}
    assert keeps(r, prior, {p.name: 0.3 + 0.7 * k for k, p in enumerate(r.parameters)})


def test_one_refusal_is_the_answer():
    """Data would have to change."""
    n = 3
    prior = next(p for p in priors(n) if p.name == "z2-cn")
    c = circuit(n, [("ry", [0], "x"), ("ry", [1], "a")], roles={"x": Role.DATA})
    refused = equivariant(c, prior, parse("Z0 Z1", n))
    assert isinstance(refused, Refused)
    assert refused.reason
