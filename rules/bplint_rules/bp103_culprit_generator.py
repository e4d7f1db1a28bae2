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
and may miss the solution. A shallow circuit is far from where the dimension counts; where the loss sees less than half of the
qubits, only a single generator is named, no kind.

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
from typing import TypeAlias

from bplint.analyses.ask import Ask
from bplint.analyses.dla import Dla, components_seen, dla, is_exponential
from bplint.analyses.dla.obstruction import is_free, obstruction
from bplint.analyses.dla.pauli import Component, PauliAlgebra, classify
from bplint.analyses.framed import framed
from bplint.analyses.locality import locality
from bplint.finding import Hit, Kind, Severity
from bplint.ir.circuit import Role
from bplint.ir.context import Case
from bplint.rule import Example, rule
from bplint.words import whole

Rotations: TypeAlias = frozenset[int]
"""Rotations of the frame that go together: those of one generator, or of one kind of gate."""

_OTHERS = 2
"""Alternatives named."""


@rule("BP103", "culprit-generator", Severity.NOTE, kind=Kind.EXACT, since="0.1")
def check(case: Case, ask: Ask) -> Iterator[Hit]:
    n = case.circuit.n_qubits
    if n < 6:
        return  # nothing is exponential at one small size
    found = ask(dla)
    exponential = [c for c in components_seen(case, ask, found.surely) if is_exponential(c)]
    largest = max(exponential, key=lambda c: c.pairs, default=None)
    if largest is None or largest.pairs < max(6, n / 2):
        return  # free fermions, small blocks, or blocks that the loss does not see
    culprits = _culprits(case, ask, largest)
    if not culprits:
        return  # it takes more than one generator or kind
    best, *others = culprits
    after = ask(dla, without=best)
    before, left = components_seen(case, ask, found.surely), components_seen(case, ask, after.algebra)
    lines = _lines(case, ask, best)
    instead = [f"or {_name(case, ask, other)} instead" for other in others[:_OTHERS]]
    yield Hit(
        f"Without {_name(case, ask, best)} the rotations would generate {_algebra(left, 'at most', exact=after.separate)}, free "
        f"fermions, in place of {_algebra(before, 'at least', exact=found.separate)}.",
        proof=_proof(found, after),
        help=(f"leave {'it' if len(lines) == 1 else 'them'} out, if the solution can be reached without", *instead),
        span=case.circuit.span(ask(framed).operations[min(best)]),
        evidence={
            "lines": lines[:100],
            "rotations": len(best),
            "log2_dimension": math.log2(_dimension(before)),
            "dimension_without": _dimension(left),
        },
        structure=" ".join(sorted({_kind(case, ask(framed).operations[i])[0] for i in best})),
    )


def _culprits(case: Case, ask: Ask, exponential: Component) -> list[Rotations]:
    """What makes the algebra free-fermion when it goes, and leaves the largest so(m): generators, or else kinds of gate."""
    n, pairs = case.circuit.n_qubits, exponential.pairs
    frame, axes = ask(framed), ask(dla).algebra.axes
    singles, kinds = _candidates(case, ask, set(obstruction(exponential.core, n)))
    shallow = max((term.light_cone for term in ask(locality).terms), default=n) < n / 2
    for candidates in (singles, [] if shallow else kinds):
        hopeful: list[tuple[tuple[int, int], Rotations]] = []
        for candidate in candidates:
            others = {axis for i, axis in enumerate(frame.axes) if i not in candidate}
            if not is_free([axis for axis in exponential.core if axis in others], n):
                continue  # quickly known of most
            left = _tame(case, ask, classify((axis for axis in axes if axis in others), n), pairs)
            if left:
                hopeful.append(((max(c.size for c in left), _dimension(left)), candidate))
        best: list[tuple[tuple[int, int], Rotations]] = []
        for left_over, candidate in sorted(hopeful, key=lambda entry: entry[0], reverse=True):
            if (not best or left_over == best[0][0]) and _stays_tame(case, ask, candidate, pairs):
                best.append((left_over, candidate))
        if best:
            return [candidate for _, candidate in best]
    return []


def _tame(case: Case, ask: Ask, algebra: PauliAlgebra, pairs: int) -> list[Component]:
    """What the loss touches, if that is a few copies of free fermions, at least one of them half as large as before."""
    touched = components_seen(case, ask, algebra)
    few = all(c.free_fermion and c.copies <= algebra.n_qubits for c in touched)
    return touched if few and 2 * max((c.pairs for c in touched), default=0) >= pairs else []


def _stays_tame(case: Case, ask: Ask, candidate: Rotations, pairs: int) -> bool:
    """Also when the circuit is repeated, as far as is known."""
    after = ask(dla, without=candidate)
    return after.repeat is None or bool(_tame(case, ask, after.repeat, pairs))


def _dimension(components: Sequence[Component]) -> int:
    return sum(component.dimension for component in components)


def _candidates(case: Case, ask: Ask, suspects: set[int]) -> tuple[list[Rotations], list[Rotations]]:
    """Single generators and kinds of gate with a suspect among their axes, in circuit order."""
    frame, circuit = ask(framed), case.circuit
    trained = circuit.driven([p.role is Role.TRAINABLE for p in circuit.parameters])
    data = circuit.driven([p.role is Role.DATA for p in circuit.parameters])
    gates: dict[tuple[int, int], list[int]] = {}
    kinds: dict[tuple[str, int], list[int]] = {}
    users: dict[int, list[tuple[int, int]]] = {}
    for i, operation in enumerate(frame.operations):
        if not trained[operation] or data[operation]:
            continue
        kind = _kind(case, operation)
        gate = int(circuit.gate[operation]), kind[1]
        gates.setdefault(gate, []).append(i)
        kinds.setdefault(kind, []).append(i)
        if frame.axes[i] in suspects:
            users.setdefault(frame.axes[i], []).append(gate)
    singles = [frozenset(i for gate in used for i in gates[gate]) for used in users.values()]
    meant = dict.fromkeys(_kind(case, frame.operations[i]) for single in singles for i in sorted(single))
    return list(dict.fromkeys(singles)), [frozenset(kinds[kind]) for kind in meant]


def _kind(case: Case, operation: int) -> tuple[str, int]:
    """The gate's name, and the letter where it acts on one qubit: a U gate turns about Z and about Y."""
    circuit = case.circuit
    gate = circuit.gate[operation]
    letter = int(circuit.letters[circuit.start[operation]]) if circuit.gates.arity[gate] == 1 else 0
    return circuit.gates.names[circuit.gates.name[gate]], letter


def _name(case: Case, ask: Ask, rotations: Rotations) -> str:
    """``rx in line 7``, ``the 12 rx gates in lines 7 to 40``, ``the Z turns of the 12 u gates in …``."""
    frame, circuit = ask(framed), case.circuit
    gates = {int(circuit.gate[frame.operations[i]]) for i in rotations}
    kinds = sorted({_kind(case, frame.operations[i]) for i in rotations})
    names = " and ".join(dict.fromkeys(name for name, _ in kinds))
    what = names if len(gates) == 1 else f"the {len(gates):,} {names} gates"
    letters: dict[str, set[int]] = {}
    for name, letter in (_kind(case, operation) for operation in frame.operations):
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


def _proof(found: Dla, after: Dla) -> str:
    method = "Pauli classification with and without"
    if not (found.separate and after.separate):
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
