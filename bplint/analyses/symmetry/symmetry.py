"""Symmetries of ansatz and observable, and the priors that follow: what an ansatz could keep and does not."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from bplint.analyses.ask import Ask, analysis
from bplint.analyses.symmetry.ansatz import ansatz_symmetries
from bplint.analyses.symmetry.listing import Symmetry, listed, listed_ansatz
from bplint.analyses.symmetry.loss import LossSymmetry
from bplint.analyses.symmetry.permutations import drawn_ring, permutation_groups
from bplint.analyses.symmetry.prior import Prior
from bplint.analyses.symmetry.priors import candidates
from bplint.bounds import Status
from bplint.ir.context import Case


class Symmetries(NamedTuple):
    """What ansatz and observable keep, and the candidate priors, the least restriction first.

    ``reason`` says what was not looked for.
    """

    ansatz: tuple[Symmetry, ...]
    observable: tuple[Symmetry, ...]
    priors: tuple[Prior, ...]
    status: Status = Status.EXACT
    reason: str = ""

    def as_json(self) -> dict[str, object]:
        return {
            "status": self.status,
            **({"reason": self.reason} if self.reason else {}),
            "ansatz": [one.as_json() for one in self.ansatz],
            "observable": [one.as_json() for one in self.observable],
            "shared_broken": [
                {"name": prior.name, "group": prior.group, "keeps": prior.words, "sector": prior.sector}
                for prior in self.priors
            ],
        }

    def sentences(self) -> Iterator[tuple[str, str]]:
        if not self.status.told:
            return
        kept, loss = (", ".join(s.group for s in groups) or "nothing" for groups in (self.ansatz, self.observable))
        broken = ", ".join(dict.fromkeys(prior.group for prior in self.priors))
        unused = f"; could be kept and is not: {broken}" if broken else ""
        yield "symmetry", f"the circuit keeps {kept}, the loss {loss} ({self.reason or self.status}){unused}"


@analysis("symmetry", in_profile=True)
def symmetry(case: Case, ask: Ask) -> Symmetries:
    """Pauli strings, charges Σ m_q Z_q (or X, Y) and qubit permutations that the circuit keeps for all angles, those that
    the observable keeps, and the priors that follow (theory section 8; arXiv:2205.06217).
    """
    n = case.circuit.n_qubits
    ansatz, loss = ask(ansatz_symmetries), LossSymmetry(case.context.observable)
    ring = drawn_ring(case.circuit)
    orders = [] if ring is None else [ring]
    groups = permutation_groups([loss.operator], n, orders)
    kept, reason = listed_ansatz(ansatz, orders)
    status = Status.BOUNDED if reason else Status.EXACT
    of_loss = listed(loss.commutant, loss.weights, groups, n)
    return Symmetries(kept, of_loss, candidates(loss, ansatz, groups), status, reason)
