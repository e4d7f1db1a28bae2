"""Groups of qubit permutations against all permutations."""

from itertools import combinations, permutations

import numpy as np
import pytest

from bplint.analyses.symmetry.permutations import drawn_ring, even, fixes_frame, permutation_groups
from bplint.ir.frame import frame
from bplint.ir.observable import parse
from models import cut, exchange, hardware_efficient, ising, path, ring, total
from samples import circuit, random_gates


def groups(text, n, orders=()):
    return permutation_groups([even(parse(text, n).terms)], n, orders)


def generated(generators, n):
    found, waiting = {tuple(range(n))}, [tuple(range(n))]
    while waiting:
        here = waiting.pop()
        for g in generators:
            there = tuple(g[q] for q in here)
            if there not in found:
                found.add(there)
                waiting.append(there)
    return found


def automorphisms(text, n):
    """By labels: string, letter by letter, carried along."""
    terms = {}
    for string, coefficient in parse(text, n).terms:
        label = tuple((string >> q & 1, string >> q + n & 1) for q in range(n))
        terms[label] = coefficient
    found = set()
    for p in permutations(range(n)):
        moved = {tuple(label[p.index(q)] for q in range(n)): c for label, c in terms.items()}
        if moved == terms:
            found.add(p)
    return found


SHUFFLED = [0, 3, 1, 4, 2]


@pytest.mark.parametrize(
    ("text", "n", "names"),
    [
        ("mean(Z)", 5, ["D_5", "S_5"]),
        (cut(combinations(range(5), 2)), 5, ["D_5", "S_5"]),
        (ising(ring(5), 5), 5, ["D_5"]),
        (ising(ring(5, SHUFFLED), 5), 5, ["D_5"]),
        (exchange(ring(6), 0.5), 6, ["D_6"]),
        (total(f"1*X{a} Y{b}" for a, b in ring(5, SHUFFLED)), 5, ["C_5"]),
        (total(f"1*Z{(q - 1) % 5} X{q} Z{(q + 1) % 5}" for q in range(5)), 5, ["D_5"]),
        (total(f"1*Z{SHUFFLED[q - 1]} X{SHUFFLED[q]} Z{SHUFFLED[(q + 1) % 5]}" for q in range(5)), 5, ["D_5"]),
        (cut(ring(6)) + " + 0.5*" + cut((q, (q + 2) % 6) for q in range(6)).replace("1*", "0.5*")[4:], 6, ["D_6"]),
        ("X0 + X1 + X2 + Z3 Z4", 5, ["S_3 × S_2"]),
        ("Z0 Z1 + X2", 5, ["S_2"]),
        ("Z0", 5, []),
    ],
)
def test_groups_of_observables(text, n, names):
    found = groups(text, n)
    assert [g.name for g in found] == names
    everything = automorphisms(text, n)
    for group in found:
        members = generated(group.generators, n)
        assert members <= everything
        size = 1
        for factor in group.name.split(" × "):
            kind, k = factor.split("_")
            size *= {"C": int(k), "D": 2 * int(k), "S": int(np.prod(range(1, int(k) + 1)))}[kind]
        assert len(members) == size
    covered = text != "Z0" and "Z0 Z1" not in text  # idle qubits are left out on purpose
    if names and covered:
        assert len(generated(found[-1].generators, n)) == len(everything)


def test_a_ring_that_the_ansatz_draws_is_tried_first():
    (ring_group, _) = groups("mean(Z)", 5, [SHUFFLED])
    turn = ring_group.generators[0]
    assert [turn[q] for q in SHUFFLED] == SHUFFLED[1:] + SHUFFLED[:1]


def test_the_ring_of_a_circuit():
    assert drawn_ring(hardware_efficient(5)) == [0, 1, 2, 3, 4]
    assert drawn_ring(circuit(4, [("cx", [a, b]) for a, b in path(4)])) is None


def test_coefficients_equal_within_rounding_are_equal():
    assert even([(1, 0.1 + 0.2), (2, 0.3)])[1] == even([(1, 0.1 + 0.2), (2, 0.3)])[2]


@pytest.mark.parametrize("seed", range(20))
def test_cliffords_that_a_permutation_fixes(seed):
    """Against the circuit with its qubits moved: it has the same frame."""
    rng = np.random.default_rng(seed)
    n = 3
    gates = [(name, qubits) for name, qubits, *angle in random_gates(rng, n, 3) if not angle]
    for p in permutations(range(n)):
        moved = [(name, [p[q] for q in qubits]) for name, qubits in gates]
        expected = frame(circuit(n, moved)).rows == frame(circuit(n, gates)).rows
        assert fixes_frame(p, frame(circuit(n, gates))) == expected


def test_a_large_ring_is_found():
    n = 300
    order = np.random.default_rng(1).permutation(n).tolist()
    assert [g.name for g in groups(ising(ring(n, order), n), n)] == [f"D_{n}"]
