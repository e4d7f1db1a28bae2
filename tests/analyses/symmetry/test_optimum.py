"""Proofs that a sector holds a minimum, against the computation; that one is held against dense matrices in test_promise."""

import random
from itertools import combinations

import numpy as np
import pytest

from bplint.analyses.symmetry import Prior
from bplint.analyses.symmetry import optimum as module
from bplint.analyses.symmetry.check_prior import conserves
from bplint.analyses.symmetry.optimum import Sector, optimum
from bplint.ir.observable import parse, pauli_sum
from models import cut, exchange, ising, path, ring


def sectors(n):
    """Flip, parity, particle number and turns, with every value."""
    flip, parity = (1 << n) - 1, ((1 << n) - 1) << n
    for value in (1.0, -1.0):
        yield Sector(n, ((((flip, 1.0),), value),))
        yield Sector(n, ((((parity, 1.0),), value),))
    for k in range(n + 1):
        yield Sector(n, ((tuple((1 << q + n, 1.0) for q in range(n)), float(n - 2 * k)),))
    yield Sector(n, permutations=(tuple((q + 1) % n for q in range(n)),))


OBSERVABLES = {
    "ising": lambda n: ising(ring(n), n),
    "other sign": lambda n: ising(ring(n), n).replace("- 0.9", "+ 0.9"),
    "cut": lambda n: cut(combinations(range(n), 2)),
    "path": lambda n: cut(path(n)),
    "mean": lambda n: "mean(Z)",
    "projector": lambda n: "projector(0..n-1)",
    "hopping": lambda n: exchange(ring(n), 0.5).replace("1*X", "-1*X").replace("1*Y", "-1*Y").replace("+ -", "- "),
    "hopping, other sign": lambda n: exchange(ring(n), 0.5),
}


@pytest.mark.parametrize("n", [3, 4, 5])
@pytest.mark.parametrize("name", OBSERVABLES)
def test_proofs_agree_with_the_computation(name, n, monkeypatch):
    o = parse(OBSERVABLES[name](n), n)
    proofs = 0
    for sector in sectors(n):
        prior = Prior("", "", "", "", tuple(charge for charge, _ in sector.charges), sector.permutations)
        if not conserves(prior, [o.terms], n) or (o.projector and sector.charges):
            continue
        proved = module._proved(o, sector)
        with monkeypatch.context() as patch:
            patch.setattr(module, "_proved", lambda *_: None)
            computed = optimum(o, sector)
        if proved is not None:
            proofs += 1
            assert proved.holds == computed.holds, sector
    assert (proofs > 0) == (name not in ("other sign", "hopping, other sign"))


def test_proofs_hold_at_any_width():
    n = 200
    o = parse(cut(path(n)), n)
    half = Sector(n, ((tuple((1 << q + n, 1.0) for q in range(n)), 0.0),))
    assert optimum(o, half).holds is True
    assert optimum(o, Sector(n, ((half.charges[0][0], 2.0),))).holds is False
    plus = Sector(n, (((((1 << n) - 1, 1.0),), 1.0),))
    assert optimum(parse(ising(ring(n), n), n), plus).holds is True
    minus = Sector(n, (((((1 << n) - 1, 1.0),), -1.0),))
    assert optimum(parse(ising(ring(n), n), n), minus).holds is None


@pytest.mark.parametrize("seed", range(30))
def test_parities_on_masks_are_solved(seed):
    rng = np.random.default_rng(seed)
    n = int(rng.integers(1, 6))
    equations = [(int(mask), int(parity)) for mask, parity in rng.integers(0, [2**n, 2], (int(rng.integers(0, 5)), 2))]
    expected = {b for b in range(2**n) if all((b & mask).bit_count() % 2 == parity for mask, parity in equations)}
    solved = module._solved(equations, n)
    if solved is None:
        assert not expected
        return
    found = {solved[0]}
    for vector in solved[1]:
        found |= {vector ^ b for b in found}
    assert found == expected


def test_random_sums_of_z_against_all_basis_states():
    """Charges of one string and weighted sums, where no matrix is made: the least of all energies, in the sector and out of it."""
    rng = random.Random(3)
    seen = set()
    for _ in range(300):
        n = rng.randint(1, 6)
        loss = pauli_sum(
            {rng.randrange(1, 1 << n) << n: rng.choice([-1, 1, 0.5, -2]) for _ in range(rng.randint(1, 4))}, n
        )
        inside = rng.randrange(1 << n)
        charges = [((rng.randrange(1, 1 << n) << n, rng.choice([1.0, -1.0])),)]
        charges += [tuple((1 << q + n, float(rng.choice([1, 1, -1, 2]))) for q in range(n))] * rng.randint(0, 1)
        fixed = tuple((charge, _energy(charge, inside, n)) for charge in charges)
        states = [b for b in range(1 << n) if all(_energy(c, b, n) == value for c, value in fixed)]
        energies = [_energy(loss.terms, b, n) for b in range(1 << n)]
        expected = min(energies[b] for b in states) <= min(energies) + 1e-9
        assert optimum(loss, Sector(n, fixed)).holds is expected
        seen.add(expected)
    assert seen == {True, False}


def test_a_wide_sum_of_z_needs_no_matrix():
    n = 40
    half = Sector(n, ((tuple((1 << q + n, 1.0) for q in range(n)), 0.0),))
    full = Sector(n, ((tuple((1 << q + n, 1.0) for q in range(n)), float(n)),))
    assert optimum(parse("Z0", n), half).holds is True
    assert optimum(parse("Z0", n), full).holds is False


def _energy(terms, b, n):
    return sum(-c if (string >> n & b).bit_count() & 1 else c for string, c in terms)
