"""The circuit keeps a quantity at a value with which the loss cannot reach its optimum.

## What it does

Looks for quantities that no angle changes, Pauli strings such as the parity X0 X1 X2 and charges such as the number of set
qubits, and that the observable has as well. The start fixes their values; bplint asks whether the states with these values
hold a minimum and a maximum of the observable. A warning where they hold neither, a note where only a maximum is
there, as bplint cannot know in which direction you train.

## Why it matters

Gradients and algebra of such a circuit look fine, and training converges: to a value that is not the optimum, whatever the
depth, the shots and the optimiser. One X gate in front of the circuit often mends it.

## When it is fine

When the sector is what you ask for: the number of electrons of a molecule, an excited state by its parity, a constraint that a
mixer keeps. Where fixed gates prepared the sector, as X gates do, it is therefore a note at most, and nothing is said
if the observable is diagonal in Z as well, as with constraints. Where nothing but the default has chosen it, it is a
warning. `gap` is what the sector has to miss, as a share of 2 Σ |c|, which bounds the range of the observable: 0.001 unless
set, since states of two sectors may be as good as degenerate.

## Conditions

Exact: the quantities commute with every generator and with the observable, and the Cliffords are pulled through, so that
what prepares the start counts. Whether an optimum is there is proved for strings of Z that can all be at their best at
once, and for observables without positive entries beside the diagonal; otherwise computed for up to 12 qubits, beyond
which nothing is said. About the circuit without noise. Silent for an observable that was assumed, for projectors (in a
sector a fidelity takes all of its values, or is dead), for circuits that carry data, for qubits in one state for all
angles, for quantities of the circuit that the observable does not have, and for a constant loss (BP104).

## References

Sectors of particle number and spin in variational circuits: Gard et al., arXiv:1904.10910. Symmetries and starts of
alternating circuits: Shaydulin et al., arXiv:2012.04713.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, TypeAlias

from bplint.analyses import Ask, framed, loss, reach
from bplint.finding import Hit, Kind, Severity
from bplint.ir.circuit import Circuit, Role
from bplint.ir.context import Case
from bplint.ir.frame import Frame
from bplint.ir.observable import Observable
from bplint.ir.pauli import LinearSpan, PauliTerms, ones, x_part
from bplint.number_format import plain
from bplint.rule import Example, Undecided, rule

if TYPE_CHECKING:
    from bplint.analyses.symmetry.conserved_sector import Reached
    from bplint.analyses.symmetry.optimum import Optimum


_ROUNDING = 1e-12
"""A variance below this times (Σ |c|)² is zero."""

_Charges: TypeAlias = tuple[tuple[PauliTerms, float], ...]
"""Quantities, each with the value at which it is kept."""

_NAMED = 3
"""Quantities in a sentence."""


@rule("BP902", "wrong-sector", Severity.WARNING, kind=Kind.EXACT, since="0.1", forbidden=True)
def check(case: Case, ask: Ask, *, gap: float = 1e-3) -> Iterator[Hit]:
    if not case.context.loss.of_rows:
        return  # the loss is no function of an observable
    observable = case.context.observable
    if case.context.observable_source == "assumed" or not observable.terms:
        return  # nobody said what is optimised, or it is a fidelity
    if any(parameter.role is Role.DATA for parameter in case.circuit.parameters):
        return  # a model of data: its output is read, not optimised
    if not ask(reach).live or _moves_all(ask(framed)):
        return  # nothing is trained, the loss is dead (BP104), or nothing is kept
    from bplint.analyses.symmetry.conserved_sector import reached
    from bplint.analyses.symmetry.optimum import optimum  # here, for the circuits that keep nothing

    answer = ask(reached)
    if answer is None:
        return  # what is kept, the observable does not have
    n, seen = observable.n_qubits, answer.observable
    is_diagonal = not any(x_part(string, n) for string, _ in seen.terms)
    if answer.is_prepared and is_diagonal:
        return  # a constraint
    size = sum(abs(coefficient) for _, coefficient in seen.terms)
    least = gap * 2 * size
    low = optimum(seen, answer.sector)
    if low.holds is None:
        raise Undecided(low.reason)
    if low.holds or low.missed < least:
        return  # a minimum is there, or as good as there
    variance = ask(loss).variance
    if variance is not None and variance <= _ROUNDING * size**2:
        return  # constant: BP104
    high = optimum(_negative(seen), answer.sector)
    neither = high.holds is False and high.missed >= least
    blamed, low = _to_blame(answer, low, least, neither=neither)
    kept, flip = _kept(blamed, case.circuit), _flip(blamed, ask(framed), case.circuit)
    other = f"prepare a start in another sector, as by {flip}"
    yield Hit(
        f"The circuit keeps {kept} for all angles, and no state with that has the "
        f"{'least or the largest' if neither else 'least'} loss.",
        proof=f"exact; minimum: {low.reason}",
        help=(
            f"{other}; fine if this is the sector that you ask for"
            if neither
            else f"fine if you train towards the maximum, or ask for this sector; else {other}",
        ),
        span=case.context.observable_span,
        severity=None if neither and not answer.is_prepared else Severity.NOTE,
        evidence={"kept": kept, "missed": low.missed, "maximum": high.holds, "prepared": answer.is_prepared},
        structure=kept,
        brief=f"the circuit keeps {kept}, which the best states do not have",
    )


def _moves_all(own_frame: Frame) -> bool:
    """Whether no string of Z commutes with every axis; a charge that is kept has such a string, its parity."""
    flips = LinearSpan()
    return any(
        flips.add(x_part(axis, own_frame.n_qubits)) and len(flips) == own_frame.n_qubits for axis in own_frame.axes
    )


def _negative(observable: Observable) -> Observable:
    return observable._replace(
        terms=tuple((string, -coefficient) for string, coefficient in observable.terms), constant=-observable.constant
    )


def _to_blame(answer: Reached, low: Optimum, least: float, *, neither: bool) -> tuple[_Charges, Optimum]:
    """The first quantity whose value alone excludes what is missed, with its minimum; else all of them."""
    from bplint.analyses.symmetry.optimum import Sector, optimum

    n, charges = answer.sector.n_qubits, answer.sector.charges
    ends = [answer.observable, _negative(answer.observable)][: 1 + neither]
    for kept in charges:
        alone = [optimum(end, Sector(n, (kept,))) for end in ends]
        if all(best.holds is False and best.missed >= least for best in alone):
            return (kept,), alone[0]
    return charges, low


def _flip(charges: _Charges, frame: Frame, circuit: Circuit) -> str:
    """A gate before all others that takes the start to another value of the first quantity.

    On which qubit is not said of one with ancillas: a qubit that is reset has another number before.
    """
    (string, _), *others = charges[0][0]
    mask = frame.pull(string)[0] >> frame.n_qubits  # of Z at the start
    open_ = others or not mask or circuit.ancillas
    return "an X gate on a qubit" if open_ else f"an X gate on qubit {next(ones(mask))} before all others"


def _kept(charges: _Charges, circuit: Circuit) -> str:
    """``Z0 Z1 at 1, Z2 Z3 at -1``, the first few."""
    from bplint.analyses.symmetry.listing import listed_prior
    from bplint.analyses.symmetry.prior import Prior

    priors = [Prior("", "", "", "", (charge,)) for charge, _ in charges[:_NAMED]]
    words = [listed_prior(prior, circuit.n_qubits, circuit.ancillas)[0] for prior in priors]
    named = ", ".join(f"{word} at {plain(value)}" for word, (_, value) in zip(words, charges, strict=False))
    more = len(charges) - _NAMED
    return f"{named} and {more:,} more" if more > 0 else named


_HEAD = 'OPENQASM 3.0;\ninclude "stdgates.inc";\n'
_HOP = "gate hop(t) a, b { rxx(t) a, b; ryy(t) a, b; }\n"


def _circuit(n: int, observable: str, parameters: int, body: str) -> str:
    declared = f"// bplint: observable = {observable}\ninput array[float[64], {parameters}] t;\n"
    return f"{_HEAD}{_HOP}{declared}qubit[{n}] q;\n{body}"


_TURNS = "".join(f"rz(t[{q}]) q[{q}];\n" for q in range(6)) + "".join(
    f"rxx(t[{q + 6}]) q[{q}], q[{q + 1}];\n" for q in range(5)
)
_XXZ = " + ".join(f"X{q} X{q + 1} + Y{q} Y{q + 1} + 0.5*Z{q} Z{q + 1}" for q in range(5))
_FIELD = "X0 + X1 + X2 - Z0 Z1 - Z1 Z2 - Z0 Z2"
_HVA = (
    "".join(f"rzz(t[0]) q[{a}], q[{b}];\n" for a, b in ((0, 1), (1, 2), (0, 2)))
    + "for int i in [0:2] { rx(t[1]) q[i]; }\n"
)
_MIXER = "hop(t[0]) q[0], q[1];\nrzz(t[1]) q[0], q[1];\nhop(t[2]) q[1], q[2];\n"
BAD = (
    Example("an even number of set qubits, where both optima have three", _circuit(6, _XXZ, 11, 2 * _TURNS)),
    Example("an even number, prepared or not: a note", _circuit(6, _XXZ, 11, "x q[0];\nx q[1];\n" + 2 * _TURNS)),
    Example("three spins along +x, while a field draws them to -x: a note", _circuit(3, _FIELD, 2, "h q;\n" + _HVA)),
)
GOOD = (
    Example("an odd number of set qubits", _circuit(6, _XXZ, 11, "x q[0];\n" + 2 * _TURNS)),
    Example("three spins along -x", _circuit(3, _FIELD, 2, "x q;\nh q;\n" + _HVA)),
    Example("QAOA of a cut", _circuit(3, "Z0 Z1 + Z1 Z2 + Z0 Z2", 2, "h q;\n" + _HVA)),
    Example("a constraint: one qubit of three is set", _circuit(3, "Z0 + 2*Z1 + Z0 Z2", 3, "x q[1];\n" + _MIXER)),
    Example("a qubit that never moves is no symmetry", _circuit(3, "Z0 Z1 + Z2", 1, "ry(t[0]) q[0];\n")),
)
