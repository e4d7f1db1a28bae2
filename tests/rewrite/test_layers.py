"""Gates left out and layers cut off."""

import pytest

from bplint.ir.circuit import Role
from bplint.rewrite import Refused, depth, rewritten, shallower, without
from rewriting import ansatz
from samples import circuit


def labels(c):
    return [(c.gates.names[k], c.parameters[p].name if p >= 0 else "") for k, p in _gates(c)]


def _gates(c):
    for operation in range(len(c)):
        row = int(c.angle[operation])
        terms = c.angles.terms(row) if row >= 0 else []
        yield int(c.gates.name[c.gate[operation]]), terms[0][0] if terms else -1


@pytest.mark.parametrize("layers", [2, 3, 7])
def test_layers_are_recognised_between_what_stands_around(layers):
    before, after = [("h", [0]), ("x", [1])], [("ry", [0], "last"), ("ry", [1], "more")]
    assert depth(circuit(3, ansatz(3, layers, "cx", ["ry", "rz"]))) == layers
    assert depth(circuit(3, [*before, *ansatz(3, layers, "cx", ["ry", "rz"]), *after])) == layers
    assert depth(circuit(3, [*before, *after])) == 1


def test_the_first_layers_stay():
    layers = ansatz(2, 3, "cx", ["ry"])
    c = circuit(2, [("h", [0]), *layers, ("rz", [0], "last")])
    r = rewritten(c, shallower(c, 2))
    assert labels(r) == [("h", ""), *labels(circuit(2, layers[:6])), ("rz", "last")]


def test_what_cannot_be_cut_is_refused():
    c = circuit(2, ansatz(2, 3, "cx", ["ry"]))
    assert "3 layers" in shallower(c, 3).reason
    assert isinstance(shallower(circuit(2, [("ry", [0], "a")]), 1), Refused)


def test_gates_left_out_are_counted_and_data_is_not():
    c = circuit(2, [("ry", [0], "a"), ("rx", [0], "x"), ("cx", [0, 1]), ("ry", [1], "b")], roles={"x": Role.DATA})
    rewrite = without(c, [0, 2])
    assert labels(rewritten(c, rewrite)) == [("rx", "x"), ("ry", "b")]
    assert (rewrite.counts.kept, rewrite.counts.dropped) == (1, 2)
    assert "rx in line 2 holds data" in without(c, [1]).reason
