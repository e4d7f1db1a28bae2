"""Strips: scales, bins, colours, and terminals without block characters."""

import io
import sys
from dataclasses import replace

import click
import pytest

from bplint.analyses.ask import Ask
from bplint.analyses.entanglement import entanglement
from bplint.analyses.gradients.coordinates import Coordinate
from bplint.analyses.gradients.gradient import Gradient, GradientComponent
from bplint.analyses.light_cone.locality import locality
from bplint.bounds import Status
from bplint.report.strips import strip_of
from cases import case
from samples import circuit


def layers(n, depth):
    gates = []
    for layer in range(depth):
        gates += [(r, [q], f"{r}{layer}.{q}") for r in ("ry", "rz") for q in range(n)]
        gates += [("cz", [q, q + 1]) for q in range(n - 1)]
    return circuit(n, gates)


def gradient_of(*moments):
    """None is dead."""
    return Gradient(
        Status.ESTIMATED,
        components=tuple(
            GradientComponent(
                parameter=k,
                operation=k,
                second_moment=m or 0.0,
                interval=(0.0, 1.0),
                dead=m is None,
                coordinate=Coordinate(1.0, 1.0, 1.0, True),
                noise=1.0,
                variance=m or 0.0,
            )
            for k, m in enumerate(moments)
        ),
    )


def drawn(label, result, observed, width=88):
    lines = strip_of(label, result, observed, width, 13)
    assert all(line.startswith(" " * 13) and len(click.unstyle(line)) <= width for line in lines)
    return [click.unstyle(line).strip() for line in lines]


@pytest.fixture
def small():
    return case(layers(9, 2), "Z4")


def test_cuts_of_a_path_rise_to_its_depth_and_fall(small):
    assert drawn("cuts", Ask(small)(entanglement), small) == ["▅██████▅  0 … 2 ebits; a column a cut"]


def test_purities_stand_on_the_light_cone(small):
    assert drawn("purity", Ask(small)(entanglement), small) == []  # all three at one height
    apart = case(layers(9, 2), "Z1 + Z6")
    bars, *legend = drawn("purity", Ask(apart)(entanglement), apart, 60)
    assert (len(bars), bars[3:5]) == (8, "··")
    assert " ".join(legend) == "½ mixed … 1 pure; · not on the light cone; qubits 0 to 7; a column a qubit"
    held = apart._replace(circuit=replace(apart.circuit, ancillas=3))
    assert "; q0 to a1; a column a qubit" in " ".join(drawn("purity", Ask(held)(entanglement), held, 60))


def test_gradients_are_logarithms_on_whole_decades(small):
    """8 heights for 4 decades; what was never seen is at the low end, what is dead has none."""
    lines = drawn("gradient", gradient_of(1.0, 0.1, 0.01, 1e-3, 2e-4, 0.0, None), small)
    assert lines[0].startswith("█▇▅▃▁▁·")
    text = " ".join(lines)
    assert "signal 1e-4 … 1, logarithmic; · dead; noise of 10,000 shots 1e-4" in text
    assert drawn("gradient", gradient_of(0.011, 0.012, 0.0105), small) == []
    assert drawn("gradient", gradient_of(0.0, None), small) == []


def test_what_is_below_the_noise_is_red(small):
    (line, *_) = strip_of("gradient", gradient_of(1e-2, 1e-5), small, 120, 13)
    red = click.style("▁", fg="red")
    assert line.count("\x1b[31m") == 2
    assert red in line
    assert click.style("noise of 10,000 shots 1e-4", fg="red") in line


@pytest.mark.parametrize("width", [60, 88])
def test_more_values_than_columns_are_binned_and_the_legend_says_so(width, small):
    moments = [None] * 950 + [10.0 ** (-k / 10) for k in range(50)]
    strip, *legend = drawn("gradient", gradient_of(*moments), small, width)
    size = -(-1000 // (width - 13))
    assert len(strip) == -(-1000 // size)
    assert strip[0] == "·"
    assert f"a column the largest of {size} parameters" in " ".join(legend)


def test_terms_of_different_reach_are_drawn_and_equal_ones_are_not():
    two = case(layers(9, 2), "Z0 + Z4")
    (line,) = drawn("locality", Ask(two)(locality), two)
    assert line == "▆█  light cone 0 … 3 qubits; a column a term"
    same = case(layers(9, 2), "Z3 + Z4")
    assert drawn("locality", Ask(same)(locality), same) == []
    assert drawn("loss", None, same) == []


def test_nothing_entangled_is_not_drawn():
    product = case(circuit(3, [("ry", [0], "a")]), "mean(Z)")
    found = Ask(product)(entanglement)
    assert drawn("cuts", found, product) == drawn("purity", found, product) == []


def test_a_terminal_without_blocks_gets_ascii(monkeypatch, small):
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(io.BytesIO(), encoding="latin-1"))
    (line, *_) = drawn("gradient", gradient_of(1.0, 0.01, None), small)
    assert line.startswith("@._")
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(io.BytesIO(), encoding="utf-8"))
    assert drawn("gradient", gradient_of(1.0, 0.01, None), small)[0].startswith("█▁·")
