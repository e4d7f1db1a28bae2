"""How often the bounds of sampled paths fail: `python benchmarks/bounds.py [--circuits N] [--seed S] [--seconds T]`.

For each kind of circuit, law and noise so many random circuits on one to five qubits, each with few paths and bounds at
a loose level, so that failures are seen; the truth is dense (tests/exact_pairs.py). Counted are single numbers of one
stage, the variance of the loss and every E[(∂_k l)²], and the verdict's bounds on the largest of these, stopping rule
included. No share may be above the level. The table goes to benchmarks/README.md.
"""

from __future__ import annotations

import argparse
import math
import sys
import time
from array import array
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from itertools import product
from pathlib import Path

import numpy as np

from bplint.analyses.ask import Ask
from bplint.analyses.gradients.effort import Effort
from bplint.analyses.gradients.paths.angle_laws import centred
from bplint.analyses.gradients.paths.chain import Chain, chain
from bplint.analyses.gradients.paths.path_moments import plan
from bplint.analyses.gradients.paths.staged_plan import staged
from bplint.analyses.gradients.paths.tally import bounds_on
from bplint.analyses.gradients.problem import Problem
from bplint.analyses.light_cone.alive import reach
from bplint.ir.circuit import Circuit
from bplint.ir.context import Case, Context
from bplint.ir.law import Init, parse_init
from bplint.ir.noise import Noise, parse_noise
from bplint.ir.observable import Observable
from bplint.ir.trainable import select

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent / "tests"))
from dense import random_circuit, random_observable, rotations  # noqa: E402
from exact_pairs import pair_averages  # noqa: E402

LEVEL = 0.1
"""Of each side of each number, and of each of the verdict's bounds."""

STAGES = (1 << 8, 1 << 9, 1 << 10)

KINDS = ("Cliffords and rotations", "rotations", "fixed angles", "layers")
LAWS = ("uniform", "range:0.7", "range:2", "normal:0.3", "normal:1, t1=uniform")
NOISES = ("none", "depolarizing:0.05", "1q=bitflip:0.1, 2q=depolarizing:0.1", "pauli:0.02/0.05/0.01, readout:0.1")


def main() -> None:
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--circuits", type=int, default=200, help="of each kind, law and noise")
    arguments.add_argument("--seed", type=int, default=0)
    arguments.add_argument("--seconds", type=float, default=math.inf, help="stop after so long")
    options = arguments.parse_args()
    rows: dict[str, Counter[str]] = {name: Counter() for name in (*KINDS, *LAWS, *NOISES)}
    end = time.monotonic() + options.seconds
    for number, *names in product(range(options.circuits), KINDS, LAWS, NOISES):
        if time.monotonic() > end:
            break
        place = [options.seed, number, *map(list(rows).index, names)]
        found = compare(np.random.default_rng(place), *names)
        for name in names:
            rows[name] += found
    write(table(rows))


def compare(random: np.random.Generator, kind: str, law: str, noise: str) -> Counter[str]:
    """What is compared and what fails for one random circuit; nothing if the chain does not apply."""
    n = int(random.choice([1, 2, 3, 4, 5], p=[0.2, 0.4, 0.34, 0.05, 0.01]))
    c, loss = made(random, kind, n), random_observable(random, n)
    init, channels = parse_init(law), Noise() if noise == "none" else parse_noise(noise)
    found = set_up(c, loss, init, channels)
    if not isinstance(found, Chain) or found.constant:
        return Counter()
    mean, second, squares = pair_averages(c, loss, init, None if channels.is_trivial else channels)
    whole = plan(found, found.schedule(), Effort(seed=int(random.integers(1 << 30))))
    paths = whole._replace(batch=256, stages=STAGES)
    trained, largest = found.trained, squares[found.trained].max(initial=0.0)
    # A threshold near the truth is where stopping tempts most.
    verdict = staged(paths, Effort(threshold=largest * random.uniform(0.7, 1.4), level=LEVEL), trained)
    single = staged(paths._replace(stages=STAGES[:1]), Effort(level=LEVEL))
    truth = np.concatenate([[second - mean**2], squares[trained]])
    low, high = (
        np.concatenate([bounds_on(single.loss, LEVEL, upper=u), bounds_on(single.gradients, LEVEL, upper=u)[trained]])
        for u in (False, True)
    )
    # What cannot vary cannot fail, and would flatter.
    able = truth > 1e-12
    return Counter(
        {
            "circuits": 1,
            "numbers": int(able.sum()),
            "above": int((truth > high + 1e-9)[able].sum()),
            "below": int((truth < low - 1e-9)[able].sum()),
            "largest above": int(largest > verdict.largest[1] + 1e-9),
            "largest below": int(largest < verdict.largest[0] - 1e-9),
        }
    )


def made(random: np.random.Generator, kind: str, n: int) -> Circuit:
    """A random circuit of a kind, with offsets that are quarter turns."""
    if kind == "layers":
        axes = [
            (letter, [q])
            for letter in random.choice(list("XYZ"), int(random.integers(2, 5))).tolist()
            for q in range(n)
        ]
        bonds = [("ZZ", [q, q + 1]) for q in range(n - 1)]
        return rotations(n, [*axes, *bonds, *axes])
    free, fixed = {"Cliffords and rotations": (0.45, 0.0), "rotations": (0.95, 0.0), "fixed angles": (0.5, 0.15)}[kind]
    c = random_circuit(random, n, int(random.integers(3, 16)), free=free, fixed=fixed)
    constant, moving = c.angles.constant.copy(), np.diff(c.angles.start) > 0
    constant[moving] = random.integers(0, 4, moving.sum()) * np.pi / 2
    columns = c.angles.columns._replace(constant=array("d", constant))
    return replace(c, angles=replace(c.angles, columns=columns))


def set_up(c: Circuit, loss: Observable, init: Init, noise: Noise) -> object:
    """The chain, or why there is none."""
    inner = centred(c, init)
    case = Case("bounds", "bounds", inner, Context(loss, "option", select(c, "none")[1]))
    return chain(Problem.of(inner, loss, init, noise)._replace(alive=Ask(case)(reach).alive))


def table(rows: dict[str, Counter[str]]) -> Iterator[str]:
    yield "| kind, law or noise | circuits | numbers | too low, too high | of the largest |"
    yield "|---|---|---|---|---|"
    for name, found in rows.items():
        numbers, circuits = max(found["numbers"], 1), max(found["circuits"], 1)
        single = ", ".join(f"{found[side] / numbers:.1%}" for side in ("above", "below"))
        whole = ", ".join(f"{found[f'largest {side}'] / circuits:.1%}" for side in ("above", "below"))
        yield f"| {name} | {found['circuits']:,} | {found['numbers']:,} | {single} | {whole} |"


def write(lines: Iterator[str]) -> None:
    text = "".join(f"{line}\n" for line in lines)
    text += f"\nUpper bounds too low and lower bounds too high, promised at most {LEVEL:.0%} each.\n"
    print(text)
    readme = HERE / "README.md"
    before, mark, rest = readme.read_text().partition("<!-- bounds -->\n")
    _, end, after = rest.partition("<!-- end bounds -->\n")
    if end:
        readme.write_text(f"{before}{mark}{text}{end}{after}")


if __name__ == "__main__":
    main()
