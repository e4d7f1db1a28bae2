"""An embedding entangled between neighbours only: which gates go, and that rows must stay apart."""

import numpy as np
import pytest

from bplint.analyses.ask import Ask
from bplint.analyses.gradients.gradient import gradient
from bplint.finding import Hit
from bplint.importers.qasm import read as read_qasm
from bplint.ir.trainable import select
from bplint.repairs.changes import WIDTHS, scaled_by
from bplint.repairs.embeddings import (
    _far,
    fewer_embedding_layers,
    fewer_uploads,
    narrower_features,
    neighbours_only,
    own_share,
)
from repair_texts import read

HEAD = 'OPENQASM 3.0; include "stdgates.inc";\n// bplint: observable = Z0\n// bplint: data = x*\n'
BODY = "input array[float[64], 4] x; input array[float[64], 4] w; qubit[4] q; "
FULL = [(i, j) for i in range(4) for j in range(i + 1, 4)]


def names(circuit, gates):
    return [circuit.gates.names[circuit.gates.name[gate]] for gate in gates]


def test_what_stands_between_two_equal_entanglers_goes_with_them():
    text = "h q; cx q[0], q[2]; rz(x[0] * x[2]) q[2]; cx q[0], q[2]; cx q[0], q[1]; rz(x[1]) q[1]; cx q[0], q[1]; ry(w[0]) q[0];"
    circuit = select(read_qasm(HEAD + BODY + text + " cz q[0], q[3];").circuit, data=("x*",))[0]
    found = _far(circuit)
    assert names(circuit, found) == ["cx", "rz", "cx"], (
        "not the pair of neighbours, nor the entangler behind a trained one"
    )
    assert [o.qubits for o in circuit.operations if o.gate in found] == [(0, 2), (2,), (0, 2)]


def change_of(rows, gates):
    written = "; ".join(",".join(f"{value:g}" for value in row) for row in rows)
    case = read(HEAD + f"// bplint: dataset = {written}\n" + BODY + gates + "ry(w[0]) q[0];")
    return next(neighbours_only(case, Ask(case), Hit("")), None)


def test_a_zz_map_of_all_pairs_becomes_one_of_neighbours_and_rows_move_apart():
    pairs = "".join(f"rzz(2 * (pi - x[{i}]) * (pi - x[{j}])) q[{i}], q[{j}]; " for i, j in FULL)
    rows = np.random.default_rng(0).uniform(0, 1, (6, 4))
    change = change_of(rows, "h q; " + "".join(f"rz(2 * x[{q}]) q[{q}]; " for q in range(4)) + pairs)
    assert not change.refused
    assert len(change.rewrite.changes) == 3
    assert "3 dropped" in change.loses


def test_a_change_that_makes_rows_alike_is_refused():
    """Without the far entangler the feature of qubit 2 turns nothing but a phase."""
    change = change_of([[0, 0, 0.1, 0], [0, 0, 0.9, 0], [0, 0, 1.7, 0]], "h q[0]; rzz(x[2]) q[0], q[2]; ")
    assert change.rewrite is None
    assert "alike" in change.refused


@pytest.mark.parametrize("gates", ["ry(x[0]) q[0]; ", "ry(x[0]) q[0]; cz q[0], q[1]; "])
def test_where_only_neighbours_are_joined_there_is_nothing_to_repair(gates):
    assert change_of([[0, 0, 0, 0], [1, 1, 1, 1]], gates) is None


def deep(layers, shots, scale=1.0, n=6, m=8):
    """Layers of three fresh features a qubit and a CZ ring, of a loss that does not show."""
    rows = np.random.default_rng(1).uniform(-np.pi, np.pi, (m, 3 * n * layers)) * scale
    written = "; ".join(",".join(f"{value:.4f}" for value in row) for row in rows)
    gates, k = "", 0
    for _ in range(layers):
        for name in ("rx", "ry", "rz"):
            for q in range(n):
                gates, k = gates + f"{name}(x[{k}]) q[{q}]; ", k + 1
        gates += "".join(f"cz q[{q}], q[{(q + 1) % n}]; " for q in range(n))
    sizes = f"input array[float[64], {k}] x; input array[float[64], {n}] w; qubit[{n}] q; "
    return read(
        HEAD + f"// bplint: shots = {shots}\n// bplint: dataset = {written}\n" + sizes + gates + "ry(w[0]) q[0]; "
    )


def row_signal(case):
    return Ask(case)(gradient).data.row[0]


def test_the_most_embedding_layers_that_show_are_left():
    case = deep(6, 60)
    assert row_signal(case) < 1 / 60
    (change,) = fewer_embedding_layers(case, Ask(case), Hit(""))
    left = int(change.title.split()[1])
    assert 1 <= left < 6
    assert row_signal(change.case(case)) > 1 / 60
    assert len(change.rewrite.changes) == (6 - left) * 24
    assert "apart" in change.keeps


def test_data_is_scaled_by_the_largest_factor_that_shows():
    case = deep(6, 60)
    (change,) = narrower_features(case, Ask(case), Hit(""))
    factor = float(change.title.split()[-1])
    larger = min(width for width in (1, *WIDTHS) if width > factor)
    assert row_signal(change.case(case)) > 1 / 60
    assert (
        larger == 1
        or min(row_signal(scaled_by(case, larger).case(case)), _linear(scaled_by(case, larger).case(case))) < 1 / 60
    )


def _linear(case):
    return Ask(case)(gradient).lower


def test_scaling_that_makes_all_rows_alike_is_refused(monkeypatch):
    """As c goes to zero the signal grows and rows become one: the only factor left makes them so."""
    monkeypatch.setattr("bplint.repairs.embeddings.WIDTHS", (0.001,))
    case = deep(6, 60)
    (change,) = narrower_features(case, Ask(case), Hit(""))
    assert row_signal(scaled_by(case, 0.001).case(case)) > 0.3
    assert change.rewrite is None
    assert "alike" in change.refused


@pytest.mark.parametrize("repair", [fewer_embedding_layers, narrower_features])
def test_where_no_number_of_layers_and_no_scale_shows_nothing_is_proposed(repair):
    case = read(
        HEAD
        + "// bplint: dataset = 0,0,0,0; 1,1,1,1\n"
        + BODY
        + "ry(x[0]) q[1]; ry(x[0]) q[1]; ry(w[0]) q[0]; rx(pi/2) q[0]; "
    )
    dark = case._replace(context=case.context._replace(shots=1))
    assert list(repair(dark, Ask(dark), Hit(""))) == []


def uploads(layers, shots, rows):
    """Layers RX by data, RY and RZ by weights and a CZ ring on four qubits."""
    written = "; ".join(",".join(f"{value:.3f}" for value in row) for row in rows)
    gates, k = "", 0
    for _ in range(layers):
        gates += "".join(f"rx(x[{q}]) q[{q}]; ry(w[{k + q}]) q[{q}]; rz(w[{k + 4 + q}]) q[{q}]; " for q in range(4))
        gates, k = gates + "".join(f"cz q[{q}], q[{(q + 1) % 4}]; " for q in range(4)), k + 8
    head = HEAD + f"// bplint: shots = {shots}\n// bplint: dataset = {written}\n"
    return read(head + f"input array[float[64], 4] x; input array[float[64], {k}] w; qubit[4] q; " + gates)


def test_the_most_layers_of_uploads_that_show_are_left():
    case = uploads(8, 12, np.random.default_rng(2).uniform(-1.5, 1.5, (4, 4)))
    assert row_signal(case) < 1 / 12
    (change,) = fewer_uploads(case, Ask(case), Hit(""))
    left = int(change.title.split()[1])
    assert 1 <= left < 8
    assert row_signal(change.case(case)) > 1 / 12
    assert len(change.rewrite.changes) == (8 - left) * 16
    assert change.keeps.startswith("rows apart")


@pytest.mark.parametrize(
    "body", ["ry(x[0]) q[0]; ry(x[0]) q[0]; ry(w[0]) q[0]; ", "ry(x[0]) q[0]; ry(w[0]) q[0]; ry(w[1]) q[0]; ", ""]
)
def test_layers_of_data_or_of_weights_alone_are_no_uploads(body):
    case = read(HEAD + "// bplint: dataset = 0,0,0,0; 1,1,1,1\n" + BODY + body + "rx(w[2]) q[0]; ")
    assert list(fewer_uploads(case, Ask(case), Hit(""))) == []


@pytest.mark.parametrize("values", [(0.3, 0.3, 0.3), (0, np.pi / 2, np.pi), (0.2, 1.1, -0.7)])
def test_the_own_share_of_a_gradient_is_what_differs_from_row_to_row(values):
    """Behind RY(x) RY(w): l_i = cos(w + x_i), so that G_ij = cos(x_i - x_j)/2."""
    rows = "; ".join(f"{value},0,0,0" for value in values)
    case = read(HEAD + f"// bplint: dataset = {rows}\n" + BODY + "ry(x[0]) q[0]; ry(w[0]) q[0]; ")
    assert own_share(case, Ask(case)) == pytest.approx(1 - np.cos(np.subtract.outer(values, values)).mean(), abs=1e-12)
