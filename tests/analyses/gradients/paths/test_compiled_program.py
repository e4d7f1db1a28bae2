"""Programs against the steps they are made of: run by a plain interpreter always, by the compiled loop where numba is."""

import numpy as np
import pytest

from bplint.analyses.gradients.paths import compiled_program as program
from bplint.analyses.gradients.paths.angle_laws import laws
from bplint.analyses.gradients.paths.bit_planes import ADD, DRAW
from bplint.analyses.gradients.paths.compiled_program import CompiledProgram, programs, worthwhile
from bplint.analyses.gradients.paths.interfering_terms import blocks
from bplint.analyses.gradients.paths.sampler import PathSampler
from bplint.analyses.gradients.paths.schedule import schedule
from bplint.ir.frame import frame
from bplint.ir.law import Init, parse_init
from bplint.ir.noise import Noise, parse_noise
from dense import random_circuit, random_observable
from samples import circuit


def interpreter(instructions, rows, planes, met, state):
    """What the compiled loop does, on whole rows."""
    bits = np.random.SFC64()
    inner = bits.state
    inner["state"]["state"] = state
    bits.state = inner
    for kind, offset, number, record in instructions.tolist():
        reads, writes = rows[offset : offset + number], rows[offset + number : offset + 2 * number]
        if kind == ADD:
            planes[writes[0]] ^= planes[reads[0]]
            continue
        flip = np.bitwise_xor.reduce(planes[reads], axis=0)
        if record >= 0:
            met[record] = flip
        if kind == DRAW:
            flip &= bits.random_raw(len(flip))
        for write in writes:
            planes[write] ^= flip
    state[:] = bits.state["state"]["state"]


def run_with(loop, monkeypatch):
    monkeypatch.setattr(program, "LOADING", 0)
    monkeypatch.setattr(program, "_loop", lambda: loop)


def counts(c, loss, law, noise, seed):
    found = blocks(frame(c), loss)
    if found.constant:
        return []
    sampler = PathSampler(schedule(c, laws(c, law), noise), found, seed)
    hits = [sampler.sample(first, 640) for first in (0, 640)]
    return [(h.hits, h.met_hits.tolist(), h.flip_hits.tolist()) for h in hits]


def case(seed):
    """All Cliffords, axes of one to three letters, quarter turns and fixed angles, with and without a law or noise."""
    rng = np.random.default_rng(seed)
    n = int(rng.integers(1, 5))
    c = random_circuit(rng, n, int(rng.integers(1, 40)), free=0.4, fixed=0.2)
    law = parse_init("normal:0.5") if seed % 7 == 3 else Init()
    noise = parse_noise("depolarizing:0.05") if seed % 7 == 5 else Noise()
    return c, random_observable(rng, n), law, noise, seed


@pytest.mark.parametrize("seed", range(60))
def test_programs_count_the_same_to_the_last_bit(seed, monkeypatch):
    plain = counts(*case(seed))
    run_with(interpreter, monkeypatch)
    assert counts(*case(seed)) == plain


def test_the_compiled_loop_counts_the_same_to_the_last_bit(monkeypatch):
    compiled = pytest.importorskip("bplint.analyses.gradients.paths.compiled_loop")
    plain = [counts(*case(seed)) for seed in range(60)]
    run_with(compiled.loop, monkeypatch)
    assert [counts(*case(seed)) for seed in range(60)] == plain


def test_what_the_loop_does_not_take_stays_a_step():
    c = circuit(2, [("rx", [0], "a"), ("cx", [0, 1]), ("ry", [1], 0.3), ("rz", [0], "b"), ("h", [1])])
    steps = schedule(c, laws(c, Init()), Noise()).steps
    kinds = [isinstance(part, CompiledProgram) for part in programs(steps)]
    assert kinds == [True, False, True]


def test_the_loop_is_loaded_only_after_as_much_work_as_loading_takes(monkeypatch):
    monkeypatch.setattr(program, "_spent", 0)
    monkeypatch.setattr(program, "_loop", lambda: interpreter)
    assert not worthwhile(program.LOADING)
    assert worthwhile(1)
    monkeypatch.setattr(program, "_loop", lambda: None)
    assert not worthwhile(1)
