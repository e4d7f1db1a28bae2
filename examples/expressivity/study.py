"""Do symmetric circuits give up memory for gradients? Trains, measures, and writes tables and figures.

    python examples/expressivity/study.py [--quick] [--folder DIR] [--jobs N] [--manual]

Unstructured circuits are said to fit everything and not to scale, symmetric ones to scale and to memorise less
(arXiv:2606.31536). This is an experiment of our own about that: two features, 40 rows, three tasks and random labels, three
circuits from 4 to 10 qubits at several depths, ten seeds each; gradient signal and algebra by bplint, beside what a simulator
that shares nothing with it measures at random starts and along training. What is done is kept in ``results.jsonl`` of the folder:
a run that was broken off goes on where it was. ``--quick`` does a corner of it, which the tests do; ``--manual`` puts tables and
figures into ``docs/expressivity.md``.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from pathlib import Path
from time import process_time
from typing import Any, NamedTuple

import click
from circuits import KINDS, Model, openqasm
from embeddings import EMBEDDINGS, embedded
from tasks import TASKS, task
from training import row_signal, trained

from bplint.analyses import Ask, dla
from bplint.bounds import Status
from bplint.config import Settings
from bplint.run import lint
from bplint.runs.run_report import written
from report import into_manual, write

DEPTHS = {4: (2, 4, 8, 16), 6: (2, 4, 8, 16), 8: (4, 8), 10: (4,)}
AGAIN = (4, 8, 12)
"""Depths of re-uploading circuits, on four qubits."""
SEEDS, SAMPLES = 10, 2048


class Cell(NamedTuple):
    """One piece of work: ``training`` of a model on a task, its ``signal``, or that of an ``embedding``."""

    what: str
    kind: str
    n: int
    layers: int
    again: bool = False
    task: str = ""
    seeds: int = SEEDS

    @property
    def model(self) -> Model:
        return Model(self.kind, self.n, self.layers, self.again)


def cells(*, quick: bool) -> Iterator[Cell]:
    """All pieces, the short ones first."""
    if quick:
        yield from (Cell("signal", kind, 2, 6) for kind in KINDS)
        yield from (Cell("training", kind, 2, 2, task="moons", seeds=2) for kind in KINDS)
        yield from (Cell("embedding", kind, 4, layers) for kind in EMBEDDINGS for layers in (1, 2))
        return
    yield from (
        Cell("embedding", kind, n, layers) for n in (4, 6, 8, 10, 12) for kind in EMBEDDINGS for layers in (1, 2, 4, 8)
    )
    for n in (2, 4, 6, 8, 10):
        yield from (Cell("signal", kind, n, 3 * n) for kind in KINDS)
    yield from (
        Cell("training", kind, 4, layers, again=True, task=name) for layers in AGAIN for name in TASKS for kind in KINDS
    )
    for n, depths in DEPTHS.items():
        for layers in depths:
            yield from (Cell("training", kind, n, layers, task=name) for name in TASKS for kind in KINDS)


def done(cell: Cell, folder: Path) -> dict[str, Any]:
    """The result of one piece, as plain data."""
    start = process_time()
    if cell.what == "training":
        found: dict[str, Any] = dict(trained(cell.model, cell.task, range(cell.seeds)))
    elif cell.what == "signal":
        rows = task("moons", 0)
        measured, error = row_signal(cell.model, rows, SAMPLES)
        found = {"measured": measured, "error": error, **_by_bplint(cell, folder)}
    else:
        found = _of_embedding(cell, folder)
    return {**cell._asdict(), **found, "seconds": process_time() - start}


def _by_bplint(cell: Cell, folder: Path) -> dict[str, Any]:
    """What bplint says of the circuit with the rows of the first seed."""
    points = task("moons", 0)
    table = folder / "moons.csv"
    table.write_text("x[0],x[1]\n" + "".join(f"{a!r},{b!r}\n" for a, b in points.x.tolist()), encoding="utf-8")
    path = folder / f"{cell.kind}_{cell.n}.qasm"
    path.write_text(openqasm(cell.model, table.name), encoding="utf-8")
    gradient, dimension = _measured(path)
    rows = gradient.get("parameters", ())  # none where it is inconclusive
    signals = [_row(one) * cell.n / one["range"] ** 2 if one["range"] else 0.0 for one in rows]
    return {
        "signal": sum(signals) / len(signals) if signals else None,
        "status": gradient["status"],
        "method": gradient.get("method"),
        "dimension": dimension,
    }


def _of_embedding(cell: Cell, folder: Path) -> dict[str, Any]:
    path = folder / f"{cell.kind.replace(' ', '-')}_{cell.n}_{cell.layers}.qasm"
    path.write_text(embedded(cell.kind, cell.n, cell.layers), encoding="utf-8")
    gradient, _ = _measured(path)
    rows = gradient.get("parameters", ())
    signal = max(map(_row, rows)) if rows else None
    return {"signal": signal, "status": gradient["status"], "method": gradient.get("method")}


def _row(parameter: dict[str, Any]) -> float:
    """E[(∂⟨O⟩)²] of one row: a mean over the rows of a table, or over a law, which is the mean of the loss itself."""
    return float(parameter.get("row", parameter["second_moment"]))


def _measured(path: Path) -> tuple[dict[str, Any], int | None]:
    """The gradient of the machine output, and the dimension of the algebra where it is exact."""
    report = lint([str(path)], Settings(isolated=True, select=("BP301",), suggest=False))
    (circuit,) = json.loads(written(report, "json", 0, 0))["circuits"]
    algebra = Ask(report.circuits[0].case)(dla)
    exact = algebra.status is Status.EXACT
    return circuit["analyses"]["gradient"], int(algebra.upper) if exact else None


@click.command()
@click.option("--quick", is_flag=True, help="A corner of it.")
@click.option("--folder", type=click.Path(path_type=Path), default=Path(__file__).parent / "results", show_default=True)
@click.option("--jobs", default=2, show_default=True, help="Processes.")
@click.option("--manual", is_flag=True, help="Put tables and figures into the manual.")
def main(quick: bool, folder: Path, jobs: int, manual: bool) -> None:
    """Run what has not been run, and write the tables and figures."""
    folder.mkdir(parents=True, exist_ok=True)
    kept = folder / "results.jsonl"
    lines = kept.read_text(encoding="utf-8").splitlines() if kept.exists() else []
    results = [json.loads(line) for line in lines if line.endswith("}")]
    known = {Cell(*(result[key] for key in Cell._fields)) for result in results}
    left = [cell for cell in cells(quick=quick) if cell not in known]
    with ProcessPoolExecutor(jobs) as pool, click.progressbar(length=len(left), label="pieces") as bar:
        for future in as_completed(pool.submit(done, cell, folder) for cell in left):
            results.append(future.result())
            with kept.open("a", encoding="utf-8") as file:
                file.write(json.dumps(results[-1]) + "\n")
            bar.update(1)
    write(results, folder)
    if manual:
        into_manual(folder, Path(__file__).parents[2] / "docs")


if __name__ == "__main__":
    main()
