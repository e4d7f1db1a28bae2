"""Losses at random angles: an evaluator on the groups of a circuit beside the tests' own states."""

import numpy as np
import pytest

from bplint.analyses.gradients.problem import Problem, rotations
from bplint.analyses.gradients.tied.variables import Drive
from bplint.importers.qasm import read
from bplint.ir.frame import frame
from bplint.ir.law import UNIFORM, Init, Law, Shape
from bplint.ir.observable import parse
from bplint.ir.trainable import select
from grid import random_tied, simulate
from paths import FIXTURES
from samples import circuit

SCALES = (1.0, -0.5, 2.0, 2**0.5)


def random_circuit(rng, most=6):
    n = int(rng.integers(2, most + 1))
    while True:
        c = circuit(n, random_tied(rng, n, int(rng.integers(1, 9)), 3, scales=SCALES))
        if c.parameters:
            return c


def published(name):
    """A circuit of ``fixtures/tied`` and its loss."""
    text = (FIXTURES / "tied" / f"{name}.qasm").read_text(encoding="utf-8")
    c, _ = select(read(text).circuit, "auto")
    stated = next(line for line in text.splitlines() if "observable" in line)
    return c, parse(stated.partition("=")[2], c.n_qubits)


def at(values, c):
    """Laws of no width: every draw gives these values by parameter."""
    named = zip(c.parameters, values, strict=True)
    return Init(UNIFORM, tuple((p.name, Law(Shape.NORMAL, 0.0, float(v))) for p, v in named))


def ready(c, loss, laws=None):
    problem = Problem.of(c, loss) if laws is None else Problem.of(c, loss, laws)
    return problem, Drive(problem, rotations(problem))


def agree_at_random_angles(make, c, loss, rng, points=2):
    """``make(problem, groups)`` against states; the evaluator, for what else there is to say about it."""
    for _ in range(points):
        values = rng.uniform(-3, 3, len(c.parameters))
        problem, drive = ready(c, loss, at(values, c))
        evaluator = make(problem, drive.groups)
        found, slopes = evaluator.run(drive.drawn(0, 0, 2))
        constant = 0.0 if loss.projector else loss.constant
        (expected,), tangents = simulate(c, loss, values.tolist(), 1)
        assert found + evaluator.offset + constant == pytest.approx(np.full(2, expected), abs=1e-11)
        gradients = dict(zip(drive.scales, drive.gradients(slopes), strict=True))
        assert set(gradients) == set(tangents)
        for parameter, (slope,) in tangents.items():
            assert gradients[parameter] == pytest.approx(np.full(2, slope), abs=1e-11)
        if evaluator.constant is not None:
            assert expected == pytest.approx(evaluator.constant + constant, abs=1e-11)
            assert np.abs([slope for (slope,) in tangents.values()]).max() < 1e-11
    return evaluator


def agree_by_groups(make, c, loss, rng):
    """``make(frame, groups, loss)`` against states, values and derivatives; what it made, or None."""
    values = rng.uniform(-3, 3, len(c.parameters))
    _, drive = ready(c, loss, at(values, c))
    own = make(frame(c), drive.groups, loss)
    if own is None:
        return None
    angles = np.array([g.offset + sum(w * values[p] for p, w in g.terms) for g in own.groups])
    found, by_group = own(np.stack([angles, angles + 2 * np.pi, angles + 0.1], axis=1))
    (expected,), tangents = simulate(c, loss, values.tolist(), 1)
    constant = 0.0 if loss.projector else loss.constant
    assert found[0] + constant == pytest.approx(expected, abs=1e-11)
    for parameter, (slope,) in tangents.items():
        own_slope = sum(
            w * by_group[g, 0] for g, group in enumerate(own.groups) for p, w in group.terms if p == parameter
        )
        assert own_slope / drive.scales[parameter] == pytest.approx(slope, abs=1e-11)
    return own
