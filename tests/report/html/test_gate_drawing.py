"""Small circuits: each gate stands on its qubits after those before it, by its name, and nothing overlaps."""

from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest

from bplint.analyses.ask import Ask
from bplint.analyses.gradients.gradient import gradient
from bplint.pictures.heat_map import turned
from bplint.report.html.gate_drawing import OPERATIONS, gate_drawing, is_small
from bplint.report.html.marks import Marks
from cases import case
from samples import circuit, random_gates

GATES = [
    ("ry", [0], "a"), ("cx", [0, 1]), ("rz", [1], "b"), ("rzz", [0, 2], "c"), ("rx", [0], "d"), ("cz", [1, 2]), ("h", [2]),
]  # fmt: skip


def drawn(one, marks=Marks({}, ())):  # noqa: B008  # frozen
    found = Ask(one)(gradient)
    return gate_drawing(one, found, turned(one.circuit, found), marks)


@pytest.fixture
def small():
    return case(circuit(3, GATES), "Z0 X2", shots=100)


def test_gates_by_their_names(small):
    tiles = drawn(small).tiles
    assert [t.text for t in tiles] == ["ry", "", "x", "rz", "rzz", "rzz", "rx", "", "", "h", "Z", "X"]
    assert [t.kind for t in tiles if not t.text] == ["dot fixed"] * 3


def test_what_is_known_of_a_gate_is_in_its_title(small):
    titles = [t.title for t in drawn(small).tiles]
    assert any(t.startswith("ry on q0, line 1: a: signal ") and t.endswith(" times the noise") for t in titles)
    assert titles[1] == "cx on q0, q1, line 2"
    assert titles[-1] == "the loss measures X on q2"
    diagonal = case(circuit(1, [("ry", [0], "a"), ("rz", [0], "b")]), "Z0")
    assert "rz on q0, line 2: b: dead, the loss does not depend on it" in [t.title for t in drawn(diagonal).tiles]
    unmeasured = gate_drawing(small, None, turned(small.circuit, None), Marks({}, ()))
    assert unmeasured.tiles[0].title == "ry on q0, line 1: a: its gradient was not measured"


@pytest.mark.parametrize("seed", range(8))
def test_nothing_overlaps_and_order_is_kept(seed):
    one = case(circuit(5, random_gates(np.random.default_rng(seed), 5, 40)), "Z0")
    picture = drawn(one)
    boxes = [(t.x, t.x + t.width, t.y, t.y + t.height) for t in picture.tiles]
    for (a, b, c, d), (e, f, g, h) in combinations(boxes, 2):
        assert b <= e or f <= a or d <= g or h <= c
    links = [s for s in picture.strokes if s.kind.startswith("link")]
    for link in links:  # no box that is not its own, and no other link, lies on it
        ends = {link.y1, link.y2}
        for left, right, top, bottom in boxes:
            crosses = left < link.x1 < right and top < link.y2 and bottom > link.y1
            assert not crosses or (top + bottom) / 2 in ends
    for one_link, other in combinations(links, 2):
        assert one_link.x1 != other.x1 or one_link.y2 < other.y1 or other.y2 < one_link.y1
    assert all(a >= 0 and b <= picture.width and c >= 0 and d <= picture.height for a, b, c, d in boxes)


def test_findings_stand_at_their_gates_and_at_the_loss(small):
    picture = drawn(small, Marks({1: 0, 2: 3, 4: 3}, (3,)))
    first, second, loss = (picture.cells[k] for k in (1, 2, 3))
    assert picture.cells[4]._replace(number=2) == second
    ry, rzz, z = (next(t for t in picture.tiles if t.text == text) for text in ("ry", "rzz", "Z"))
    for mark, tile in ((first, ry), (second, rzz), (loss, z)):
        assert abs(mark.x - (tile.x + tile.width / 2)) < 1e-9
        assert mark.y <= tile.y
        assert mark.y + mark.height >= tile.y + tile.height


def test_what_is_large_is_not_drawn_so():
    assert is_small(circuit(3, GATES))
    assert not is_small(circuit(3, GATES), 6)
    assert not is_small(circuit(33, GATES))
    assert not is_small(circuit(1, []))
    assert not is_small(circuit(1, [("h", [0])] * 60)), "too wide"
    assert not is_small(circuit(20, [("h", [q]) for q in range(20)] * (OPERATIONS // 20 + 1)))


def test_ancillas_have_names_of_their_own(small):
    assert small.circuit.ancillas == 0
    assert drawn(small).note == ""
    one = small._replace(circuit=replace(small.circuit, ancillas=1))
    drawing = drawn(one)
    assert [label.text for label in drawing.labels] == ["q0", "q1", "a0", "loss"]
    assert drawing.tiles[-1].title == "the loss measures X on a0"
    assert drawing.note == "a0 is an ancilla, for what is measured or reset before the end."
    both = small._replace(circuit=replace(small.circuit, ancillas=2))
    every = small._replace(circuit=replace(small.circuit, ancillas=3))
    assert drawn(every).note.startswith("a0 to a2 are ancillas, ")
    assert drawn(both).note == "a0 and a1 are ancillas, for what is measured or reset before the end."
