"""Overlaps over laws that are not measured, and the distance of one-qubit states."""

import pytest

from bplint.analyses import kernel
from bplint.analyses.kernels import overlap_moments as module
from bplint.analyses.kernels.result import Overlaps
from bplint.bounds import Status
from kernel_questions import asked, hardware_efficient, product


def test_where_a_law_is_not_measured_points_are_drawn(monkeypatch):
    by_law = asked(hardware_efficient(4, 2), law="range:0.8")(kernel)
    monkeypatch.setattr(module, "of_law", lambda case, ask: Overlaps(Status.INCONCLUSIVE, "too much work"))
    found = asked(hardware_efficient(4, 2), law="range:0.8")(kernel)
    assert found.drawn
    assert found.compared == module.POINTS
    assert found.mean == pytest.approx(by_law.mean, rel=0.1)


def test_distances_over_a_law_are_estimated_from_points():
    """Σ_q (Var X + Var Z) = n for RY over a whole period, and nothing for RZ on |0>."""
    assert asked(product(30))(kernel).distance == pytest.approx(30, rel=0.05)
    assert asked(product(3, "rz"))(kernel).distance == pytest.approx(0, abs=1e-12)
    assert asked(product(3), law="normal:0.001")(kernel).distance == pytest.approx(3e-6, rel=0.3)
