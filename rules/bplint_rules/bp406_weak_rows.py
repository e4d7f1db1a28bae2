"""Most rows of the data set give no gradient above the noise, and few rows carry the average.

## What it does

Measures the gradient of each row. Fires where the average over the rows is surely above the noise of the shots, and yet
more than half of the rows are below it for every weight.

## Why it matters

One embedding may leave some rows readable and the rest maximally mixed: after one layer of a ZZ feature map between all
qubits only rows with a feature close to π keep anything, and they make the average. A model then learns from few rows, and
the verdict on the average (BP301) says nothing about the others.

## When it is fine

When the rows that show are the ones that matter.

## Conditions

Rows of a data set, or drawn from the law of its data; the largest E[(∂l)²] of each row, over N(O), against 1/shots. Shares
are estimates where rows were not measured exactly. Fewer than 6 qubits: nothing is said.

## References

Thanasilp et al., arXiv:2110.14753. Thanasilp et al., arXiv:2208.11060 (concentration of embedded data).
"""

from __future__ import annotations

from collections.abc import Iterator

from bplint.analyses import Ask, gradient, reach
from bplint.errors import Span
from bplint.finding import Hit, Kind, Severity
from bplint.ir.circuit import Role
from bplint.ir.context import Case
from bplint.number_format import number
from bplint.rule import Example, Undecided, rule


@rule("BP406", "weak-rows", Severity.NOTE, kind=Kind.ESTIMATE, since="0.2")
def check(case: Case, ask: Ask) -> Iterator[Hit]:
    context = case.context
    if context.rows is None or not context.loss.of_rows or case.circuit.n_qubits < 6 or not ask(reach).live:
        return  # no rows, too small to speak of decay, or nothing to train
    answer = ask(gradient)
    if answer.data is None:
        if not answer.unknown:
            return  # the law of the data was averaged over as a whole
        raise Undecided(answer.unknown, minor=True)
    data = answer.data
    if data.weak_rows <= 0.5 or data.row[0] < 1 / context.shots:
        return  # most rows show, or not even their average does
    yield Hit(
        f"{data.weak_rows:.0%} of the {data.rows:,} rows give no gradient above the noise of {context.shots:,} shots; few rows "
        f"carry the average: a row in the middle has a signal of {number(data.median)}, the average {number(data.row[0])}.",
        proof=f"{'exact' if data.exact else 'estimated'} in rows {'from the law of the data ' * data.drawn}({answer.method})",
        help=("use fewer embedding layers, or entangle features with fewer others",),
        span=_place(case),
        evidence={
            "weak_rows": data.weak_rows,
            "rows": data.rows,
            "median": data.median,
            "row_signal": data.row[0],
            "threshold": 1 / context.shots,
        },
        structure="weak rows",
        brief=f"{data.weak_rows:.0%} of the rows give no gradient above the noise",
    )


def _place(case: Case) -> Span | None:
    """The first gate that carries data."""
    driven = case.circuit.driven_by(Role.DATA)
    return case.circuit.span(driven.index(True)) if any(driven) else None


def _zz(n: int, pairs: str, rows: list[list[float]]) -> str:
    """One layer of a ZZ feature map, and a layer of weights."""
    every = "; ".join(",".join(f"{value:g}" for value in row) for row in rows)
    return (
        f'OPENQASM 3.0;\ninclude "stdgates.inc";\n// bplint: observable = Z0\n// bplint: shots = 1000\n// bplint: data = x*\n'
        f"// bplint: dataset = {every}\ninput array[float[64], {n}] x;\ninput array[float[64], {n}] w;\nqubit[{n}] q;\n"
        f"h q;\nfor int i in [0:{n - 1}] {{ rz(2 * x[i]) q[i]; }}\n{pairs}"
        f"for int i in [0:{n - 1}] {{ ry(w[i]) q[i]; }}\n"
    )


def _full(n: int) -> str:
    return "".join(
        f"rzz(2 * (pi - x[{i}]) * (pi - x[{j}])) q[{i}], q[{j}];\n" for i in range(n) for j in range(i + 1, n)
    )


def _path(n: int) -> str:
    return "".join(f"rzz(2 * (pi - x[{i}]) * (pi - x[{i + 1}])) q[{i}], q[{i + 1}];\n" for i in range(n - 1))


_ROWS = [
    [3.1416, *[0.3 + 0.1 * k for k in range(9)]],
    *[[0.2 + 0.07 * r + 0.05 * k for k in range(10)] for r in range(3)],
]
BAD = (
    Example("all pairs entangled on 10 qubits: one row in four has a feature close to π", _zz(10, _full(10), _ROWS)),
)
GOOD = (
    Example("neighbours entangled only", _zz(10, _path(10), _ROWS)),
    Example(
        "all rows alike in strength", _zz(6, _path(6), [[0.1 * k for k in range(6)], [0.2 + 0.1 * k for k in range(6)]])
    ),
)
