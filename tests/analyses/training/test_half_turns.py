"""Half turns that bring a loss to its least, against all half turns on state vectors."""

from itertools import product

import numpy as np
import pytest

from bplint.analyses.gradients.groups import groups
from bplint.analyses.gradients.problem import Problem, rotations
from bplint.analyses.training.half_turns import reaches_least
from bplint.ir.frame import frame
from bplint.ir.observable import parse
from dense import unitary
from samples import circuit, label_matrix, random_gates


def told(c, loss):
    return reaches_least(frame(c), groups(rotations(Problem.of(c, loss)), c.n_qubits), loss)


def least(c, loss):
    """The least of the loss over all half turns, from matrices."""
    matrix = sum(w * label_matrix(s, c.n_qubits) for s, w in loss.terms)
    values = []
    for turns in product((0.0, np.pi), repeat=len(c.parameters)):
        state = unitary(c, dict(zip((p.name for p in c.parameters), turns, strict=True)))[:, 0]
        values.append((state.conj() @ matrix @ state).real)
    return min(values)


@pytest.mark.parametrize("seed", range(40))
def test_it_is_told_where_half_turns_find_it_and_only_there(seed):
    rng = np.random.default_rng(seed)
    c = circuit(3, random_gates(rng, 3, 9))
    if not 0 < len(c.parameters) <= 8:
        return
    for text in ("Z0", "Z0 - Z1 Z2", "X0 X1", "Z0 + Z1 + Z0 Z1", "0.3*Z0 Z1 + Z2"):
        loss = parse(text, 3)
        found = least(c, loss) == pytest.approx(-sum(abs(w) for _, w in loss.terms), abs=1e-9)
        assert told(c, loss) == found


def test_each_rotation_turns_by_itself():
    loss = parse("Z0 - Z1", 2)
    assert told(circuit(2, [("ry", [0], "a"), ("ry", [1], "b")]), loss)
    tied = circuit(2, [("ry", [0], "a"), ("ry", [1], "a")])
    assert not told(tied, loss)
    assert told(tied, parse("Z0 + Z1", 2))
    assert not told(circuit(2, [("ry", [0], "a"), ("ry", [1], (2.0, "a"))]), parse("Z0 + Z1", 2))
    assert not told(circuit(2, [("rz", [0], "a")]), loss)
    assert not told(circuit(2, [("ry", [0], "a"), ("ry", [0], 0.3)]), loss)


def test_a_projector_wants_all_at_zero():
    loss = parse("projector(0..n-1)", 3)
    assert told(circuit(3, [("x", [1]), ("rx", [1], "a"), ("ry", [0], "b")]), loss)
    assert not told(circuit(3, [("x", [1]), ("rz", [1], "a"), ("ry", [0], "b")]), loss)


def test_at_any_size():
    n = 70
    gates = [("ry", [q], f"a{q}") for q in range(n)] + [("cz", [q, q + 1]) for q in range(n - 1)]
    assert told(circuit(n, gates), parse("mean(Z)", n))
    assert not told(circuit(n, gates), parse("mean(X)", n))
