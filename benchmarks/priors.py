"""Finds planted symmetries: precision, recall, and every figure once more on state vectors.

    python benchmarks/priors.py [--dense] [NAME]

Goes through the circuits of ``planted.py``: 25 hardware-efficient circuits whose loss has a symmetry, 15 whose loss has
none. A planted prior counts as found when it is among the first three suggestions and verified. With ``--dense`` the
largest gradient before and after is estimated anew by an independent simulator; its sample mean has to lie within the
bounds that were stated, up to four standard errors.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

import numpy as np
from planted import Planted, planted, unplanted

from bplint.analyses.ask import Ask
from bplint.config import Settings
from bplint.finding import Verdict
from bplint.ir.context import Case
from bplint.repairs.measure import State
from bplint.run import lint_text
from bplint.verify import Judged, wanted

sys.path.insert(0, str(Path(__file__).parents[1] / "examples" / "training"))
from simulator import Simulator

SAMPLES = 256


def main(arguments: list[str]) -> None:
    names = [a for a in arguments if not a.startswith("-")]
    circuits = [p for p in (*planted(), *unplanted()) if all(name in p.name for name in names)]
    found = wrong = figures = outside = 0
    print("| loss | planted | suggested (verified) | signal before | signal after | dimension | seconds |")
    print("| --- | --- | --- | --- | --- | --- | --- |")
    for circuit in circuits:
        begin = time.process_time()
        case, judged = suggestions(circuit)
        seconds = time.process_time() - begin
        verified = [j for j in judged if j.suggestion.verdict is Verdict.VERIFIED][:3]
        hits = [j for j in verified if j.suggestion.name.partition("-")[0] in circuit.priors]
        found += bool(hits)
        wrong += bool(verified) and not circuit.priors
        print(row(circuit, verified, hits, seconds), flush=True)
        if "--dense" in arguments:
            for state, changed in figures_of(case, verified):
                figures += 1
                if not agrees(state, changed):
                    outside += 1
                    print(f"  outside: {state}", file=sys.stderr)
    with_one = sum(bool(c.priors) for c in circuits)
    print(f"\nrecall {found}/{with_one}, offered without a symmetry {wrong}/{len(circuits) - with_one}", end="")
    print(f"; {figures - outside} of {figures} figures within their bounds" if figures else "")


def suggestions(circuit: Planted) -> tuple[Case, list[Judged]]:
    """The case, and what is suggested about its unused symmetries."""
    (read,) = lint_text(circuit.source, Settings(select=("BP104",), suggest=False)).circuits
    return read.case, wanted(read.case, Ask(read.case, deadline=time.monotonic() + 60))


def row(circuit: Planted, verified: list[Judged], hits: list[Judged], seconds: float) -> str:
    names = ", ".join(j.suggestion.name for j in verified) or "none"
    best = (hits or verified)[:1]
    effect = best[0].suggestion.effect if best else None
    before, after = effect.signal if effect else (None, None)
    figures = [f"{v:.2g}" if v is not None else "" for v in (before, after)]
    dimension = f"{effect.dla[0]:,} → {effect.dla[1]:,}" if effect and None not in effect.dla else ""
    planted = ", ".join(sorted(circuit.priors)) or "none"
    return f"| {circuit.name} | {planted} | {names} | {figures[0]} | {figures[1]} | {dimension} | {seconds:.1f} |"


def figures_of(case: Case, judged: list[Judged]) -> list[tuple[State, Case]]:
    """What was measured, and of which case."""
    return [(j.measured.before, case) for j in judged[:1]] + [(j.measured.after, j.measured.changed) for j in judged]


def agrees(state: State, case: Case) -> bool:
    """Whether the largest second moment lies within the bounds, as far as the samples can tell."""
    simulator = Simulator(case.circuit, case.context.observable)
    random = np.random.default_rng(7)
    draws = [random.uniform(-np.pi, np.pi, (simulator.parameters, 64)) for _ in range(SAMPLES // 64)]
    scales = simulator.scales[:, None]  # gradients are by the angle of the rotation that a parameter turns most
    squares = np.concatenate([simulator.loss_and_gradient(draw)[1] / scales for draw in draws], axis=1) ** 2
    largest = int(squares.mean(axis=1).argmax())
    mean, error = squares[largest].mean(), squares[largest].std() / np.sqrt(SAMPLES)
    return bool(state.lower - 4 * error <= mean <= state.upper + 4 * error)


if __name__ == "__main__":
    main(sys.argv[1:])
