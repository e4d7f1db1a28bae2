"""The loss does not depend on any trainable parameter.

## What it does

Reports a circuit with trainable rotations none of which can change the loss: the observable commutes with all of them, the
start is an eigenstate of all of them, the loss is a constant, or its variance is exactly zero. Says which of these it is.

## Why it matters

Training cannot move such a loss at all. It is not a barren plateau, no number of shots helps, and it usually is a
mistake: a wrong qubit, a wrong basis, an observable that the ansatz conserves.

## When it is fine

Never while it is the loss you train. Where no loss was declared it is the assumed one, mean(Z), that is constant, as under QAOA of
every graph: the rule is undecided then, and says how to declare yours.

## Conditions

Exact: the met-axes test in polynomial time, backwards from the observable and forwards from |0…0>; a symmetry of start and
rotations, a Pauli string, that the loss breaks (linear algebra over GF(2), at any size; as of ⟨Z⟩ under QAOA); terms that
cancel in blocks; and, while they are few, all strings that the loss can become, and all basis states that the circuit can
reach (as one excitation that the rotations only move). Where one parameter turns several rotations: the
variance over uniform angles, zero up to rounding at 1e-14 of the largest possible square.

## References

The light-cone argument in Pauli form; identically vanishing gradients are told apart from plateaus in arXiv:2603.18479.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

from bplint.analyses import Ask, framed, locality, loss, reach
from bplint.analyses.gradients.answer import Declined
from bplint.analyses.gradients.engines import PATHS, expanded
from bplint.analyses.gradients.parity import Parity, parity
from bplint.analyses.gradients.tied import STATES
from bplint.analyses.light_cone.alive import Reach
from bplint.bounds import Status
from bplint.finding import Hit, Kind, Severity
from bplint.ir.context import Case
from bplint.ir.pauli import qubits, to_sparse
from bplint.number_format import plain, plural
from bplint.rule import Example, Undecided, rule


@rule("BP104", "dead-loss", Severity.ERROR, kind=Kind.EXACT, since="0.1")
def check(case: Case, ask: Ask) -> Iterator[Hit]:
    if not case.context.loss.of_rows:
        return  # the loss is no function of an observable
    answer = ask(reach)
    trained = len(answer.dead) + len(answer.live)
    if not trained:
        return  # nothing is trained
    observable = case.context.observable
    help_ = "check which qubits and which basis are measured"
    if not observable.terms and not observable.projector:
        message = f"The loss is the constant {plain(observable.constant)}: there is nothing to train."
        proof, structure = "exact: the observable is a multiple of the identity", "constant"
    elif not answer.live:
        reason, help_ = _unmet(answer)
        message = f"No trainable parameter can change {_loss(case)}: {reason}."
        proof, structure = f"exact (met-axes test): gradient zero for {plural(trained, 'parameter')}", "unmet"
    elif (seen := ask(parity)).constant is not None and seen.vanishing:
        yield _told(case, ask, _kept(case, ask, seen, trained))
        return
    else:
        value, method = (seen.constant, "") if seen.constant is not None else _constant(ask)
        if value is None:
            return  # it moves
        if method == STATES:
            message = (
                f"{_loss(case, first=True)} is {plain(value)} for all angles: it has this value in all states that the "
                "circuit can reach from its start."
            )
            proof, structure = (
                "exact (basis states that can be reached): the loss has one value on all of them",
                "sector",
            )
            help_ = "start in a state that the circuit changes in this respect, or measure something else"
        else:
            message = (
                f"{_loss(case, first=True)} is {plain(value)} for all angles: what the rotations make of it cancels, or "
                "has expectation zero in the start state."
            )
            proof, structure = (
                "exact (Pauli strings followed to the start): the variance of the loss is zero",
                "cancels",
            )
    hit = Hit(
        message,
        proof=proof,
        help=(help_,),
        span=case.context.observable_span,
        evidence={"parameters": trained, "dead": len(answer.dead)},
        structure=structure,
        brief="the loss does not depend on any trainable parameter",
    )
    yield _told(case, ask, hit)


def _told(case: Case, ask: Ask, hit: Hit) -> Hit:
    """What is found; of a loss that nobody declared it is no fault of the circuit, and leaves open what is."""
    if not _is_assumed(case):
        return hit
    line = f"declare the one that you train, for instance:  // bplint: observable = {_example(case, ask)}"
    brief = f"the assumed loss, {case.context.observable.text}, is the same for all angles"
    return hit._replace(undecided=True, brief=brief, help=(line,), wants_loss=True)


def _example(case: Case, ask: Ask) -> str:
    """A loss for this circuit: what its rotations turn about and a measurement of Z sees, as the cost of QAOA."""
    frame, n, declared = ask(framed), case.circuit.n_qubits, case.circuit.n_declared
    axes = list(dict.fromkeys(frame.free_axes))
    pushed = dict.fromkeys(map(frame.push, axes[:_LOOKED_AT]))
    seen = [string for string in pushed if string and not string & ((1 << n) - 1)]
    words = [to_sparse(string, n) for string in seen if not string >> n + declared]
    if all(" " not in word for word in words):
        return "Z0 Z1" if declared > 1 else "X0"
    text = " + ".join(words)
    return text if len(text) <= _PASTED else f"{' + '.join(words[:3])} + …"


def _kept(case: Case, ask: Ask, seen: Parity, trained: int) -> Hit:
    """The loss is constant as start and rotations keep something that its terms flip."""
    observable, n = case.context.observable, case.circuit.n_qubits
    kept, declared = seen.keeper, case.circuit.n_declared
    keeper = None if kept is None or max(qubits(kept, n), default=0) >= declared else to_sparse(kept, n)
    short = keeper if keeper and len(keeper) <= _SHORT else None
    whose = "it" if len(observable.terms) == 1 else "each of its terms"
    if not seen.observable.terms and short:
        reason = f"start and rotations keep {short}, which {whose} flips"
        help_ = f"measure something that leaves {short} alone, or add a rotation that does not keep it"
    else:
        reason = "start and rotations keep Pauli strings that the loss flips, and nothing else of it moves"
        help_ = "measure something that the symmetry of the circuit leaves alone, or add a rotation that breaks it"
    return Hit(
        f"{_loss(case, first=True)} is {plain(seen.constant or 0.0)} for all angles: {reason}.",
        proof=f"exact (parity, linear algebra over GF(2)): gradient zero for {plural(trained, 'parameter')}",
        help=(help_,),
        span=case.context.observable_span,
        evidence={"parameters": trained, "dead": len(ask(reach).dead), "vanishing": seen.vanishing, "keeps": keeper},
        structure="symmetry",
        brief="the loss is the same for all angles",
    )


def _loss(case: Case, *, first: bool = False) -> str:
    """The loss in a sentence, or as its ``first`` words; one that nobody declared is called so: it is no fault of the circuit."""
    text = f"⟨{case.context.observable.text}⟩"
    the, short = "The" if first else "the", len(text) <= _SHORT
    if not _is_assumed(case):
        return text if short else f"{the} loss"
    return f"{the} assumed loss {text}" if short else f"{the} assumed loss"


def _is_assumed(case: Case) -> bool:
    return case.context.observable_source == "assumed"


def _unmet(answer: Reach) -> tuple[str, str]:
    """Which side stops all rotations, and the help that fits."""
    if set(answer.dead) <= set(answer.unseen):
        return (
            "every rotation commutes with all that the measurement sees",
            "measure qubits that the rotations reach, in a basis that they turn",
        )
    if set(answer.dead) <= set(answer.idle):
        return (
            "the start is an eigenstate of every rotation, so only its phase turns",
            "prepare another start, or first turn the qubits about another axis",
        )
    return (
        "each rotation commutes with all that the measurement sees, or meets only eigenstates of its own, where it turns a phase",
        "change what is measured, and the start: each stops some of the rotations",
    )


_SHORT = 60
"""Letters of a string that is named in a sentence."""

_PASTED = 200
"""Letters of a loss that is written out to be pasted."""

_LOOKED_AT = 500
"""Axes of rotations among which an example of a loss is looked for."""

_ROUNDING = 1e-14
"""Of exact averages, in units of the largest possible square of the loss."""


def _constant(ask: Ask) -> tuple[float | None, str]:
    """The value of a loss whose variance is exactly zero over uniform angles, and so for all, and how it was found.

    The value is None if it moves.
    """
    parts = ask(expanded)
    if not isinstance(parts, Declined):
        return (parts.mean if parts.constant else None), PATHS
    whole = ask(loss, init=ask.case.context.init.anywhere)
    observable = ask.case.context.observable
    largest = 0.25 if observable.projector else _turned(ask) ** 2
    if whole.status is Status.EXACT:
        return (whole.mean if (whole.variance or 0.0) <= _ROUNDING * largest else None), whole.method
    if not whole.interval or whole.interval[0] <= 0:
        raise Undecided(whole.reason or "whether the loss moves is not known exactly")
    return None, whole.method


def _turned(ask: Ask) -> float:
    """The sum of the terms that rotations meet: beside those that stay, however large, what moves is not rounding."""
    if traced := ask(locality).terms:
        return math.fsum(abs(term.coefficient) for term in traced if term.first_met is not None)
    return math.fsum(abs(c) for _, c in ask.case.context.observable.terms)


_HEAD = 'OPENQASM 3.0;\ninclude "stdgates.inc";\n'
BAD = (
    Example(
        "RZ does not move Z", _HEAD + "// bplint: observable = Z0\ninput float a;\nqubit[1] q;\nh q[0];\nrz(a) q[0];\n"
    ),
    Example(
        "the other qubit is measured", _HEAD + "// bplint: observable = Z1\ninput float a;\nqubit[2] q;\nry(a) q[0];\n"
    ),
    Example(
        "X behind a CX has expectation zero in every state of the Bell type",
        _HEAD + "// bplint: observable = X0\ninput float a;\nqubit[2] q;\nry(a) q[0];\ncx q[0], q[1];\n",
    ),
    Example(
        "QAOA keeps X on both qubits, which Z turns round",
        _HEAD + "// bplint: observable = Z0\ninput float g;\ninput float b;\nqubit[2] q;\nh q;\n"
        "cx q[0], q[1];\nrz(g) q[1];\ncx q[0], q[1];\nrx(b) q;\n",
    ),
    Example(
        "one excitation moves, and mean(Z) only counts it",
        _HEAD + "// bplint: observable = mean(Z)\ninput float a;\ninput float b;\nqubit[3] q;\nx q[0];\n"
        "cx q[0], q[1];\ncrx(a) q[1], q[0];\ncx q[0], q[1];\ncx q[1], q[2];\ncrx(b) q[2], q[1];\ncx q[1], q[2];\n",
    ),
    Example("a constant loss", _HEAD + "// bplint: observable = Z0 - Z0\ninput float a;\nqubit[1] q;\nry(a) q[0];\n"),
)
GOOD = (
    Example("RY moves Z", _HEAD + "// bplint: observable = Z0\ninput float a;\nqubit[1] q;\nry(a) q[0];\n"),
    Example("nothing is trained", _HEAD + "// bplint: observable = Z0\nqubit[1] q;\nh q[0];\n"),
)
