"""Heat maps as paths: the area of each class is that of its cells, and findings are at theirs."""

import re
from dataclasses import replace

import numpy as np
import pytest

from bplint.analyses.ask import Ask
from bplint.analyses.gradients.gradient import gradient
from bplint.pictures.heat_map import heat_map, turned
from bplint.report.html.cell_drawing import cell_drawing
from bplint.report.html.drawing import look
from bplint.report.html.marks import Marks
from cases import case
from samples import circuit, random_gates

PIECE = re.compile(r"M([\d.]+) (\d+)h([\d.]+)v(\d+)h-([\d.]+)z")


def rectangles(path):
    found = [tuple(map(float, piece)) for piece in PIECE.findall(path)]
    assert "".join(f"M{x:g} {y:g}h{w:g}v{h:g}h-{b:g}z" for x, y, w, h, b in found) == path
    assert all(width == back for _, _, width, _, back in found)
    return found


@pytest.mark.parametrize(("seed", "length"), [(0, 60), (1, 60), (2, 800)])
def test_every_cell_is_painted_once_in_its_class(seed, length):
    gates = random_gates(np.random.default_rng(seed), 5, length)
    one = case(circuit(5, gates), "Z0 Z1")
    grid = heat_map(one.circuit, turned(one.circuit, Ask(one)(gradient)))
    drawn = cell_drawing(one, grid, Marks({}, ()))
    areas = {area.kind: rectangles(area.path) for area in drawn.areas}
    apart = 1 if length == 60 else 0
    wide = apart + min(width for kind, pieces in areas.items() if kind != "measured" for _, _, width, _, _ in pieces)
    kinds = [look(s, v, 1e-4) for s, v in zip(grid.spot.ravel().tolist(), grid.signal.ravel().tolist(), strict=True)]
    for kind in set(kinds) - {"empty"}:
        assert round(sum(width + apart for _, _, width, _, _ in areas[kind]) / wide) == kinds.count(kind)
    assert set(areas) == set(kinds) - {"empty"} | {"measured"}
    assert len(areas["measured"]) == 2


def test_findings_stand_at_their_cells_and_at_the_loss():
    one = case(circuit(200, [("ry", [q], f"a{q}") for q in range(200)] + [("cx", [198, 199])]), "Z199")
    grid = heat_map(one.circuit, turned(one.circuit, None), 100)
    drawn = cell_drawing(one, grid, Marks({1: 0, 2: 200}, (3,)))
    assert drawn.note == f"A cell is {grid.cell} and shows the largest signal in it."
    first, last, loss = (drawn.cells[k] for k in (1, 2, 3))
    assert first.y == 0
    assert first.x < last.x < loss.x < drawn.width
    assert last.y == loss.y == 198 // grid.qubits_each * first.height
    assert drawn.height > last.y + last.height


def test_numbers_of_the_axes_are_qubits_and_moments():
    one = case(circuit(300, [("rx", [q], "a") for _ in range(500) for q in (0, 299)]), "Z0")
    grid = heat_map(one.circuit, turned(one.circuit, None))
    texts = [label.text for label in cell_drawing(one, grid, Marks({}, ())).labels]
    assert grid.qubits_each == 5
    assert "q0" in texts
    assert "q295" not in texts[:1]
    assert all(int(text[1:]) % 5 == 0 for text in texts if re.fullmatch(r"q\d+", text))
    moments = [int(text) for text in texts if text.isdecimal()]
    assert moments == sorted(moments)
    assert all(moment % grid.moments_each == 0 and moment < 500 for moment in moments)


def test_ancillas_are_rows_with_names_of_their_own():
    one = case(replace(circuit(12, [("rx", [q], "a") for q in range(12)]), ancillas=2), "Z0")
    grid = heat_map(one.circuit, turned(one.circuit, None))
    drawing = cell_drawing(one, grid, Marks({}, ()))
    rows = [label.text for label in drawing.labels if label.text[0] in "qa"]
    assert rows == [*(f"q{q}" for q in range(10)), "a0", "a1"]
    assert drawing.note == "a0 and a1 are ancillas, for what is measured or reset before the end."
