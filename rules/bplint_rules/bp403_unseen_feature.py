"""The model does not depend on a feature of the data.

## What it does

Finds data parameters that change nothing that is measured: no path from the loss meets the rotations that they turn, or
each of these turns a state that is an eigenstate of it, as RZ(x) does with |0>. A feature that also enters through products
with others counts only if these change nothing either. One finding for all such features.

## Why it matters

What a model does not see it cannot learn. The commonest cases are a feature map of RZ without the Hadamard gates before
them, and features on qubits that nothing connects to those that are measured.

## When it is fine

When the same embedding is used with several observables, or the data set has columns that are not meant to be used.

## Conditions

Exact: the met-axes test, backwards from the observable, forwards from |0…0>. It is sound but not complete for a feature
that turns several rotations: all of them must be dead.

## References

Schuld, Sweke and Meyer, arXiv:2008.08605 (what a model can be as a function of its data). Thanasilp et al.,
arXiv:2110.14753.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bplint.analyses import Ask, reach
from bplint.finding import Hit, Kind, Severity
from bplint.ir.circuit import Parameter, Role
from bplint.ir.context import Case
from bplint.ir.naming import listed, selects
from bplint.rule import Example, rule


@rule("BP403", "unseen-feature", Severity.WARNING, kind=Kind.EXACT, since="0.2")
def check(case: Case, ask: Ask) -> Iterator[Hit]:
    circuit = case.circuit
    if not case.context.loss.of_rows:
        return  # kernels compare states, and what is generated has no data
    names = [_features(parameter, case.context.data) for parameter in circuit.parameters]
    if not any(names):
        return
    answer = ask(reach)
    if not answer.live:
        return  # nothing is trained, or the loss is dead: BP104
    unread = {number for number in (*answer.unread, *answer.dead) if names[number]}
    used = [number for number, turns in enumerate(circuit.used()) if turns]
    read = {name for number in used if number not in unread for name in names[number]}
    features = list(dict.fromkeys(name for number in sorted(unread) for name in names[number] if name not in read))
    if not features:
        return  # each feature is seen somewhere
    first = next(o for o in circuit.operations if any(number in unread for number, _ in o.terms))
    yield Hit(
        f"The model does not depend on {listed(features)}: every rotation by {'it' if len(features) == 1 else 'them'} commutes "
        "with all that the measurement sees, or turns only a phase of the state.",
        proof=f"exact (met-axes test), {len(features):,} of {len(features) + len(read):,} features",
        help=(
            "turn the qubit about another axis first (a Hadamard gate before an RZ), or entangle it with one that is measured",
        ),
        span=circuit.span(first.number),
        evidence={"features": features[:100], "count": len(features), "total": len(features) + len(read)},
        structure=" ".join(features),
        brief="the model does not depend on "
        + (features[0] if len(features) == 1 else f"{len(features):,} of {len(features) + len(read):,} features"),
    )


def _features(parameter: Parameter, data: Sequence[str]) -> tuple[str, ...]:
    """The features that an angle is made of, those in products with weights too."""
    names = parameter.sources or (parameter.name,)
    if parameter.role is Role.DATA:
        return names
    return tuple(name for name in parameter.sources if any(selects(pattern, name) for pattern in data))


_HEAD = 'OPENQASM 3.0;\ninclude "stdgates.inc";\n// bplint: observable = Z0\n// bplint: data = x*\n'
_SYMBOLS = "input array[float[64], 2] x;\ninput array[float[64], 2] w;\nqubit[2] q;\n"
BAD = (
    Example(
        "a feature as an RZ on |0> turns a phase",
        _HEAD
        + _SYMBOLS
        + "ry(x[0]) q[0];\nrz(x[1]) q[1];\nry(w[0]) q[0];\nry(w[1]) q[1];\ncz q[0], q[1];\nry(w[0]) q[0];\n",
    ),
    Example(
        "nothing connects the qubit of a feature to the one that is measured",
        _HEAD + _SYMBOLS + "ry(x[0]) q[0];\nry(x[1]) q[1];\nry(w[0]) q[0];\nry(w[1]) q[1];\n",
    ),
)
GOOD = (
    Example(
        "a Hadamard gate before the RZ, and an entangler behind it",
        _HEAD + _SYMBOLS + "h q;\nrz(x[0]) q[0];\nrz(x[1]) q[1];\nry(w[1]) q[1];\ncz q[0], q[1];\nry(w[0]) q[0];\n",
    ),
    Example(
        "the feature stands in a product that is seen, though not alone",
        _HEAD
        + _SYMBOLS
        + "h q[0];\nry(x[0]) q[0];\nrz(x[1]) q[1];\nrz(x[0] * x[1]) q[0];\nry(w[0]) q[0];\nrx(w[1]) q[0];\n",
    ),
)
