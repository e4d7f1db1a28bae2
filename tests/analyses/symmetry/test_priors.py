"""Planted symmetries are among the candidates, and random observables have none."""

from itertools import combinations

import numpy as np
import pytest

from bplint.analyses.ask import Ask
from bplint.analyses.symmetry import symmetry
from bplint.ir.pauli import from_letters, to_label
from cases import case
from models import HYDROGEN, asked, cut, exchange, ising, path, ring, total
from samples import circuit


def priors(observable, n):
    return {prior.name: prior for prior in Ask(asked(observable, n))(symmetry).priors}


PLANTED = {
    "ising path": (lambda n: ising(path(n), n), ["z2", "fermions"]),
    "ising ring": (lambda n: ising(ring(n), n), ["z2", "dn", "fermions"]),
    "exchange path": (lambda n: exchange(path(n), 0.5), ["z2", "z2-2", "u1"]),
    "exchange ring": (lambda n: exchange(ring(n), 0.5), ["z2", "z2-2", "u1", "dn"]),
    "free exchange": (lambda n: exchange(path(n), 0), ["z2", "z2-2", "u1", "fermions"]),
    "heisenberg path": (lambda n: exchange(path(n), 1), ["z2", "z2-2", "u1", "su2"]),
    "heisenberg ring": (lambda n: exchange(ring(n), 1), ["z2", "z2-2", "u1", "dn", "su2"]),
    "cut of a ring": (lambda n: cut(ring(n)), ["z2", "z2-2", "u1", "dn", "fermions"]),
    "cut of all pairs": (lambda n: cut(combinations(range(n), 2)), ["z2", "z2-2", "dn", "sn"]),
    "mean": (lambda n: "mean(Z)", ["z2", "dn", "sn"]),
    "projector": (lambda n: "projector(0..n-1)", ["z2", "dn", "sn"]),
    "one qubit": (lambda n: "Z0", ["z2", "u1"]),
    "translations": (lambda n: total(f"1*X{q} Z{(q + 1) % n} + 0.3*Y{q} X{(q + 1) % n}" for q in range(n)), ["cn"]),
}


@pytest.mark.parametrize("n", [7, 8, 40])
@pytest.mark.parametrize("name", PLANTED)
def test_planted_symmetries_are_found_the_least_restriction_first(name, n):
    observable, expected = PLANTED[name]
    assert sorted(priors(observable(n), n)) == sorted(expected)
    order = [p for p in priors(observable(n), n) if p in ("z2", "u1", "su2", "sn")]
    assert order == [p for p in ("z2", "u1", "su2", "sn") if p in order]


def test_hydrogen_has_three_parities():
    found = priors(HYDROGEN, 4)
    assert list(found) == ["z2", "u1", "z2-2"]
    assert found["z2-2"].group == "Z_2^3"
    assert sorted(to_label(c[0][0], 4) for c in found["z2-2"].charges) == ["IIZZ", "IZIZ", "ZIIZ"]
    assert [q for name, (q,) in found["z2-2"].start if name == "x"] in ([0, 1], [2, 3])
    assert found["u1"].sector == "2 of 4 qubits set"


@pytest.mark.parametrize("seed", range(30))
def test_random_observables_have_no_prior(seed):
    rng = np.random.default_rng(seed)
    n = int(rng.integers(4, 11))
    labels = {"".join(rng.choice(list("IXYZ"), n)) for _ in range(3 * n)} - {"I" * n}
    assert not priors(" + ".join(f"{rng.uniform(0.1, 1):.6f}*{label}" for label in sorted(labels)), n)


def test_what_the_ansatz_keeps_is_not_offered():
    n = 6
    hops = [("xx_plus_yy", [a, b], f"t{a}", 0.0) for a, b in path(n)]
    single = case(
        circuit(n, [("x", [0]), ("x", [2]), *hops, *(("rz", [q], f"z{q}") for q in range(n))]), exchange(path(n), 0.5)
    )
    names = [p.name for p in Ask(single)(symmetry).priors]
    # The X gates turn the sign of two charges: the circuit as a whole does not keep ΣZ.
    assert "u1" in names
    kept = case(circuit(n, [*hops, *(("rz", [q], f"z{q}") for q in range(n))]), exchange(path(n), 0.5))
    assert [p.words for p in Ask(kept)(symmetry).priors] == ["the parity X0…X5"]
    tied = case(
        circuit(n, [("rx", [q], "a") for q in range(n)] + [("rzz", list(e), "b") for e in ring(n)]), ising(ring(n), n)
    )
    assert not Ask(tied)(symmetry).priors


def test_charges_with_signs_and_in_other_letters():
    found = priors("X0 X1 - Y0 Y1 + X1 X2 - Y1 Y2 + X2 X3 - Y2 Y3 + 0.3*Z1", 4)
    assert found["u1"].charges == (tuple((1 << q + 4, (-1.0) ** q) for q in range(4)),)
    assert found["u1"].sector == "Z0 - Z1 + Z2 - Z3 = 0"
    found = priors("X0 X1 + X1 X2 + X2 X3 + Z0 Z1 + Z1 Z2 + Z2 Z3 + 0.8*Y0 + 0.1*Y1", 4)
    assert found["u1"].charges == (tuple((from_letters([(q, 3)], 4), 1.0) for q in range(4)),)
    assert found["u1"].words == "the particle number in the Y basis"
    assert {name for name, _ in found["u1"].start} == {"x", "h", "s"}


def test_a_loss_that_is_one_number_in_each_sector_offers_no_such_prior():
    n = 6
    assert "u1" not in priors("mean(Z)", n)
    assert "su2" not in priors(exchange(combinations(range(n), 2), 1), n)
    assert "z2" not in priors("Z" * n, n) or priors("Z" * n, n)["z2"].words != "the parity Z0…Z5"
    ferromagnet = exchange(path(n), 1.5).replace("+ 1*", "- 1*").replace("+ 1.5*", "- 1.5*").replace("1*X0", "-1*X0", 1)
    assert "u1" not in priors(ferromagnet, n)  # its minimum is alone in its sector


def test_fermions_carry_the_terms_and_a_mixer_where_these_commute():
    n = 8
    assert len(priors(ising(path(n), n), n)["fermions"].strings) == 2 * n - 1
    assert len(priors(cut(ring(n)), n)["fermions"].strings) == 2 * n
    assert priors(ising(path(n), n), n)["fermions"].group == "so(16)"
    assert priors(ising(ring(n), n), n)["fermions"].group == "2 so(16)"
