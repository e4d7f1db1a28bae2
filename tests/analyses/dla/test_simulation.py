"""Which classical method takes the loss: the limits, and that the strings named hold the evolved loss."""

import numpy as np
import pytest

from bplint.analyses.ask import Ask
from bplint.analyses.dla import simulation as module
from bplint.analyses.dla.simulation import CONE_LIMIT, MODULE_LIMIT, Method, simulation
from bplint.ir.circuit import Role
from cases import case
from samples import circuit, label_matrix, unitary_of


def found(n, gates, observable, **arguments):
    return Ask(case(circuit(n, gates, **arguments), observable, data=list(arguments.get("roles", ()))))(simulation)


def matchgates(n, layers):
    """Z0 sees every qubit after one layer: the bonds come in descending order."""
    gates, k = [], 0
    for _ in range(layers):
        for q in range(n):
            gates.append(("rz", [q], f"t{(k := k + 1)}"))
        for q in range(n - 2, -1, -1):
            gates.append(("rxx", [q, q + 1], f"t{(k := k + 1)}"))
    return gates


def ladder(n):
    return [("ry", [q], f"t{q}") for q in range(n)] + [("cx", [q + 1, q]) for q in range(n - 2, -1, -1)]


def test_the_limits_are_those_of_the_page():
    assert (CONE_LIMIT, MODULE_LIMIT) == (20, 10_000)


def test_light_cones_up_to_the_limit():
    """Z0 through the ladder is Z on all; the RY on each qubit make 2^n strings of it."""
    assert found(20, ladder(20), "Z0") == (Method.LIGHT_CONE, 20)
    assert found(21, ladder(21), "Z0") is None
    assert found(21, ladder(21), "Z0 + Z20") is None


def test_the_widest_cone_counts():
    gates = [("ry", [q], f"t{q}") for q in range(30)] + [("cx", [1, 0]), ("cx", [2, 1])]
    assert found(30, gates, "Z0 + Z5") == (Method.LIGHT_CONE, 2)
    assert found(30, gates, "Z1 Z0 + Z5") == (Method.LIGHT_CONE, 3)


def test_terms_that_nothing_moves_do_not_count(monkeypatch):
    monkeypatch.setattr(module, "CONE_LIMIT", 1)
    gates = [("ry", [0], "a"), ("cx", [1, 2]), ("cx", [2, 3])]
    assert found(4, gates, "Z0 + Z3") == (Method.LIGHT_CONE, 1)


def test_deep_matchgates_are_free_fermions():
    assert found(24, matchgates(24, 24), "Z11 + Z3 Z4") is None  # Z3 Z4 is quartic: C(48, 4) strings
    assert found(24, matchgates(24, 24), "Z11 + X3 X4") == (Method.FREE_FERMIONS, 48)


def test_a_bulk_x_ends_it():
    gates = matchgates(24, 24)
    assert found(24, [*gates, ("rx", [11], "b"), *gates], "Z11") is None


@pytest.mark.parametrize("fixed", [("t", [11]), ("rx", [11], 0.3)])
def test_fixed_rotations_count_as_well(fixed):
    """A T on the path is a Z rotation and stays; an RX in the bulk does not."""
    gates = matchgates(24, 12)
    answer = found(24, [*gates, fixed, *matchgates(24, 12)], "Z11")
    assert answer == ((Method.FREE_FERMIONS, 48) if fixed[0] == "t" else None)


def test_data_counts_as_well():
    gates = matchgates(24, 12)
    assert found(24, [*gates, ("rx", [11], "x"), *gates], "Z11", roles={"x": Role.DATA}) is None
    assert found(24, [*gates, *gates, ("rx", [11], "x")], "Z11", roles={"x": Role.DATA}) is None
    assert found(24, [*gates, ("rz", [11], "x"), *gates], "Z11", roles={"x": Role.DATA}) == (Method.FREE_FERMIONS, 48)


def test_a_small_module_of_another_algebra():
    """X0 is one Majorana mode: not in the algebra, but only 2n strings come of it."""
    assert found(24, matchgates(24, 24), "X0") == (Method.LIE_ALGEBRA, 48)


def test_many_copies_are_not_few(monkeypatch):
    """One qubit with Z0 times each of the others: a star, so(3) for each of the values of the others."""
    monkeypatch.setattr(module, "CONE_LIMIT", 0)
    star = [("rx", [0], "a"), *(("rzz", [0, q], f"t{q}") for q in range(1, 4)), ("rx", [0], "b")]
    assert found(4, star, "Z0 Z1") == (Method.FREE_FERMIONS, 3)  # 2^2 copies, four qubits
    star = [("rx", [0], "a"), *(("rzz", [0, q], f"t{q}") for q in range(1, 5)), ("rx", [0], "b")]
    assert found(5, star, "Z0 Z1") == (Method.LIE_ALGEBRA, 24)  # 2^3 copies, five qubits


def test_a_projector_is_not_looked_at():
    assert found(24, [("ry", [q], f"t{q}") for q in range(24)], "projector(0..n-1)") is None


@pytest.mark.parametrize("seed", range(20))
def test_the_evolved_loss_lies_in_as_many_strings(seed, monkeypatch):
    """U† O U of matrices has no more strings than the module, for random rotations on three qubits."""
    monkeypatch.setattr(module, "CONE_LIMIT", 0)
    rng = np.random.default_rng(seed)
    n = 3
    names = ["rx", "rz", "rzz", "rxx"]
    gates = []
    for k in range(int(rng.integers(2, 6))):
        name = str(rng.choice(names))
        gates.append((name, [int(q) for q in rng.permutation(n)[: 1 if len(name) == 2 else 2]], f"t{k}"))
    c = circuit(n, gates)
    answer = Ask(case(c, "Z0"))(simulation)
    u = unitary_of(c, {p.name: rng.uniform(0.2, 1.3) for p in c.parameters})
    evolved = u.conj().T @ label_matrix(1 << n, n) @ u
    strings = sum(abs(np.trace(label_matrix(s, n) @ evolved)) > 1e-9 for s in range(4**n))
    assert answer is not None
    if answer.method is Method.LIE_ALGEBRA and answer.size:
        assert strings <= answer.size
    elif answer.method is Method.FREE_FERMIONS and answer.size:
        assert strings <= n * answer.size * (answer.size - 1) // 2
