"""Where the chain is said to hold it equals the dense average, whatever fixed rotations the circuit has."""

import numpy as np
import pytest

from bplint.analyses.ask import Ask
from bplint.analyses.gradients.paths.interfering_terms import blocks
from bplint.analyses.gradients.paths.obstacle import fixed_angles, obstacle
from bplint.analyses.light_cone.alive import reach
from bplint.ir.circuit import Role
from bplint.ir.context import Case, Context
from bplint.ir.frame import Turning, frame
from bplint.ir.observable import parse
from bplint.ir.trainable import select
from dense import average, chain, random_circuit, random_observable, start_weights
from samples import circuit


def alive(c, observable):
    context = Context(observable, "option", select(c, "none")[1])
    return Ask(Case("test", "test", c, context))(reach).alive


@pytest.mark.parametrize("seed", range(8))
def test_the_chain_is_exact_where_nothing_stands_in_the_way(seed):
    """100 circuits each, a good part with fixed rotations that matter and are harmless."""
    harmless = 0
    for number in range(100):
        rng = np.random.default_rng([seed, number])
        n = int(rng.integers(1, 4))
        c = random_circuit(rng, n, int(rng.integers(3, 14)), free=0.4, fixed=0.2)
        observable, frames = random_observable(rng, n), frame(c)
        matters = alive(c, observable)
        if obstacle(c, frames, observable, matters):
            assert obstacle(c, frames, observable)  # knowing what is dead removes obstacles, and adds none
            continue
        found = blocks(frames, observable)
        mean, second, gradients = average(c, observable)
        hit, met = chain(c, start_weights(found, n))
        assert found.mean == pytest.approx(mean, abs=1e-11)
        assert hit == pytest.approx(second - mean**2, abs=1e-11)
        np.testing.assert_allclose(met, gradients, atol=1e-11)
        fixed = any(t is Turning.FIXED and m for t, m in zip(frames.turning, matters, strict=True))
        harmless += fixed and hit > 1e-9
    assert harmless >= 10


FREE = [("ry", [0], "a"), ("rz", [0], "b"), ("ry", [0], "c")]
LAST = [("ry", [0], "d")]


@pytest.mark.parametrize(
    ("gates", "observable", "line", "reason"),
    [
        pytest.param([("ry", [0], "a"), ("t", [0]), ("ry", [0], "b")], "Z0", None, "", id="between free rotations"),
        pytest.param([("t", [0]), *FREE], "Z0", None, "", id="phase on the initial state"),
        pytest.param([("t", [0]), ("t", [0]), *FREE, ("t", [0]), *LAST], "Z0", None, "", id="phases before a live one"),
        pytest.param([*FREE, ("t", [0])], "Z0", None, "", id="commutes with the observable"),
        pytest.param([*FREE, ("t", [1])], "Z0", None, "", id="outside the light cone"),
        pytest.param([*FREE, ("rx", [0], 0.3)], "Z0", None, "", id="last, then separated"),
        pytest.param([*FREE, ("t", [0]), ("t", [0]), *LAST], "Z0", 4, "the fixed ones after it", id="twice"),
        pytest.param([("rx", [0], 0.3), *FREE], "Z0", None, "", id="prepares X or Y, seen as neither"),
        pytest.param([("h", [0]), ("t", [0]), ("rzz", [0, 1], "a")], "X0", None, "", id="<X> of a T state, dephased"),
        pytest.param([("ry", [1], 0.4), ("rx", [1], 0.3), *LAST], "Z0 Z1", 1, "its branches", id="a state with <Z1>"),
        pytest.param([("rxx", [0, 1], "a"), ("rx", [0], 0.3)], "Z0 + Z1", 2, "mixes terms", id="one block"),
        pytest.param([("rz", [1], "a"), ("rx", [0], 0.3)], "Z0", 2, "mixes terms", id="constant term"),
        pytest.param([("rxx", [0, 1], "a"), ("rx", [0], 0.3)], "projector(0..1)", 2, "mixes terms", id="projector"),
        pytest.param([("rx", [0], "a"), ("rx", [1], "a")], "Z0 + Z1", 1, "shares its parameter", id="shared"),
        pytest.param([("crx", [0, 1], "a")], "Z1", 1, "shares its parameter", id="one angle, two strings"),
        pytest.param(
            [("rx", [0], ["a", "b"]), ("rx", [0], "b")], "Z0", 2, "shares its parameter", id="only shared ones"
        ),
        pytest.param(
            [("rx", [0], [(0.0, "a"), "b"]), ("ry", [0], "b")], "Z0", 1, "shares its parameter", id="coefficient zero"
        ),
        pytest.param([*FREE, ("rx", [0], [(0.0, "e"), 0.4]), *LAST], "Z0", None, "", id="coefficient zero, fixed"),
        pytest.param([("rx", [0], "a"), ("rx", [1], "a")], "Z0", None, "", id="shared with a dead one"),
        pytest.param([*FREE, ("rx", [0], "fixed"), *LAST], "Z0", 4, "angle that is not given", id="no value"),
    ],
)
def test_cases(gates, observable, line, reason):
    c = circuit(2, gates, roles={"fixed": Role.FIXED})
    loss = parse(observable, 2)
    found = obstacle(c, frame(c), loss, alive(c, loss))
    if line is None:
        assert found is None
    else:
        assert found is not None
        assert (c.span(found.operation).line, reason in found.reason) == (line, True)


def test_many_fixed_rotations_are_no_obstacle_when_free_ones_stand_between():
    """A T on each of 40 qubits in each of 5 layers: 2^40 branches a layer, separated by the next RY layer."""
    n, gates = 40, []
    for layer in range(5):
        gates += [("ry", [q], f"y{layer}.{q}") for q in range(n)] + [("t", [q]) for q in range(n)]
        gates += [("cx", [q, q + 1]) for q in range(n - 1)]
    c = circuit(n, gates)
    for text in ("mean(Z)", "projector(0..n-1)"):
        loss = parse(text, n)
        assert obstacle(c, frame(c), loss, alive(c, loss)) is None


def test_angles_come_from_constants_factors_and_values():
    c = circuit(2, [("p", [0], 0.5), ("crx", [0, 1], [0.25, "a"]), ("h", [0])], roles={"a": Role.FIXED})
    np.testing.assert_allclose(np.array(fixed_angles(c))[[0, 3]], [0.5, 0])
    assert np.isnan(fixed_angles(c)[1:3]).all()
