"""The data embedding leaves the loss next to nothing of the data, though the trained part would show it.

## What it does

Fires where the gradient of one row, on average over the rows, is surely below the noise of the shots for every weight, and
the same trained part behind rows that nothing entangles (RY and RZ by features of their own on each qubit) surely shows
one. Then the embedding destroys the signal, not the trained part and not the loss.

## Why it matters

An embedding that entangles all features with all others, or many layers of it, makes the state of few qubits maximally
mixed, and nearly the same for all rows. What is not in those qubits no trained layer brings back. One layer of a ZZ feature
map between all pairs is enough: what single qubits keep falls exponentially with their number.

## When it is fine

When the loss is not what you train: a kernel of whole states sees what a few qubits have lost (and has its own troubles:
BP402).

## Conditions

At least 6 qubits, an embedding that joins qubits, with data in it. Rows of a data set, or those drawn from the law of the
data, where features return or stand in products; else every data angle is independent. The comparison is with RY and RZ by
uniform angles; data behind trained rotations turn nothing there. Where the trained part alone shows nothing, this is silent
(BP301).

## References

Thanasilp et al., arXiv:2110.14753 (embeddings that leave nothing to learn). Li et al., arXiv:2204.04019 (concentration of
data encoding). Thanasilp et al., arXiv:2208.11060.
"""

from __future__ import annotations

from collections.abc import Iterator

from bplint.analyses import Ask, gradient, reach
from bplint.analyses.gradients.gradient import Gradient
from bplint.finding import Hit, Kind, Severity
from bplint.ir.context import Case
from bplint.ir.embedding import embedding, entangler
from bplint.ir.loss_function import LINEAR
from bplint.number_format import number
from bplint.repairs.embeddings import fewer_embedding_layers, narrower_features, neighbours_only
from bplint.rule import Example, Undecided, rule


@rule(
    "BP401",
    "entangling-embedding",
    Severity.WARNING,
    kind=Kind.ESTIMATE,
    since="0.2",
    repairs=(neighbours_only, fewer_embedding_layers, narrower_features),
    explains=("BP301",),
)
def check(case: Case, ask: Ask) -> Iterator[Hit]:
    circuit, context = case.circuit, case.context
    if circuit.n_qubits < 6 or not context.loss.of_rows or not ask(reach).live:
        return  # too small, no expectation values, or nothing to train
    first = entangler(circuit)
    if first is None:
        return  # the embedding joins nothing
    answer = ask(gradient)
    if answer.unknown:
        raise Undecided(answer.unknown, minor=True)
    threshold = 1 / context.shots
    seen, bound = _of_one_row(answer)
    if bound >= threshold:
        return  # rows show, or it is not settled
    apart = _apart(case, ask)
    if apart.unknown or apart.lower < threshold:
        return  # the trained part alone would not show either, or it is not certain: BP301
    lines = [circuit.span(k).line for k, inside in enumerate(embedding(circuit)) if inside]
    where = f"line {lines[0]}" if min(lines) == max(lines) else f"lines {min(lines)} to {max(lines)}"
    yield Hit(
        f"The embedding in {where} leaves {context.observable.text} next to nothing of the data: the signal of one row is "
        f"{number(seen)}, surely below the noise {number(threshold)}; the same circuit on unentangled rows has "
        f"{number(apart.signal)}.",
        proof=_proof(case, answer),
        help=("use fewer embedding layers, or entangle features with fewer others; other trained layers do not help",),
        span=circuit.span(first),
        evidence={
            "row_signal": seen,
            "row_signal_bound": bound,
            "unentangled_signal": apart.lower,
            "threshold": threshold,
            "rows": answer.data.rows if answer.data else None,
        },
        structure=context.observable.text,
        brief="the embedding leaves the loss next to nothing of the data",
    )


def _of_one_row(answer: Gradient) -> tuple[float, float]:
    """The largest signal of one row on average, and what it is surely below."""
    if answer.data is None:
        return answer.signal, answer.upper
    rows = [figure.row.upper if figure.row.value is None else figure.row.value for figure in answer.data.parameters]
    largest = max(rows, default=0.0)
    low, high = answer.data.row
    return (high if answer.data.exact else min(max(largest, low), high)), high


def _apart(case: Case, ask: Ask) -> Gradient:
    """The gradient of the same trained part behind rows that nothing entangles."""
    from bplint.rewrite.unentangled import unentangled  # here, for the circuits that need it

    init = case.context.init._replace(data=None)
    context = case.context._replace(rows=None, loss=LINEAR, init=init)
    return ask.about(case._replace(circuit=unentangled(case.circuit), context=context), brief=True)(gradient)


def _proof(case: Case, answer: Gradient) -> str:
    if answer.data is None:
        return f"{answer.status} over the law of the data ({answer.method}), seed {case.context.seed}"
    whose = f"{answer.data.rows:,} rows" + " drawn from the law of the data" * answer.data.drawn
    return f"{'exact' if answer.data.exact else 'estimated'} in {whose} ({answer.method}), seed {case.context.seed}"


def _zz(n: int, pairs: str) -> str:
    """One layer of a ZZ feature map on three rows, and a layer of weights."""
    rows = "; ".join(",".join(f"{0.2 + 0.21 * r + 0.05 * k:g}" for k in range(n)) for r in range(3))
    return (
        'OPENQASM 3.0;\ninclude "stdgates.inc";\n// bplint: observable = Z0\n// bplint: shots = 1000\n// bplint: data = x*\n'
        f"// bplint: dataset = {rows}\ninput array[float[64], {n}] x;\ninput array[float[64], {n}] w;\nqubit[{n}] q;\n"
        f"h q;\nfor int i in [0:{n - 1}] {{ rz(2 * x[i]) q[i]; }}\n{pairs}"
        f"for int i in [0:{n - 1}] {{ ry(w[i]) q[i]; }}\n"
    )


def _between(pairs: list[tuple[int, int]]) -> str:
    return "".join(f"rzz(2 * (pi - x[{i}]) * (pi - x[{j}])) q[{i}], q[{j}];\n" for i, j in pairs)


_FULL = _between([(i, j) for i in range(10) for j in range(i + 1, 10)])
_LINEAR = _between([(i, i + 1) for i in range(9)])
BAD = (Example("a ZZ feature map between all pairs of 10 qubits", _zz(10, _FULL)),)
GOOD = (
    Example("the same between neighbours", _zz(10, _LINEAR)),
    Example(
        "no entanglers between features",
        _zz(10, ""),
    ),
)
