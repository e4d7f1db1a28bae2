"""Promises against matrices: charges, starts, sectors and circuits."""

import numpy as np
import pytest

from bplint.analyses.ask import Ask
from bplint.analyses.symmetry import Prior, symmetry
from bplint.analyses.symmetry.check_prior import conserves, promise
from bplint.ir.observable import parse
from bplint.ir.pauli import from_label, from_letters
from cases import case
from models import HYDROGEN, asked, cut, exchange, ising, path, ring
from samples import circuit, label_matrix, unitary_of

MODELS = {
    "ising path": ising(path(4), 4),
    "ising ring": ising(ring(5), 5),
    "exchange": exchange(path(4), 0.5),
    "ferromagnet": exchange(path(4), 1).replace("+ 1", "- 1").replace("1*X0", "-1*X0", 1),
    "heisenberg": exchange(ring(4), 1),
    "heisenberg path": exchange(path(5), 1),
    "cut": cut([(0, 1), (1, 2), (2, 0), (2, 3), (3, 4)]),
    "cut ring": cut(ring(4)),
    "hydrogen": HYDROGEN,
    "mean": "mean(Z)",
    "one": "Z0",
    "projector": "projector(0..n-1)",
    "tilted": "X0 X1 + X1 X2 + X2 X3 + Y0 Y1 + Y1 Y2 + Y2 Y3 + 0.3*X0 + 0.3*X1 + 0.3*X2 + 0.3*X3",
    "y basis": "X0 X1 + X1 X2 + X2 X3 + Z0 Z1 + Z1 Z2 + Z2 Z3 + 0.8*Y0 + 0.1*Y1",
    "staggered": "X0 X1 - Y0 Y1 + X1 X2 - Y1 Y2 + X2 X3 - Y2 Y3 + 0.3*Z1",
}
SIZES = {"ising ring": 5, "heisenberg path": 5, "cut": 5}


def priors(name):
    n = SIZES.get(name, 4)
    return n, Ask(asked(MODELS[name], n))(symmetry).priors


def matrix(terms, n):
    return sum((c * label_matrix(s, n) for s, c in terms), np.zeros((2**n, 2**n), dtype=complex))


def observable_matrix(o):
    n = o.n_qubits
    if o.projector:
        return np.diag([float(all(not b >> n - 1 - q & 1 for q in o.projector)) for b in range(2**n)])
    return matrix(o.terms, n)


def permutation_matrix(p):
    """Qubit q moves to place p[q]; qubit 0 is the leftmost factor."""
    n = len(p)
    result = np.zeros((2**n, 2**n))
    for b in range(2**n):
        bits = f"{b:0{n}b}"
        moved = ["0"] * n
        for q in range(n):
            moved[p[q]] = bits[q]
        result[int("".join(moved), 2), b] = 1
    return result


def sector(prior, state, n):
    """The projector on the joint eigenspace that the state lies in; None if it lies in none."""
    charges = [matrix(c, n) for c in prior.charges]
    if len(charges) == 3 and prior.name.startswith("su2"):
        charges = [sum(c @ c for c in charges)]
    projector = np.eye(2**n)
    for q in charges:
        value = (state.conj() @ q @ state).real
        if not np.allclose(q @ state, value * state, atol=1e-9):
            return None
        values, vectors = np.linalg.eigh(q)
        inside = vectors[:, np.abs(values - value) < 1e-6]
        projector = inside @ inside.conj().T @ projector
    group = [permutation_matrix(p) for p in prior.permutations]
    if any(not np.allclose(g @ state, state) for g in group):
        return None
    average = sum((g + g.T for g in group), np.zeros((2**n, 2**n))) / max(2 * len(group), 1)
    if group:
        values, vectors = np.linalg.eigh(average)
        inside = vectors[:, np.abs(values - 1) < 1e-9]
        projector = inside @ inside.conj().T @ projector
    return projector


def start(prior, n):
    return circuit(n, [(g, list(q)) for g, q in prior.start])


def of_start(prior, name, n):
    """What is promised of a circuit that is the prior's start and no more."""
    answer = promise(prior, case(start(prior, n), MODELS[name]))
    assert not answer.unchecked
    return answer.broken


@pytest.mark.parametrize("name", MODELS)
def test_starts_lie_in_one_sector_and_optima_are_where_they_are_said_to_be(name):
    n, found = priors(name)
    o = parse(MODELS[name], n)
    dense = observable_matrix(o)
    lowest = np.linalg.eigvalsh(dense)[0]
    assert found
    for prior in found:
        projector = sector(prior, unitary_of(start(prior, n), {})[:, 0], n)
        assert projector is not None
        for charge in prior.charges:
            q = matrix(charge, n)
            assert np.allclose(q @ dense, dense @ q)
        for p in prior.permutations:
            g = permutation_matrix(p)
            assert np.allclose(g @ dense, dense @ g)
        if prior.strings:
            continue
        far = np.eye(2**n) * 1e3
        inside = np.linalg.eigvalsh(projector @ dense @ projector + far - projector @ far @ projector)[0]
        broken = of_start(prior, name, n)
        assert (broken == "") == (abs(inside - lowest) < 1e-8), (prior.name, inside, lowest)
        assert not broken or "holds no minimum" in broken
        # The loss is not one number there.
        values = np.linalg.eigvalsh(projector @ (dense + far) @ projector)
        values = values[values > 100]
        assert values[-1] - values[0] > 1e-6


@pytest.mark.parametrize("name", [m for m in MODELS if m not in ("ferromagnet", "cut")])
def test_most_candidates_hold_an_optimum(name):
    n, found = priors(name)
    for prior in found:
        if not prior.name.startswith(("cn", "dn", "sn")):
            assert of_start(prior, name, n) == "", prior.name


@pytest.mark.parametrize("seed", range(60))
def test_conserves(seed):
    """Random sums of few strings, half of them made symmetric."""
    rng = np.random.default_rng(seed)
    n = 3
    charges = [
        tuple((from_letters([(q, code)], n), float(rng.choice([1, -1]))) for q in range(n)) for code in (1, 2, 3)
    ][: int(rng.integers(1, 4))]
    prior = Prior("u1", "", "", "", tuple(charges), ((1, 2, 0),) if rng.random() < 0.3 else ())
    terms = {int(s): float(rng.choice([1, -1, 0.5])) for s in rng.integers(1, 4**n, 2)}
    a, b = (int(q) for q in rng.permutation(n)[:2])
    sign = float(rng.choice([1, -1]))
    pair = {from_letters([(a, k), (b, k)], n): 1.0 if k == 1 else sign for k in (1, 3)}
    ring_sum = {from_letters([(q, k), ((q + 1) % n, k)], n): 1.0 for q in range(n) for k in (1, 2, 3)}
    for candidate in (terms, pair, ring_sum, {from_letters([(a, 2)], n): 0.3}):
        dense = matrix(candidate.items(), n)
        expected = all(np.allclose(matrix(c, n) @ dense, dense @ matrix(c, n)) for c in prior.charges) and all(
            np.allclose(permutation_matrix(p) @ dense, dense @ permutation_matrix(p)) for p in prior.permutations
        )
        assert conserves(prior, [tuple(candidate.items())], n) == expected


def test_strings_have_to_generate_the_terms():
    prior = Prior("fermions", "", "", "", strings=(from_label("XI"), from_label("ZZ"), from_label("IX")))
    assert conserves(prior, [[(from_label("ZY"), 1.0), (from_label("YZ"), 2.0)]], 2)
    assert not conserves(prior, [[(from_label("ZI"), 1.0)]], 2)


def hopping(n, start, *more):
    gates = [("x", [q]) for q in start]
    gates += [("xx_plus_yy", [q, q + 1], f"t{q}", 0.0) for q in range(n - 1)] + [("rz", [q], f"z{q}") for q in range(n)]
    return circuit(n, [*gates, *more])


def u1(n):
    return Prior("u1", "U(1)", "the particle number", "", (tuple((1 << q + n, 1.0) for q in range(n)),))


@pytest.mark.parametrize(
    ("start", "more", "broken"),
    [
        ([0, 2], [], ""),
        ([0, 1, 2], [], "holds no minimum"),
        ([0, 2], [("rx", [1], "a")], "does not keep"),
        ([0, 2], [("cx", [0, 1])], "does not keep"),
        ([0, 2], [("swap", [0, 1])], ""),
    ],
)
def test_promises_of_a_circuit(start, more, broken):
    found = promise(u1(4), case(hopping(4, start, *more), exchange(path(4), 0.5)))
    assert broken in found.broken
    assert bool(broken) == bool(found.broken)
    assert not found.unchecked


def test_a_start_across_sectors_breaks_the_promise():
    c = circuit(2, [("h", [0]), ("rz", [0], "a"), ("rzz", [0, 1], "b")])
    assert "superposition" in promise(u1(2), case(c, "Z0 Z1")).broken


def test_what_is_too_large_is_unchecked():
    n = 14
    found = promise(u1(n), case(hopping(n, range(0, n, 2)), exchange(path(n), 0.5)))
    assert not found.broken
    assert "14 qubits" in found.unchecked


def test_the_sector_is_that_of_the_circuit_with_its_own_preparation():
    """X gates of the circuit's own after the start count as well."""
    found = promise(u1(4), case(hopping(4, [0, 2, 1]), exchange(path(4), 0.5)))
    assert "sector holds no minimum" in found.broken
