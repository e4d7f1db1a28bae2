"""What a tape measures, as a loss."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from bplint.errors import Unsupported
from bplint.importers.from_pennylane.operators import pauli_terms
from bplint.ir.observable import Observable, ObservableError, pauli_sum, sum_text


class TapeLoss(NamedTuple):
    """The observable that a tape measures, and what has to be said of how it was understood.

    Without ``observable``, ``missing`` says why there is none, and what could be said instead; it is empty where nothing is
    measured.
    """

    observable: Observable | None = None
    note: str = ""
    missing: str = ""


def loss_of(measurements: Sequence[Any], wires: Mapping[Any, int]) -> TapeLoss:
    """The loss: an expectation value, or the mean of several. What has no expectation value is no loss."""
    from pennylane.measurements import CountsMP, ExpectationMP, ProbabilityMP, SampleMP

    if not measurements:
        return TapeLoss()
    sampled = [m for m in measurements if isinstance(m, SampleMP | CountsMP) and m.obs is not None]
    other = [m for m in measurements if not isinstance(m, ExpectationMP) and m not in sampled]
    if other:
        zeros = isinstance(other[0], ProbabilityMP) and other[0].obs is None and other[0].mv is None
        asked = [wires[wire] for wire in other[0].wires or wires] if zeros else []
        return TapeLoss(missing=_missing(f"{_shown(other[0])} is no loss", asked))
    try:
        observables = [observable_of(measurement.obs, wires) for measurement in measurements]
    except ObservableError as error:
        return TapeLoss(missing=_missing(str(error)))
    note = "the loss is the expectation value of what is sampled" if sampled else ""
    if len(observables) == 1:
        return TapeLoss(observables[0], note)
    told = f"{len(observables)} expectation values: the loss is taken to be their mean; observable=... says another"
    return TapeLoss(_mean(observables), "; ".join(filter(None, (told, note))))


def observable_of(operator: Any, wires: Mapping[Any, int]) -> Observable:
    """The observable of a PennyLane operator on numbered wires.

    Words, sums, ``Hamiltonian``, ``Hermitian`` and ``SparseHamiltonian`` up to six qubits, ``Projector``.
    ``ObservableError`` for what is not Hermitian, too large, or on a wire that the circuit does not have.
    """
    from pennylane.operation import Operator

    n = len(wires)
    if not isinstance(operator, Operator):
        raise ObservableError(f"want an operator of PennyLane, got {type(operator).__name__}")
    if outside := [wire for wire in operator.wires if wire not in wires]:
        raise ObservableError(f"wire {outside[0]!r} of {operator.name} is not in the circuit")
    if _asks_for_zeros(operator):
        qubits = tuple(sorted(wires[wire] for wire in operator.wires))
        return Observable(n, projector=qubits, text=f"projector({', '.join(map(str, qubits))})")
    try:
        terms = pauli_terms(operator, wires)
    except Unsupported as error:
        raise ObservableError(error.message) from error
    return pauli_sum(terms, n, text=sum_text(terms, n))


def _asks_for_zeros(operator: Any) -> bool:
    """Whether it is the projector on zeros, as such or written out as a matrix."""
    import numpy as np
    import pennylane as qml
    from pennylane.ops.qubit.observables import BasisStateProjector

    if isinstance(operator, BasisStateProjector):
        return not any(operator.parameters[0])
    if not isinstance(operator, qml.Hermitian):
        return False
    matrix = np.asarray(qml.math.unwrap([operator.matrix()])[0])
    return bool(matrix[0, 0] == 1 and np.count_nonzero(matrix) == 1)


def _missing(why: str, zeros: Sequence[int] = ()) -> str:
    """With what to say: on the qubits of ``zeros`` the probability that they are all 0 is a loss."""
    example = f'"projector({", ".join(map(str, zeros))})", the probability of zeros' if zeros else '"Z0 Z1"'
    return f"{why}: say what is one, as in observable={example}"


def _mean(observables: Sequence[Observable]) -> Observable:
    if len({observable.projector for observable in observables}) == 1 and observables[0].projector:
        return observables[0]
    if any(len(observable.projector) > _WRITTEN_OUT for observable in observables):
        raise Unsupported("the mean of a projector on many qubits and something else", hint="say observable=...")
    n, total = observables[0].n_qubits, dict[int, float]()
    for observable in (one.written_out() for one in observables):
        for string, c in (*observable.terms, (0, observable.constant)):
            total[string] = total.get(string, 0.0) + c / len(observables)
    return pauli_sum(total, n, text=sum_text(total, n))


def _shown(measurement: Any) -> str:
    """As it stands in a circuit: ``probs(wires=[0, 1])``."""
    text = str(measurement).removesuffix("(wires=[])")
    return text if len(text) <= _LONG else f"{text[:_LONG]}…"


_WRITTEN_OUT = 10
"""Qubits of a projector that is written as a sum of strings."""
_LONG = 60
