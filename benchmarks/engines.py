"""Every engine for tied and shared parameters against dense states, and against each other.

Usage: python benchmarks/engines.py [--circuits N] [--first SEED]

Random circuits on two to six qubits: gates tied, controlled, shared and summed, some symmetric (rings, stars, complete graphs of
two angles a layer), all laws mixed, losses of a few strings or projectors. Evaluators are asked for loss and gradients at random
angles, exact engines for moments, with dense states over a grid of angles as the truth where that is small; where it is not,
engines still have to agree. Prints a row an engine: circuits that it answered, numbers compared, the largest difference.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))

from answers import numbers
from bplint.analyses.gradients.answer import Answer, Declined
from bplint.analyses.gradients.bit_rows import KeyCollision
from bplint.analyses.gradients.effort import Effort
from bplint.analyses.gradients.groups import RotationGroup
from bplint.analyses.gradients.operator_module.action import Module
from bplint.analyses.gradients.operator_module.averaging import averaged
from bplint.analyses.gradients.operator_module.events import events_of, terms_of
from bplint.analyses.gradients.operator_module.on_matrix_units import on_matrix_units
from bplint.analyses.gradients.operator_module.on_strings import on_strings
from bplint.analyses.gradients.operator_module.on_subspace import on_subspace
from bplint.analyses.gradients.operator_module.on_visible_strings import on_visible_strings
from bplint.analyses.gradients.problem import Problem, rotations
from bplint.analyses.gradients.reachable_states import evaluator as states
from bplint.analyses.gradients.symmetric_states.dicke import dicke_subspace
from bplint.analyses.gradients.symmetric_states.evaluator import SymmetricStatesEvaluator
from bplint.analyses.gradients.symmetric_states.superpositions import symmetric_subspace
from bplint.analyses.gradients.tied.evaluator import LossEvaluator
from bplint.analyses.gradients.tied.tied_moments import Tied, made_ready
from bplint.analyses.gradients.tied.variables import Drive
from bplint.analyses.gradients.visible_strings import evaluator as strings
from bplint.ir.circuit import Circuit
from bplint.ir.law import UNIFORM, Init, Law
from bplint.ir.observable import Observable
from evaluating import at
from grid import grid_moments, grid_size, random_law, random_loss, random_tied, simulate
from samples import circuit

WORK = Effort(work=1 << 29)
"""What an engine may spend on one circuit."""

GRID = 20_000
"""Points of the largest grid of dense states."""

TOLERANCE = 1e-9
"""Differences beyond this are wrong."""


class Row(NamedTuple):
    """What has been compared for one engine."""

    circuits: int = 0
    numbers: int = 0
    largest: float = 0.0
    wrong: int = 0

    def with_differences(self, differences: list[float]) -> Row:
        """One circuit more."""
        worst = max(differences, default=0.0)
        return Row(
            self.circuits + 1,
            self.numbers + len(differences),
            max(self.largest, worst),
            self.wrong + (not worst <= TOLERANCE),
        )


def cases(first: int, count: int) -> Iterator[tuple[int, Circuit, dict[str, Law], Observable]]:
    """Seeds, circuits, laws by name and losses."""
    for seed in range(first, first + count):
        rng = np.random.default_rng([seed, 15])
        n = int(rng.integers(2, 7))
        gates = _symmetric(rng, n) if seed % 3 == 0 else []
        scales = (1.0, -0.5, 2.0, 2**0.5) if seed % 5 == 0 else (1.0, -1.0, 0.5, 2.0)
        if not gates or rng.random() < 0.2:
            gates += random_tied(rng, n, int(rng.integers(1, 5)), int(rng.integers(1, 4)), scales=scales)
        c = circuit(n, gates)
        if c.parameters:
            yield seed, c, {p.name: random_law(rng) for p in c.parameters}, random_loss(rng, n)


def _symmetric(rng: np.random.Generator, n: int) -> list[tuple[object, ...]]:
    """Layers of one angle for all edges of a graph, and of one for all qubits."""
    graphs = {
        "ring": [(q, (q + 1) % n) for q in range(n if n > 2 else 1)],
        "star": [(0, q) for q in range(1, n)],
        "complete": [(a, b) for a in range(n) for b in range(a)],
    }
    edges = graphs[str(rng.choice(list(graphs)))]
    gates: list[tuple[object, ...]] = [("h", [q]) for q in range(n)] if rng.random() < 0.7 else []
    for layer in range(int(rng.integers(1, 3))):
        gates += [(str(rng.choice(["rzz", "rxx"])), list(edge), f"g{layer}") for edge in edges[:1]]
        gates += [(gates[-1][0], list(edge), f"g{layer}") for edge in edges[1:]]
        gates += [(str(rng.choice(["rx", "ry"])), [0], f"b{layer if rng.random() < 0.7 else 0}")]
        gates += [(gates[-1][0], [q], gates[-1][2]) for q in range(1, n)]
    return gates


def evaluators(problem: Problem, drive: Drive) -> Iterator[tuple[str, LossEvaluator]]:
    """What evaluates the loss at given angles."""
    groups = drive.groups
    generators = [group.generator for group in groups]
    on_states = states.evaluator(problem, groups)
    assert on_states is not None, "want few qubits"
    yield "reachable states", on_states
    subspace = symmetric_subspace(generators, on_states.reached, on_states.seen, 1 << 7)
    if subspace is not None and len(subspace.loss) < on_states.size:
        yield "superpositions", SymmetricStatesEvaluator(subspace)
    terms, constant = terms_of(problem.frame, problem.loss)
    dicke = dicke_subspace(generators, terms, problem.frame.n_qubits)
    if dicke is not None:
        yield "Dicke states", SymmetricStatesEvaluator(dicke._replace(offset=_offset(problem, constant)))
    for seed in range(3):
        try:
            seen = strings.evaluator(problem, groups, limit=1 << 15, seed=seed)
        except KeyCollision:
            continue
        if seen is not None:
            yield "visible strings", seen
        return


def exact_engines(problem: Problem) -> Iterator[tuple[str, Callable[[], Answer | Declined]]]:
    """What knows exact moments."""
    found = rotations(problem)
    assert not isinstance(found, Declined), "want angles that are given"
    yield "quadrature", lambda: _quadrature(problem)
    by_strings = on_strings(problem, found)
    if isinstance(by_strings, Module):
        yield "module of strings", lambda: averaged(problem, by_strings, WORK)
    events = events_of(problem, found)
    generators = [event.generator for event in events]
    reached = states.reached_and_seen(problem, [RotationGroup((), 0.0, generator) for generator in generators])
    assert reached is not None, "want few qubits"
    visible = on_visible_strings(problem, events, 1 << 10, 1 << 24)
    if visible is not None:
        yield "module of visible strings", lambda: averaged(problem, visible, WORK)
    units = on_matrix_units(events, *reached, 1 << 10)
    if units is not None:
        yield "module of matrix units", lambda: averaged(problem, units, WORK)
    subspace = symmetric_subspace(generators, *reached, 24)
    if subspace is not None:
        yield "module of superpositions", lambda: averaged(problem, on_subspace(events, subspace), WORK)
    terms, constant = terms_of(problem.frame, problem.loss)
    dicke = dicke_subspace(generators, terms, problem.frame.n_qubits)
    if dicke is not None and len(dicke.loss) <= 24:
        inside = on_subspace(events, dicke._replace(offset=_offset(problem, constant)))
        yield "module of Dicke states", lambda: averaged(problem, inside, WORK)


def _offset(problem: Problem, constant: float) -> float:
    return constant if problem.loss.projector else 0.0


def _quadrature(problem: Problem) -> Answer | Declined:
    ready = made_ready(problem, WORK)
    return ready.exact(WORK) if isinstance(ready, Tied) else ready


def differences_at_angles(evaluator: LossEvaluator, drive: Drive, problem: Problem, values: list[float]) -> list[float]:
    """Of loss and gradients from those of dense states."""
    found, slopes = evaluator.run(drive.drawn(0, 0, 1))
    constant = 0.0 if problem.loss.projector else problem.loss.constant
    (expected,), tangents = simulate(problem.circuit, problem.loss, values, 1)
    gradients = dict(zip(drive.scales, drive.gradients(slopes)[:, 0].tolist(), strict=True))
    apart = [abs(gradients[p] - float(slope)) for p, (slope,) in tangents.items()]
    return [abs(float(found[0]) + evaluator.offset + constant - float(expected)), *apart]


def differences(found: tuple[float, float, dict[int, tuple[float, float]]], truth: object) -> list[float]:
    """Of moments of the loss and of each gradient."""
    mean, second, slopes = truth  # type: ignore[misc]  # of the tests, which have no types
    apart = [abs(found[0] - float(mean)), abs(found[1] - float(second))]
    for p, pair in slopes.items():
        apart += [abs(a - float(b)) for a, b in zip(found[2][p], pair, strict=True)]
    return apart


def compare(first: int, count: int) -> dict[str, Row]:
    """The rows of this many circuits; what is wrong is printed with its seed."""
    rows: dict[str, Row] = {}

    def add(name: str, seed: int, apart: list[float]) -> None:
        rows[name] = rows.get(name, Row()).with_differences(apart)
        if not max(apart, default=0.0) <= TOLERANCE:
            print(f"seed {seed}: {name} differs by {max(apart):g}", flush=True)

    for seed, c, law, loss in cases(first, count):
        values = np.random.default_rng(seed).uniform(-3, 3, len(c.parameters)).tolist()
        problem = Problem.of(c, loss, at(values, c))
        drive = Drive(problem, rotations(problem))
        for name, evaluator in evaluators(problem, drive):
            add(name, seed, differences_at_angles(evaluator, drive, problem, values))
        problem = Problem.of(c, loss, Init(UNIFORM, tuple(law.items())))
        answers = {}
        for name, ask in exact_engines(problem):
            answer = ask()
            if isinstance(answer, Answer) and not answer.samples:
                answers[name] = numbers(answer)
        if seed % 5 and grid_size(c, law) <= GRID:
            truth = grid_moments(c, loss, law)
            for name, found in answers.items():
                add(name, seed, differences(found, truth))
        if len(answers) > 1:
            one, *others = answers.values()
            add("all that answer agree", seed, [d for other in others for d in differences(other, one)])
    return rows


def main() -> None:
    """See the module's text."""
    parser = argparse.ArgumentParser(description="Engines for tied parameters against dense states.")
    parser.add_argument("--circuits", type=int, default=300, help="how many are drawn")
    parser.add_argument("--first", type=int, default=0, help="the first seed")
    arguments = parser.parse_args()
    begin = time.process_time()
    rows = compare(arguments.first, arguments.circuits)
    print("| engine | circuits | numbers | largest difference | wrong |\n|---|---|---|---|---|")
    for name, row in sorted(rows.items()):
        print(f"| {name} | {row.circuits:,} | {row.numbers:,} | {row.largest:.0e} | {row.wrong} |")
    print(
        f"\n{arguments.circuits:,} circuits from seed {arguments.first}: {time.process_time() - begin:.0f} s of processor time."
    )
    sys.exit(1 if any(row.wrong for row in rows.values()) else 0)


if __name__ == "__main__":
    main()
