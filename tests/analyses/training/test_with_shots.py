"""Training with the noise of shots, against Adam written down again on state vectors."""

import numpy as np
import pytest

from bplint.analyses.ask import Ask
from bplint.analyses.training.end import end
from bplint.analyses.training.with_shots import STEPS, with_shots
from bplint.ir.law import Init, Law, Shape
from cases import case
from dense import unitary
from repair_texts import hardware_efficient, ising, read
from samples import circuit, label_matrix


def near_zero(one, width):
    return one._replace(context=one.context._replace(init=Init(Law(Shape.RANGE, width))))


def by_state_vectors(one, units, points, sign):
    """The losses where Adam ends from ``points`` (parameters, starts), by shifts of ± π/2 of rotations, one a parameter."""
    c, loss, names = one.circuit, one.context.observable, [p.name for p in one.circuit.parameters]
    zeros = np.diag([1.0] + [0.0] * (2**c.n_qubits - 1))
    matrix = zeros if loss.projector else sum(w * label_matrix(s, c.n_qubits) for s, w in loss.terms)

    def value(point):
        state = unitary(c, dict(zip(names, point, strict=True)))[:, 0]
        return (state.conj() @ matrix @ state).real

    def slope(point, k):
        shift = np.pi / 2 / units[k] * np.eye(len(names))[k]
        return sign * units[k] * (value(point + shift) - value(point - shift)) / 2

    random = np.random.default_rng(0)
    first, second = np.zeros_like(points), np.zeros_like(points)
    noise = np.array(units)[:, None] * np.sqrt(loss.scale / one.context.shots)
    for step in range(1, STEPS + 1):
        exact = np.array([[slope(points[:, s], k) for s in range(points.shape[1])] for k in range(len(names))])
        noisy = exact + noise * random.standard_normal(points.shape)
        first, second = 0.9 * first + 0.1 * noisy, 0.99 * second + 0.01 * noisy**2
        rate = 0.1 if step <= STEPS / 2 else 0.2 * (1 - step / STEPS)
        points = points - rate * (first / (1 - 0.9**step)) / np.sqrt(second / (1 - 0.99**step))
    return sorted(loss.constant + value(points[:, s]) for s in range(points.shape[1]))


@pytest.mark.parametrize(("loss", "sign"), [("Z0 Z1 + 0.5*X0 + 0.2", 1), ("projector(0..n-1)", -1)])
def test_the_steps_are_those_of_adam(loss, sign, monkeypatch):
    from bplint.analyses.training import with_shots as module

    drawn = []
    kept = module.drawn
    monkeypatch.setattr(module, "drawn", lambda *given: drawn.append(kept(*given)[:, :2]) or drawn[-1])
    c = circuit(2, [("ry", [0], "a"), ("rx", [1], (2.0, "b")), ("cz", [0, 1]), ("ry", [1], "c")])
    one = case(c, loss, shots=200)
    found = Ask(one)(with_shots)
    assert found.values == pytest.approx(by_state_vectors(one, [1.0, 2.0, 1.0], drawn[0], sign), abs=1e-6)


def test_a_parity_does_not_leave_its_maximum():
    """Near zero all angles are alike, and turn together to where all slopes vanish: without noise a way is found from there."""
    one = near_zero(read(hardware_efficient(10, 1, "Z" * 10, rotations=("ry",)).replace("cz", "//")), 0.5)
    assert Ask(one)(end).reached > 0.99
    assert Ask(one)(with_shots).reached < 0.1


def test_more_shots_come_further():
    text = hardware_efficient(5, 4, ising(5))
    reached = [Ask(read(text, shots=shots))(with_shots).reached for shots in (3, 100, 1_000_000)]
    assert reached == sorted(reached)
    assert reached[0] < reached[2] - 0.05


def test_equal_input_ends_the_same():
    one = read(hardware_efficient(4, 3, ising(4)))
    assert Ask(one)(with_shots) == Ask(one)(with_shots)


def test_what_cannot_be_told():
    data = case(circuit(1, [("ry", [0], "a"), ("rz", [0], "x")]), "Z0", data=["x"])
    assert Ask(data)(with_shots).unknown == "where data is loaded"
    product = read(hardware_efficient(16, 1, "Z" * 16, rotations=("ry",)).replace("cz", "//"))
    assert Ask(product)(end).is_best, "as is proved"
    assert Ask(product)(with_shots).unknown == "of so large a circuit, as training it takes too long"
