"""One operation of a circuit, as a walk from gate to gate sees it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple


class Operation(NamedTuple):
    """A row of a :class:`~bplint.ir.circuit.Circuit`: a Clifford, or a rotation exp(-iφP/2).

    ``code`` is 0 for a rotation, else that of a Clifford (:data:`~bplint.ir.clifford.CODES`), which acts on ``qubits`` in
    this order. P has the ``letters`` X = 1, Z = 2, Y = 3 on them, in the circuit and not in its frame; a Clifford's are 0.
    φ = ``constant`` + Σ coefficient · parameter over ``terms``, in radians, the row's factor included.
    """

    number: int
    code: int
    qubits: tuple[int, ...]
    letters: tuple[int, ...]
    quarter: int
    """0..3 quarter turns of a rotation that is fixed as a Clifford, -1 if φ moves with a parameter, -2 if it is fixed
    elsewhere, or at a value that is not given; 0 for a Clifford."""
    constant: float
    terms: tuple[tuple[int, float], ...]
    gate: int
    ends_gate: bool
    """Whether it is the last operation of its gate, behind which noise acts."""

    @property
    def axis(self) -> Iterator[tuple[int, int]]:
        """P as pairs (qubit, letter)."""
        return zip(self.qubits, self.letters, strict=True)
