"""The starts of paths: their weights and signs on losses worked out by hand, and where there are too many."""

import numpy as np
import pytest

from bplint.analyses.gradients.paths import starts as module
from bplint.analyses.gradients.paths.angle_laws import laws
from bplint.analyses.gradients.paths.starts import MAX_PROJECTOR, starts
from bplint.ir.frame import frame
from bplint.ir.law import parse_init
from bplint.ir.noise import Noise, parse_noise
from bplint.ir.observable import parse
from bplint.ir.pauli import from_label
from samples import circuit

PRODUCT = circuit(2, [("rx", [0], "a"), ("rx", [1], "b")])
Z0, Z1, ZZ = from_label("ZI"), from_label("IZ"), from_label("ZZ")


def found(loss, init="normal:0.5", noise="", c=PRODUCT):
    observable = parse(loss, c.n_qubits)
    return starts(frame(c), observable, laws(c, parse_init(init)), parse_noise(noise) if noise else Noise())


@pytest.mark.parametrize("sign", [1, -1])
def test_a_pair_starts_with_what_its_product_keeps(sign):
    """l = cos a (1 ± cos b): beside the squares, 2 E[cos² a] E[cos b] from Z0 and Z0 Z1, whose product is Z1."""
    part = found(f"Z0 {'+' if sign > 0 else '-'} Z0 Z1")
    assert part.plus.starts[:2] == ((Z0, 1.0), (ZZ, 1.0))
    paired, empty = (part.plus, part.minus) if sign > 0 else (part.minus, part.plus)
    assert paired.starts[-1] == (Z0, pytest.approx(2 * np.exp(-0.125)))
    assert paired.products[-1] == Z1
    assert len(empty.starts) == (0 if sign > 0 else 2)
    assert set(part.plus.products[:2]) == {0}


def test_angles_over_a_turn_tell_all_terms_apart():
    part = found("Z0 + Z0 Z1", "uniform")
    assert sorted(part.plus.starts) == sorted([(Z0, 1.0), (ZZ, 1.0)])
    assert part.minus.constant
    assert part.means == ()


def test_an_angle_that_is_uniform_tells_the_terms_apart_that_it_turns():
    """Z1 changes its sign with b alone: if b is uniform the pair has no mean."""
    assert len(found("Z0 + Z0 Z1", "normal:0.5, b=uniform").plus.starts) == 2
    assert len(found("Z0 + Z0 Z1", "normal:0.5, a=uniform").plus.starts) == 3


def test_what_no_angle_moves_is_part_of_the_mean_and_starts_nowhere():
    part = found("Z0 + 0.5*Z1 - 3", c=circuit(2, [("rx", [0], "a")]))
    assert [s for s, _ in part.plus.starts] == [Z0]
    assert part.constant + sum(c for s, c in part.means if s == Z1) == pytest.approx(-2.5)
    assert (Z0, 1.0) in part.means


def test_terms_that_end_outside_the_vacuum_have_no_mean():
    part = found("X0 + Y1")
    assert [c for _, c in part.means] == [0.0] * len(part.means)


def test_readout_scales_each_term_by_its_letters():
    part = found("Z0 + Z0 Z1", "uniform", "readout:0.1")
    assert dict(part.plus.starts) == {Z0: pytest.approx(0.8**2), ZZ: pytest.approx(0.8**4)}


def test_under_noise_terms_of_a_block_stay_apart():
    """X0 and X0 are moved alike by nothing: Z1 commutes with the one axis, so Z0 and Z0 Z1 are one block without noise."""
    c = circuit(2, [("rx", [0], "a")])
    assert [w for _, w in found("Z0 + Z0 Z1", "uniform", c=c).plus.starts] == [4.0]
    assert [w for _, w in found("Z0 + Z0 Z1", "uniform", "depolarizing:0.1", c=c).plus.starts] == [1.0, 1.0, 2.0]


def test_projectors():
    whole = found("projector(0..n-1)", "uniform", "readout:0.1")
    assert (whole.plus.projector, whole.plus.readout, whole.constant) == ((0, 1), pytest.approx(0.8), 0.25)
    written = found("projector(0..n-1)", "normal:0.5")
    assert {s for s, _ in written.plus.starts} == {Z0, Z1, ZZ}
    n = MAX_PROJECTOR + 1
    wide = circuit(n, [("rx", [q], f"t{q}") for q in range(n)])
    assert "is not sampled" in found("projector(0..n-1)", "normal:0.5", c=wide)
    assert found("projector(0..n-1)", "uniform", c=wide).plus.projector == tuple(range(n))
    assert "is not sampled" in found("projector(0..n-1)", "uniform", "readout:0.5", c=wide)


def test_too_many_pairs_are_declined(monkeypatch):
    monkeypatch.setattr(module, "MAX_PAIRS", 1)
    assert "more than 1 pairs of terms" in found("Z0 + Z0 Z1")
    assert found("Z0").plus.starts == ((Z0, 1.0),)
