"""Random circuits through the front door: no number outside its range, and what is exact or bounded is true.

    python benchmarks/ranges.py --count 20000 [--seed 0] [--start 0] [--only NUMBER]

Each circuit, on up to six qubits, mixes laws, noise, tied angles, data, literals and small starts, by its number. It is linted
or measured; then every number of the machine output has to lie in its possible range, and whatever is said to be exact or
between bounds has to agree with sums over a grid of angles in Pauli coordinates (``tests/pauli_grid.py``), where that grid is
small enough. The table goes to benchmarks/README.md.
"""

from __future__ import annotations

import json
import math
import random
import sys
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import click
import numpy as np

from bplint.config import Settings
from bplint.ir.circuit import Circuit, Role
from bplint.run import lint_text, profile_job, report
from bplint.runs.entries import CircuitReport
from bplint.runs.run_report import Report, written
from bplint.sources.collect import InputSource

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE), str(HERE.parent / "tests")]
from possible import impossible, no_numbers  # noqa: E402

from lie_closure import lie_dimension, true_generators  # noqa: E402
from pauli_grid import TooMany, Truth, grid_truth  # noqa: E402

LAWS = ("uniform", "normal:0.1", "range:0.5", "normal:0.7@0.5", "range:0.01", "normal:1e-4", "range:2@pi/2", "normal:2")
NOISES = (
    "depolarizing:0.01",
    "depolarizing:0.2",
    "1q=bitflip:0.1",
    "2q=phaseflip:0.05",
    "pauli:0.02/0.05/0.01",
    "damping:0.1",
    "readout:0.05",
    "1q=depolarizing:0.02, 2q=damping:0.2, readout:0.1",
)
ANGLES = ("{0}",) * 6 + ("2*{0}", "-{0}", "{0}/2", "{0} + 0.5", "{0} + pi/2", "{0} - {1}", "{0} + 2*{1}", "3*{0}")
LITERALS = ("0.3", "1.1", "pi/2", "-pi/4", "2.2", "pi", "1.234567891")


def program(r: random.Random) -> str:
    """A circuit with what is said about it."""
    n = r.choice((1, 2, 2, 2, 3, 3, 3, 4, 4, 5, 6))
    names = [f"w[{k}]" for k in range(r.choice((1, 2, 2, 3, 3, 4, 5)))]
    lines = ["OPENQASM 3.0;", 'include "stdgates.inc";', f"// bplint: observable = {_loss(r, n)}"]
    if r.random() < 0.45:
        lines.append(f"// bplint: init = {r.choice(LAWS)}{f', w[[]0]={r.choice(LAWS)}' if r.random() < 0.2 else ''}")
    if n <= 4 and r.random() < 0.3:
        lines.append(f"// bplint: noise = {r.choice(NOISES)}")
    if len(names) > 1 and r.random() < 0.2:
        lines.append("// bplint: data = w[[]1]")
    if r.random() < 0.1:
        lines.append("// bplint: trainable = all")
    if r.random() < 0.3:
        lines.append(f"// bplint: shots = {r.choice((10, 100, 1_000_000))}")
    lines += [f"input array[float[64], {len(names)}] w;", f"qubit[{n}] q;"]
    for _ in range(r.choice((1, 3, 5, 8, 12))):
        lines.append(_gate(r, n, names))
    if n <= 4 and r.random() < 0.1:  # numbers that leave bounds
        lines += [f"{r.choice(('rx', 'ry', 'rz'))}({r.uniform(0, 6):.3f}) q[{r.randrange(n)}];" for _ in range(20)]
    return "\n".join(lines) + "\n"


def _gate(r: random.Random, n: int, names: list[str]) -> str:
    angle = r.choice(LITERALS) if r.random() < 0.12 else r.choice(ANGLES).format(r.choice(names), r.choice(names))
    one, draw = f"q[{r.randrange(n)}]", r.random()
    if draw < 0.45 or n == 1:
        return (
            f"{r.choice(('rx', 'ry', 'rz', 'ry', 'p'))}({angle}) {one};"
            if draw < 0.35
            else f"{r.choice('hsxt')} {one};"
        )
    two = "q[{}], q[{}]".format(*r.sample(range(n), 2))
    if draw < 0.55:
        return f"{r.choice(('rx', 'ry', 'rz'))}({angle}) q;" if r.random() < 0.8 else "h q;"
    if draw < 0.75:
        return f"{r.choice(('cx', 'cz', 'cx', 'swap', 'ch'))} {two};"
    return f"{r.choice(('rzz', 'rxx', 'crx', 'cry', 'cp', 'rzz'))}({angle}) {two};"


def _loss(r: random.Random, n: int) -> str:
    draw = r.random()
    if draw < 0.15:
        return f"projector({r.choice(('0', '0..n-1', 'n-1'))})"
    if draw < 0.3:
        return f"mean({r.choice('XYZ')})"
    terms = []
    for _ in range(r.choice((1, 1, 2, 3))):
        qubits = r.sample(range(n), r.randint(1, min(n, 3)))
        word = " ".join(f"{r.choice('XYZZ')}{q}" for q in qubits)
        terms.append(f"{r.choice(('', '0.5*', '2*', '1e-3*', '40*'))}{word}")
    return f" {r.choice('+-')} ".join(terms) + r.choice(("", "", " + 0.7"))


class Checked(Counter[str]):
    """How many numbers were compared, by what they are, and what was wrong."""

    def __init__(self) -> None:
        super().__init__()
        self.wrong: list[str] = []


def check(number: int, seed: int = 0, *, most: int = 3000) -> tuple[str, Checked]:
    """One circuit by its number, and what came of it; ``most`` bounds the grid, in thousands of numbers."""
    r = random.Random(f"{seed} {number}")
    text, measured = program(r), r.random() < 0.4
    settings = Settings(isolated=True, budget=r.choice((0.3, 0.3, 0.1, 0.03, 1e-3)), suggest=r.random() < 0.1)
    found = _report(text, settings, measured)
    done = Checked()
    done.wrong += [f"{failure.title}: {failure.reason}" for failure in found.failures]
    (entry,) = found.entries
    if not isinstance(entry, CircuitReport):
        done.wrong.append(f"not read: {entry.finding.hit.message}")
        return text, done
    (document,) = json.loads(written(found, "json", 0, 0))["circuits"]
    done.wrong += impossible(document, entry.case.context)
    done.wrong += [f"{word} in the text" for word in no_numbers(written(found, "full", 0, 2))]
    context = entry.case.context
    done.wrong += _algebra_faults(document["analyses"].get("dla", {}), entry.case.circuit, number, done)
    try:
        truth = grid_truth(entry.case.circuit, context.observable, context.init, context.noise, most=most)
    except TooMany:
        done["not compared"] += 1
        return text, done
    if "data" in document["analyses"].get("gradient", {}):
        done["rows drawn"] += 1  # the numbers are those of these rows, the truth that of their law
        return text, done
    done["compared"] += 1
    done.wrong += _loss_faults(document["analyses"].get("loss", {}), truth, context.observable, done)
    done.wrong += _gradient_faults(document["analyses"].get("gradient", {}), truth, context.observable, done)
    done.wrong += _verdicts(document["findings"], truth, context.observable)
    return text, done


def _report(text: str, settings: Settings, measured: bool) -> Report:
    if not measured:
        return lint_text(text, settings)
    job = profile_job(settings)
    return report(job, [job.run(InputSource("-", "circuit.qasm"), text)], [job.configurations.of("circuit.qasm")], 0.0)


def _size(loss: Any) -> float:
    return 1.0 if loss.projector else math.fsum(abs(c) for _, c in loss.terms) + abs(loss.constant)


def _near(value: float, truth: float, size: float) -> bool:
    return abs(value - truth) <= 1e-8 * abs(truth) + 1e-11 * size


def _inside(interval: list[float], truth: float, size: float) -> bool:
    slack = 1e-8 * abs(truth) + 1e-11 * size
    return interval[0] - slack <= truth <= interval[1] + slack


def _loss_faults(found: Mapping[str, Any], truth: Truth, loss: Any, done: Checked) -> Iterator[str]:
    size, status = _size(loss), found.get("status", "not asked")
    done[f"loss {status}"] += 1
    if status == "exact" and not (
        _near(found["mean"], truth.mean, size) and _near(found["variance"], truth.variance, size**2)
    ):
        yield f"loss: mean {found['mean']}, variance {found['variance']} ({found['method']}); truth {truth.mean}, {truth.variance}"
    if status == "bounded":
        mean = found.get("mean_interval") or [found["mean"]] * 2
        if not (_inside(mean, truth.mean, size) and _inside(found["interval"], truth.variance, size**2)):
            yield f"loss: {mean}, {found['interval']} ({found['method']}); truth {truth.mean}, {truth.variance}"


def _gradient_faults(found: Mapping[str, Any], truth: Truth, loss: Any, done: Checked) -> Iterator[str]:
    square, status = _size(loss) ** 2, found.get("status", "not asked")
    done[f"gradient {status}"] += 1
    largest = 0.0
    for row in found.get("parameters", ()):
        right = truth.slopes[row["name"]][1] / row["scale"] ** 2
        spread = right - (truth.slopes[row["name"]][0] / row["scale"]) ** 2
        largest = max(largest, right / (max(row["range"], 1e-300) ** 2 * loss.scale) if row["range"] else 0.0)
        told = (
            f"{row['name']}: {row['second_moment']}, {row['interval']}, variance {row['variance']} ({found['method']}); "
            f"truth {right}, {spread}"
        )
        if row["dead"] and right > 1e-12 * square:
            yield f"dead: {told}"
        size = max(row["range"], 1.0) ** 2 * square
        if status == "exact" and not _near(row["second_moment"], right, size):
            yield told
        if status in ("exact", "bounded") and row["variance"] is not None and not _near(row["variance"], spread, size):
            yield told
        if status == "bounded" and not _inside(row["interval"], right, size):
            yield told
    if status in ("bounded", "estimated") and not _inside(
        [found["signal_lower"], found["signal_upper"]], largest, square / loss.scale
    ):
        yield f"largest signal {found['signal_lower']} … {found['signal_upper']} ({found['method']}); truth {largest}"


def _algebra_faults(found: Mapping[str, Any], circuit: Circuit, seed: int, done: Checked) -> Iterator[str]:
    """The algebra of derivatives at a few points with the same data, up to two qubits."""
    if circuit.n_qubits > 2 or "lower" not in found or any(p.sources for p in circuit.parameters):
        return
    random, matrices = np.random.default_rng(seed), []
    data = {p.name: random.uniform(0, 6) for p in circuit.parameters if p.role is Role.DATA}
    for _ in range(3):
        point = {
            p.name: random.uniform(0, 6) if p.value is None or p.role is Role.TRAINABLE else p.value
            for p in circuit.parameters
        }
        matrices += true_generators(circuit, point | data)
    if matrices:
        truth = lie_dimension(matrices)
        done[f"algebra {found['status']}"] += 1
        if not int(found["lower"]) <= truth <= int(found["upper"]):
            yield f"dla {found['lower']} … {found['upper']} ({found['method']}, {found['status']}); truth {truth}"


def _verdicts(findings: list[Mapping[str, Any]], truth: Truth, loss: Any) -> Iterator[str]:
    """Findings that say that something is zero."""
    nothing = 1e-18 * _size(loss) ** 2
    moving = {name for name, (_, square) in truth.slopes.items() if square > nothing}
    for finding in findings:
        named = set(finding["evidence"].get("parameters", ())) if finding["code"] == "BP203" else set()
        dead = moving and truth.variance > nothing if finding["code"] == "BP104" else moving & named
        if dead and not finding["undecided"]:
            yield f"{finding['code']} {finding['message']}; truth: variance {truth.variance}, {truth.slopes}"


@click.command()
@click.option("--count", default=1000, show_default=True, help="How many circuits.")
@click.option("--seed", default=0, show_default=True, help="Which circuits.")
@click.option("--start", default=0, show_default=True, help="The first number.")
@click.option("--only", type=int, help="Print and check the circuit of this number.")
def main(count: int, seed: int, start: int, only: int | None) -> None:
    """Check random circuits, and print what was compared."""
    if only is not None:
        text, done = check(only, seed)
        click.echo(text)
        click.echo("\n".join(done.wrong) or dict(done))
        return
    total, wrong, begin = Counter[str](), 0, time.monotonic()
    for number in range(start, start + count):
        _, done = check(number, seed)
        total += done
        wrong += bool(done.wrong)
        for fault in done.wrong:
            click.echo(f"{number}: {fault}")
    click.echo(
        f"{count:,} circuits in {time.monotonic() - begin:,.0f} s, {wrong:,} with a fault; {dict(sorted(total.items()))}"
    )
    raise SystemExit(wrong > 0)


if __name__ == "__main__":
    main()
