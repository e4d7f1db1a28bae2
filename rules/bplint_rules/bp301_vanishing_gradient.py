"""No parameter shows a gradient above the noise of the shots.

## What it does

Measures the second moment of every gradient component over random starts, drawn from the angle law in force, and fires
when even the largest is below the noise of the shots you can afford: S = E[(∂C)²]/(R² N(O)) < 1/shots for all parameters,
with certainty 1 - 1e-6. N(O) is the variance of one shot (Σ c² of a sum of strings, ¼ of a projector). R is the range of
what the parameter turns: 1 for one rotation, more for tied ones, (λ_max - λ_min)/2 of the sum of their axes, with the
largest factor 1. The second moment and not the variance: from a good start all gradients may be large and much alike.

## Why it matters

With `shots` shots per component, a gradient estimated by shift rules carries noise of about R² N(O)/shots. Below it an
optimiser walks at random, however long it trains. This is the finite-size, finite-depth form of a barren plateau: a number,
not a trend.

## When it is fine

When you do not start at random (warm starts, small angles: declare them, as in `// bplint: init = normal:0.1`), or can
afford the shots that the message names. A plateau on average does not exclude good starting points. The other way round, a
start may be flat where the circuit is not, as a saddle is: the message says so, with the signal from random angles.

## Conditions

With a data set the loss is the declared one of its rows, (1/M) Σ f(<O>, label), with `shots` shots of the circuit of each
row; where its gradient is known between bounds only, as of a squared loss (BP801), the upper one has to be below the noise.
Rows drawn from a law are a warning at most. The declared angle law, noise and observable; state |0…0>; ∂ by the angle of
the rotation that the parameter turns most, of those that the loss can see. Where R is only known from above, as Σ|a|, this
is a warning and says so. Paths are sampled where each rotation has an independent angle; the bound covers the sampling, its
stopping rule and the maximum over parameters. Tied, shared and controlled parameters, interfering fixed gates and amplitude
damping are measured exactly while they are small enough. Else random starts are drawn: what they prove is told as such, and
where they show nothing but are too few to prove it (a proof takes about 14 times `shots`), this is a warning, "by estimate,
not by proof". It assumes κ = E[(∂C)⁴]/E[(∂C)²]² <= 30 for the largest component, and then fails with chance 1e-3 at most:
at least 1,024 starts whose largest mean square is below (1 - sqrt(2 · 30 · ln(1000)/starts))/shots. κ was 2 to 9 in the 17
circuits looked at (QAOA, Ising and XXZ ansätze, UCCSD). Never so for projectors, nor unless every parameter turns several
rotations, nor where one of the ten largest components has κ above 10 in the samples. Fewer than 6 qubits: a warning at
most, about shots only. Loss exactly constant: BP104. A signal too close to the noise to be settled by the work allowed is a
note.

## References

McClean et al., arXiv:1803.11173. Letcher et al., arXiv:2309.12681 and Heyraud et al., arXiv:2302.04649 (the Pauli path
chain). Hoeffding 1963, theorem 1 (the bound). Maurer, JIPAM 4 (2003) 15 (the estimate).
"""

from __future__ import annotations

import math
from collections.abc import Iterator

from bplint.analyses import Ask, gradient, locality, loss, reach
from bplint.analyses.deep_limit.deep_limit import deeper
from bplint.analyses.gradients.engines import PATHS
from bplint.analyses.gradients.gradient import Gradient
from bplint.analyses.light_cone.locality import is_wide
from bplint.bounds import Status
from bplint.finding import Hit, Kind, Severity
from bplint.ir.context import Case
from bplint.number_format import number
from bplint.repairs import fewer_layers, local_loss, symmetry_priors
from bplint.repairs.changes import OPERATIONS
from bplint.repairs.embeddings import fewer_uploads
from bplint.repairs.starts import smaller_first
from bplint.rule import Example, Undecided, rule

MANY = 10**12
"""Shots that nobody takes: where more would be needed, no number is named."""


@rule(
    "BP301",
    "vanishing-gradient",
    Severity.ERROR,
    kind=Kind.ESTIMATE,
    since="0.1",
    repairs=(local_loss, symmetry_priors, fewer_layers, fewer_uploads, smaller_first),
)
def check(case: Case, ask: Ask) -> Iterator[Hit]:
    if not case.context.loss.of_rows:
        return  # the loss is no function of an observable
    measured, whole = ask(gradient), ask(loss)
    if not ask(reach).live:
        return  # nothing is trained (skipped), or the loss is dead: BP104
    if measured.unknown:
        raise Undecided(measured.unknown)
    zero = _is_zero(measured)
    if zero and _is_zero(ask(gradient, init=case.context.init.anywhere)):
        return  # exactly constant: BP104
    shots, bound, largest = case.context.shots, measured.upper, measured.signal
    if bound >= 1 / shots:
        if measured.reason:
            vanished = measured.presumed < 1 / shots
            yield _presumed(case, ask, measured) if vanished else _undecided(case, measured)
        return  # visible, or not shown to be invisible
    first = next(c for c in measured.components if not c.dead)
    flat = _flat_start(case, ask)
    hopeless = bound * MANY < 1
    needed = f"more than {number(MANY if hopeless else 1 / bound)}"
    if largest and measured.status is not Status.BOUNDED and not hopeless:
        needed = f"about {number(1 / largest)}"
    yield Hit(
        f"No parameter shows above the noise of {shots:,} shots{_of_rows(measured)}, {number(1 / shots)}: signal "
        f"{_seen(measured)}. "
        + _measured(measured)
        + (flat or f"You would need {needed} shots for every component of every step."),
        proof=_proof(case, measured) + _deeper(case, ask, whole.variance),
        help=("start wider, and say so:  // bplint: init = uniform" if flat else _help(case, ask),),
        span=case.circuit.span(first.operation),
        severity=Severity.WARNING
        if case.circuit.n_declared < 6 or not measured.ranges_known or _drawn(measured)
        else None,
        evidence={
            "signal_max": largest,
            "signal_bound": bound,
            "loss_variance": whole.variance,
            "level": measured.level,
            "threshold": 1 / shots,
            "shots": shots,
            "samples": measured.samples,
            "parameter": case.circuit.parameters[measured.largest.parameter].name,
        },
        structure=case.context.observable.text,
        brief=f"no parameter shows above the noise of {shots:,} shots",
    )


_LEAST = 1e-300
"""Signals below are not told as numbers: the double that holds their inverse may not exist."""


def _seen(measured: Gradient) -> str:
    """The largest signal as far as it is certain."""
    if _is_zero(measured):
        return "0 up to rounding"
    if measured.level or measured.signal < _LEAST:
        return f"below {number(max(measured.upper, _LEAST))}" + f" ({measured.status})" * (not measured.level)
    return f"{number(measured.signal)} ({measured.status})"


def _measured(measured: Gradient) -> str:
    """The largest signal as it was measured, and the certainty of its bound; nothing where they are one."""
    if _is_zero(measured) or not measured.level:
        return ""
    seen = f"Measured {number(measured.signal)}, the" if measured.signal >= _LEAST else "The"
    return f"{seen} bound holds with certainty 1 - {number(measured.level)}. "


def _is_zero(measured: Gradient) -> bool:
    """Whether the gradient is exactly zero, and not only too small beside N(O) for a double."""
    return not (measured.unknown or measured.upper or measured.moves)


def _of_rows(measured: Gradient) -> str:
    """That the shots are those of each row, where rows are what is measured."""
    if measured.data is None:
        return ""
    return f" for each of {measured.data.rows:,} rows" + " drawn from the law of the data" * measured.data.drawn


def _drawn(measured: Gradient) -> bool:
    """Whether rows were drawn: nobody has measured such data."""
    return measured.data is not None and measured.data.drawn


def _flat_start(case: Case, ask: Ask) -> str:
    """That the declared start alone is flat, as a saddle is: where from random angles a signal surely shows. Else nothing."""
    if case.context.init.is_uniform:
        return ""
    anywhere = ask(gradient, init=case.context.init.anywhere)
    if anywhere.unknown or anywhere.lower <= 1 / case.context.shots:
        return ""
    return (
        f"The declared start, {case.context.init}, is what is flat: from random angles the largest signal is above "
        f"{number(anywhere.lower)}."
    )


def _help(case: Case, ask: Ask) -> str:
    """What there is to change: layers, if there are some; the loss, if it asks about many qubits; a narrower start is BP701's."""
    from bplint.rewrite import depth  # here, for the circuits that need it

    observable = case.context.observable
    met = max((term.first_met or 0 for term in ask(locality).terms), default=0)
    ways = []
    if len(case.circuit) > OPERATIONS or depth(case.circuit) > 1:
        ways.append("use fewer layers")
    if is_wide(max(met, len(observable.projector)), case.circuit.n_qubits):
        ways.append("train a loss on fewer qubits")
    return ", or ".join(ways) or "lint with the shots that you can afford:  --shots N"


def _proof(case: Case, measured: Gradient) -> str:
    law, noise = case.context.init, case.context.noise
    starts = ("random starts" if law.is_uniform else f"starts {law}") + f" with noise {noise}" * bool(str(noise))
    bounds = _RANGES * (not measured.ranges_known)
    if not measured.samples:
        return f"{measured.status} over {starts} ({measured.method}){bounds}"
    drawn = f"{measured.samples:,} {'Pauli paths over ' if measured.method == PATHS else ''}{starts}"
    return f"{drawn}, seed {case.context.seed}{bounds}"


_RANGES = "; the ranges of tied rotations are bounds from above (Σ|a|)"


def _deeper(case: Case, ask: Ask, variance: float | None) -> str:
    """Where more layers lead, if that is known: the deep limit is about uniform angles without noise."""
    if not case.context.init.is_uniform or not case.context.noise.is_trivial or variance is None:
        return ""
    deep = ask(deeper)
    if deep.status is not Status.EXACT:
        return ""
    worse = ", so more layers will make it worse" if deep.variance < 0.8 * variance else ""
    now, then = (number(v / case.context.observable.scale) for v in (variance, deep.variance))
    return f"; the loss itself varies by {now} in this unit, by {then} in the deep limit{worse}"


def _presumed(case: Case, ask: Ask, measured: Gradient) -> Hit:
    """The warning where random starts show nothing, and too few of them were drawn to prove it."""
    from bplint.analyses.gradients.tied.presumption import KAPPA, LEVEL, missed, times_larger

    shots, seen, n = case.context.shots, measured.signal, measured.samples
    return Hit(
        f"By estimate, not by proof, no parameter will show a gradient above the noise of {shots:,} shots: the largest signal "
        f"is about {number(seen)}, below the noise {number(1 / shots)} unless rare starts, fewer than 1 in "
        f"{math.floor(1 / missed(n)):,}, have gradients {number(times_larger(seen, 1 / shots, n))} times larger.",
        proof=f"{_proof(case, measured)}; below {number(measured.presumed)} with certainty 1 - {number(LEVEL)} if "
        f"E[(∂C)⁴] <= {number(KAPPA)} E[(∂C)²]², surely below {number(measured.upper)}",
        help=(_help(case, ask),),
        span=case.circuit.span(measured.components[0].operation),
        severity=Severity.WARNING,
        evidence={
            "signal_max": seen,
            "signal_presumed": measured.presumed,
            "signal_bound": measured.upper,
            "kappa": KAPPA,
            "level": LEVEL,
            "threshold": 1 / shots,
            "shots": shots,
            "samples": n,
            "parameter": case.circuit.parameters[measured.largest.parameter].name,
        },
        structure="presumed",
        brief=f"by estimate no parameter shows above the noise of {shots:,} shots",
    )


def _undecided(case: Case, measured: Gradient) -> Hit:
    shots, bound = case.context.shots, measured.upper
    seen = f"is about {number(measured.signal)}, surely below {number(bound)}"
    if measured.status is Status.BOUNDED:
        seen = f"lies between {number(measured.lower)} and {number(bound)}"
    enough = math.ceil(1 / measured.lower) if measured.lower * MANY > 1 else 0
    return Hit(
        f"Whether a gradient shows above the noise of {shots:,} shots{_of_rows(measured)} is not settled: the largest signal "
        f"{seen}, the noise {number(1 / shots)}.",
        proof=f"{measured.reason}, seed {case.context.seed}" if measured.samples else measured.reason,
        help=(f"it surely shows with {enough:,} shots:  --shots {enough}",)
        if enough
        else ("allow more work than the default of a minute:  --budget 600",),
        severity=Severity.NOTE,
        evidence={
            "signal_max": None if measured.status is Status.BOUNDED else measured.signal,
            "signal_lower": measured.lower,
            "signal_bound": bound,
            "threshold": 1 / shots,
        },
        structure="undecided",
        undecided=True,
        brief="whether a gradient shows is not settled",
    )


_HEAD = 'OPENQASM 3.0;\ninclude "stdgates.inc";\n'


def _product(n: int, observable: str) -> str:
    return (
        _HEAD + f"// bplint: observable = {observable}\ninput array[float[64], {n}] a;\nqubit[{n}] q;\n"
        + "".join(f"ry(a[{i}]) q[{i}];\n" for i in range(n))
    )  # fmt: skip


_NEAR = (
    _HEAD + "// bplint: observable = X0\n// bplint: init = normal:0.1\ninput float a;\nqubit[1] q;\nry(a) q[0];\n"
)  # fmt: skip
BAD = (
    Example("a global parity on 14 qubits: 2^-14", _product(14, "Z" * 14)),
    Example("the fidelity with |0…0> on 14 qubits", _product(14, "projector(0..n-1)")),
)
GOOD = (
    Example("the local loss on as many qubits", _product(14, "mean(Z)")),
    Example("a small coefficient is not a small signal", _product(1, "0.01*Z0")),
    Example("a start near zero: E[(∂C)²] is 0.99, though the gradients hardly vary", _NEAR),
)
