"""The loop on single instructions against whole rows and numpy's own generator; where there is no numba, as it is written."""

import sys
from importlib import import_module
from importlib.util import find_spec
from types import SimpleNamespace
from unittest.mock import patch

import numpy as np

from bplint.analyses.gradients.paths.bit_planes import ADD, DRAW, TURN

WORDS = 5


def loaded():
    name = "bplint.analyses.gradients.paths.compiled_loop"
    if find_spec("numba"):
        return import_module(name).loop
    with patch.dict(sys.modules, numba=SimpleNamespace(njit=lambda **_: lambda function: function)):
        return import_module(name).loop


loop = loaded()


def state_of(bits):
    return bits.state["state"]["state"].copy()


def run(instructions, rows, *, records=1, seed=0):
    """Planes before and after, what was met, the random words of the generator, and its state before and after."""
    before = np.random.default_rng(seed).integers(0, 1 << 63, (4, WORDS), dtype=np.uint64)
    planes, met, bits = before.copy(), np.zeros((records, WORDS), dtype=np.uint64), np.random.SFC64(seed)
    state = state_of(bits)
    with np.errstate(over="ignore"):
        loop(np.array(instructions), np.array(rows), planes, met, state)
    return before, planes, met, bits, state


def test_add_adds_one_plane_to_another_and_nothing_else():
    before, planes, met, bits, state = run([(ADD, 0, 1, -1)], [2, 0])
    assert np.array_equal(planes[0], before[0] ^ before[2])
    assert np.array_equal(planes[1:], before[1:])
    assert not met.any()
    assert np.array_equal(state, state_of(bits))


def test_a_turn_adds_the_parity_of_what_it_reads_to_all_that_it_writes():
    before, planes, met, *_ = run([(TURN, 1, 2, 0)], [9, 0, 3, 1, 3])
    parity = before[0] ^ before[3]
    assert np.array_equal(met[0], parity)
    assert np.array_equal(planes[1], before[1] ^ parity)
    assert np.array_equal(planes[3], before[3] ^ parity)
    assert np.array_equal(planes[[0, 2]], before[[0, 2]])


def test_a_draw_flips_half_of_them_by_the_words_that_numpy_draws():
    before, planes, met, bits, state = run([(DRAW, 0, 1, 0), (DRAW, 0, 1, 1)], [2, 1], records=2)
    first, second = bits.random_raw(WORDS), bits.random_raw(WORDS)
    assert np.array_equal(met, [before[2], before[2]])  # all that anticommute, whether or not they flip
    assert np.array_equal(planes[1], before[1] ^ before[2] & (first ^ second))
    assert np.array_equal(state, state_of(bits))


def test_what_is_not_recorded_leaves_no_trace():
    _, _, met, *_ = run([(DRAW, 0, 1, -1)], [2, 1])
    assert not met.any()


def test_without_instructions_nothing_happens():
    before, planes, met, bits, state = run(np.empty((0, 4), dtype=np.intp), np.empty(0, dtype=np.intp))
    assert np.array_equal(planes, before)
    assert np.array_equal(state, state_of(bits))
    assert not met.any()
