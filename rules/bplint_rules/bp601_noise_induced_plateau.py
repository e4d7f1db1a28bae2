"""The declared noise drowns the gradient: without it, or with fewer noisy gates, a signal would be there.

## What it does

Fires in two cases. Either the noise alone proves it: every path of the loss back through the circuit passes so many noisy
gates that no gradient can reach 1/shots, whatever the angles. Or it is measured: with the declared noise the largest signal
is surely below 1/shots, without noise it is surely above.

## Why it matters

No start, no optimiser and no symmetry helps against noise: only fewer gates on the loss's light cone, better gates, or error
mitigation, whose cost in shots grows as fast as the signal falls.

## When it is fine

When the noise declared is a worst case that the hardware does not reach.

## Conditions

Unital noise as declared (`depolarizing:0.001`, `2q=…`, `readout:…`), after each gate of the source on its qubits; idle
qubits and identity gates are noiseless. The proof: a string keeps a letter on some qubit at every moment, so each gate on
the way costs it the largest factor there is for one letter; bit flips alone spare X and prove nothing. Amplitude damping
drives qubits to |0> instead: it is no reason for a plateau of a local loss (arXiv:2403.13927), and this rule is silent.

## References

Wang et al., arXiv:2007.14384 (noise-induced barren plateaus). Mele et al., arXiv:2403.13927 (non-unital noise).
"""

from __future__ import annotations

from collections.abc import Iterator

from bplint.analyses import Ask, gradient, reach
from bplint.analyses.gradients.coordinates import coordinates
from bplint.analyses.light_cone.damping import damping
from bplint.finding import Hit, Kind, Severity
from bplint.ir.context import Case
from bplint.ir.noise import Noise
from bplint.number_format import number
from bplint.rule import Example, Undecided, rule


@rule("BP601", "noise-induced-plateau", Severity.WARNING, kind=Kind.ESTIMATE, since="0.1", explains=("BP301",))
def check(case: Case, ask: Ask) -> Iterator[Hit]:
    if not case.context.loss.of_rows:
        return  # the loss is no function of an observable
    left = ask(damping)
    if left is None or not ask(reach).live:
        return  # no noise, amplitude damping, or nothing to train (BP104)
    shots = case.context.shots
    noise = case.context.noise
    if (proved := (left * _steepest(ask)) ** 2 / case.context.observable.scale) < 1 / shots:
        yield Hit(
            f"The noise {noise} leaves no gradient above the noise of {shots:,} shots, whatever the angles: every "
            f"signal is below {number(proved)}, the noise of the shots is {number(1 / shots)}.",
            proof="proved: every path of the loss passes that many noisy gates",
            help=_HELP,
            evidence={"bound": proved, "threshold": 1 / shots, "noise": str(noise), "proved": True},
            structure=str(noise),
            brief=f"the noise {noise} damps every path of the loss",
        )
        return
    noisy = ask(gradient)
    if not noisy.upper or noisy.upper >= 1 / shots:
        if why := noisy.unsettled(1 / shots):
            raise Undecided(why)
        return  # visible, or exactly zero
    clean = ask(gradient, noise=Noise())
    if clean.lower <= 1 / shots:
        if why := clean.unsettled(1 / shots):
            raise Undecided(f"without noise: {why}")
        return  # invisible without the noise too: BP301
    yield Hit(
        f"The noise {noise} hides a gradient that {shots:,} shots would see: the largest signal is below "
        f"{number(noisy.upper)} with it, and {number(clean.signal)} without; the noise of the shots is "
        f"{number(1 / shots)}.",
        proof=f"{noisy.method}: {noisy.drawn} with noise, {clean.drawn} without"
        if noisy.samples
        else f"{noisy.method}, {noisy.status}",
        help=_HELP,
        evidence={
            "signal_bound": noisy.upper,
            "signal_without": clean.signal,
            "threshold": 1 / shots,
            "noise": str(noise),
            "proved": False,
        },
        structure=str(noise),
        brief=f"the noise {noise} hides the gradient",
    )


def _steepest(ask: Ask) -> float:
    """The largest Σ|a|/R: a derivative sums over the rotations of its parameter, and its noise is counted in R.

    Rotations that cancel have R = 0 without the noise between them; with it they are told as they are.
    """
    return max(c.total / (c.range or 1.0) for c in ask(coordinates).values())


_HELP = ("use fewer noisy gates on the light cone of the loss",)


def _layers(layers: int, noise: str) -> str:
    lines = [f"ry(t[{layer}]) q[0]; cx q[0], q[1]; cx q[1], q[0];" for layer in range(layers)]
    return (
        'OPENQASM 3.0;\ninclude "stdgates.inc";\n// bplint: observable = Z0\n'
        f"// bplint: noise = {noise}\ninput array[float, {layers}] t;\nqubit[2] q;\n" + "\n".join(lines) + "\n"
    )


BAD = (
    Example("60 noisy layers: proved for every angle", _layers(60, "depolarizing:0.05")),
    Example("bit flips: no proof, but measured", _layers(40, "bitflip:0.1")),
)
GOOD = (
    Example("few layers", _layers(4, "depolarizing:0.01")),
    Example("amplitude damping keeps a signal in a local loss", _layers(6, "damping:0.3")),
)
