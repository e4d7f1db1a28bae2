"""The algebra of a circuit repeated for ever, against closures by brute force."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bplint.analyses.dla.pauli import repeated_circuit as repeat
from bplint.analyses.dla.pauli.classify import classify
from bplint.analyses.dla.pauli.repeated_circuit import close_under
from dense import pauli_closure


def test_ry_layer_and_cx_ladder():
    algebra = closed(ry(6), cx_ladder(6), 6)
    assert classify(ry(6), 6).dimension == 6
    assert algebra.dimension == 2016


@pytest.mark.parametrize("n", [63, 64, 65, 130, 1000])
def test_ry_layer_and_cx_ladder_is_so_of_the_whole_space(n):
    assert closed(ry(n), cx_ladder(n), n).dimension == 2 ** (n - 1) * (2**n - 1)


@pytest.mark.parametrize("n", [3, 6, 130])
def test_ry_layer_and_cz_path_is_n_times_n_plus_1(n):
    assert closed(ry(n), [("cz", q, q + 1) for q in range(n - 1)], n).dimension == n * (n + 1)


@pytest.mark.parametrize("n", [5, 64, 1000])
def test_one_rotation_carried_around_all_qubits(n):
    swaps = [("swap", q, q + 1) for q in range(n - 1)]
    assert closed([1], swaps, n).dimension == n
    assert closed([1, 1 << n], swaps, n).dimension == 3 * n


def test_an_invariant_algebra_does_not_grow():
    axes = [*ry(4), *(1 << q for q in range(4))]
    assert set(closed(axes, [("s", 0), ("h", 2)], 4).axes) == set(axes)
    assert closed([], cx_ladder(3), 3).axes == ()


def test_too_few_rounds_are_inconclusive():
    gates = cx_ladder(6)
    assert close_under(ry(6), step(gates, 6), 6, max_rounds=0) is None
    assert close_under(ry(6), step(gates, 6), 6, max_rounds=1) is None
    assert closed(ry(6), gates, 6) is not None


def test_too_much_work_is_inconclusive(monkeypatch):
    monkeypatch.setattr(repeat, "_WORK", 1000)
    assert closed(ry(6), cx_ladder(6), 6) is None


def test_full_algebras_need_no_round():
    axes = [*(1 << q for q in range(3)), *(8 << q for q in range(3)), 0b011_000, 0b110_000]
    assert close_under(axes, None, 3, max_rounds=0).is_full


@st.composite
def circuits(draw):
    n = draw(st.integers(1, 4))
    rng = random.Random(draw(st.integers(0, 2**32)))
    axes = [rng.randrange(1, 4**n) for _ in range(rng.randint(1, 3))]
    if draw(st.booleans()):
        axes = [1 << rng.randrange(n) << rng.choice([0, n]) for _ in range(rng.randint(1, n))]
    names = draw(st.sampled_from(["hs", "cx", "hscx", "cz cx", "swap"]))
    gates = []
    for _ in range(rng.randint(0, 4 * n)):
        name = rng.choice([g for g in ("h", "s", "cx", "cz", "swap") if g in names])
        if name in "hs":
            gates.append((name, rng.randrange(n)))
        elif n > 1:
            gates.append((name, *rng.sample(range(n), 2)))
    return axes, gates, n


@settings(max_examples=1000, deadline=None)
@given(circuits())
def test_closure_of_random_circuits(case):
    axes, gates, n = case
    algebra = closed(axes, gates, n)
    expected = closure_by_rounds(axes, gates, n)
    assert algebra.dimension == len(expected)
    assert all(algebra.contains(v) for v in expected)
    assert set(algebra.axes) <= expected


def closed(axes, gates, n):
    return close_under(axes, step(gates, n), n, max_rounds=64)


def closure_by_rounds(axes, gates, n):
    """Lie(S), Lie(S ∪ CS), Lie(S ∪ CS ∪ C²S), … until the next images lie inside."""
    image = step(gates, n)
    strings, last = list(axes), list(axes)
    while True:
        closure, last = pauli_closure(strings, n), [image(v) for v in last]
        if closure.issuperset(last):
            return closure
        strings += last


def ry(n):
    return [1 << q | 1 << q + n for q in range(n)]


def cx_ladder(n):
    return [("cx", q, q + 1) for q in range(n - 1)]


def step(gates, n):
    """Conjugation by the gates in turn. A gate put before those so far changes the images of its own letters only."""
    images = [1 << bit for bit in range(2 * n)]

    def apply(string):
        image = 0
        while string:
            low = string & -string
            image ^= images[low.bit_length() - 1]
            string ^= low
        return image

    for gate in reversed(gates):
        bits = [bit for q in gate[1:] for bit in (q, q + n)]
        for bit, image in [(bit, apply(conjugated(1 << bit, gate, n))) for bit in bits]:
            images[bit] = image
    return apply


def conjugated(string, gate, n):
    name, *qubits = gate
    x = [string >> q & 1 for q in qubits]
    z = [string >> q + n & 1 for q in qubits]
    if name == "h":
        x, z = z, x
    elif name == "s":
        z[0] ^= x[0]
    elif name == "cx":
        x[1] ^= x[0]
        z[0] ^= z[1]
    elif name == "cz":
        z[0] ^= x[1]
        z[1] ^= x[0]
    else:
        x, z = x[::-1], z[::-1]
    for i, q in enumerate(qubits):
        string &= ~(1 << q | 1 << q + n)
        string |= x[i] << q | z[i] << q + n
    return string
