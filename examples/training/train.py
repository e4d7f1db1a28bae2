"""Does training confirm it? Trains circuits as they are, and as every verified suggestion of bplint repairs them.

    python examples/training/train.py            the whole table
    python examples/training/train.py --quick    the smallest loss alone: what the tests run
    python examples/training/train.py XXZ 8      those whose name has all these words

All train with Adam, from uniformly random angles or from the start that is suggested: the same steps, rate and seeds, once
without noise and once with 1,000 shots a gradient component. A component estimated with N shots carries noise of variance
R² N(O)/N in the parameter, which is added to the exact one. Printed is how far the loss came on its way from that of a random
state (0) to the minimum (1), as a mean over the seeds. A repair helps (✓) where it trains as well, its signal in units of its
noise is at least twice as large, and with shots it ends better. It ends with 1 if a verified repair ends below the circuit as
it is by more than a thousandth of the spectrum's width.
"""

from __future__ import annotations

import argparse
import sys
from typing import NamedTuple

import numpy as np
from losses import SHOTS, Model, losses
from simulator import Simulator

from bplint.analyses.ask import Ask
from bplint.config import Settings
from bplint.finding import Verdict
from bplint.ir.context import Case
from bplint.repairs.starts import STARTS
from bplint.run import lint_text
from bplint.verify import Judged, wanted

SEEDS, RATE = 6, 0.05
SAME = 1e-3


class Trained(NamedTuple):
    """The mean losses that training ended with, without noise and with shots."""

    exact: float
    noisy: float


class Outcome(NamedTuple):
    """How many verified repairs of a loss end below the circuit as it is, and how many help."""

    below: int
    helping: int


def main(arguments: list[str]) -> int:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("words", nargs="*", help="words of the names of losses")
    asked.add_argument("--quick", action="store_true", help="the smallest loss alone, with fewer steps")
    given = asked.parse_args(arguments)
    chosen = [m for m in losses() if all(word in m.name for word in given.words)]
    print(f"| loss, qubits | repair | signal | as it is | repaired | {SHOTS:,} shots: as it is | repaired | helps |")
    print("| --- | --- | --- | --- | --- | --- | --- | --- |")
    outcomes = [_rows(m, 200 if given.quick else 300) for m in (chosen[:1] if given.quick else chosen)]
    below, helped = sum(o.below for o in outcomes), sum(o.helping > 0 for o in outcomes)
    print(f"\n{below} verified repairs end below; {helped} of {len(outcomes)} losses have one that helps")
    return 1 if below else 0


def _rows(model: Model, steps: int) -> Outcome:
    """Train one loss, as it is and with each verified repair, and print its rows."""
    (read,) = lint_text(model.source, Settings(select=("BP104",), suggest=False)).circuits
    case: Case = read.case
    verified = [j for j in _offered(case) if j.suggestion.verdict is Verdict.VERIFIED]
    plain = Simulator(case.circuit, case.context.observable)
    least, most = plain.spectrum()
    middle, slack = case.context.observable.constant, SAME * (most - least)

    def share(value: float) -> str:
        return f"{(middle - value) / (middle - least):.4f}"

    before = _trained(plain, _drawn(case), steps)
    if not verified:
        print(f"| {model.name} | none | | {share(before.exact)} | | {share(before.noisy)} | | |", flush=True)
    below = helping = 0
    for k, judged in enumerate(verified):
        changed = judged.measured.changed
        after = _trained(Simulator(changed.circuit, case.context.observable), _drawn(changed), steps)
        low, high = judged.measured.before.signal, judged.measured.after.signal
        helps = after.exact <= before.exact + slack and high >= 2 * low and after.noisy < before.noisy
        below += after.exact > before.exact + slack
        helping += helps
        ends = " | ".join(map(share, (before.exact, after.exact, before.noisy, after.noisy)))
        told = f"{low:.2g} → {high:.2g} | {ends} | {'✓' if helps else ''}"
        print(f"| {'' if k else model.name} | {judged.suggestion.name} | {told} |", flush=True)
    return Outcome(below, helping)


def _offered(case: Case) -> list[Judged]:
    """The symmetries that the circuit could keep, and the places where it could start."""
    ask = Ask(case)
    return [*wanted(case, ask), *(judged for start in STARTS for judged in wanted(case, ask, start))]


def _drawn(case: Case) -> np.ndarray:
    """Where training begins, (parameters, seeds), by the laws of the case."""
    laws = [case.context.init.law(parameter) for parameter in case.circuit.parameters]
    means, widths = np.array([(law.mean, np.pi if law.is_uniform else law.width) for law in laws]).T
    return np.stack([means + widths * np.random.default_rng(s).uniform(-1, 1, len(laws)) for s in range(SEEDS)], axis=1)


def _trained(simulator: Simulator, draws: np.ndarray, steps: int) -> Trained:
    """The mean losses of all seeds after training, without noise and with shots: both at once, from the same angles."""
    theta, random = np.concatenate([draws, draws], axis=1), np.random.default_rng(SEEDS)
    noise = np.sqrt(simulator.observable.scale / SHOTS) * simulator.scales[:, None]
    first, second = np.zeros_like(theta), np.zeros_like(theta)
    for step in range(1, steps + 1):
        gradient = simulator.loss_and_gradient(theta)[1]
        gradient[:, SEEDS:] += noise * random.standard_normal((simulator.parameters, SEEDS))
        first = 0.9 * first + 0.1 * gradient
        second = 0.999 * second + 0.001 * gradient**2
        rate = RATE * min(1.0, 2 - 2 * step / steps)  # a falling rate, so that it comes to rest
        theta -= rate * first / (1 - 0.9**step) / (np.sqrt(second / (1 - 0.999**step)) + 1e-8)
    ends = simulator.loss_and_gradient(theta)[0]
    return Trained(float(ends[:SEEDS].mean()), float(ends[SEEDS:].mean()))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
