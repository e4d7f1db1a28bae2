"""The compiled loop over a :class:`~bplint.analyses.gradients.paths.compiled_program.Program`; importing it loads numba."""

from __future__ import annotations

from collections.abc import Callable

import numba
import numpy as np

from bplint.analyses.gradients.paths.bit_planes import ADD, DRAW, Words
from bplint.ir.circuit import Index

_ONE, _3, _11, _24, _40 = (np.uint64(k) for k in (1, 3, 11, 24, 40))


def _loop(instructions: Index, rows: Index, planes: Words, met: Words, state: Words) -> None:
    """Planes (2n, words) and met (rotations, words) in place; ``state`` are the four words of SFC64."""
    words = planes.shape[1]
    flips = np.empty(words, dtype=np.uint64)
    a, b, c, counter = state
    for k in range(len(instructions)):
        kind, offset, number, record = instructions[k]
        first, target = planes[rows[offset]], planes[rows[offset + number]]
        if kind == ADD:
            for w in range(words):
                target[w] ^= first[w]
            continue
        flips[:] = first
        for i in range(1, number):
            more = planes[rows[offset + i]]
            for w in range(words):
                flips[w] ^= more[w]
        if record >= 0:
            met[record] = flips
        if kind == DRAW:
            for w in range(words):
                drawn = a + b + counter
                counter += _ONE
                a = b ^ (b >> _11)
                b = c + (c << _3)
                c = ((c << _24) | (c >> _40)) + drawn
                flips[w] &= drawn
        for i in range(number):
            write = planes[rows[offset + number + i]]
            for w in range(words):
                write[w] ^= flips[w]
    state[:] = a, b, c, counter


loop: Callable[..., None] = numba.njit(cache=True, nogil=True)(_loop)
