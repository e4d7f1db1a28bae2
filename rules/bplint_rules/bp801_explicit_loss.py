"""The declared loss is not linear in expectation values: what is said of its gradient is a bracket, and this is which.

## What it does

One note for a loss that bends. It says how the gradient of the loss is enclosed by that of single rows and of the labels,
and which end of the bracket decided, if one did. For a logarithm that is not clipped, and for relative entropies, it says
why there is no second moment, and how many counts an outcome gets instead.

## Why it matters

A plateau of <O> is one of every loss with a bounded slope, with the square of the largest slope as the factor; nothing
transfers back in general. A logarithm of a probability is different: its gradient stays large while the probability itself
becomes too small for any count to be seen, and training follows rows that nobody can measure.

## When it is fine

Always: it is how the numbers are to be read.

## Conditions

Bounds from above hold for any loss with a bounded slope (Minkowski). Those from below hold where odd moments of <O> vanish:
no product of an odd number of terms of the loss commutes with every trained axis that it meets. Squared, logistic and hinge
losses of labels -1 and +1.

## References

Thanasilp et al., arXiv:2110.14753 (the bridge theorem). Rudolph et al., arXiv:2305.02881 (explicit and implicit losses of
generative models).
"""

from __future__ import annotations

from collections.abc import Iterator

from bplint.analyses import Ask, gradient, reach
from bplint.analyses.gradients.gradient import Gradient
from bplint.finding import Hit, Kind, Severity
from bplint.ir.context import Case
from bplint.ir.loss_function import LossKind
from bplint.number_format import number, plural
from bplint.rule import Example, Undecided, rule


@rule("BP801", "explicit-loss", Severity.NOTE, kind=Kind.EXACT, since="0.2")
def check(case: Case, ask: Ask) -> Iterator[Hit]:
    loss, shots = case.context.loss, case.context.shots
    if loss.kind in (LossKind.LINEAR, LossKind.HINGE, LossKind.MMD) or loss.is_kernel:
        return  # linear, or measured as it is
    if loss.kind is LossKind.KL:
        counts = shots * 0.5**case.circuit.n_qubits
        yield _hit(
            case,
            f"A relative entropy needs the probability of every sample: of {shots:,} shots an outcome gets {number(counts)} on "
            f"average on {plural(case.circuit.n_qubits, 'qubit')}, and one that is not seen has no logarithm.",
            "train a maximum mean discrepancy instead:  // bplint: loss = mmd:SIGMA",
            {"counts": counts, "shots": shots},
        )
        return
    if not ask(reach).live:
        return  # nothing to train, or a dead loss: BP104
    if loss.kind is LossKind.CROSS_ENTROPY and not loss.value:
        yield _hit(
            case,
            "The gradient of a logarithm that is not clipped has no second moment: rare starts with probabilities close to zero "
            "make it infinite, and no verdict on its gradient is given.",
            "say where it is clipped, as in  // bplint: loss = cross-entropy:0.01",
            {"shots": shots},
        )
        return
    answer = ask(gradient)
    if answer.unknown:
        raise Undecided(answer.unknown, minor=True)
    if answer.data is None:
        return
    low, high = answer.lower, answer.upper
    yield _hit(
        case,
        f"The loss {loss} bends: its gradient is known between bounds, from those of rows and labels. The largest signal lies "
        f"between {number(low)} and {number(high)}, {_decided(answer, 1 / shots)}.",
        "",
        {"signal_lower": low, "signal_bound": high, "threshold": 1 / shots, "shots": shots},
        f"bracket of {loss}: {answer.data.bracket}",
    )


def _decided(answer: Gradient, threshold: float) -> str:
    if answer.upper < threshold:
        return f"and the upper end is below the noise {number(threshold)}"
    if answer.lower > threshold:
        return f"and the lower end is above the noise {number(threshold)}"
    return f"and the noise {number(threshold)} between them, so that nothing is decided"


def _hit(case: Case, message: str, help: str, evidence: dict[str, object], proof: str = "") -> Hit:
    return Hit(
        message,
        proof=proof or f"loss {case.context.loss}",
        help=(help,) if help else (),
        evidence=evidence,
        structure=str(case.context.loss),
        brief=f"the loss {case.context.loss} is no expectation value",
    )


def _circuit(loss: str) -> str:
    return (
        f'OPENQASM 3.0;\ninclude "stdgates.inc";\n// bplint: observable = Z0\n// bplint: data = x\n// bplint: loss = {loss}\n'
        "// bplint: dataset = 0.3,1; -0.8,-1; 1.4,1\n// bplint: target = 0 1 1\n"
        "input float[64] x;\ninput float[64] w;\nqubit[1] q;\nry(x) q[0];\nry(w) q[0];\n"
    )


BAD = (
    Example("a squared loss", _circuit("mse")),
    Example("a logistic loss", _circuit("sigmoid:2")),
    Example("a logarithm that is not clipped", _circuit("cross-entropy")),
    Example("a relative entropy of samples", _circuit("kl")),
)
GOOD = (
    Example("labels times the expectation value", _circuit("linear")),
    Example("a hinge that never bends", _circuit("hinge")),
)
