"""Generated programs come to the gates that Python works out for them, as Qiskit reads those."""

import numpy as np
import pytest

from bplint.importers.qasm import read
from importers.qasm.programs import program
from samples import unitary_of


def overlap(seed):
    """How far the two readings agree: 1 if they do."""
    from qiskit import qasm2
    from qiskit.quantum_info import Operator

    text, gates = program(seed)
    circuit = qasm2.loads(gates, custom_instructions=qasm2.LEGACY_CUSTOM_INSTRUCTIONS)
    theirs = Operator(circuit.reverse_bits()).data
    return abs(np.vdot(theirs, unitary_of(read(text).circuit, {}))) / len(theirs)


@pytest.mark.parametrize("seed", range(60))
def test_program_is_what_its_gates_are(seed):
    pytest.importorskip("qiskit")
    assert overlap(seed) == pytest.approx(1, abs=1e-9)
