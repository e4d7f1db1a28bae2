"""A parameter never influences the loss.

## What it does

Finds trainable parameters whose gradient is identically zero: their rotations commute with everything that the measurement
sees, or every state that reaches them is an eigenstate of theirs, so that they turn a phase only. The message says which.
One finding for each block of neighbouring dead parameters, or one for all where most are dead.

## Why it matters

A dead parameter costs circuit evaluations in every training step, and widens the search for nothing. The commonest case is
the last RZ layer of an ansatz that is measured in the Z basis.

## When it is fine

When the same circuit is trained for several observables, and another one sees the parameter.

## Conditions

Exact: the met-axes test, backwards from the observable, forwards from |0…0>. For a parameter that drives several rotations
it is sound but not complete: all of them must be dead.

## References

Identically vanishing gradients beside a live loss: arXiv:2603.18479.
"""

from __future__ import annotations

from collections.abc import Iterator

from bplint.analyses import Ask, reach
from bplint.analyses.light_cone.alive import Reach
from bplint.finding import Hit, Kind, Severity
from bplint.ir.context import Case
from bplint.ir.naming import listed
from bplint.rule import Example, Spare, rule

_MOST = 4
"""Blocks reported one by one; beyond it, or where most parameters are dead, one finding speaks of all."""


@rule("BP203", "dead-parameter", Severity.WARNING, kind=Kind.EXACT, since="0.1", spare=Spare.DEAD)
def check(case: Case, ask: Ask) -> Iterator[Hit]:
    if not case.context.loss.of_rows:
        return  # the loss is no function of an observable
    answer = ask(reach)
    if not answer.dead or not answer.live:
        return  # all of them dead is BP104
    blocks = _blocks(case, ask)
    if len(blocks) > _MOST or len(answer.dead) > len(answer.live):
        blocks = [[p for block in blocks for p in block]]  # it is the loss that sees little: said once
    total = len(answer.dead) + len(answer.live)
    for block in blocks:
        yield _hit(case, ask, [p for p, _ in block], block[0][1], total)


def _blocks(case: Case, ask: Ask) -> list[list[tuple[int, int]]]:
    """Runs of dead parameters, as (parameter, operation), with no live parameter between them in the circuit."""
    dead, live = set(ask(reach).dead), set(ask(reach).live)
    blocks: list[list[tuple[int, int]]] = [[]]
    seen: set[int] = set()
    for operation in case.circuit.operations:
        for parameter, _ in operation.terms:
            if parameter in live and blocks[-1]:
                blocks.append([])
            if parameter in dead and parameter not in seen:
                seen.add(parameter)
                blocks[-1].append((parameter, operation.number))
    return [block for block in blocks if block]


def _hit(case: Case, ask: Ask, block: list[int], operation: int, total: int) -> Hit:
    names = [case.circuit.parameters[p].name for p in block]
    one = len(names) == 1
    assumed = case.context.observable_source == "assumed"
    whose = "the assumed loss" if assumed else "the loss"
    subject = (
        f"{names[0]} never influences {whose}"
        if one
        else (f"{len(names):,} parameters never influence {whose} ({listed(names)})")
    )
    reason, instead = _reason(ask(reach), block, assumed)
    return Hit(
        f"{subject}: {reason}.",
        proof=f"exact (met-axes test): gradient zero for {len(names):,} of {total:,} parameters",
        help=(f"drop {'it' if one else 'them'}, or {instead}",),
        wants_loss=instead == _DECLARE,
        span=case.circuit.span(operation),
        evidence={"parameters": names[:100], "count": len(names), "total": total},
        structure=" ".join(names),
        brief=f"{names[0] if one else f'{len(names):,} of {total:,} parameters'} never influence{'s' * one} the loss",
    )


def _reason(answer: Reach, block: list[int], assumed: bool) -> tuple[str, str]:
    """What makes all of a block dead, and what one could do other than drop it."""
    one = len(block) == 1
    if set(block) <= set(answer.unseen):
        instead = _DECLARE if assumed else f"measure something that {'it moves' if one else 'they move'}"
        return (
            f"{'its rotation commutes' if one else 'their rotations commute'} with everything the measurement sees",
            instead,
        )
    if set(block) <= set(answer.idle):
        what = "its rotation" if one else "their rotations"
        return (
            f"every state that reaches {what} is an eigenstate of {'it' if one else 'them'}, so only a phase turns",
            f"first turn the {'qubit' if one else 'qubits'} about another axis",
        )
    return (
        "each rotation commutes with everything the measurement sees, or meets only eigenstates of its own, where it turns "
        "a phase",
        "change what is measured, or the start",
    )


_DECLARE = "declare the loss you train"
_HEAD = 'OPENQASM 3.0;\ninclude "stdgates.inc";\n'
BAD = (
    Example(
        "an RZ just before a Z measurement",
        _HEAD + "// bplint: observable = Z0\ninput float a;\ninput float b;\nqubit[1] q;\nry(a) q[0];\nrz(b) q[0];\n",
    ),
    Example(
        "an RZ on |0>",
        _HEAD + "// bplint: observable = X0\ninput float a;\ninput float b;\nqubit[1] q;\nrz(a) q[0];\nry(b) q[0];\n",
    ),
)
GOOD = (
    Example(
        "the RZ stands before an RX",
        _HEAD + "// bplint: observable = Z0\ninput float a;\ninput float b;\ninput float c;\nqubit[1] q;\n"
        "ry(a) q[0];\nrz(b) q[0];\nrx(c) q[0];\n",
    ),
)
