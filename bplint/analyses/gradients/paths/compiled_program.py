"""Steps of the path chain as a flat program, and the compiled loop that runs it (numba, the extra ``fast``).

The loop is an option and never needed: it draws the same random words in the same order as the steps in numpy, so that
what it counts is the same to the last bit. It takes the steps that are most of a circuit, Cliffords and rotations
that flip always or with probability ½; what lies between is left to numpy.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import cache
from itertools import groupby
from typing import NamedTuple

import numpy as np

from bplint.analyses.gradients.paths.bit_planes import ADD, DRAW, TURN, Words
from bplint.analyses.gradients.paths.schedule import Cliffords, Rotations, Step
from bplint.ir.circuit import Index

LOADING = 1 << 32
"""Paths times operations that take numpy as long as loading the compiled loop from its cache."""

_NOWHERE = -1

_spent = 0
"""Paths times operations so far."""


class CompiledProgram(NamedTuple):
    """Instructions as rows (kind, offset, number of planes, row of the record or -1), intp (instructions, 4).

    An instruction reads the planes from ``planes[offset]`` and writes those behind them, as many.
    """

    instructions: Index
    planes: Index

    def run(self, planes: Words, met: Words, random: np.random.Generator) -> None:
        """Take the steps, in place. The generator is one of SFC64 and goes on where the loop ends."""
        loop, state = _loop(), random.bit_generator.state
        assert loop is not None
        loop(self.instructions, self.planes, planes, met, state["state"]["state"])
        random.bit_generator.state = state


def programs(steps: Iterable[Step]) -> list[CompiledProgram | Step]:
    """Runs of steps that the loop takes as one program each, the others as they are."""
    compiled: list[CompiledProgram | Step] = []
    for simple, run in groupby(steps, _is_simple):
        part = list(run)
        compiled += [_program(part)] if simple else part
    return compiled


def worthwhile(work: int) -> bool:
    """Whether to run programs, given that ``work`` paths times operations are next.

    The loop is loaded once this process has spent on paths about as long as loading takes.
    """
    global _spent
    _spent += work
    return _spent > LOADING and _loop() is not None


def _is_simple(step: Step) -> bool:
    return isinstance(step, Cliffords) or (isinstance(step, Rotations) and (step.quarter or step.flip == 0.5))


def _program(steps: Iterable[Step]) -> CompiledProgram:
    instructions: list[tuple[int, int, int, int]] = []
    planes: list[int] = []
    for kind, record, rows in _instructions(steps):
        instructions.append((kind, len(planes), len(rows) // 2, record))
        planes += rows
    return CompiledProgram(np.array(instructions, dtype=np.intp).reshape(-1, 4), np.array(planes, dtype=np.intp))


def _instructions(steps: Iterable[Step]) -> Iterator[tuple[int, int, list[int]]]:
    """(kind, record, planes read and written), in the order in which numpy draws."""
    for step in steps:
        if isinstance(step, Rotations):
            kind = TURN if step.quarter else DRAW
            for i, rows in enumerate(np.concatenate([step.reads, step.writes]).T.tolist()):
                yield kind, _NOWHERE if step.first is None else step.first + i, rows
        elif isinstance(step, Cliffords):
            for additions in zip(*(np.stack(pair, axis=1).tolist() for pair in _additions(step)), strict=True):
                for source, target in additions:
                    yield ADD, _NOWHERE, [source, target]


def _additions(step: Cliffords) -> Iterator[tuple[Index, Index]]:
    """Cliffords as additions of single planes (source, target), one after the other, each for all of the step at once.

    By elimination: a sequence that turns the images back into the planes, read from its end.
    """
    planes = {int(rows[0]): rows for rows in (*step.targets, *(row for rows in step.sources for row in rows))}
    place = {first: i for i, first in enumerate(planes)}
    images = [1 << i for i in range(len(planes))]
    for rows, sources in zip(step.targets, step.sources, strict=True):
        images[place[int(rows[0])]] = sum(1 << place[int(row)] for row in sources[:, 0])
    done: list[tuple[int, int]] = []

    def add(source: int, target: int) -> None:
        images[target] ^= images[source]
        done.append((source, target))

    for i in range(len(images)):
        if not images[i] >> i & 1:
            add(next(j for j in range(i + 1, len(images)) if images[j] >> i & 1), i)
        for j in range(len(images)):
            if j != i and images[j] >> i & 1:
                add(i, j)
    columns = list(planes.values())
    return ((columns[source], columns[target]) for source, target in reversed(done))


@cache
def _loop() -> Callable[..., None] | None:
    """The compiled loop; None without a numba that works."""
    try:
        from bplint.analyses.gradients.paths.compiled_loop import loop
    except ImportError:
        return None
    return loop
