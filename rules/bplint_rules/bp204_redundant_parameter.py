"""A parameter can be merged into another without changing the loss.

## What it does

Finds trainable parameters that the loss sees only together, as a + b: their rotations turn about the same axis, and
everything between them commutes with it. Clifford gates between them are followed: an RZ before and one after the control
of a CX are the same, and so are RZZ(a) and CX · RZ(b) · CX. One finding for each set, or one for all where they are many.

## Why it matters

Each costs the circuit evaluations of a gradient component in every step and adds nothing: the other one can take every value
of the sum. They also make the loss flat in one direction, which upsets second-order optimisers.

## When it is fine

When parameters carry a meaning of their own, or when other circuits share them. Some find that more parameters than needed
smooth training; then keep them knowingly.

## Conditions

Exact. Same axis means the same Pauli string in the frame of the start, or one that acts alike on the state there (RXX and RYY
on |00>). Parameters with several rotations (tied, shared, controlled gates) are merged only if all their rotations are, in
proportion. Dead parameters (BP203) and those inside expressions that are not affine are left out. Dependences between three
or more parameters of which no two can be merged are not looked for.

## References

Merging rotations about equal strings: Zhang and Chen, arXiv:1903.12456. Parameters that add nothing, and what
overparametrisation can do: Larocca et al., arXiv:2109.11676.
"""

from __future__ import annotations

from collections.abc import Iterator

from bplint.analyses import Ask
from bplint.analyses.light_cone.mergeable import Merge, redundancy
from bplint.finding import Hit, Kind, Severity
from bplint.ir.context import Case
from bplint.number_format import number
from bplint.rule import Example, Spare, rule

_MOST = 4
"""Sets reported one by one; beyond it one finding speaks of all."""

_SHOWN = 5
"""Parameters of a set that are named."""


@rule("BP204", "redundant-parameter", Severity.WARNING, kind=Kind.EXACT, since="0.1", spare=Spare.REDUNDANT)
def check(case: Case, ask: Ask) -> Iterator[Hit]:
    merges = ask(redundancy)
    if len(merges) > _MOST:
        yield _all(case, merges)
        return
    for merge in merges:
        yield _one(case, merge)


def _one(case: Case, merge: Merge) -> Hit:
    names = _names(case, merge)
    return Hit(
        f"The loss depends on {_listed(names)} only through {_sum(case, merge)}: {_why(merge)}.",
        proof=_proof(merge),
        help=(f"keep {names[0]} (line {_line(case, merge)}) and drop {_listed(names[1:])}",),
        span=case.circuit.span(merge.operations[1]),
        evidence={"parameters": names[:100], "weights": list(merge.weights[:100]), "count": len(names)},
        structure=" ".join(names),
        brief=f"{_listed(names)} act as one parameter",
    )


def _all(case: Case, merges: tuple[Merge, ...]) -> Hit:
    dropped = [name for merge in merges for name in _names(case, merge)[1:]]
    first = merges[0]
    return Hit(
        f"{len(dropped):,} parameters can be dropped, each is seen only in a sum with another, as in {_sum(case, first)}: "
        f"{_why(first)}.",
        proof=_proof(max(merges, key=lambda merge: merge.by_state)),
        help=(f"keep one parameter of each of the {len(merges):,} sums, such as {_names(case, first)[0]}",),
        span=case.circuit.span(first.operations[1]),
        evidence={"parameters": dropped[:100], "count": len(dropped), "sums": len(merges)},
        structure=" ".join(dropped),
        brief=f"{len(dropped):,} parameters can be merged into others",
    )


def _names(case: Case, merge: Merge) -> list[str]:
    return [case.circuit.parameters[p].name for p in merge.parameters]


def _line(case: Case, merge: Merge) -> int:
    return case.circuit.span(merge.operations[0]).line


def _sum(case: Case, merge: Merge) -> str:
    """``a + 2*b - c``."""
    first, *others = _names(case, merge)
    text = first
    for name, weight in list(zip(others, merge.weights[1:], strict=True))[: _SHOWN - 1]:
        size = "" if abs(weight) == 1 else f"{number(abs(weight))}*"
        text += f" {'-' if weight < 0 else '+'} {size}{name}"
    return text + " + …" if len(others) >= _SHOWN else text


def _listed(names: list[str]) -> str:
    if len(names) > _SHOWN:
        return f"{names[0]}, {names[1]} and {len(names) - 2:,} more"
    return f"{', '.join(names[:-1])} and {names[-1]}" if len(names) > 1 else names[0]


def _why(merge: Merge) -> str:
    if merge.by_state:
        return "their rotations do the same to the state there"
    return "they turn about the same axis, and everything between commutes with it"


def _proof(merge: Merge) -> str:
    if merge.by_state:
        return "exact (equal Pauli strings in one frame, up to strings that stabilise the state)"
    return "exact (equal Pauli strings in one frame)"


_HEAD = 'OPENQASM 3.0;\ninclude "stdgates.inc";\n'
BAD = (
    Example(
        "an RZ before and one after the control of a CX",
        _HEAD
        + "// bplint: observable = X0 X1\ninput float a;\ninput float b;\ninput float c;\nqubit[2] q;\n"
        + "ry(c) q[0];\nrz(a) q[0];\ncx q[0], q[1];\nrz(b) q[0];\n",
    ),
    Example(
        "RXX and RYY do the same to |00>",
        _HEAD
        + "// bplint: observable = Z0\ninput float a;\ninput float b;\nqubit[2] q;\n"
        + "rxx(a) q[0], q[1];\nryy(b) q[0], q[1];\n",
    ),
)
GOOD = (
    Example(
        "the target of the CX is another matter",
        _HEAD
        + "// bplint: observable = X0 X1\ninput float a;\ninput float b;\ninput float c;\nqubit[2] q;\n"
        + "ry(c) q[1];\nrz(a) q[1];\ncx q[0], q[1];\nrz(b) q[1];\n",
    ),
    Example(
        "RXX and RYY after an RX: the state is no longer |00>",
        _HEAD
        + "// bplint: observable = Z0\ninput float a;\ninput float b;\ninput float c;\nqubit[2] q;\n"
        + "rx(c) q[0];\nrxx(a) q[0], q[1];\nryy(b) q[0], q[1];\n",
    ),
)
