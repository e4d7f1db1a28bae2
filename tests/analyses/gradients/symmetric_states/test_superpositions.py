"""Subspaces of uniform superpositions: what all generators leave, against dense matrices."""

import numpy as np
import pytest

from bplint.analyses.gradients.reachable_states.evaluator import reached_and_seen
from bplint.analyses.gradients.symmetric_states import superpositions
from bplint.analyses.gradients.symmetric_states.evaluator import SymmetricStatesEvaluator
from bplint.analyses.gradients.symmetric_states.refinement import refined
from bplint.analyses.gradients.symmetric_states.superpositions import symmetric_subspace
from bplint.ir.observable import parse
from evaluating import agree_at_random_angles, random_circuit, ready
from grid import random_loss
from samples import circuit


def subspace_of(problem, groups, most=64):
    return symmetric_subspace([group.generator for group in groups], *reached_and_seen(problem, groups), most)


def ring(n, layers, weight=1.0):
    gates = [("h", [q]) for q in range(n)]
    for layer in range(layers):
        weights = [weight] + [1.0] * (n - 1)
        gates += [("rzz", [q, (q + 1) % n], (w, f"g{layer}")) for q, w in enumerate(weights)]
        gates += [("rx", [q], f"b{layer}") for q in range(n)]
    return circuit(n, gates)


@pytest.mark.parametrize("loss", ["Z0 Z1", "X0 Y1 Z2 + 0.5*Z3 Z0", "projector(0, 2)", "projector(0..n-1)"])
def test_a_ring_has_few_dimensions_for_any_loss(loss):
    def make(problem, groups):
        subspace = subspace_of(problem, groups)
        assert len(subspace.loss) == 8
        return SymmetricStatesEvaluator(subspace)

    agree_at_random_angles(make, ring(6, 2), parse(loss, 6), np.random.default_rng(0))


@pytest.mark.parametrize("seed", range(60))
def test_any_circuit_agrees_with_dense_states(seed):
    rng = np.random.default_rng(seed)
    c = random_circuit(rng, 5)
    agree_at_random_angles(
        lambda problem, groups: SymmetricStatesEvaluator(subspace_of(problem, groups)),
        c,
        random_loss(rng, c.n_qubits),
        rng,
    )


@pytest.mark.parametrize("change", [1e-6, 1e-9, 1e-11])
def test_a_small_asymmetry_is_seen(change):
    """Either the colours tell the states apart, or the check of their sums refuses them."""
    problem, drive = ready(ring(6, 1, 1 + change), parse("Z0 Z1", 6))
    subspace = subspace_of(problem, drive.groups)
    assert subspace is None or len(subspace.loss) > 8
    problem, drive = ready(ring(6, 1, 1 + 1e-15), parse("Z0 Z1", 6))
    assert len(subspace_of(problem, drive.groups).loss) == 8


def test_colours_that_are_too_coarse_are_refused(monkeypatch):
    def coarse(generators, states, most):
        colours = refined(generators, states, most)
        return np.minimum(colours, colours.max() - 1)

    monkeypatch.setattr(superpositions, "refined", coarse)
    problem, drive = ready(ring(6, 1), parse("Z0 Z1", 6))
    assert subspace_of(problem, drive.groups) is None


def test_dead_groups_have_no_generator():
    c = circuit(3, [("rz", [0], "a"), *(("rx", [q], "b") for q in range(3))])
    problem, drive = ready(c, parse("Z0", 3))
    subspace = subspace_of(problem, drive.groups)
    assert subspace.generators[0] is None
    assert subspace.generators[1].shape == (4, 4)


def test_too_many_dimensions():
    problem, drive = ready(ring(6, 1), parse("Z0 Z1", 6))
    assert subspace_of(problem, drive.groups, most=7) is None
