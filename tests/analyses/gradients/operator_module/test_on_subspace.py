"""Modules of invariant subspaces, against dense matrices and grids of dense states."""

import numpy as np
import pytest

from bplint.analyses.gradients.operator_module.events import Event
from bplint.analyses.gradients.operator_module.on_subspace import on_subspace, price
from bplint.analyses.gradients.symmetric_states.invariant_subspace import InvariantSubspace
from bplint.analyses.gradients.symmetric_states.superpositions import symmetric_subspace
from module_answers import agree_with_dense, settings, small_case


def hermitian(rng, k):
    square = rng.normal(size=(k, k)) + 1j * rng.normal(size=(k, k))
    return square + square.conj().T


def test_an_action_turns_matrices_as_the_exponential_does():
    """M = E[o o†] with o = (1, O): O goes to U† O U, U = exp(-iθG/2)."""
    rng = np.random.default_rng(0)
    generator, loss = hermitian(rng, 3), hermitian(rng, 3)
    events = [Event((4, 0), {}), Event((5, 0), {})]
    module = on_subspace(events, InvariantSubspace([generator, None], loss, 0.25, 7.0))
    (action,) = module.actions
    assert (action.phase, action.size, action.price, list(module.events)) == ((4, 0), 10, price(3), events[:1])
    assert (module.offset, module.size) == (0.25, 7.0)
    values, vectors = np.linalg.eigh(generator)
    unitary = vectors @ np.diag(np.exp(-0.35j * values)) @ vectors.conj().T
    o, turned = (np.concatenate([[1], m.ravel()]) for m in (loss, unitary.conj().T @ loss @ unitary))
    assert module.end == pytest.approx(o)
    phases = np.exp(0.7j * (action.frequencies[:, None] - action.frequencies))[action.code[:, None], action.code]
    found = action.composed(phases * action.analysed(np.outer(o, o.conj())))
    assert found == pytest.approx(np.outer(turned, turned.conj()), abs=1e-11)
    start = np.zeros(10)
    start[:2] = 1
    assert module.start.tolist() == start.tolist()


@pytest.mark.parametrize("seed", range(40))
def test_random_circuits_agree_with_a_grid(seed):
    c, law, loss = small_case(np.random.default_rng(seed), 300)
    problem, events, found = settings(c, law, loss)
    subspace = symmetric_subspace([event.generator for event in events], *found, 16)
    agree_with_dense(problem, on_subspace(events, subspace), law)
