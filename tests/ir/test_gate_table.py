"""Every gate row against its matrix, global phase included; against a table checked with four libraries; and Qiskit."""

import json
import math
from pathlib import Path

import numpy as np
import pytest

from bplint.ir.gate_table import Fixed, gate, gate_names
from gate_matrices import VALUES, embed, matrix_of
from matrices import CLIFFORD_MATRICES, FIXED_MATRICES, exponential, pauli_matrix

FIXTURE = json.loads((Path(__file__).parents[2] / "fixtures" / "gates.json").read_text())
PARAMETRISED = {row["name"]: row for row in FIXTURE["parametrised"]}

# Our name -> name in the fixture, where they differ.
RENAMED = {
    "U": "U_openqasm3", "ccp": "mcp (2 controls)", "gpi": "gpi", "gpi2": "gpi2", "ms": "ms_ionq", "r": "r_phi",
}  # fmt: skip


def fixture_matrix(entry, values):
    """The matrix of a row of gates.json."""
    n = entry["n_qubits"]
    names = dict(zip(entry["params"], values), pi=math.pi, cos=math.cos, sin=math.sin, sqrt=math.sqrt)

    def number(text):
        return eval(str(text), {}, names)

    result = np.eye(2**n, dtype=complex)
    for kind, first, second in entry["factors"]:
        if kind == "exp":
            factor = exponential(number(first), {label: number(c) for label, c in second.items()})
        else:
            fixed = {**CLIFFORD_MATRICES, "v": CLIFFORD_MATRICES["sx"]}[first]
            factor = embed(fixed, second, n)
        result = factor @ result
    return np.exp(1j * number(entry["global_phase"])) * result


PARAMETRIC_NAMES = [n for n in gate_names() if gate(n).name == n and gate(n).n_parameters and n != "u0"]


@pytest.mark.parametrize("name", PARAMETRIC_NAMES)
def test_parametric_rows_agree_with_the_checked_table(name):
    row, entry = gate(name), PARAMETRISED[RENAMED.get(name, name)]
    assert (row.n_qubits, row.n_parameters) == (entry["n_qubits"], len(entry["params"]))
    ours, theirs = matrix_of(row, VALUES), fixture_matrix(entry, VALUES)
    if name == "gpi2":  # the fixture's v differs from rx(pi/2) by a phase
        theirs = theirs * (np.linalg.det(ours) / np.linalg.det(theirs)) ** 0.5
        theirs *= np.sign((ours[0, 0] / theirs[0, 0]).real)
    np.testing.assert_allclose(ours, theirs, atol=1e-12)


@pytest.mark.parametrize("name", sorted({**CLIFFORD_MATRICES, **FIXED_MATRICES}))
def test_fixed_rows_are_their_matrices(name):
    np.testing.assert_allclose(matrix_of(gate(name), ()), {**CLIFFORD_MATRICES, **FIXED_MATRICES}[name], atol=1e-12)


@pytest.mark.parametrize("name", ["rccx", "rc3x"])
def test_relative_phase_toffolis_permute_like_toffolis(name):
    row = gate(name)
    permutation = np.abs(matrix_of(row, ()))
    np.testing.assert_allclose(permutation, np.abs(FIXED_MATRICES["ccx" if name == "rccx" else "c3x"]), atol=1e-12)


@pytest.mark.parametrize("name", gate_names())
def test_terms_of_one_step_commute(name):
    row = gate(name)
    for step in row.steps:
        if isinstance(step, Fixed):
            continue
        matrices = []
        for _, letters in step.strings:
            label = ["I"] * row.n_qubits
            for place, code in letters:
                label[place] = "IXZY"[code]
            matrices.append(pauli_matrix("".join(label)))
        for a in matrices:
            for b in matrices:
                np.testing.assert_allclose(a @ b, b @ a, atol=1e-12)


def test_an_unknown_name_is_none():
    assert gate("no_such_gate") is None


def test_every_gate_of_qiskits_exporters_has_qiskits_matrix():
    library = pytest.importorskip("qiskit.circuit.library")
    classes = {
        "rx": "RXGate", "ry": "RYGate", "rz": "RZGate", "p": "PhaseGate", "u": "UGate", "u2": "U2Gate", "u3": "U3Gate",
        "r": "RGate", "crx": "CRXGate", "cry": "CRYGate", "crz": "CRZGate", "cp": "CPhaseGate", "cu": "CUGate",
        "cu3": "CU3Gate", "rxx": "RXXGate", "ryy": "RYYGate", "rzz": "RZZGate", "rzx": "RZXGate",
        "xx_plus_yy": "XXPlusYYGate", "xx_minus_yy": "XXMinusYYGate", "t": "TGate", "tdg": "TdgGate", "h": "HGate",
        "s": "SGate", "sx": "SXGate", "sxdg": "SXdgGate", "cx": "CXGate", "cy": "CYGate", "cz": "CZGate", "ch": "CHGate",
        "cs": "CSGate", "csdg": "CSdgGate", "csx": "CSXGate", "swap": "SwapGate", "iswap": "iSwapGate", "dcx": "DCXGate",
        "ecr": "ECRGate", "ccx": "CCXGate", "ccz": "CCZGate", "cswap": "CSwapGate", "rccx": "RCCXGate",
        "rcccx": "RC3XGate", "c3x": "C3XGate", "c3sqrtx": "C3SXGate", "c4x": "C4XGate",
    }  # fmt: skip
    for name, class_name in classes.items():
        row = gate(name)
        theirs = getattr(library, class_name)(*VALUES[: row.n_parameters]).to_matrix()
        n = row.n_qubits
        order = range(n - 1, -1, -1)  # Qiskit counts qubits from the right
        theirs = theirs.reshape([2] * (2 * n)).transpose([*order, *(n + i for i in order)]).reshape(2**n, 2**n)
        np.testing.assert_allclose(matrix_of(row, VALUES), theirs, atol=1e-10, err_msg=name)
