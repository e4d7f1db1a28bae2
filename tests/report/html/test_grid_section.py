"""The grid on the page: every signal in its row and column, below the noise where it is, and a verdict for each line."""

import re

from bplint.analyses.family import Axis
from bplint.config import Settings
from bplint.report import html
from bplint.report.html.grid_section import grid_section
from bplint.sweep import sweep
from paths import ROOT

FAMILIES = ROOT / "fixtures" / "families"


def test_signals_stand_by_both_sizes_and_are_marked_below_the_noise():
    """RY, RZ, CZ on a ring, 9 qubits: 9/32 and 1461/8192 after one and two layers; five shots see neither, four the first."""
    axes = (Axis("n", (9, 10)), Axis("L", (1, 2)))
    report = sweep([str(FAMILIES / "embedding.qasm")], Settings(shots=5, isolated=True), axes).report
    section = grid_section(report.families)
    assert section.head == ("n", "L = 1", "L = 2")
    assert [(first, [cell.text for cell in cells]) for first, cells in section.rows] == [
        ("9", ["0.28", "0.18"]), ("10", ["0.28", "0.18"]),
    ]  # fmt: skip
    assert [[cell.below for cell in cells] for _, cells in section.rows] == [[False, True]] * 2
    assert [(axis, [label for label, _ in lines]) for axis, lines in section.directions] == [
        ("n", ["L = 1", "L = 2"]),
        ("L", ["n = 9", "n = 10"]),
    ]
    page = html.write(report, 0)
    assert "Largest signal by n and L" in page
    assert re.findall(r'<td class="n below">([\d.]+)</td>', page)[:2] == ["0.18", "0.18"]
    assert "Signals by both sizes" in html.embedded(report)
    assert "Signals by both sizes" not in html.embedded(report.families[0])


def test_one_family_is_no_grid():
    report = sweep([str(FAMILIES / "parity.qasm")], Settings(isolated=True), (Axis("n", (2, 3)),)).report
    assert grid_section(report.families) is None
    assert "Largest signal by" not in html.write(report, 0)
