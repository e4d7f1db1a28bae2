"""Losses and noise of programs that measure before their end: numbers against branches, and what is refused."""

import itertools
import math

import numpy as np
import pytest

from bplint.run import lint_text
from measured_programs import density
from paths import ROOT

HEAD = 'OPENQASM 3.0;\ninclude "stdgates.inc";\n'
CYCLE = (
    "input float a; input float b; input float d;\nqubit[3] q;\nbit[3] c;\n"
    "ry(a) q[0]; cx q[0], q[1]; c[0] = measure q[1]; reset q[1];\n"
    "if (c[0]) rx(b) q[2]; cx q[2], q[1]; c[1] = measure q[1]; ry(d) q[1]; if (c[1]) x q[0];\n"
)
ANGLE = math.pi / 2
"""Four points on the circle of 4π, which a controlled rotation has, are not enough for squares: eight are."""


def dense_loss(observable, values):
    a, b, d = values
    program = [
        ("turn", ("y", a, 0)),
        ("cx", (0, 1)),
        ("measure", (1, 0)),
        ("reset", 1),
        ("if", ("c[0]", lambda c: c[0], [("turn", ("x", b, 2))])),
        ("cx", (2, 1)),
        ("measure", (1, 1)),
        ("turn", ("y", d, 1)),
        ("if", ("c[1]", lambda c: c[1], [("turn", ("x", math.pi, 0))])),
    ]
    return np.trace(observable @ density(program)).real


def circuits(declared, body=CYCLE):
    report = lint_text(HEAD + "".join(f"// bplint: {line}\n" for line in declared) + body)
    return report.circuits or report.unreadable


@pytest.mark.parametrize("text", ["Z0", "Z1", "Z2", "X1", "Z0 Z1 Z2", "Y2"])
def test_moments_are_those_of_the_program_that_measures(text):
    letters = {"X": np.array([[0, 1], [1, 0]]), "Y": np.array([[0, -1j], [1j, 0]]), "Z": np.diag([1, -1])}
    observable = np.eye(1)
    for qubit in range(3):
        letter = next((word[0] for word in text.split() if word[1] == str(qubit)), None)
        observable = np.kron(observable, letters.get(letter, np.eye(2)))
    values = np.array([dense_loss(observable, point) for point in itertools.product(np.arange(8) * ANGLE, repeat=3)])
    (entry,) = circuits([f"observable = {text}"])
    assert entry.case.circuit.ancillas == 2
    loss = entry.analyses["loss"]
    assert (loss.mean, loss.variance) == pytest.approx((values.mean(), values.var()), abs=1e-9)


@pytest.mark.parametrize(
    ("declared", "message"),
    [
        (["observable = Z3"], "Z3 is outside the circuit: qubits are 0..2"),
        (["observable = ZZZZZ"], "the label ZZZZZ has 5 letters, the circuit 3 qubits"),
        (["observable = Z0", "loss = kernel"], "kernel compares pure states, and this circuit measures or resets"),
        (["observable = Z0", "noise = depolarizing:0.01"], "noise is not modelled where gates depend on measurements"),
    ],
)
def test_what_measuring_makes_another_thing_is_refused(declared, message):
    (entry,) = circuits(declared)
    assert message in entry.finding.hit.message


KEPT = "input float t; qubit[2] q; bit c; ry(t) q[0]; c = measure q[0]; if (c) x q[1];\n"


def test_x_of_a_qubit_whose_bit_decides_is_refused_and_z_is_not():
    (entry,) = circuits(["observable = X0 X1"], KEPT)
    assert "X or Y of qubit 0, which holds a measured bit" in entry.finding.hit.message
    assert entry.finding.span.line == 3
    (entry,) = circuits(["observable = Z0 X1"], KEPT)
    assert entry.case.circuit.n_qubits == 2


def test_what_trains_nothing_is_not_refused():
    (entry,) = circuits(["observable = X0"], KEPT.replace("input float t;", "").replace("ry(t)", "ry(pi / 2)"))
    assert entry.case.not_variational


def test_noise_leaves_copies_of_measured_bits_alone():
    """The same as without the measurement, which only Z of that qubit is asked after."""
    body = "input float t; qubit[1] q; bit c; ry(t) q[0]; MEASURED rz(0.3) q[0];\n"
    signals = [
        circuits(["observable = Z0", "noise = depolarizing:0.1"], body.replace("MEASURED", text))[0]
        for text in ("", "c = measure q[0];")
    ]
    plain, measured = (entry.analyses["gradient"].signal for entry in signals)
    assert measured == pytest.approx(plain)


@pytest.mark.parametrize(
    ("name", "ancillas", "variance"),
    [
        ("teleport", 0, 1 / 2),  # of cos(a), which arrives
        ("teleport_reuse", 2, 1 / 2),
        ("qec_repeat", 4, 1 / 2),  # the code corrects nothing, as nothing happens
        ("gate_teleport", 1, 1 / 4),  # of sin(a) / sqrt(2): X of T RY(a) |0>
        ("qubit_reuse", 3, 1 / 16),  # of the product of four cosines
        ("dynamic_ghz", 0, 0),  # all qubits of it are equal, whatever the first was
        ("active_reset", 1, None),
        ("adaptive_vqe", 1, None),
        ("ipe", 2, None),
        ("qcnn", 0, None),
    ],
)
def test_programs_as_people_write_them(name, ancillas, variance):
    report = lint_text((ROOT / f"fixtures/measured/{name}.qasm").read_text(encoding="utf-8"))
    (entry,) = report.circuits
    assert entry.case.circuit.ancillas == ancillas
    assert not any(finding.code == "BP001" for finding in entry.findings)
    if variance is not None:
        low, high = entry.analyses["loss"].interval
        assert low - 1e-9 <= variance <= high + 1e-9
