"""A feature is scaled so that its rotations make far values alike, or all of them.

## What it does

Looks at the rows of the data set, feature by feature. It says so where max - min, times the factor of the rotation that turns
least, is more than a full turn of 2π: values a turn apart are one to the model. And where max - min, times the factor of the
rotation that turns most, is below 1e-3: to the model all rows have the same value.

## Why it matters

Rotations are periodic. Raw pixels from 0 to 255 or house prices as angles are hashed, not embedded: neighbours stay neighbours,
but far values meet them at random. A range far below 1 leaves states that no affordable number of shots tells apart.

## When it is fine

When the feature is an angle or a phase itself, or the model is meant to be periodic in it (Fourier models).

## Conditions

Rows of a data set, not drawn from a law. Only rotations whose angle is a multiple of the feature (and others) count, and of
these only those that the loss can see; products with other features do not.

## References

Schuld, Sweke and Meyer, arXiv:2008.08605 (data re-uploading as a Fourier series: the scale sets the frequencies).
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import NamedTuple

from bplint.analyses import Ask, framed, reach
from bplint.finding import Hit, Kind, Severity
from bplint.ir.context import Case
from bplint.ir.naming import listed
from bplint.ir.rows import data_columns
from bplint.number_format import number
from bplint.rule import Example, rule

ALIKE = 1e-3
"""Radians within which all values of a feature are one."""


class Turned(NamedTuple):
    """How far the values of a feature, a parameter by its index, lie apart as angles, in radians, and an operation it turns."""

    parameter: int
    least: float
    most: float
    operation: int


@rule("BP405", "wrapped-feature", Severity.NOTE, kind=Kind.EXACT, since="0.2")
def check(case: Case, ask: Ask) -> Iterator[Hit]:
    rows = case.context.rows
    if rows is None or rows.drawn or not case.context.loss.of_rows:
        return  # no data set, or one that nobody measured
    turned = _turned(case, ask)
    wrapped = [one for one in turned if one.least > 2 * math.pi]
    alike = [one for one in turned if one.most < ALIKE]
    if wrapped:
        widest = max(one.least for one in wrapped)
        yield _hit(
            case,
            wrapped,
            f"go around the circle: their values span up to {number(widest / 2 / math.pi)} turns, and values a turn apart are one",
            f"scale them to at most a turn, for instance by {number(2 * math.pi / widest)}",
            "features go around the circle",
        )
    if alike:
        widest = max(one.most for one in alike)
        yield _hit(
            case,
            alike,
            f"hardly turn anything: their values lie within {number(widest)} radians, so that all rows look alike",
            "scale them up, or leave them out",
            "features hardly turn anything",
        )


def _hit(case: Case, features: list[Turned], what: str, help: str, brief: str) -> Hit:
    names = [case.circuit.parameters[one.parameter].name for one in features]
    return Hit(
        f"As angles {listed(names)} {what}.",
        proof=f"exact in the {len(case.context.rows or ()):,} rows",
        help=(help,),
        span=case.circuit.span(features[0].operation),
        evidence={
            "features": names[:100],
            "count": len(names),
            "least": max(one.least for one in features),
            "most": max(one.most for one in features),
        },
        structure=" ".join(names),
        brief=brief,
    )


def _turned(case: Case, ask: Ask) -> list[Turned]:
    """Each feature that turns a live rotation by a multiple of itself, in order."""
    circuit, rows = case.circuit, case.context.rows
    assert rows is not None
    columns = data_columns(circuit)
    factors: dict[int, list[tuple[float, int]]] = {}
    for number_, alive in zip(ask(framed).operations, ask(reach).alive, strict=True):
        for parameter, factor in circuit.operations[number_].terms if alive else ():
            if parameter in columns and not circuit.parameters[parameter].sources:
                factors.setdefault(parameter, []).append((abs(factor), number_))
    features = []
    for parameter, uses in sorted(factors.items()):
        values = rows.values[:, columns[parameter]]
        span = float(values.max() - values.min())
        least, operation = min(uses)
        features.append(Turned(parameter, least * span, max(uses)[0] * span, operation))
    return features


def _circuit(rows: str, factor: str = "") -> str:
    return (
        f'OPENQASM 3.0;\ninclude "stdgates.inc";\n// bplint: observable = Z0\n// bplint: data = x\n// bplint: dataset = {rows}\n'
        f"input float[64] x;\ninput float[64] w;\nqubit[1] q;\nry({factor}x) q[0];\nry(w) q[0];\n"
    )


BAD = (
    Example("pixels from 0 to 255 as angles", _circuit("0, -1; 17, 1; 128, 1; 255, -1")),
    Example("values that lie within a ten-thousandth", _circuit("0.50001, -1; 0.50002, 1")),
)
GOOD = (
    Example("the same pixels divided by 255", _circuit("0, -1; 17, 1; 128, 1; 255, -1", "1/255 * ")),
    Example("half a turn", _circuit("-1.5, -1; 0.2, 1; 1.5, 1")),
)
