"""The gradient figure of Wiersema et al. (arXiv:2309.05690) by Pauli paths: `python benchmarks/figure.py [--csv FILE]`.

E[(∂C)²] of the first parameter, C = <Z0 Z1>, for brick circuits of the algebras a14 (open) and a5 (closed), n = 4..16 and
depth 2..24, beside the published sample variances (fixtures/wiersema.csv) and beside the exact values of
fixtures/variance_table.json, where n is small enough for them. Each point draws paths until enough of them count, or the
largest number; the processor's cores share the points. The summary goes to benchmarks/README.md.

The authors draw angles from [0, π), where E[sin²] = ½ and E[sin cos] = 0 as over a whole period: the same second moments.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import resource
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import NamedTuple

import numpy as np

from bplint.analyses.gradients.paths.chain import Chain, chain
from bplint.analyses.gradients.paths.sampler import PathSampler
from bplint.analyses.gradients.problem import Problem
from bplint.errors import Span
from bplint.ir.build import Builder
from bplint.ir.circuit import Circuit, Parameter, Role
from bplint.ir.gates import Gate, Turn
from bplint.ir.observable import parse

FIXTURES = Path(__file__).parents[1] / "fixtures"
README = Path(__file__).with_name("README.md")

WORDS = {"a14": ("XX", "YY", "XY"), "a5_circ": ("XY", "YZ")}
ENOUGH = 1_000
"""Paths that count: a standard error of 3 %."""
MOST = 1 << 23
"""Paths of a point, at most."""


class Point(NamedTuple):
    """One point of the figure: what was published, the estimate by paths with its standard error, what is exact."""

    circuit: str
    n: int
    depth: int
    published: float
    estimate: float = 0.0
    error: float = 0.0
    exact: float | None = None


def main() -> None:
    options = argparse.ArgumentParser(description="The gradient figure of arXiv:2309.05690 by Pauli paths.")
    options.add_argument("--csv", type=Path, help="write every point here")
    asked = options.parse_args()
    begin = time.perf_counter()
    # The slowest first, so that the cores finish together.
    points = sorted(published(), key=lambda p: p.published / (p.n * p.depth))
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        found = sorted(pool.map(measured, points))
    seconds = time.perf_counter() - begin
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    worked = used.ru_utime + used.ru_stime
    for circuit in WORDS:
        print(table([p for p in found if p.circuit == circuit]))
    lines = summary(found, seconds, worked)
    print(lines)
    before, _, rest = README.read_text().partition("<!-- figure -->\n")
    _, mark, after = rest.partition("<!-- end figure -->\n")
    if mark:
        README.write_text(f"{before}<!-- figure -->\n{lines}{mark}{after}")
    if asked.csv:
        with asked.csv.open("w", newline="") as out:
            csv.writer(out).writerows([Point._fields, *found])


def published() -> Iterator[Point]:
    """The points of the figure, not measured yet."""
    exact = {(row["name"].split()[0], row["n"], int(row["name"].split("depth ")[1].split(",")[0])): row["value_float"]
             for row in json.loads((FIXTURES / "variance_table.json").read_text()) if "brick" in row["name"]}  # fmt: skip
    with (FIXTURES / "wiersema.csv").open() as lines:
        for row in csv.DictReader(line for line in lines if not line.startswith("#")):
            place = row["circuit"], int(row["n"]), int(row["depth"])
            yield Point(*place, float(row["variance"]), exact=exact.get(place))


def measured(point: Point) -> Point:
    """The point with its estimate: the share of paths that meet the first rotation and hit."""
    circuit = brick(point.circuit, point.n, point.depth)
    found = chain(Problem.of(circuit, parse("Z0 Z1", point.n)))
    assert isinstance(found, Chain)
    sampler = PathSampler(found.schedule(), found.starts.plus, seed=0)
    paths = count = 0
    while count < ENOUGH and paths < MOST:
        size = min(sampler.batch, MOST - paths)
        count += int(sampler.sample(paths, size).met_hits[0])
        paths += size
    total = found.starts.plus.total
    return point._replace(estimate=total * count / paths, error=total * max(count, 1) ** 0.5 / paths)


def brick(name: str, n: int, depth: int) -> Circuit:
    """Layers of even bonds, then odd ones, then the bond that closes a ring, all rotations of one bond together."""
    bonds = [*((q, q + 1) for q in range(0, n - 1, 2)), *((q, q + 1) for q in range(1, n - 1, 2))]
    if name.endswith("circ"):
        bonds.append((n - 1, 0))
    gates = [Gate(word, 1, 2, (Turn(0, 0.0, ((1.0, _letters(word)),)),), (0.0, 0.0)) for word in WORDS[name]]
    builder = Builder(n)
    statement = builder.statement(Span(1, 1, 1, 2))
    turns = [(gate, bond) for _ in range(depth) for bond in bonds for gate in gates]
    for k, (gate, bond) in enumerate(turns):
        builder.gate(gate, bond, [builder.angle(0.0, [(k, 1.0)])], statement)
    return builder.build([Parameter(f"t{k}", Role.TRAINABLE) for k in range(len(turns))])


def _letters(word: str) -> tuple[tuple[int, int], ...]:
    return tuple((place, "IXZY".index(letter)) for place, letter in enumerate(word))


def table(points: Sequence[Point]) -> str:
    """One circuit: log10 of the estimate, and below it the ratio of the published value to it."""
    depths = sorted({p.depth for p in points})
    lines = [f"{points[0].circuit}: log10 E[(∂C)²], then published / estimate", _line("n \\ L", map(str, depths))]
    for n in sorted({p.n for p in points}):
        row = [p for p in points if p.n == n]
        logs = [float(np.log10(p.estimate or p.error)) for p in row]
        lines.append(_line(str(n), (f"{log:.2f}" for log in logs)))
        lines.append(_line("", (f"{p.published / (p.estimate or p.error):.2f}" for p in row)))
    return "\n".join(lines) + "\n"


def _line(head: str, cells: Iterator[str]) -> str:
    return f"{head:>6} " + "".join(f"{cell:>7}" for cell in cells)


def summary(points: Sequence[Point], seconds: float, worked: float) -> str:
    """The comparison in a Markdown table."""
    lines = ["| points | compared | ratio, mean ± sd | sd expected |", "|---|---|---|---|"]
    for what, some in (
        ("n <= 10", [p for p in points if p.n <= 10]),
        ("n >= 12", [p for p in points if p.n >= 12]),
        ("all", points),
    ):
        ratios = np.array([p.published / p.estimate for p in some])
        # A sample variance of 1,000 normal numbers has relative error √(2/1000); flatter or heavier tails change that.
        noise = np.sqrt(np.mean([2 / 1000 + (p.error / p.estimate) ** 2 for p in some]))
        row = f"| {len(some)}, {what} | published / paths | {ratios.mean():.3f} ± {ratios.std(ddof=1):.3f} | about {noise:.3f} |"
        lines.append(row)
    known = [(p, p.exact) for p in points if p.exact is not None]
    away = np.array([(p.estimate - exact) / p.error for p, exact in known])
    ratios = np.array([p.estimate / exact for p, exact in known])
    error = np.sqrt(np.mean([(p.error / exact) ** 2 for p, exact in known]))
    lines.append(
        f"| {len(known)}, exact known | paths / exact | {ratios.mean():.4f} ± {ratios.std(ddof=1):.4f}, "
        f"largest {np.abs(away).max():.1f} standard errors | {error:.4f} |"
    )
    largest = max(p.error / p.estimate for p in points)
    lines += [
        "",
        f"{seconds:.0f} s on {os.cpu_count()} cores, {worked:.0f} s of processor time; "
        f"the largest standard error of a point by paths is {largest:.1%}.",
    ]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    main()
