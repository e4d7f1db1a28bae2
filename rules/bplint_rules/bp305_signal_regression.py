"""A change takes half of the largest gradient signal or more, or makes the algebra exponential.

## What it does

Where a run compares with another commit (`--diff-base`), measures each changed circuit as it was and as it is now. It fires where
the largest signal is now surely below half of what it surely was, or where a loss that saw only free fermions or small blocks
now sees an algebra of exponential type. It prints dimension, signal and number of parameters before and after.

## Why it matters

A circuit that still trains is not reported by itself. Many small steps, a layer here and a wider loss there, lead to the plateau
all the same; each step shows in the comparison long before the gradient is lost.

## When it is fine

Where the change is worth it: a larger model for a better optimum. Accept it by merging, and the next comparison starts there.
Where another rule finds a new error in the circuit, or warns of a new reason for one, this one says nothing.

## Conditions

Both versions under today's configuration. Signals: bounds that each fail with chance 1e-6 at most. Algebra: at least 6 qubits, a
component that the loss touches with k >= max(6, n/2) in a lower bound of the algebra now, and none in an upper bound before.

## References

Ragone et al., arXiv:2309.09342, theorem 1. Aguilar et al., arXiv:2408.00081 (classification).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from bplint.analyses import dla, gradient
from bplint.analyses.dla import components_seen, is_exponential
from bplint.analyses.dla.pauli.classify import PauliAlgebra
from bplint.finding import Hit, Kind, Severity
from bplint.number_format import number, whole
from bplint.rule import Example, Scope, Undecided, rule

if TYPE_CHECKING:
    from bplint.analyses.family import AskOf, Member
    from bplint.analyses.versions import VersionNumbers, Versions

_LEFT = 0.5
"""The share of its signal that a circuit may surely lose."""


@rule("BP305", "signal-regression", Severity.WARNING, kind=Kind.ESTIMATE, since="0.1", scope=Scope.CHANGE)
def check(versions: Versions, ask: AskOf) -> Iterator[Hit]:
    from bplint.analyses.versions import VersionNumbers  # for changes alone

    before, after = VersionNumbers.of(ask, versions.before), VersionNumbers.of(ask, versions.after)
    old, new = ask(gradient, of=versions.before), ask(gradient, of=versions.after)
    unknown = old.unknown or new.unknown
    fell = not unknown and new.upper < _LEFT * old.lower
    grew = _is_exponential(ask, versions.after, ask(dla, of=versions.after).surely) and not _is_exponential(
        ask, versions.before, ask(dla, of=versions.before).algebra
    )
    if not fell and not grew:
        if unknown:
            raise Undecided(f"whether the signal fell is not known: {unknown}")
        return
    what = []
    if fell:
        what.append(
            f"The largest signal fell from {_shown(before.signal, old.lower)} to {_shown(after.signal, new.upper)}."
        )
    if grew:
        what.append("The loss sees an algebra of exponential type, and saw none before.")
    yield Hit(
        " ".join(what),
        proof=", ".join(_numbers(before, after)),
        help=("take the change back, or accept it by merging",),
        evidence={
            "before": {**before._asdict(), "dimension": _plain(before.dimension), "signal_lower": old.lower},
            "after": {**after._asdict(), "dimension": _plain(after.dimension), "signal_upper": new.upper},
        },
        structure="signal" if fell else "algebra",
        brief="the largest signal fell" if fell else "the algebra became exponential",
    )


def _is_exponential(ask: AskOf, member: Member, algebra: PauliAlgebra) -> bool:
    """Whether the loss touches a component of this algebra that grows like 4^k, with k at least half of the qubits."""
    n = member.case.circuit.n_qubits
    seen = components_seen(member.case, ask.about(member), algebra)
    return any(is_exponential(c) and c.pairs >= max(6, n / 2) for c in seen)


def _numbers(before: VersionNumbers, after: VersionNumbers) -> Iterator[str]:
    if before.dimension is not None and after.dimension is not None:
        yield f"dimension {whole(before.dimension)} → {whole(after.dimension)}"
    if before.signal is not None and after.signal is not None:
        yield f"signal {number(before.signal)} → {number(after.signal)}"
    yield f"parameters {before.parameters:,} → {after.parameters:,}"


def _shown(signal: float | None, bound: float) -> str:
    return number(bound if signal is None else signal)


def _plain(dimension: int | None) -> int | str | None:
    return dimension if dimension is None or dimension < 1 << 53 else str(dimension)


def _product(n: int, observable: str) -> str:
    head = f'OPENQASM 3.0;\ninclude "stdgates.inc";\n// bplint: observable = {observable}\n'
    return f"{head}input array[float[64], {n}] a;\nqubit[{n}] q;\n" + "".join(f"ry(a[{i}]) q[{i}];\n" for i in range(n))


def _ising(n: int, *, field: str = "") -> str:
    head = 'OPENQASM 3.0;\ninclude "stdgates.inc";\n// bplint: observable = Z0 Z1\n'
    rotations = "".join(f"rx(a[{i}]) q[{i}];\n" for i in range(n))
    couplings = "".join(
        f"cx q[{i}], q[{i + 1}];\nrz(b[{i}]) q[{i + 1}];\ncx q[{i}], q[{i + 1}];\n" for i in range(n - 1)
    )
    inputs = "".join(f"input array[float[64], {n}] {name};\n" for name in "abc")
    return f"{head}{inputs}qubit[{n}] q;\n{rotations}{couplings}{field}{rotations.replace('a[', 'c[')}"


BAD = (
    Example("the loss grows from one qubit to four", _product(6, "Z0 Z1 Z2 Z3"), before=_product(6, "Z0")),
    Example(
        "a field along Z in the bulk of an Ising chain: no free fermions any more",
        _ising(8, field=f"rz(b[{7}]) q[3];\n"),
        before=_ising(8),
    ),
)
GOOD = (
    Example("the other way round", _product(6, "Z0"), before=_product(6, "Z0 Z1 Z2 Z3")),
    Example("another name", _product(6, "Z0").replace("a[", "b[").replace("] a;", "] b;"), before=_product(6, "Z0")),
)
