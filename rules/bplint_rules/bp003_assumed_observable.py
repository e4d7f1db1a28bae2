"""No observable was declared, so one was assumed.

## What it does

Says which loss the numbers belong to: mean(Z) over the measured qubits, or over all if none is measured.

## Why it matters

Whether gradients vanish depends on what is measured as much as on the circuit: the same ansatz can train for a local loss
and not for a global one (Cerezo et al., arXiv:2001.00550). A finding that rests on a guess must not block anybody.

## When it is fine

When mean(Z) is the loss you train. Declaring it makes findings about it count:

    // bplint: observable = mean(Z)

## Conditions

No `--observable`, no comment, pragma or annotation, and no Braket result pragma. While it is assumed, no finding exceeds
a warning, but this one: `severity.BP003 = "error"` in the configuration makes it an error, and `require-observable = true`
refuses such circuits whatever rules run.

## References

Cerezo et al., Cost function dependent barren plateaus, arXiv:2001.00550.
"""

from __future__ import annotations

from collections.abc import Iterator

from bplint.analyses import Ask
from bplint.finding import Hit, Kind, Severity
from bplint.ir.context import Case
from bplint.rule import Example, rule


@rule("BP003", "assumed-observable", Severity.NOTE, kind=Kind.EXACT, since="0.1", capped=False)
def check(case: Case, ask: Ask) -> Iterator[Hit]:
    if case.context.observable_source != "assumed":
        return  # somebody said what is measured
    if case.not_variational:
        return  # nothing depends on it
    if not case.context.loss.of_rows:
        return  # states or samples are compared, whatever is measured
    where = "the measured qubits" if case.circuit.measured else "all qubits"
    example = "Z0 Z1" if case.circuit.n_declared > 1 else "Z0"
    yield Hit(
        f"No observable is declared; the loss is taken as mean(Z) over {where}, and nothing here is an error.",
        help=(f"say what you measure, for instance:  // bplint: observable = {example}",),
        structure="observable",
        brief="no observable is declared",
    )


BAD = (Example("nothing says what is measured", "OPENQASM 3.0;\ninput float a;\nqubit[1] q;\nU(a, 0, 0) q[0];\n"),)
GOOD = (
    Example(
        "a comment declares the loss",
        "OPENQASM 3.0;\n// bplint: observable = Z0\ninput float a;\nqubit[1] q;\nU(a, 0, 0) q[0];\n",
    ),
)
