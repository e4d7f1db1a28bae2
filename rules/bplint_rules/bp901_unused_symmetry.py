"""The loss and the start share a symmetry that the ansatz breaks, and keeping it would lift the signal.

## What it does

Looks for symmetries of the observable that the start has too, or a simple start could have: Pauli parities, particle
number, SU(2), permutations of qubits, free fermions. For each that the ansatz breaks it rewrites the ansatz so that every
generator respects it, and measures algebra, signal and the end of training before and after. It fires where a rewrite makes
the largest signal surely larger, `gain` times as estimated (2 unless set), and training comes as far as before. Of
several that do, it names the one with which training comes furthest, then the one with the largest signal, then the least
restriction. A signal `margin` times above the noise of the shots (100 unless set) is healthy, and so is a quarter of what
the largest term of the loss can give by itself, as a loss of many terms shows less of each; nothing is looked for then.

## Why it matters

The solution lies in one sector of the symmetry, and an ansatz that leaves it searches a space that is exponentially
larger than need be. Gradients shrink with the dimension that the circuit explores.

## When it is fine

When the symmetry is broken on purpose, to pass through states outside of the sector.

## Conditions

The observable and the start as they are declared. A prior is offered only if all rewritten generators commute with the
symmetry (checked exactly), the start lies in a named sector, that sector holds a minimum of the loss, the signal is surely
larger, and above the noise, and training, which is tried without noise where states are few, does not end worse than
before. Silent where the observable was assumed, or the circuit carries data: what the labels share is not known. Silent where
another finding carries a verified prior. Not asked with `--no-suggest`: it is an offer, not a fault.

## References

Meyer et al., arXiv:2205.06217 (symmetrised gates). Ragone et al., arXiv:2309.09342 (the variance and the algebra).
arXiv:2606.20316 (use no larger group than helps).
"""

from __future__ import annotations

from collections.abc import Iterator

from bplint.analyses import Ask, gradient
from bplint.bounds import Status
from bplint.finding import Hit, Kind, Severity
from bplint.ir.circuit import Role
from bplint.ir.context import Case
from bplint.number_format import number
from bplint.repairs import symmetry_priors
from bplint.rule import Example, Undecided, rule


@rule(
    "BP901",
    "unused-symmetry",
    Severity.NOTE,
    kind=Kind.ESTIMATE,
    since="0.1",
    repairs=(symmetry_priors,),
    offer=True,
)
def check(case: Case, ask: Ask, *, gain: float = 2.0, margin: float = 100.0) -> Iterator[Hit]:
    if not case.context.loss.of_rows:
        return  # the loss is no function of an observable
    if case.context.observable_source == "assumed" or any(p.role is Role.DATA for p in case.circuit.parameters):
        return  # nobody said what is symmetric
    measured, observable = ask(gradient), case.context.observable
    bound = measured.upper
    term = max((c * c for _, c in observable.terms), default=observable.scale)
    if not bound or bound >= min(term / 4 / observable.scale, margin / case.context.shots):
        if measured.unknown and measured.status is not Status.SKIPPED:
            raise Undecided(measured.unknown)
        return  # nothing is trained, the loss is dead, or the signal is healthy
    from bplint.repairs.measure import priors  # here, for the circuits that need it

    better = [m for m in ask(priors) if m.helps and m.gain >= gain]
    if not better:
        return  # none, or none that helps enough
    best = max(better, key=lambda m: (*m.merit, m.after.dimension or 0))  # and of equals the least restriction
    prior = best.change.prior
    assert prior is not None
    yield Hit(
        f"The loss allows to {best.change.title}, and the circuit does not: the largest signal is "
        f"{number(best.before.signal)}, and would be {number(best.after.signal)} in the sector of the start.",
        proof=f"{prior.group}: every rewritten generator commutes with it (exact)",
        evidence={
            "group": prior.group,
            "signal": best.before.signal,
            "signal_with": best.after.signal,
            "sector": prior.sector,
        },
        structure=prior.group,
        brief="the circuit breaks a symmetry of the loss",
    )


_HEAD = 'OPENQASM 3.0;\ninclude "stdgates.inc";\n'


def _layers(observable: str, count: int, declared: str = "// bplint: shots = 1000\n") -> str:
    """On 6 qubits RY and RZ, then CZ along a chain."""
    return (
        f"{_HEAD}// bplint: observable = {observable}\n{declared}"
        f"input array[float[64], {6 * count}] a;\ninput array[float[64], {6 * count}] b;\nqubit[6] q;\n"
        f"for int l in [0:{count - 1}] {{\n"
        "  for int i in [0:5] { ry(a[6*l + i]) q[i]; rz(b[6*l + i]) q[i]; }\n"
        "  for int i in [0:4] { cz q[i], q[i+1]; }\n}\n"
    )


_RING = " + ".join(f"Z{q} Z{(q + 1) % 6} + 0.7*X{q}" for q in range(6))
_IRREGULAR = "X0 Y1 + 0.3*Z2 Z4 + Y3 Z5 + 0.8*Z0 X2 + X3 X5 + 0.6*Y4 + 0.9*Z1 Y5 + 0.4*X1 Z3"
BAD = (
    Example("all qubits count alike in the loss, and each has angles of its own", _layers("mean(Z)", 10)),
    Example("a ring in a field, of which the circuit knows nothing", _layers(_RING, 10)),
)
GOOD = (
    Example("a loss without symmetry", _layers(_IRREGULAR, 10)),
    Example("a signal that the shots show well", _layers("mean(Z)", 10, "// bplint: shots = 100000\n")),
    Example("one layer, where each qubit moves its share of a loss of many terms", _layers("mean(Z)", 1)),
    Example("a start where the gradient is large", _layers("X0 + X1", 10, "// bplint: init = normal:0.01\n")),
)
