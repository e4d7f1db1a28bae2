"""Entanglement leaves the loss next to nothing to see: one- and two-qubit states are close to maximally mixed.

## What it does

Averages the purity Tr ρ² of the one- and two-qubit states on the loss's light cone over random starts, and that of the
qubits on which the loss's terms act. Fires when all of these averages are surely within 10 % of the maximally mixed value,
½ and ¼: the bounds fail with chance 1e-6 together.

## Why it matters

A loss of one- and two-qubit terms sees the state of those qubits and nothing else. When they are as entangled with the rest
as those of a random state, that state is noise whatever the angles, and so is the gradient. This is how a plateau comes
about that no choice of a local loss avoids: fewer entangling layers, or a start that entangles less, are the way out.

## When it is fine

When the gradient is still above the noise of your shots, which is measured beside it, this is a note: what differs little
from noise can still be seen with many shots. A start that entangles less (small angles) is measured as such once declared.

## Conditions

A term of the loss has a light cone of at least 6 qubits; terms on one or two qubits carry most of its weight; a parameter
is live and its gradient is not exactly zero (BP104). In effect it takes 8 qubits: two qubits of a random state of 7 are 12
% above ¼. The state is that at the end of the circuit, without noise, under the declared law; under amplitude damping,
which takes qubits back to |0>, the rule is silent. Tied and shared angles: where a few thousand basis states can be
reached. Purities show *local* mixing, not a volume law: one layer of CZ makes a cluster state, maximally mixed on every
qubit; how little entanglement that takes is told by the cut bounds of `bplint profile`. Where every entangler belongs to
the embedding of data, the message says so, and points there.

## References

Ortiz Marrero et al., arXiv:2010.15968 (entanglement-induced barren plateaus). Sack et al., arXiv:2201.08194 (weak barren
plateaus, seen in small regions). Lubkin 1978, doi:10.1063/1.523763 (purity of random states). Hoeffding 1963, theorem 1.
"""

from __future__ import annotations

from collections.abc import Iterator

from bplint.analyses import Ask, entanglement, gradient, locality, reach
from bplint.analyses.entanglement import LEVEL, Entanglement
from bplint.bounds import Status
from bplint.finding import Hit, Kind, Severity
from bplint.ir.context import Case
from bplint.ir.embedding import embedding, entangler
from bplint.ir.observable import Observable
from bplint.ir.pauli import weight
from bplint.number_format import number, plural
from bplint.rule import Example, Undecided, rule

NEAR = 0.1
"""How far above the maximally mixed value a purity may be, as a fraction of it."""


@rule("BP501", "locally-mixed", Severity.WARNING, kind=Kind.ESTIMATE, since="0.1", explains=("BP301",))
def check(case: Case, ask: Ask) -> Iterator[Hit]:
    if not case.context.loss.of_rows:
        return  # the loss is no function of an observable
    n, observable = case.circuit.n_qubits, case.context.observable
    if n < 6 or not _is_local(observable) or not ask(reach).live:
        return  # too small, a global loss (BP201), or nothing to train (BP104)
    if not case.context.noise.is_unital:
        return  # it purifies what the gates mix
    if max((term.light_cone for term in ask(locality).terms), default=n) < 6:
        return  # the loss depends on few qubits
    signal = ask(gradient)
    if signal.status is Status.EXACT and not signal.upper:
        return  # the loss is dead: BP104
    answer = ask(entanglement)
    if answer.status is Status.INCONCLUSIVE:
        raise Undecided(answer.reason)
    if answer.status is Status.EXACT:
        return  # pure
    averages = (*answer.averages, *answer.of_loss)
    if any(a.excess > NEAR for a in averages):
        return  # not surely that mixed
    shots = case.context.shots
    visible = signal.lower > 1 / shots
    embedded = _embedded(case)
    subject = "Random starts entangle" if embedded is None else "The data embedding entangles"
    message = (
        f"{subject} the {len(answer.cone):,} qubits of the loss's light cone until single qubits and pairs are close to "
        "maximally mixed: what the loss measures is nearly the same "
        f"whatever the {'angles' if embedded is None else 'data and the weights'}."
    )
    if visible:
        message += f" The gradient is still above the noise of {shots:,} shots."
    yield Hit(
        message,
        proof=_proof(answer, case.context.seed),
        help=(_help(case, visible=visible) if embedded is None else _OF_DATA,),
        severity=Severity.NOTE if visible else None,
        span=case.circuit.span(_first(case) if embedded is None else embedded),
        evidence={
            "purity": [a.value for a in answer.averages],
            "bound": [a.bound for a in answer.averages],
            "bound_of_loss": [a.bound for a in answer.of_loss],
            "level": LEVEL,
            "light_cone": len(answer.cone),
            "samples": answer.samples,
        },
        structure=observable.text,
        brief="single qubits and pairs are close to maximally mixed",
    )


def _first(case: Case) -> int:
    """The first operation that joins qubits."""
    return next(o.number for o in case.circuit.operations if len(o.qubits) > 1)


def _embedded(case: Case) -> int | None:
    """The first operation that joins qubits, where all that do belong to an embedding of data; else None."""
    inside = embedding(case.circuit)
    if all(inside[o.number] for o in case.circuit.operations if len(o.qubits) > 1):
        return entangler(case.circuit)
    return None


_OF_DATA = "use fewer embedding layers, or entangle features with fewer others"


def _help(case: Case, *, visible: bool) -> str:
    if visible:
        return "nothing to mend at this depth; lint again when you add layers"
    return f"use fewer entangling layers{', or a start near the identity' if case.context.init.is_uniform else ''}"


def _is_local(observable: Observable) -> bool:
    """Whether terms on one or two qubits carry most of the weight."""
    local = sum(c * c for string, c in observable.terms if weight(string, observable.n_qubits) <= 2)
    return not observable.projector and local > 0.5 * observable.scale


def _proof(answer: Entanglement, seed: int) -> str:
    values = ", ".join(
        f"{a.value:.3f} of {plural(a.regions, 'qubit' if a.size == 1 else 'pair')} (maximally mixed {a.mixed:g})"
        for a in answer.averages
    )
    bounds = " and ".join(f"{a.ceiling:.3f}" for a in answer.averages)
    drawn = "states" if answer.method == "state-vector" else "Pauli paths"
    aside = ", without the declared noise" if answer.without_noise else ""
    return (
        f"average purity {values}; below {bounds} with certainty 1 - {number(LEVEL)}; {answer.samples:,} {drawn} over random "
        f"starts, seed {seed}{aside}"
    )


def _layers(n: int, layers: int, observable: str, shots: int) -> str:
    return f"""OPENQASM 3.0;
include "stdgates.inc";
// bplint: observable = {observable}
// bplint: shots = {shots}
input array[float[64], {2 * n * layers}] t;
qubit[{n}] q;
for int layer in [0:{layers - 1}] {{
  for int i in [0:{n - 1}] {{
    ry(t[{2 * n} * layer + 2 * i]) q[i];
    rz(t[{2 * n} * layer + 2 * i + 1]) q[i];
  }}
  for int i in [0:{n - 2}] {{ cz q[i], q[i + 1]; }}
}}
"""


BAD = (
    Example(
        "RY, RZ and CZ on a path of 10, 30 layers: pairs are as mixed as in a random state",
        _layers(10, 30, "Z4 Z5", 100),
    ),
)
GOOD = (
    Example("two layers of the same: the loss sees a few qubits", _layers(10, 2, "Z4 Z5", 100)),
    Example("eight layers: not surely within 10 %", _layers(10, 8, "Z4 Z5", 100)),
)
