"""Figures: the colours of the scale stand where the signals are, curves have the measured values, nothing global is touched."""

import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest
from matplotlib.colors import to_hex

from bplint.analyses.ask import Ask
from bplint.analyses.decay import Point
from bplint.analyses.gradients.gradient import gradient
from bplint.pictures.curves import Curves, SizePoint
from bplint.pictures.plot import plot_circuits, plot_families
from bplint.pictures.shades import COLOURS, shade
from cases import case
from samples import circuit


@pytest.fixture
def small():
    gates = [("ry", [q], f"a{q}") for q in range(3)] + [("cx", [0, 1]), ("rz", [2], "dead")]
    return case(circuit(3, gates), "Z0 + 0.01*Z1 + Z2", shots=100)


def meshes(axis):
    return [c for c in axis.collections if c.get_array() is not None]


def test_shades_stand_where_the_signals_are(small):
    found = Ask(small)(gradient)
    figure = plot_circuits([(small, found)])
    axis = figure.axes[0]
    drawn = meshes(axis)[-1]
    shades = np.ma.filled(drawn.get_array(), -1).reshape(3, 2)
    signals = {small.circuit.parameters[c.parameter].name: c.signal for c in found.components}
    for qubit in range(3):
        expected = shade(signals[f"a{qubit}"], 0.01)
        assert shades[qubit, 0] == expected
        assert to_hex(drawn.cmap(drawn.norm(expected))) == COLOURS[expected]
    assert (shades[:, 1] == -1).all()
    assert [text.get_text() for text in axis.get_legend().get_texts()] == ["fixed or data", "dead"]
    assert "test: 3 qubits, 100 shots" in axis.get_title("left")


def test_ancillas_have_names_of_their_own(small):
    (axis, *_) = plot_circuits([(small._replace(circuit=replace(small.circuit, ancillas=2)), None)]).axes
    assert "test: 1 qubit, 2 ancillas, 100 shots" in axis.get_title("left")
    told = axis.yaxis.get_major_formatter()
    assert [told(y) for y in (-1, 0, 1, 2, 3)] == ["", "q0", "a0", "a1", ""]


def test_what_is_not_measured_is_drawn_too(small):
    (axis, *_) = plot_circuits([(small, None)]).axes
    assert "not measured" in [text.get_text() for text in axis.get_legend().get_texts()]


def test_a_figure_is_a_picture_in_a_notebook(small):
    figure = plot_circuits([(small, None), (small._replace(id="$not ^ math_{$"), None)])
    assert figure._repr_png_().startswith(b"\x89PNG")


def family(dimensions):
    points = [
        SizePoint(n, n, 1e-3, n, d, d[0] == d[1], Point(n, 2.0**-n, (0.0, 2.0**-n * 1.5)))
        for n, d in zip(range(4, 9), dimensions, strict=True)
    ]
    return Curves(tuple(points), "n = 4 … 8, 5 sizes")


def test_curves_have_the_values_and_the_noise():
    figure = plot_families([("a$b", family([(n, n) for n in range(4, 9)]))])
    left, right = figure.axes
    values, noise = left.get_lines()[0], left.get_lines()[-1]
    assert values.get_ydata().tolist() == [2.0**-n for n in range(4, 9)]
    assert set(noise.get_ydata()) == {1e-3}
    ends = [segment[:, 1].tolist() for segment in left.collections[0].get_segments()]
    assert np.array(ends) == pytest.approx(np.array([[2.0**-n / 1000, 2.0**-n * 1.5] for n in range(4, 9)]))
    assert right.get_lines()[0].get_ydata().tolist() == pytest.approx([4, 5, 6, 7, 8])
    assert left.get_yscale() == right.get_yscale() == "log"
    assert figure._repr_png_()


def test_dimensions_beyond_doubles_are_powers():
    (_, axis) = plot_families([("f", family([(10, 10 ** (100 * n)) for n in range(4, 9)]))]).axes
    assert axis.get_lines()[0].get_ydata().tolist() == pytest.approx([400, 500, 600, 700, 800])
    assert axis.get_yscale() == "linear"
    assert axis.get_ylabel().endswith("as a power of ten")


def test_what_is_not_known_leaves_a_gap():
    left, right = plot_families([("f", Curves((SizePoint(4, 4, 1e-3),), "n = 4"))]).axes
    assert len(left.get_lines()) == 1
    assert not right.get_lines()


def test_pyplot_is_not_touched():
    code = "import bplint.pictures.plot, sys; sys.exit('matplotlib.pyplot' in sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True)
