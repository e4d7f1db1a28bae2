"""Does training confirm it? Trains circuits as they are, and as every verified suggestion of bplint repairs them.

    python examples/training/train.py            the whole table
    python examples/training/train.py --quick    the smallest loss alone: what the tests run
    python examples/training/train.py XXZ        those whose name has it

All train with Adam from uniformly random angles: the same steps, rate and seeds, once without noise and once with 1,000 shots
a gradient component. A component estimated with N shots carries noise of variance R² N(O)/N in the parameter, which is added
to the exact one. Printed is how far the loss came on its way from that of a random state (0) to the minimum (1), as a mean
over the seeds. It ends with 1 if a verified repair ends below the circuit as it is by more than a thousandth of the
spectrum's width.
"""

from __future__ import annotations

import sys
from typing import NamedTuple

import numpy as np
from losses import SHOTS, Model, losses
from simulator import Simulator

from bplint.analyses.ask import Ask
from bplint.config import Settings
from bplint.finding import Verdict
from bplint.ir.context import Case
from bplint.run import lint_text
from bplint.verify import Judged, wanted

SEEDS, RATE = 6, 0.05
SAME = 1e-3


class Trained(NamedTuple):
    """The mean losses that training ended with, without noise and with shots."""

    exact: float
    noisy: float


def main(arguments: list[str]) -> int:
    quick = "--quick" in arguments
    names = [a for a in arguments if not a.startswith("-")]
    chosen = [m for m in losses() if all(name in m.name for name in names)]
    steps = 200 if quick else 300
    print(f"| loss, qubits | repair | signal | as it is | repaired | {SHOTS:,} shots: as it is | repaired |")
    print("| --- | --- | --- | --- | --- | --- | --- |")
    worse = better = 0
    for model in chosen[:1] if quick else chosen:
        below, gained = _row(model, steps)
        worse += below
        better += gained
    print(
        f"\n{worse} verified repairs end below; {better} losses have one that trains as well, with a signal twice as large"
    )
    return 1 if worse else 0


def _row(model: Model, steps: int) -> tuple[int, int]:
    """Train and print one loss; how many verified repairs end below, and whether the first one helps."""
    (read,) = lint_text(model.source, Settings(select=("BP104",), suggest=False)).circuits
    case: Case = read.case
    verified = [j for j in wanted(case, Ask(case)) if j.suggestion.verdict is Verdict.VERIFIED]
    plain = Simulator(case.circuit, case.context.observable)
    least, most = plain.spectrum()
    middle = case.context.observable.constant

    def share(value: float) -> str:
        return f"{(middle - value) / (middle - least):.4f}"

    before = Trained(_mean(plain, steps, 0), _mean(plain, steps, SHOTS))
    if not verified:
        print(f"| {model.name} | none | | {share(before.exact)} | | {share(before.noisy)} | |", flush=True)
        return 0, 0
    below = gained = 0
    for k, judged in enumerate(verified):
        after = _trained(judged, case, steps, noisy=not k)
        below += after.exact > before.exact + SAME * (most - least)
        signals = judged.suggestion.effect.signal
        gained = gained or int(
            after.exact <= before.exact + SAME * (most - least) and signals[1] >= 2 * signals[0]  # type: ignore[operator]
        )
        ends = [share(before.exact), share(after.exact)]
        ends += ["", ""] if k else [share(before.noisy), share(after.noisy)]
        told = f"{signals[0]:.2g} → {signals[1]:.2g}"
        print(f"| {'' if k else model.name} | {judged.suggestion.name} | {told} | {' | '.join(ends)} |", flush=True)
    return below, gained


def _trained(judged: Judged, case: Case, steps: int, *, noisy: bool) -> Trained:
    repaired = Simulator(judged.measured.changed.circuit, case.context.observable)
    return Trained(_mean(repaired, steps, 0), _mean(repaired, steps, SHOTS) if noisy else np.nan)


def _mean(simulator: Simulator, steps: int, shots: int) -> float:
    """The mean loss of all seeds after training; ``shots`` a component, 0 for exact gradients."""
    draws = [np.random.default_rng(s).uniform(-np.pi, np.pi, simulator.parameters) for s in range(SEEDS)]
    theta, random = np.stack(draws, axis=1), np.random.default_rng(SEEDS)
    noise = np.sqrt(simulator.observable.scale / shots) * simulator.scales[:, None] if shots else 0.0
    first, second = np.zeros_like(theta), np.zeros_like(theta)
    for step in range(1, steps + 1):
        gradient = simulator.loss_and_gradient(theta)[1] + noise * random.standard_normal(theta.shape)
        first = 0.9 * first + 0.1 * gradient
        second = 0.999 * second + 0.001 * gradient**2
        rate = RATE * min(1.0, 2 - 2 * step / steps)  # a falling rate, so that it comes to rest
        theta -= rate * first / (1 - 0.9**step) / (np.sqrt(second / (1 - 0.999**step)) + 1e-8)
    return float(simulator.loss_and_gradient(theta)[0].mean())


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
