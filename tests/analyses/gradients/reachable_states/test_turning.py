"""Turns of pairs and phases on reached states, step by step, against exponentials on all states."""

import numpy as np
import pytest

from bplint.analyses.gradients.reachable_states.closure import reached
from bplint.analyses.gradients.reachable_states.coordinates import Coordinates
from bplint.analyses.gradients.reachable_states.turning import (
    Phases,
    classes,
    exponentials,
    gauge,
    slope,
    turn,
    weighted,
)
from bplint.ir.pauli import from_label, x_part
from generator_groups import axes_of, basis, group_of, in_coordinates, random_groups, sum_matrix, turned

N, SAMPLES = 4, 2


def made_ready(groups):
    """The reached states, their masks, and the classes with the vectors phase·|b> that amplitudes belong to."""
    axes = axes_of(groups)
    found = reached(groups, Coordinates(axes, N))
    states = in_coordinates(found.coordinates, [x_part(axis, N) for axis in axes])
    masks = [states[int(row)] for row in found.states.keys]
    phases = gauge(found)
    assert np.abs(phases) == pytest.approx(1)
    return found, masks, basis(masks, N) * phases, *classes(found, phases)


def members(groups, found, masks, step):
    """The strings that make one class."""
    first, second, _ = found.classes[step.number]
    x = 0 if second is None else masks[first[0]] ^ masks[second[0]]
    return {axis: a for axis, a in groups[step.group].generator.items() if x_part(axis, N) == x}


@pytest.mark.parametrize("seed", range(25))
def test_each_step_is_its_exponential_and_its_slope_that_of_its_generator(seed):
    rng = np.random.default_rng(seed)
    groups = random_groups(rng, N, 4)
    found, masks, vectors, made, _ = made_ready(groups)
    for step in found.steps:
        terms, c = members(groups, found, masks, step), made[step.number]
        both = np.zeros((len(masks), 2, SAMPLES), dtype=complex)
        both[: step.states] = rng.normal(size=(2, step.states, 2, SAMPLES)).T.swapaxes(0, 2) @ [1, 1j]
        psi, adjoint = (vectors @ both[:, k] for k in range(2))
        angles = rng.uniform(-3, 3, SAMPLES)
        expected = np.einsum("bs,bs->s", adjoint.conj(), sum_matrix(terms, N) @ psi).imag
        if isinstance(c, Phases):
            part = both[: step.states]
            slopes = weighted(c.sizes[c.code[: step.states]], part[:, 1].conj(), part[:, 0]).imag
            part *= exponentials(c, -angles / 2, step.states)[:, None]
        else:
            top, bottom = both[c.first[: step.pairs]], both[c.second[: step.pairs]]
            slopes = slope(c, step.pairs, top, bottom)
            turn(both, c, step.pairs, angles)
        assert slopes == pytest.approx(expected, abs=1e-12)
        for s, angle in enumerate(angles):
            assert vectors @ both[:, 0, s] == pytest.approx(turned(terms, angle, psi[:, s], N), abs=1e-12)
            assert vectors @ both[:, 1, s] == pytest.approx(turned(terms, angle, adjoint[:, s], N), abs=1e-12)


@pytest.mark.parametrize("seed", range(25))
def test_amplitudes_are_said_to_stay_real_where_every_turn_is_a_real_matrix(seed):
    rng = np.random.default_rng(100 + seed)
    groups = random_groups(rng, N, 2)
    found, masks, vectors, _, real = made_ready(groups)
    generators = (sum_matrix(members(groups, found, masks, step), N) for step in found.steps)
    parts = [(vectors.conj().T @ generator @ vectors).real for generator in generators]
    assert real == all(np.abs(part).max() < 1e-12 for part in parts)


@pytest.mark.parametrize("seed", range(15))
def test_the_turn_that_finds_a_state_gives_it_a_positive_amplitude(seed):
    groups = random_groups(np.random.default_rng(200 + seed), N, 4)
    found, masks, vectors, *_ = made_ready(groups)
    for j in range(1, len(masks)):
        step = next(step for step in found.steps if step.states > j)
        generator = sum_matrix(members(groups, found, masks, step), N)
        gained = vectors[:, j].conj() @ (-1j * generator) @ vectors
        assert gained.sum() == pytest.approx(np.abs(gained).max())


def test_excitations_are_real_and_left_without_phases():
    """Of XY - YX, behind a rotation about X that gives the first state they meet a phase."""
    words = [("XYII", "YXII"), ("IXYI", "IYXI"), ("XIIY", "YIIX")]
    generators = [{from_label("XIII"): 1.0}, *({from_label(a): 1.0, from_label(b): -1.0} for a, b in words)]
    *_, made, real = made_ready([group_of(generator) for generator in generators])
    assert real
    assert all(c.t is None for c in made)
