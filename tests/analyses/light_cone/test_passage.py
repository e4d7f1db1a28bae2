"""The met-axes test against its definition on the axes of the frame."""

import numpy as np
import pytest

import bplint.analyses.light_cone.passage
from bplint.analyses.light_cone.passage import Passage, met, planes_of
from bplint.ir.clifford import CLIFFORDS
from bplint.ir.frame import frame
from bplint.ir.gates import gate
from bplint.ir.pauli import anticommute
from samples import circuit, pick, random_gates

MOST_WORDS = 100
"""Random words that no case here comes near to: a check that never holds would draw them for ever."""

FAMILIES = (("rx", "ry", "rz", "rzz", "rxx", "rzx"), ("rz", "rzz"), ("rxx", "rz"), ("rzz", "rxx", "ryy"))


@pytest.fixture(autouse=True)
def _ends(monkeypatch):
    class Impatient(bplint.analyses.light_cone.passage.Random):
        def __init__(self, seed):
            assert seed < MOST_WORDS
            super().__init__(seed)

    monkeypatch.setattr(bplint.analyses.light_cone.passage, "Random", Impatient)


def by_definition(c, strings, forward):
    """Each axis against all members, which are strings of the frame."""
    found = frame(c)
    members = list(strings) if forward else [found.pull(string)[0] for string in strings]
    axes = list(enumerate(found.axes))
    result = [False] * len(axes)
    for i, axis in axes if forward else reversed(axes):
        if any(anticommute(axis, member, c.n_qubits) for member in members):
            result[i] = True
            members.append(axis)
    return result


def random_case(seed):
    rng = np.random.default_rng(seed)
    n = int(rng.integers(2, 7))
    parametric = FAMILIES[int(rng.integers(len(FAMILIES)))]
    c = circuit(n, random_gates(rng, n, int(rng.integers(5, 40)), fixed=0.2, parametric=parametric))
    return c, [int(rng.integers(4**n)) for _ in range(int(rng.integers(1, 4)))]


@pytest.mark.parametrize("forward", [False, True])
@pytest.mark.parametrize("seed", range(100))
def test_what_is_met_by_definition_is_found(seed, forward):
    c, strings = random_case(seed)
    assert met(Passage(c), strings, forward=forward) == by_definition(c, strings, forward)


@pytest.mark.parametrize("seed", range(40))
def test_what_random_words_miss_is_noticed(seed, monkeypatch):
    """With few bits the second walk is often wrong; one axis at a time, the third one sees to it that the answer is not."""
    monkeypatch.setattr(bplint.analyses.light_cone.passage, "WORD", 5)
    monkeypatch.setattr(bplint.analyses.light_cone.passage, "CHECKED", 1)
    c, strings = random_case(1000 + seed)
    for forward in (False, True):
        assert met(Passage(c), strings, forward=forward) == by_definition(c, strings, forward)


@pytest.mark.parametrize("forward", [False, True])
def test_words_without_a_bit_are_drawn_again(forward, monkeypatch):
    drawn = []

    class Blind(bplint.analyses.light_cone.passage.Random):
        def __init__(self, seed):
            super().__init__(seed)
            drawn.append(seed)

        def getrandbits(self, k):
            return super().getrandbits(k) if drawn[-1] > 2 else 0

    monkeypatch.setattr(bplint.analyses.light_cone.passage, "Random", Blind)
    c = circuit(2, [("rx", [0], "a"), ("cx", [0, 1]), ("ry", [1], "b"), ("rz", [1], "c")])
    assert met(Passage(c), [0b1000], forward=forward) == by_definition(c, [0b1000], forward)
    assert drawn == [0, 1, 2, 3]


@pytest.mark.parametrize("name", CLIFFORDS)
def test_forward_undoes_back(name):
    rng = np.random.default_rng(7)
    c = circuit(3, [(name, pick(rng, 3, gate(name).n_qubits))]) if gate(name) else None
    if c is None:
        return
    planes = planes_of(range(64), [1 << i for i in range(64)], 3)
    carried = list(planes)
    Passage(c).carry(carried, lambda rotation, mask: 0)
    assert carried != planes or name in ("x", "y", "z")  # signs are left out
    Passage(c).carry(carried, lambda rotation, mask: 0, forward=True)
    assert carried == planes


@pytest.mark.parametrize("seed", range(20))
def test_strings_are_carried_to_where_the_frame_has_them(seed):
    c, strings = random_case(2000 + seed)
    planes = planes_of(strings, [1 << i for i in range(len(strings))], c.n_qubits)
    Passage(c).carry(planes, lambda rotation, mask: 0)
    pulled = [sum((plane >> i & 1) << bit for bit, plane in enumerate(planes)) for i in range(len(strings))]
    assert pulled == [frame(c).pull(string)[0] for string in strings]
