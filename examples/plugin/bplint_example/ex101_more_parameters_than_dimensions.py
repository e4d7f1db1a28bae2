"""There are more parameters than the algebra has dimensions.

## What it does

Compares the number of live trainable parameters with the dimension of the dynamical Lie algebra (DLA) of the rotations.

## Why it matters

The states that a circuit reaches from one input depend on at most dim(DLA) numbers. Parameters beyond that cost
evaluations in every step, and add no new direction.

## When it is fine

Overparametrised circuits have fewer local minima: many people want exactly this, so it is a note.

## Conditions

The dimension is exact or an upper bound: more parameters than that are too many in any case.

## References

Larocca et al., arXiv:2109.11676, theorem 1.
"""

from bplint.analyses import Ask
from bplint.finding import Hit, Kind, Severity
from bplint.repairs import Change
from bplint.rule import Example, rule
from bplint_example.redundancy import redundancy


def fewer_parameters(case, ask, hit):
    """Use the most layers that leave no parameter too many; bplint measures what that does, and runs the rule again."""
    from bplint.rewrite import Refused, depth, shallower  # here: most circuits are not rewritten

    for layers in range(depth(case.circuit) - 1, 0, -1):
        rewrite = shallower(case.circuit, layers)
        if isinstance(rewrite, Refused):
            return  # the layers hold data
        change = Change("fewer-parameters", f"use {layers:,} layers", rewrite, loses=str(rewrite.counts))
        if not Ask(change.case(case))(redundancy).surplus:
            yield change
            return


@rule(
    "EX101",
    "more-parameters-than-dimensions",
    Severity.NOTE,
    kind=Kind.EXACT,
    since="1.0",
    repairs=(fewer_parameters,),
)
def check(case, ask):
    found = ask(redundancy)
    if not found.surplus:
        return
    parameters, dimension = found.parameters, found.dimension
    yield Hit(
        f"{parameters:,} parameters steer an algebra of dimension {dimension:,} at most: at least {found.surplus:,} are redundant.",
        proof=f"{found.status} dimension of the algebra",
        help=("use fewer layers",),
        evidence={"parameters": parameters, "dimension": dimension},
        structure="parameters",
    )


_RZ_RX = "rz(a[{0}]) q[0];\nrx(a[{1}]) q[0];\n"
_HEAD = (
    'OPENQASM 3.0;\ninclude "stdgates.inc";\n// bplint: observable = Z0\ninput array[float[64], 6] a;\nqubit[1] q;\n'
)
BAD = (Example("five that matter on one qubit", _HEAD + "".join(_RZ_RX.format(2 * i, 2 * i + 1) for i in range(3))),)
GOOD = (Example("three, as many as su(2) has", _HEAD + _RZ_RX.format(0, 1) + _RZ_RX.format(2, 3)),)
