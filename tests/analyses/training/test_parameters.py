"""A loss as a function of parameters that turn several groups, and starts drawn by their laws."""

import numpy as np
import pytest

from bplint.analyses.gradients.groups import groups
from bplint.analyses.gradients.problem import rotations
from bplint.analyses.training.parameters import by_parameter, drawn
from bplint.analyses.training.states import states_loss
from bplint.ir.frame import frame
from bplint.ir.law import Init, Law, Shape
from bplint.ir.observable import parse
from evaluating import random_circuit, ready
from grid import random_loss, simulate
from samples import circuit


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("sign", [1.0, -1.0])
def test_values_and_slopes_against_dense_states(seed, sign):
    rng = np.random.default_rng(seed)
    c = random_circuit(rng, 4)
    loss = random_loss(rng, c.n_qubits)
    problem, drive = ready(c, loss)
    own = states_loss(frame(c), groups(rotations(problem), c.n_qubits), loss)
    names = sorted({p for group in own.groups for p, _ in group.terms})
    values = rng.uniform(-3, 3, len(c.parameters))
    (value,), slopes = by_parameter(own, names, sign)(values[names][:, None])
    (expected,), tangents = simulate(c, loss, values.tolist(), 1)
    assert sign * value + (0.0 if loss.projector else loss.constant) == pytest.approx(expected, abs=1e-11)
    for p, slope in zip(names, slopes[:, 0], strict=True):
        assert sign * slope / drive.scales[p] == pytest.approx(tangents[p][0], abs=1e-11)


def test_starts_by_the_laws():
    c = circuit(1, [("rx", [0], "a"), ("rz", [0], "b"), ("rx", [0], "c")])
    loss = parse("Z0", 1)
    own = states_loss(frame(c), ready(c, loss)[1].groups, loss)
    init = Init(named=(("a", Law(Shape.RANGE, 0.1, 2.0)), ("b", Law(Shape.NORMAL, 0.2, -1.0))))
    points = drawn(c, init, own.groups, [0, 1, 2], 2000)
    assert points.shape == (3, 2000)
    assert np.abs(points[0] - 2.0).max() <= 0.1
    assert (points[1].mean(), points[1].std()) == pytest.approx((-1.0, 0.2), abs=0.02)
    assert 3.1 < np.abs(points[2]).max() <= np.pi
    assert np.array_equal(points, drawn(c, init, own.groups, [0, 1, 2], 2000))
