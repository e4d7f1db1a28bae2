"""Rows of either label look the same to the model: what it learns of them does not depend on the labels.

## What it does

Measures, for each weight, the gradient of the labels' share of the loss, (1/M) Σ y l over the M rows with labels y and l =
<O>, beside that of single rows. Fires where the first is exactly zero for all weights though a single row's is not. Where
the labels show less than half as much as labels at random would (alignment below ½), it is a note.

## Why it matters

Linear, hinge, squared and logistic losses see the labels through Σ y l alone. If rows with label +1 and with label -1 have
the same average on every string that the loss can become at the embedding, no weights tell them apart, and training fits
something else. The classic case is XOR with one feature a qubit and no entangler: each feature by itself says nothing about
the label.

## When it is fine

Never for a classifier. With few rows a true dependence may cancel by accident: the numbers are those of the rows given.

## Conditions

A data set with labels, and the exact numbers of its rows (no samples drawn). Averages over random starts under the declared
law of the weights, without noise. The loss must be a sum of strings.

## References

Thanasilp et al., arXiv:2110.14753 (subtleties of training with data). Huang et al., arXiv:2011.01938 (what data can tell a
kernel or a model).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from bplint.analyses import Ask, gradient, reach
from bplint.errors import Span
from bplint.finding import Hit, Kind, Severity
from bplint.ir.circuit import Role
from bplint.ir.context import Case
from bplint.number_format import number
from bplint.repairs.entanglers import joined_features
from bplint.rule import Example, Undecided, rule

if TYPE_CHECKING:  # rules that measure nothing must not pay for loading the engines
    from bplint.analyses.gradients.row_figures import RowFigures

LITTLE = 0.5
"""Alignment below which it is worth a note; labels at random have 1 on average."""


@rule("BP404", "label-blind", Severity.WARNING, kind=Kind.EXACT, since="0.2", repairs=(joined_features,))
def check(case: Case, ask: Ask) -> Iterator[Hit]:
    rows = case.context.rows
    if rows is None or rows.labels is None or not case.context.loss.of_rows or not ask(reach).live:
        return  # no labels, no rows, or nothing to train
    if len(set(rows.labels.tolist())) < 2:
        return  # there is one class
    answer = ask(gradient)
    if answer.data is None:
        raise Undecided(answer.reason or "the rows were not measured", minor=True)
    data = answer.data
    if not data.exact or data.alignment is None:
        return  # samples cannot tell zero from little
    blind = data.label_blind
    if not blind and data.alignment >= LITTLE:
        return  # labels show about as labels at random do, or better
    message = (
        f"Rows with label +1 and with label -1 have the same average on all that {case.context.observable.text} can become: no "
        "weights can tell them apart."
        if blind
        else "The labels show less than half as much in the gradient as labels at random would: alignment "
        f"{number(data.alignment)}, where random labels have 1."
    )
    yield Hit(
        message,
        proof=f"exact in the {data.rows:,} rows ({answer.method}): signal of a row {number(data.row[1])}, of the labels "
        f"{_linear(data)}",
        help=(
            "entangle qubits that carry different features before the measurement, or measure a string on several of them",
        ),
        span=_place(case),
        severity=None if blind else Severity.NOTE,
        evidence={
            "alignment": data.alignment,
            "row_signal": data.row[1],
            "label_signal": data.linear[1] if data.linear else 0.0,
            "rows": data.rows,
            "capacity": data.capacity,
        },
        structure="blind" if blind else "little aligned",
        brief="no weights can tell the labels apart" if blind else "labels hardly show in the gradient",
    )


def _linear(data: RowFigures) -> str:
    return "0" if data.linear is None or not data.linear[1] else number(data.linear[1])


def _place(case: Case) -> Span | None:
    """The first gate that carries data."""
    driven = case.circuit.driven_by(Role.DATA)
    return case.circuit.span(driven.index(True)) if any(driven) else None


def _circuit(rows: str, gates: str, observable: str = "Z0") -> str:
    return (
        f'OPENQASM 3.0;\ninclude "stdgates.inc";\n// bplint: observable = {observable}\n// bplint: data = x*\n'
        f"// bplint: dataset = {rows}\ninput array[float[64], 2] x;\ninput array[float[64], 4] w;\nqubit[2] q;\n"
        f"ry(x[0]) q[0];\nry(x[1]) q[1];\n{gates}"
    )


_XOR = "0.9,0.9,1; 0.9,-0.9,-1; -0.9,0.9,-1; -0.9,-0.9,1"
BAD = (
    Example("XOR with one feature a qubit and no entangler", _circuit(_XOR, "ry(w[0]) q[0];\nry(w[1]) q[1];\n")),
    Example(
        "the same with layers of rotations, and a loss on both qubits one at a time",
        _circuit(_XOR, "rx(w[0]) q[0];\nrx(w[1]) q[1];\nry(w[2]) q[0];\nry(w[3]) q[1];\n", "0.5*Z0 + 0.5*Z1"),
    ),
)
GOOD = (
    Example(
        "an entangler makes the parity of both qubits of the one that is measured",
        _circuit(_XOR, "ry(w[0]) q[0];\nry(w[1]) q[1];\ncz q[0], q[1];\nry(w[2]) q[0];\n"),
    ),
    Example(
        "the first feature alone decides",
        _circuit("0.9,0.9,1; 0.9,-0.9,1; -0.9,0.9,-1; -0.9,-0.9,-1", "ry(w[0]) q[0];\n"),
    ),
)
