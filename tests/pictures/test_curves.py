"""Curves: what was measured at each size, in order, and what follows; what was not measured is not made up."""

import pytest

from bplint.analyses.decay import Point
from bplint.config import Settings
from bplint.pictures.curves import Curves, SizePoint, curves
from bplint.run import lint_text

PRODUCT = (
    'OPENQASM 3.0;\ninclude "stdgates.inc";\n// bplint: observable = projector(0..n-1)\n// bplint: shots = 100\nconst int n = 4;\n'
    "input array[float[64], n] a;\nqubit[n] q;\nfor int i in [0:n-1] ry(a[i]) q[i];\n"
)


@pytest.fixture(scope="module")
def family():
    return lint_text(PRODUCT, Settings(suggest=False), sizes=(6, 2, 4, 3, 5)).families[0]


def test_points_are_those_of_the_closed_form(family):
    """Σ of projectors on a product: E[(∂C)²] = 1/8 (3/8)^(n-1), N(O) = ¼; n commuting rotations generate n dimensions."""
    found = family.curves
    assert [point.size for point in found.points] == [2, 3, 4, 5, 6]
    for point in found.points:
        assert point.dimension == (point.size, point.size)
        assert point.exact
        assert (point.n_qubits, point.parameters, point.noise) == (point.size, point.size, 0.01)
        low, high = point.signal.interval
        assert point.signal.value == pytest.approx(0.5 * (3 / 8) ** (point.size - 1), rel=0.05)
        assert low <= point.signal.value <= high <= 1.2 * low


def test_what_follows_is_told(family):
    told = dict(family.curves.sentences())
    assert told["dimension"] == "grows as n  (exact on n = 2 … 6, 5 sizes)"
    assert told["signal"].startswith("exponential: 2^(-1.4")


def test_what_was_not_measured_is_not_known(family):
    bare = curves(family.family, {})
    assert all(point.signal is point.dimension is point.parameters is None for point in bare.points)
    assert dict(bare.sentences()) == {
        "dimension": "undecided: not exact at every size",
        "signal": "undecided: not known at every size",
    }
    assert {row[3:] for row in bare.rows()} == {("not known", "not known")}


def test_rows_say_what_is_only_between_bounds():
    point = SizePoint(8, 8, 1e-3, 12, (10, 2**40), False, Point(8, 0.02, (0.01, 0.03)))
    (row,) = Curves((point,), "n = 8 … 8, 1 size").rows()
    assert row == ("8", "8", "12", "10 … 1,099,511,627,776", "0.02  (0.01 … 0.03)")
