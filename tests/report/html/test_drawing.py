"""Drawings: numbers of findings never overlap, and the loss is told by its letters."""

import pytest

from bplint.ir.observable import parse
from bplint.pictures.heat_map import Spot
from bplint.report.html.drawing import BADGE, Drawing, Marked, letters, look


def drawing(*xs):
    cells = {k: Marked(k, x, 0.0, 10.0, 10.0) for k, x in enumerate(xs, start=1)}
    return Drawing(
        width=100, height=50, strokes=(), areas=(), tiles=(), labels=(), cells=cells, note=""
    )  # fmt: skip


def test_numbers_stand_side_by_side_or_above_each_other():
    crowded = drawing(50, 50, 52, 90, 10, 64)
    badges = crowded.badges
    assert sorted(badge.number for badge in badges) == [1, 2, 3, 4, 5, 6]
    for one in badges:
        for other in badges:
            if one.number < other.number and one.level == other.level:
                assert abs(one.x - other.x) >= BADGE
    assert crowded.headroom == BADGE * 4 + 4
    assert {badge.level for badge in drawing(10, 40, 70).badges} == {0}
    assert drawing().headroom == 4


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Z0 Z2", {0: "Z", 2: "Z"}),
        ("X0 + Y1 + X0 Z3", {0: "X", 1: "Y", 3: "Z"}),
        ("Z0 + X0", {0: "*"}),
        ("projector(1,2)", {1: "P", 2: "P"}),
        ("2.5", {}),
    ],
)
def test_letters_of_the_loss(text, told):
    assert letters(parse(text, 4)) == told


def test_classes_of_places():
    assert look(Spot.LIVE, 1e-3, 1e-3) == "s4"
    assert [look(spot, float("nan"), 1.0) for spot in (0, 1, 2, 3)] == ["empty", "fixed", "open", "dead"]
