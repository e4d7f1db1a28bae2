"""Does training confirm what bplint measures? Trains circuits as they are, and as a suggestion repairs them.

    python examples/training/train.py

Both train with Adam from uniformly random angles: the same steps, learning rate, shots and seeds. A gradient component
estimated with N shots carries noise of variance N(O)/N in the coordinate of its rotation, which is added to the exact one.
Printed is how far the loss came on its way from that of a random state (0) to the minimum (1): median, worst and best seed.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
from simulator import Simulator

sys.path.insert(0, str(Path(__file__).parents[2] / "benchmarks"))
from planted import planted
from priors import suggestions

PAIRS = {
    "TFIM chain, spin flip, 8": "z2",
    "MaxCut ring, 8": "z2-2",
    "MaxCut random graph, 8": "z2",
    "XXZ chain, 8": "u1",
    "Heisenberg chain, 8": "u1",
    "LMG, 8": "sn",
    "XXZ chain, 10": "u1",
}
"""Circuits of benchmarks/planted.py with the suggestion that repairs them."""

STEPS, RATE, SHOTS, SEEDS = 100, 0.05, 10, 5


def train(simulator: Simulator) -> np.ndarray:
    """How far training comes, for each seed."""
    theta = np.stack(
        [np.random.default_rng(s).uniform(-np.pi, np.pi, simulator.parameters) for s in range(SEEDS)], axis=1
    )
    random = np.random.default_rng(SEEDS)
    noise = np.sqrt(simulator.observable.scale / SHOTS) * simulator.scales[:, None]
    first, second = np.zeros_like(theta), np.zeros_like(theta)
    for step in range(1, STEPS + 1):
        gradient = simulator.loss_and_gradient(theta)[1] + noise * random.standard_normal(theta.shape)
        first = 0.9 * first + 0.1 * gradient
        second = 0.999 * second + 0.001 * gradient**2
        theta -= RATE * first / (1 - 0.9**step) / (np.sqrt(second / (1 - 0.999**step)) + 1e-8)
    least, _ = simulator.spectrum()
    middle = simulator.observable.constant
    return np.sort((middle - simulator.loss_and_gradient(theta)[0]) / (middle - least))


def main(names: list[str]) -> None:
    print(f"| loss | prior | signal | as it is | repaired |  ({STEPS} steps, {SHOTS} shots a component, {SEEDS} seeds)")
    print("| --- | --- | --- | --- | --- |")
    for circuit in planted():
        if circuit.name not in PAIRS or not all(name in circuit.name for name in names):
            continue
        case, judged = suggestions(circuit)
        best = next(j for j in judged if j.suggestion.name == PAIRS[circuit.name])
        before, after = best.suggestion.effect.signal
        plain = train(Simulator(case.circuit, case.context.observable))
        repaired = train(Simulator(best.measured.changed.circuit, case.context.observable))
        signal = f"{before:.2g} → {after:.2g}"
        row = (circuit.name, f"{best.suggestion.name}, {best.suggestion.verdict}", signal, _row(plain), _row(repaired))
        print(f"| {' | '.join(row)} |", flush=True)


def _row(reached: np.ndarray) -> str:
    return f"{reached[len(reached) // 2]:.2f} ({reached[0]:.2f} … {reached[-1]:.2f})"


if __name__ == "__main__":
    main(sys.argv[1:])
