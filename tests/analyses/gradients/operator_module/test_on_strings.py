"""What events do to strings, against matrices; too many strings are declined."""

import numpy as np
import pytest

from bplint.analyses.gradients.answer import Declined
from bplint.analyses.gradients.operator_module.events import Event
from bplint.analyses.gradients.operator_module.on_strings import on_strings, string_actions
from bplint.analyses.gradients.problem import Problem, rotations
from bplint.ir.observable import parse
from bplint.ir.pauli import from_label
from matrices import exponential
from samples import circuit, label_matrix


@pytest.mark.parametrize(
    "generator",
    [
        {"XII": 1.0},
        {"IXI": 0.5, "ZXI": -0.5},
        {"XXI": 1.0, "YYI": 1.0},
        {"XXI": 1.0, "YYI": 1.0, "ZZI": 2**0.5},
        {"ZZI": 1.0, "IZZ": 1.0, "ZIZ": 1.0},
        {"XXX": 0.25, "XYY": -0.25, "YXY": 0.25, "YYX": 0.5},
    ],
)
def test_an_event_acts_as_its_exponential(generator):
    """U† P U for every string P of three qubits, from the eigenbasis and from the matrix exponential."""
    strings = list(range(64))
    (action,) = string_actions([Event((0, 0), {from_label(s): c for s, c in generator.items()})], strings, 3)
    unitary = exponential(0.35, generator)  # exp(-iθG/2) at θ = 0.7
    paulis = np.array([label_matrix(s, 3) for s in strings])
    expected = np.einsum("iab,jba->ij", paulis, unitary.conj().T @ paulis @ unitary).real / 8
    phases = np.diag(np.exp(0.7j * action.frequencies[action.code]))
    basis = np.eye(64, dtype=complex)
    for block, vectors in action.blocks:
        for places, u in zip(block, vectors, strict=True):
            basis[np.ix_(places, places)] = u
    assert basis @ phases @ basis.conj().T == pytest.approx(expected, abs=1e-13)
    matrix = np.random.default_rng(0).normal(size=(64, 64))
    assert action.analysed(matrix) == pytest.approx(basis.conj().T @ matrix @ basis, abs=1e-13)
    assert action.composed(action.analysed(matrix)) == pytest.approx(matrix, abs=1e-13)


def test_equal_frequencies_are_one():
    strings = [from_label("ZI")]
    (action,) = string_actions([Event((0, 0), {from_label("XX"): 0.1, from_label("YY"): 0.1})], strings, 2)
    assert action.frequencies == pytest.approx([-0.2, 0, 0.2])
    assert sorted(strings) == sorted(from_label(s) for s in ("ZI", "IZ", "XY", "YX"))


def test_the_module_of_a_small_circuit():
    """Z0 becomes XX-odd by rx, seen backwards: I, Z, Y and what rzz makes of Y."""
    c = circuit(2, [("rzz", [0, 1], "a"), ("rx", [0], "b")])
    problem = Problem.of(c, parse("0.5*Z0 + 0.25", 2))
    module = on_strings(problem, rotations(problem))
    assert [e.phase[0] for e in module.events] == [0, 1]
    assert [action.size for action in module.actions] == [4, 3]
    assert (module.start.tolist(), module.end.tolist()) == ([1.0, 1.0, 0.0, 0.0], [1.0, 0.5])
    assert (module.offset, module.size) == (0.0, 0.5)
    assert isinstance(on_strings(problem, rotations(problem), limit=3), Declined)


def test_a_module_that_takes_too_long_to_make_is_declined():
    """By the number of events before anything is made of them, and by the sizes of blocks before they are solved."""
    c = circuit(2, [("rzz", [0, 1], "a"), ("rx", [0], "b")])
    problem = Problem.of(c, parse("Z0", 2))
    assert "4 strings and 2 events" in on_strings(problem, rotations(problem), work=1000).reason
    many = Problem.of(circuit(1, [(("rx", "ry")[k % 2], [0], f"a{k}") for k in range(130)]), parse("Z0", 1))
    found = [on_strings(many, rotations(many), work=events << 24) for events in (3, 130)]
    assert found[0] == Declined("more than 3 events are too many")
    assert "130 events are too many" in found[1].reason
    assert string_actions([Event((0, 0), {from_label("XX"): 1.0})], [from_label("ZI")], 2, work=31 * 8) is None
