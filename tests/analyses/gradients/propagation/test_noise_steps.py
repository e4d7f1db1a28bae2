"""Noise behind gates as the frame sees it, against the Kraus operators of its channels."""

import numpy as np
import pytest

from averages import channel
from bplint.analyses.gradients.propagation.noise_steps import behind_gates
from bplint.analyses.gradients.propagation.propagate import Scale
from bplint.ir.frame import frame
from bplint.ir.noise import parse_noise
from bplint.ir.pauli import anticommute, multiply
from samples import circuit, random_gates

UNITAL = ["depolarizing:0.1", "1q=bitflip:0.2, 2q=depolarizing:0.1", "pauli:0.1/0.05/0.02, phaseflip:0.1"]


def cut(gates, number, n):
    """The circuit up to a gate."""
    return circuit(n, gates[: number + 1])


def scaled(step, terms, n):
    """What the documented factors make of a sum of strings."""

    def factor(string):
        letters = [anticommute(string, z, n) + 2 * anticommute(string, x, n) for x, z in step.images]
        return (step.joint if any(letters) else 1.0) * np.prod([(1.0, *step.local)[letter] for letter in letters])

    return {string: value * factor(string) for string, value in terms.items()}


def split(step, terms, n):
    """What damping makes of a sum of strings: those with a Z stay or lose it."""
    found = {}
    for string, value in terms.items():
        splits = not anticommute(string, step.axis, n) and anticommute(string, step.image, n)
        product, phase = multiply(string, step.axis, n)
        shares = {string: step.plain[0], product: (-1) ** (phase // 2) * step.plain[1]} if splits else {string: 1.0}
        for new, share in shares.items():
            found[new] = found.get(new, 0.0) + share * value
    return found


@pytest.mark.parametrize("noise", [*UNITAL, "damping:0.3", "2q=damping:0.3, depolarizing:0.1, bitflip:0.05"])
@pytest.mark.parametrize("seed", range(4))
def test_strings_behind_each_gate_become_what_kraus_operators_make_of_them(seed, noise):
    """The frame takes a string behind gate number g to one at the start: through the gates without their noise."""
    rng, n, channels = np.random.default_rng(seed), 2, parse_noise(noise)
    gates = random_gates(rng, n, 6, parametric=("rx", "rz", "rzz"))
    c = circuit(n, gates)
    found = behind_gates(c, channels)
    last = {int(g): k for k, g in enumerate(c.gate)}
    assert set(found) == set(last.values())
    for number, (_, qubits, *_) in enumerate(gates):
        axes = frame(cut(gates, number, n))
        matrix = channel(channels, tuple(qubits), n)
        for string in range(4**n):
            start, negative = axes.pull(string)
            terms = {start: (-1.0) ** negative}
            for step in reversed(found[last[number]]):
                terms = scaled(step, terms, n) if isinstance(step, Scale) else split(step, terms, n)
            expected = {}
            for target in np.flatnonzero(matrix[:, string]):
                pulled, sign = axes.pull(int(target))
                expected[pulled] = matrix[target, string] * (-1.0) ** sign
            assert {s: v for s, v in terms.items() if abs(v) > 1e-12} == pytest.approx(
                {s: v for s, v in expected.items() if abs(v) > 1e-12}, abs=1e-12
            )


def test_channels_that_do_nothing_to_a_gate_leave_no_step():
    c = circuit(2, [("rx", [0], "a"), ("cx", [0, 1])])
    found = behind_gates(c, parse_noise("2q=bitflip:0.1"))
    assert [len(steps) for _, steps in sorted(found.items())] == [0, 1]
    assert all(steps == [] for steps in behind_gates(c, parse_noise("readout:0.2, bitflip:0")).values())


def test_a_gate_of_many_operations_has_its_noise_once_on_all_its_qubits():
    c = circuit(3, [("ccx", [2, 0, 1])])
    ((number, (step,)),) = behind_gates(c, parse_noise("2q=depolarizing:0.1")).items()
    assert number == len(c) - 1
    assert len(step.images) == 3
    assert step.joint == pytest.approx(0.9)
