"""The same trained part behind rows that nothing has entangled: what a circuit is compared with to tell whether its embedding is at
fault."""

from __future__ import annotations

from array import array
from dataclasses import replace
from itertools import chain

from bplint.ir.circuit import ROTATION, Circuit, OperationColumns, Parameter, Role, Spelling, angle_table
from bplint.ir.embedding import embedding
from bplint.ir.pauli import LETTERS


def unentangled(circuit: Circuit) -> Circuit:
    """RY and RZ by data of their own on each qubit in place of the embedding; data behind a trained rotation turn nothing."""
    n, columns, inside, data = circuit.n_qubits, circuit.columns, embedding(circuit), circuit.driven_by(Role.DATA)
    kept = [o for o in circuit.operations if not inside[o.number] and not data[o.number]]
    parameters = [Parameter(f"row {letter}{q}", Role.DATA) for q in range(n) for letter in "YZ"]
    rows = [*circuit.angles.rows(), *([(len(circuit.parameters) + k, 1.0)] for k in range(2 * n))]
    angles = circuit.angles.columns
    own = range(len(circuit.angles), len(circuit.angles) + 2 * n)
    letters = [LETTERS.index(letter) for _ in range(n) for letter in "YZ"]
    lengths = chain([1] * (2 * n), (len(o.qubits) for o in kept))
    start = array("q", [0])
    for length in lengths:
        start.append(start[-1] + length)
    return replace(
        circuit,
        columns=OperationColumns(
            code=array("B", [*[ROTATION] * (2 * n), *(columns.code[o.number] for o in kept)]),
            start=start,
            qubits=array("i", [*(q for q in range(n) for _ in "YZ"), *(q for o in kept for q in o.qubits)]),
            letters=array("B", [*letters, *(letter for o in kept for letter in o.letters)]),
            angle=array("i", [*own, *(columns.angle[o.number] for o in kept)]),
            factor=array("d", [*[1.0] * (2 * n), *(columns.factor[o.number] for o in kept)]),
            gate=array("i", [*[0] * (2 * n), *(o.gate for o in kept)]),
            moment=array("i", [*[0, 1] * n, *(columns.moment[o.number] + 2 for o in kept)]),
        ),
        angles=angle_table(
            [*angles.constant, *[0.0] * (2 * n)], rows, [*angles.spelling, *[Spelling.PRECISE] * (2 * n)]
        ),
        parameters=(*circuit.parameters, *parameters),
    )
