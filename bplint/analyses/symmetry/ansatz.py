"""What a circuit keeps for all values of its parameters: strings, charges and permutations."""

from __future__ import annotations

from typing import NamedTuple

from bplint.analyses.ask import Ask
from bplint.analyses.symmetry.charges import Weights, conserved_weights
from bplint.analyses.symmetry.commutant import kept_strings
from bplint.analyses.symmetry.generator_sums import driven_sums
from bplint.analyses.symmetry.permutations import fixes_all, fixes_frame
from bplint.analyses.symmetry.prior import Permutation
from bplint.analyses.views import framed
from bplint.ir.context import Case
from bplint.ir.frame import Frame
from bplint.ir.pauli import LinearSpan, PauliTerms


class Ansatz(NamedTuple):
    """The symmetries of U(θ). ``weights`` are those of conserved charges by letter.

    All are symmetries of every rotation and of the Cliffords together; what holds only because rotations undo each other
    is not found.
    """

    frame: Frame
    sums: tuple[PauliTerms, ...]
    strings: tuple[int, ...]
    span: LinearSpan
    weights: dict[str, Weights]

    def keeps_string(self, string: int) -> bool:
        """Whether the Pauli string commutes with U(θ)."""
        return string in self.span

    def keeps_charge(self, weights: list[int], letter: str) -> bool:
        """Whether Σ m_q letter_q commutes with U(θ)."""
        return weights in self.weights[letter]

    def keeps_permutation(self, permutation: Permutation) -> bool:
        """Whether the permutation of the qubits commutes with U(θ)."""
        return all(fixes_all(permutation, [dict(s)]) for s in self.sums) and fixes_frame(permutation, self.frame)


def ansatz_symmetries(case: Case, ask: Ask) -> Ansatz:
    """The symmetries of the circuit."""
    frame, sums = ask(framed), ask(driven_sums)
    strings = kept_strings(frame)
    weights = {letter: conserved_weights(sums, frame.n_qubits, letter, frame) for letter in "XYZ"}
    return Ansatz(frame, sums, tuple(strings), LinearSpan(strings), weights)
