"""A few rotations alone make the algebra exponential.

## What it does

Looks for one generator, or else one kind of gate, without which the dynamical Lie algebra (DLA) is that of free fermions, of
polynomial dimension, while it is exponential with it. Names the lines.

## Why it matters

One generator can do it: {Z_i, X_iX_{i+1}} generates so(2n), of dimension n(2n-1); with a single X in the bulk it is of
dimension about 4^n/2. Such a gate is often there by accident, and it decides whether deep versions of the circuit keep their
gradients.

## When it is fine

When the gate is there on purpose: without it the circuit is one of free fermions, which a classical computer follows (BP951),
and may miss the solution. A shallow circuit is far from where the dimension counts: the note says so where the largest signal
is at least 100 times the noise; where the loss sees less than half of the qubits, only a single generator is named, no kind.

## Conditions

As BP101: at least 6 qubits, a component that the loss touches with k >= max(6, n/2), exactly or as a lower bound. Without the
rotations named, all components that the loss touches are free fermions, exactly or as an upper bound, in at most n copies,
and reach half as far (k) as before: taking out all entanglers is no advice. Repeating the circuit, where that is known, stays
free as well. *Without* means with the gates' trained angles at zero; fixed gates stay, data stays.
The search is complete for single generators: free-fermion sets are closed under taking subsets, so whoever makes the
algebra free leaves out a member of each obstruction, a set of about six strings, all of which are tried.

## References

Aguilar et al., arXiv:2408.00081 (which sets are free-fermion). Chapman and Flammia, arXiv:2003.05465 (free fermions are line
graphs). Ragone et al., arXiv:2309.09342 (what the dimension does to gradients).
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from bplint.analyses import Ask, dla, framed
from bplint.analyses.dla import Dla, components_seen
from bplint.analyses.dla.culprit import Rotations, culprits, kind_of
from bplint.analyses.dla.pauli.classify import Component
from bplint.analyses.gradients.margin import HEALTHY, leaves_little, margin
from bplint.bounds import Status
from bplint.finding import Hit, Kind, Severity
from bplint.ir.context import Case
from bplint.number_format import number, whole
from bplint.repairs import symmetry_priors, without_culprit
from bplint.rule import Example, Undecided, rule

_OTHERS = 2
"""Alternatives named."""


@rule(
    "BP103",
    "culprit-generator",
    Severity.NOTE,
    kind=Kind.EXACT,
    since="0.1",
    repairs=(without_culprit, symmetry_priors),
    explains=("BP101",),
)
def check(case: Case, ask: Ask) -> Iterator[Hit]:
    algebra, blamed = ask(dla), ask(culprits)
    if not blamed:
        if algebra.status is not Status.EXACT:
            raise Undecided("the dimension of its algebra is not known", minor=leaves_little(case, ask))
        return  # not exponential, or it takes more than one generator or kind
    best, *others = blamed
    after = ask(dla, without=best)
    before, left = components_seen(case, ask, algebra.surely), components_seen(case, ask, after.algebra)
    lines = _lines(case, ask, best)
    instead = [f"or {_name(case, ask, other)} instead" for other in others[:_OTHERS]]
    gates = len({int(case.circuit.gate[ask(framed).operations[i]]) for i in best})
    above = margin(case, ask)
    message = (
        f"Without {_name(case, ask, best)} the rotations would generate {_algebra(left, 'at most', exact=after.separate)}, free "
        f"fermions, in place of {_algebra(before, 'at least', exact=algebra.separate)}."
    )
    advice = f"leave {'it' if gates == 1 else 'them'} out, if the solution can be reached without"
    if above >= HEALTHY:
        message += f" At this depth the largest signal is at least {number(above)} times the noise; dimension counts for deep ones."
        advice = f"nothing to mend at this depth; for many more layers {advice}"
    yield Hit(
        message,
        proof=_proof(algebra, after),
        help=(advice, *instead),
        span=case.circuit.span(ask(framed).operations[min(best)]),
        evidence={
            "lines": lines[:100],
            "rotations": len(best),
            "log2_dimension": math.log2(_dimension(before)),
            "dimension_without": _dimension(left),
        },
        structure=" ".join(sorted({kind_of(case, ask(framed).operations[i])[0] for i in best})),
        brief=f"without {_name(case, ask, best)} it would be free fermions",
    )


def _dimension(components: Sequence[Component]) -> int:
    return sum(component.dimension for component in components)


def _name(case: Case, ask: Ask, rotations: Rotations) -> str:
    """``rx in line 7``, ``the 12 rx gates in lines 7 to 40``, ``the Z turns of the 12 u gates in …``."""
    frame, circuit = ask(framed), case.circuit
    gates = {int(circuit.gate[frame.operations[i]]) for i in rotations}
    kinds = sorted({kind_of(case, frame.operations[i]) for i in rotations})
    names = " and ".join(dict.fromkeys(name for name, _ in kinds))
    what = names if len(gates) == 1 else f"the {len(gates):,} {names} gates"
    letters: dict[str, set[int]] = {}
    for name, letter in (kind_of(case, operation) for operation in frame.operations):
        letters.setdefault(name, set()).add(letter)
    if any(len(letters[name]) > 1 for name, _ in kinds):
        what = f"the {' and '.join('IXZY'[letter] for _, letter in kinds)} turns of {what}"
    lines = _lines(case, ask, rotations)
    if len(lines) == 1:
        return f"{what} in line {lines[0]}"
    if len(lines) <= 4:
        return f"{what} in lines {', '.join(map(str, lines[:-1]))} and {lines[-1]}"
    return f"{what} in lines {lines[0]} to {lines[-1]}"


def _lines(case: Case, ask: Ask, rotations: Rotations) -> list[int]:
    return sorted({case.circuit.span(ask(framed).operations[i]).line for i in rotations})


def _algebra(components: Sequence[Component], bound: str, *, exact: bool) -> str:
    """The largest component and the dimension of all."""
    largest = max(components, key=lambda c: c.dimension)
    count = sum(c.copies for c in components if c.algebra == largest.algebra)
    copies = f"{count:,} copies of " if 1 < count < 1000 else ""
    size = whole(_dimension(components))
    return f"{copies}{largest.algebra} (dimension {size if exact else f'{bound} {size}'})"


def _proof(before: Dla, after: Dla) -> str:
    method = "Pauli classification with and without"
    if not (before.separate and after.separate):
        return f"bounds ({method}): at least this with, at most that without"
    if after.repeat is None:
        return f"exact ({method})"
    if after.repeat.dimension == after.algebra.dimension:
        return f"exact ({method}); repeating the circuit without does not enlarge its algebra"
    return f"exact ({method}); repeating the circuit without enlarges its algebra to {whole(after.repeat.dimension)}"


_HEAD = 'OPENQASM 3.0;\ninclude "stdgates.inc";\n// bplint: observable = Z0 Z1\n'


def _matchgates(n: int, layers: int, extra: str = "") -> str:
    count = layers * (2 * n - 1)
    lines, k = "", 0
    for _ in range(layers):
        for i in range(n):
            lines += f"rz(a[{k}]) q[{i}];\n"
            k += 1
        for i in range(n - 1):
            lines += f"rxx(a[{k}]) q[{i}], q[{i + 1}];\n"
            k += 1
        lines, extra = lines + extra, ""
    return _HEAD + f"input array[float[64], {count}] a;\ninput float b;\nqubit[{n}] q;\n" + lines


BAD = (
    Example("matchgates on a path of 8, and one X in the middle", _matchgates(8, 4, "rx(b) q[3];\n")),
    Example(
        "RX and RZZ, or RY and RZZ, are the transverse-field Ising path; all three are too many",
        _HEAD
        + "input array[float[64], 72] a;\nqubit[6] q;\n"
        + "".join(
            "".join(f"rx(a[{18 * layer + i}]) q[{i}];\nry(a[{18 * layer + 6 + i}]) q[{i}];\n" for i in range(6))
            + "".join(f"rzz(a[{18 * layer + 12 + i}]) q[{i}], q[{i + 1}];\n" for i in range(5))
            for layer in range(4)
        ),
    ),
)
GOOD = (
    Example("the same matchgates alone", _matchgates(8, 4)),
    Example("with an X at the end, which is free fermions too: so(2n + 1)", _matchgates(8, 4, "rx(b) q[0];\n")),
)
