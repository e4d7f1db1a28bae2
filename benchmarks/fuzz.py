"""Throws inputs of every kind at bplint: nothing may fail, hang, or print a number that is none.

    python benchmarks/fuzz.py --count 1000 [--seed 0] [--kind openqasm3] [--jobs 2] [--folder DIR] [--only NUMBER]

The same seed and number give the same input. One that fails is written to ``fuzz-KIND-SEED-NUMBER.*`` with its story beside
it. Programs and objects are legal, if odd; texts that are broken on purpose have to be refused by name and place.
"""

from __future__ import annotations

import sys
import time
import warnings
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import NamedTuple

import click

sys.path.insert(0, str(Path(__file__).parent))

from fuzzing.trying import Kind, Outcome, confined, drawn, tried

KINDS = (
    "broken-text",
    "openqasm2",
    "openqasm3",
    "cirq-json",
    "cirq-objects",
    "qiskit-objects",
    "configuration",
    "command-line",
)
CHUNK = 50
"""Inputs that a worker takes at once."""


class Tally(NamedTuple):
    """What came of the inputs of one kind."""

    outcomes: Counter[str]
    refusals: Counter[str]
    faults: dict[int, Outcome]
    seconds: float
    slowest: float


@click.command()
@click.option("--count", default=1000, show_default=True, help="Inputs of each kind.")
@click.option("--seed", default=0, show_default=True, help="Which inputs.")
@click.option("--start", default=0, show_default=True, help="The first number.")
@click.option("--kind", "kinds", multiple=True, type=click.Choice(KINDS), help="Only these kinds; repeatable.")
@click.option("--jobs", default=1, show_default=True, help="Processes.")
@click.option("--folder", default=".", show_default=True, help="Where inputs that fail are written.")
@click.option("--only", type=int, help="Print and try the input of this number, with its whole story.")
@click.option("--reasons", default=0, help="So many of the most frequent refusals are listed.")
def main(
    count: int, seed: int, start: int, kinds: tuple[str, ...], jobs: int, folder: str, only: int | None, reasons: int
) -> None:
    """Fuzz bplint, and print a table."""
    failed = False
    if only is None:
        click.echo("| kind | inputs | read | refused | failed | time | slowest |\n|---|---|---|---|---|---|---|")
    for name in kinds or KINDS:
        if only is not None:
            show(kind_of(name), seed, only)
            continue
        tally = run(name, seed, range(start, start + count), jobs, Path(folder))
        failed |= bool(tally.faults)
        click.echo(row(name, tally))
        for reason, times in tally.refusals.most_common(reasons):
            click.echo(f"    {times:6,}  {reason}")
        for fault, numbers in by_fault(tally).items():
            click.echo(f"    FAILED {len(numbers):,}: {fault}  (numbers {', '.join(map(str, numbers[:5]))})")
    raise SystemExit(failed)


def run(name: str, seed: int, numbers: range, jobs: int, folder: Path | None) -> Tally:
    """Try inputs of one kind, and save those that fail."""
    chunks = [numbers[i : i + CHUNK] for i in range(0, len(numbers), CHUNK)]
    outcomes, refused, faults = Counter[str](), Counter[str](), {}
    begin, slowest = time.monotonic(), 0.0
    for number, outcome, seconds in _outcomes(name, seed, chunks, jobs):
        word, _, reason = outcome.said.partition(": ")
        outcomes[word] += 1
        slowest = max(slowest, seconds)
        if outcome.fault:
            faults[number] = outcome
            if folder:
                save(folder, kind_of(name), seed, number, outcome)
        elif reason:
            refused[reason] += 1
    return Tally(outcomes, refused, faults, time.monotonic() - begin, slowest)


def kind_of(name: str) -> Kind:
    """A kind by its name; its module is imported only where it is wanted."""
    return import_module(f"fuzzing.{name.replace('-', '_')}").KIND


def row(name: str, tally: Tally) -> str:
    """A line of the table."""
    done = tally.outcomes
    return (
        f"| {name} | {done.total():,} | {done['read']:,} | {done['refused']:,} | {len(tally.faults):,} "
        f"| {tally.seconds:,.0f} s | {tally.slowest:.2f} s |"
    )


def by_fault(tally: Tally) -> dict[str, list[int]]:
    """The numbers of the inputs that failed alike."""
    found: dict[str, list[int]] = {}
    for number, outcome in tally.faults.items():
        found.setdefault(outcome.fault, []).append(number)
    return found


def save(folder: Path, kind: Kind, seed: int, number: int, outcome: Outcome) -> None:
    """Write down an input that failed, and how."""
    text = drawn(kind, seed, number).text
    path = folder / f"fuzz-{kind.name}-{seed}-{number}{kind.suffix}"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    path.with_suffix(".story").write_text(outcome.fault + "\n\n" + outcome.story)


def show(kind: Kind, seed: int, number: int) -> None:
    """One input and what comes of it."""
    text = drawn(kind, seed, number).text
    click.echo(text)
    outcome = tried(kind, seed, number)
    click.echo(f"{outcome.said} {outcome.fault}\n{outcome.story}")


def _outcomes(name: str, seed: int, chunks: list[range], jobs: int) -> Iterator[tuple[int, Outcome, float]]:
    work = partial(_chunk, name, seed)
    if jobs < 2:
        for chunk in chunks:
            yield from work(chunk)
        return
    with ProcessPoolExecutor(jobs) as pool:
        for found in pool.map(work, chunks):
            yield from found


def _chunk(name: str, seed: int, numbers: range) -> list[tuple[int, Outcome, float]]:
    confined()
    kind, found = kind_of(name), []
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for number in numbers:
            start = time.process_time()
            outcome = tried(kind, seed, number)
            found.append((number, outcome, time.process_time() - start))
    return found


if __name__ == "__main__":
    main()
