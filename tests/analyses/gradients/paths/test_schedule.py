"""The steps of a circuit: strings carried through them against the frame, and what stands in each against the operations."""

import numpy as np
import pytest

from bplint.analyses.gradients.paths.angle_laws import laws
from bplint.analyses.gradients.paths.bit_planes import permute, planes_of, turn
from bplint.analyses.gradients.paths.schedule import Cliffords, Noisy, Rotations, schedule
from bplint.ir.circuit import Role
from bplint.ir.frame import Turning, frame
from bplint.ir.law import Init, parse_init
from bplint.ir.noise import Noise, parse_noise
from samples import circuit, random_gates


def steps_of(c, init="uniform", noise=""):
    law = Init() if init == "uniform" else parse_init(init)
    return schedule(c, laws(c, law), parse_noise(noise) if noise else Noise())


def qubits_of(step, n):
    if isinstance(step, Noisy):
        return step.qubits
    planes = step.reads if isinstance(step, Rotations) else np.array(step.targets, dtype=np.intp)
    return planes % n


@pytest.mark.parametrize("seed", range(30))
def test_cliffords_and_quarter_turns_carry_strings_as_the_frame_does(seed):
    rng = np.random.default_rng(seed)
    n = int(rng.integers(1, 4))
    c = circuit(n, random_gates(rng, n, 12))
    planes = planes_of(list(range(4**n)), np.array([64] * 4**n), n)
    for step in steps_of(c).steps:
        if isinstance(step, Cliffords):
            permute(planes, step)
        elif step.quarter:
            turn(planes, step)
    expected = [frame(c).pull(string)[0] for string in range(4**n)]
    assert np.array_equal(planes, planes_of(expected, np.array([64] * 4**n), n))


@pytest.mark.parametrize("noise", ["", "1q=bitflip:0.1, 2q=depolarizing:0.1"])
@pytest.mark.parametrize("seed", range(10))
def test_every_operation_stands_in_one_step_beside_disjoint_ones(seed, noise):
    rng = np.random.default_rng(seed)
    c = circuit(4, random_gates(rng, 4, 30))
    found = steps_of(c, noise=noise)
    free = [i for i, turning in enumerate(frame(c).turning) if turning is Turning.FREE]
    assert sorted(found.order.tolist()) == list(range(len(free)))
    for step in found.steps:
        columns = [set(column) for column in np.transpose(qubits_of(step, 4)).tolist()]
        assert len(set[int]().union(*columns)) == sum(map(len, columns))
    noisy = sum(step.qubits.shape[1] for step in found.steps if isinstance(step, Noisy))
    assert noisy == (len(c.gates.arity) if noise else 0)


def test_free_rotations_are_numbered_from_the_last_moment_to_the_first():
    c = circuit(2, [("rx", [0], "a"), ("rx", [1], "b"), ("cx", [0, 1]), ("ry", [1], "c")])
    found = steps_of(c)
    assert found.order.tolist() == [2, 0, 1]
    assert [step.first for step in found.steps if isinstance(step, Rotations)] == [0, 1]


def test_what_comes_before_all_joint_gates_comes_last():
    c = circuit(2, [("rx", [0], "a"), ("ry", [0], "b"), ("rx", [1], "c"), ("cx", [0, 1]), ("rx", [1], "d")])
    found = steps_of(c)
    first = found.steps[found.leading :]
    assert sorted(k for s in first for k in found.order[s.first : s.first + s.reads.shape[1]].tolist()) == [0, 1, 2]
    behind = steps_of(c, noise="1q=bitflip:0.1")
    assert behind.leading == len(behind.steps)


def test_chances_of_a_flip():
    """sin² of a fixed angle, one half of one that is not known, E[sin²] and E[cos] under a law; none where nothing turns."""
    roles = {"u": Role.FIXED}
    c = circuit(1, [("rx", [0], 0.3), ("ry", [0], "u"), ("rx", [0], "a"), ("ry", [0], np.pi)], roles=roles)
    free, unknown, fixed = steps_of(c, "normal:0.5").steps
    assert (fixed.flip, fixed.mean) == pytest.approx((np.sin(0.3) ** 2, 0.0))
    assert (unknown.flip, unknown.first) == (0.5, None)
    assert (free.flip, free.mean) == pytest.approx(((1 - np.exp(-2 * 0.25)) / 2, np.exp(-0.25 / 2)))
    assert free.biased
    assert not steps_of(c).steps[0].biased


def test_planes_of_an_axis():
    """A Y on qubit 1 of two has bits in planes 1 and 3, and anticommutes with strings whose bits there add up to one."""
    (step,) = steps_of(circuit(2, [("ry", [1], "a")])).steps
    assert sorted(step.reads[:, 0].tolist()) == sorted(step.writes[:, 0].tolist()) == [1, 3]
    (step,) = steps_of(circuit(2, [("rx", [1], "a")])).steps
    assert (step.reads.tolist(), step.writes.tolist()) == ([[3]], [[1]])


def test_a_circuit_without_operations_has_no_steps():
    found = steps_of(circuit(1, []))
    assert (found.steps, found.order.tolist(), found.leading) == ([], [], 0)
