"""Damping bounds hold at every angle: noisy circuits as transfer matrices at random and at extreme angles."""

import numpy as np
import pytest

from averages import channel, free, harmonics
from bplint.analyses.ask import Ask
from bplint.analyses.light_cone.damping import damping
from bplint.ir.circuit import ROTATION
from bplint.ir.clifford import CLIFFORDS
from bplint.ir.noise import parse_noise
from cases import case
from dense import _clifford, _initial, observable_vector, random_circuit, random_observable
from samples import axis_label, circuit


def bound(c, observable, noise, **options):
    given = case(c, "Z0", **options)
    context = given.context._replace(noise=parse_noise(noise))
    if not isinstance(observable, str):
        context = context._replace(observable=observable)
    else:
        context = case(c, observable).context._replace(noise=parse_noise(noise))
    return Ask(given._replace(context=context))(damping)


@pytest.mark.parametrize("noise", ["depolarizing:0.1", "pauli:0.1/0.05/0.02, readout:0.05", "2q=depolarizing:0.3"])
@pytest.mark.parametrize("seed", range(12))
def test_no_angle_beats_the_bound(noise, seed):
    rng = np.random.default_rng(seed)
    n = int(rng.integers(1, 3))
    c, observable = random_circuit(rng, n, 10, free=0.5), random_observable(rng, n)
    found = bound(c, observable, noise)
    operator = observable_vector(observable)
    mixed = operator[0]
    model = parse_noise(noise)
    for string in range(4**n):
        operator[string] *= model.readout_factor(((string | string >> n) & (2**n - 1)).bit_count())
    for _ in range(30):
        turns = rng.uniform(0, 2 * np.pi, len(c)) if rng.random() < 0.5 else rng.integers(0, 4, len(c)) * np.pi / 2
        loss, slopes = at(c, operator, model, turns)
        assert abs(loss - mixed) <= found + 1e-9
        for slope in slopes:
            assert abs(slope) <= found + 1e-9


def at(c, operator, noise, turns):
    """The loss and its derivatives at given angles."""
    n, steps = c.n_qubits, []
    for k in range(len(c)):
        if c.code[k] != ROTATION:
            steps.append((_clifford(CLIFFORDS[c.code[k] - 1], tuple(c.operands(k)), n), None))
        else:
            still, cosine, sine = harmonics(axis_label(c, k))
            angle = turns[k] if free(c, k) else c.factor[k] * c.angles.constant[c.angle[k]]
            matrix = still + np.cos(angle) * cosine + np.sin(angle) * sine
            steps.append((matrix, np.cos(angle) * sine - np.sin(angle) * cosine if free(c, k) else None))
        if k + 1 == len(c) or c.gate[k + 1] != c.gate[k]:
            steps.append((channel(noise, tuple(sorted(c.operands(k))), n), None))
    states = [_initial(n)]
    for matrix, _ in steps:
        states.append(matrix.T @ states[-1])
    slopes = []
    for i in reversed(range(len(steps))):
        matrix, slope = steps[i]
        if slope is not None:
            slopes.append(states[i] @ slope @ operator)
        operator = matrix @ operator
    return states[0] @ operator, slopes


def test_a_chain_of_noisy_gates_is_damped_by_each():
    """One qubit, m gates: (1-p)^m, and a coefficient in front."""
    c = circuit(1, [("ry", [0], f"t{k}") for k in range(7)])
    found = bound(c, "3*Z0 + 5", "depolarizing:0.1, readout:0.25")
    assert found == pytest.approx(3 * 0.9**7 * 0.5)


def test_a_letter_may_hide_on_a_quiet_qubit():
    """The noise of the other qubit costs nothing; a gate on both lets a letter come from either."""
    gates = [("ry", [0], f"t{k}") for k in range(5)]
    assert bound(circuit(2, [*gates, ("ry", [1], "a")]), "Z1", "depolarizing:0.5") == pytest.approx(0.5)
    assert bound(circuit(2, [*gates, ("cx", [0, 1])]), "Z0", "depolarizing:0.5") == pytest.approx(0.5)
    assert bound(circuit(2, [*gates, ("ry", [1], "a")]), "Z0 Z1", "depolarizing:0.5") == pytest.approx(0.5**5)


def test_bit_flips_spare_a_letter():
    assert bound(circuit(1, [("ry", [0], f"t{k}") for k in range(9)]), "Z0", "bitflip:0.4") == 1


def test_without_noise_and_under_amplitude_damping_there_is_no_bound():
    c = circuit(1, [("ry", [0], "a")])
    assert bound(c, "Z0", "depolarizing:0") is None
    assert bound(c, "Z0", "damping:0.1") is None


def test_a_projector_is_damped_as_its_quietest_qubit():
    c = circuit(2, [("ry", [0], "a"), ("ry", [0], "b"), ("ry", [1], "c")])
    assert bound(c, "projector(0..1)", "depolarizing:0.1") == pytest.approx(0.9)
