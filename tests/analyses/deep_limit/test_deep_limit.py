"""The deep limit of a loss against dense averages of the circuit's own rotations, repeated until nothing changes."""

import math
from itertools import combinations

import numpy as np
import pytest

from bplint.analyses.ask import Ask
from bplint.analyses.deep_limit.deep_limit import deep_limit
from bplint.analyses.gradients.effort import Effort
from bplint.analyses.gradients.operator_module.moments import dicke_moments
from bplint.analyses.gradients.problem import Problem
from bplint.bounds import Status
from bplint.ir.context import Case, Context
from bplint.ir.frame import frame
from bplint.ir.observable import parse
from bplint.ir.pauli import to_label
from bplint.ir.trainable import select
from cases import case
from dense import (
    THIRDS,
    _initial,
    _is_free,
    _rotation,
    _transfers,
    observable_vector,
    random_circuit,
    random_observable,
)
from samples import circuit


@pytest.mark.parametrize("seed", range(100))
def test_the_limit_is_that_of_dense_averages(seed):
    rng = np.random.default_rng(seed)
    n = 1 + seed % 3
    c = random_circuit(rng, n, int(rng.integers(3, 12)), free=0.5, fixed=0.1 * (seed % 2))
    observable = random_observable(rng, n)
    found = Ask(Case("t", "t", c, Context(observable, "option", select(c, "auto")[1])))(deep_limit)
    if found.status is Status.EXACT:
        mean, second = repeated(c, observable)
        assert (found.mean, found.mean**2 + found.variance) == pytest.approx((mean, second), abs=1e-8)
        assert found.variance == pytest.approx(2**found.log2_variance, rel=1e-9)
    else:
        assert seed % 2 or not c.parameters, found.reason


def test_terms_that_move_together():
    c = circuit(2, [("rxx", [0, 1], "a"), ("rxx", [0, 1], "b")])
    assert limit(c, "Z0 + Z1").variance == 2.0  # RXX turns both alike
    assert limit(c, "Z0 - Z1").as_json()["log2_variance"] is None
    assert limit(c, "Z0 Z1 + 3").mean == 4.0


@pytest.mark.parametrize("n", [2, 12, 400])
def test_a_projector_under_everything(n):
    gates = [(name, [q], f"{name}{q}") for q in range(n) for name in ("rx", "rz")]
    gates += [("rzz", [q, q + 1], f"zz{q}") for q in range(n - 1)]
    found = limit(circuit(n, gates), f"projector(0..{n - 1})")
    assert found.status is Status.EXACT
    assert found.mean == 0.5**n
    assert found.log2_variance == pytest.approx(math.log2(2**n - 1) - 2 * n - math.log2(2**n + 1))


def test_a_preparation_is_in_the_frame():
    gates = [("h", [0]), ("cx", [0, 1]), *((name, [q], f"{name}{q}") for q in (0, 1) for name in ("rx", "rz"))]
    assert limit(circuit(2, gates), "Z0 Z1").as_json() == {
        "status": "exact",
        "mean": 0.0,
        "second_moment": pytest.approx(1 / 3),
        "variance": pytest.approx(1 / 3),
        "log2_variance": pytest.approx(-math.log2(3), abs=1e-6),
        "method": "orbit",
    }


def test_what_is_too_small_for_a_double_has_its_logarithm():
    n = 1200
    found = limit(circuit(n, [("rx", [q], f"a{q}") for q in range(n)]), " ".join(f"Z{q}" for q in range(n)))
    assert (found.variance, found.log2_variance) == (0.0, -1200.0)


@pytest.mark.parametrize(
    ("gates", "reason"),
    [
        ([("rx", [0], "a"), ("rx", [1], "a")], "rx in line 1 shares its parameter with other rotations"),
        ([("rx", [0], "a"), ("rz", [0], "b"), ("ry", [0], "a")], "rx in line 1 shares its parameter"),
        ([("crx", [0, 1], "a")], "crx in line 1 shares its parameter"),
        ([("rx", [0], "a"), ("t", [0]), ("rx", [0], "b")], "t in line 2 is fixed at no multiple of π/2"),
        ([("rx", [0], "x"), ("rx", [0], "a")], "rx in line 1 is driven by data"),
    ],
)
def test_what_is_not_known(gates, reason):
    found = limit(circuit(2, gates), "Z0", data=("x",))
    assert found.status is Status.INCONCLUSIVE
    assert found.reason.startswith(reason)
    assert found.as_json() == {"status": "inconclusive", "reason": found.reason}


def test_parameters_of_their_own_beside_a_common_one():
    c = circuit(2, [("ry", [0], [(1.0, "a"), (1.0, "b")]), ("ry", [1], [(1.0, "a"), (1.0, "c")])])
    assert limit(c, "Z0 Z1").variance == 0.25
    c = circuit(2, [("ry", [0], [(0.0, "a"), (1.0, "b")]), ("ry", [1], "a")])
    assert limit(c, "Z0 Z1").variance == 0.25


def test_fixed_rotations_that_cannot_matter():
    c = circuit(1, [("t", [0]), ("rx", [0], "a"), ("ry", [0], "b"), ("t", [0])])
    assert limit(c, "Z0").variance == pytest.approx(1 / 3)


def test_a_projector_too_large():
    n = 12
    gates = [("rz", [q], f"a{q}") for q in range(n)] + [("rxx", [q, q + 1], f"b{q}") for q in range(n - 1)]
    assert limit(circuit(n, gates), "projector(0..11)").status is Status.INCONCLUSIVE


def test_nothing_is_trained():
    assert limit(circuit(1, [("h", [0])]), "Z0").status is Status.SKIPPED


def limit(c, observable, **context):
    return Ask(case(c, observable, **context))(deep_limit)


def repeated(c, observable):
    """Mean and second moment in the limit, by powers of the averaged maps of all axes in the frame."""
    n, operator, quarters = c.n_qubits, observable_vector(observable), c.quarters
    for k in reversed(range(len(c))):
        if not _is_free(c, k) and quarters[k] >= 0:
            operator = _transfers(c, k)[0] @ operator
    axes = [to_label(axis, n) for axis in dict.fromkeys(frame(c).free_axes)]
    maps = [[_rotation(label, angle) for angle in THIRDS] for label in axes]
    pair, mean, before = np.outer(operator, operator), operator, math.inf
    while np.abs(pair - before).max() > 1e-12:
        before = pair
        for _ in range(10):
            for averaged in maps:
                pair = sum(t @ pair @ t.T for t in averaged) / 3
                mean = sum(t @ mean for t in averaged) / 3
    return _initial(n) @ mean, _initial(n) @ pair @ _initial(n)


def complete_qaoa(n, layers):
    pairs = list(combinations(range(n), 2))
    gates = [("h", [q]) for q in range(n)]
    for layer in range(layers):
        gates += [("rzz", list(pair), f"g{layer}") for pair in pairs] + [("rx", [q], f"b{layer}") for q in range(n)]
    return circuit(n, gates), " + ".join(f"Z{a} Z{b}" for a, b in pairs)


@pytest.mark.parametrize("n", [3, 4, 5])
def test_tied_layers_have_the_limit_of_their_algebra(n):
    """Against the exact moments on Dicke states after 60 layers."""
    few, loss = complete_qaoa(n, 1)
    found = deep_limit(case(few, loss), Ask(case(few, loss)))
    many, _ = complete_qaoa(n, 60)
    deep = dicke_moments(Problem.of(many, parse(loss, n)), Effort())
    assert found.as_json()["method"] == "structure"
    assert (found.mean, found.variance) == pytest.approx((deep.mean.value, deep.variance.value), abs=1e-6)
