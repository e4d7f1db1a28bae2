"""Which row of the gate table each class of PennyLane is; its wires and angles are the row's, in order."""

from __future__ import annotations

import math
from functools import cache
from typing import Any

from bplint.importers.lowered import bound
from bplint.ir.gates import GLOBAL_PHASE, Gate, Turn, controlled, gate

_ROWS = {
    "RX": "rx", "RY": "ry", "RZ": "rz", "PhaseShift": "p", "U1": "p", "U2": "u2", "U3": "u",
    "CRX": "crx", "CRY": "cry", "CRZ": "crz", "ControlledPhaseShift": "cp",
    "CPhaseShift00": "cphaseshift00", "CPhaseShift01": "cphaseshift01", "CPhaseShift10": "cphaseshift10",
    "IsingXX": "rxx", "IsingYY": "ryy", "IsingZZ": "rzz", "IsingXY": "xy", "PSWAP": "pswap",
    "PauliX": "x", "PauliY": "y", "PauliZ": "z", "Hadamard": "h", "S": "s", "T": "t", "SX": "sx",
    "CNOT": "cx", "CY": "cy", "CZ": "cz", "CH": "ch", "SWAP": "swap", "ISWAP": "iswap", "ECR": "ecr",
    "Toffoli": "ccx", "CCZ": "ccz", "CSWAP": "cswap",
}  # fmt: skip


def row_of(kind: type[Any]) -> Gate | None:
    """The row of a class of PennyLane's own; a class of the user's that is called the same is none."""
    return _row(kind.__name__) if kind.__module__.startswith("pennylane.") else None


@cache
def _row(name: str) -> Gate | None:
    if name in _ROWS:
        return gate(_ROWS[name])
    if name == "GlobalPhase":  # exp(-iφ)
        return GLOBAL_PHASE._replace(phase=(-1.0, 0.0))
    if name == "Rot":
        return Gate("Rot", 3, 1, (_half_turn(0, _Z), _half_turn(1, _Y), _half_turn(2, _Z)), (0.0,) * 4)
    if name == "CRot":
        rotation = _row("Rot")
        assert rotation is not None
        return controlled(rotation)
    if name == "SISWAP":
        root = gate("xy")
        assert root is not None
        return bound(root, (math.pi / 2,))
    return None


def _half_turn(parameter: int, letter: int) -> Turn:
    return Turn(parameter, 0.0, ((1.0, ((0, letter),)),))


_Z, _Y = 2, 3
