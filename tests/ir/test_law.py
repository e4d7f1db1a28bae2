"""Angle laws: their texts, and their characteristic functions against sampling and quadrature."""

import math

import numpy as np
import pytest

from bplint.ir.circuit import Parameter, Role
from bplint.ir.law import UNIFORM, Init, Law, LawError, Shape, parse_init, parse_law


@pytest.mark.parametrize(
    ("text", "law"),
    [
        ("uniform", UNIFORM),
        (" normal:0.1 ", Law(Shape.NORMAL, 0.1)),
        ("range:pi/2", Law(Shape.RANGE, math.pi / 2)),
        ("range:2π", Law(Shape.RANGE, 2 * math.pi)),
        ("normal:1e-3@-3*pi/4", Law(Shape.NORMAL, 1e-3, -3 * math.pi / 4)),
        ("range:0@.5", Law(Shape.RANGE, 0.0, 0.5)),
    ],
)
def test_texts(text, law):
    parsed = parse_law(text)
    assert parsed.shape is law.shape
    assert (parsed.width, parsed.mean) == pytest.approx((law.width, law.mean))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "gauss:1",
        "normal",
        "normal:",
        "normal:x",
        "normal:-1",
        "range:1/0",
        "uniform:2",
        "normal:1e999",
        "range:1@",
        "normal:٣",
    ],
)
def test_what_is_no_law(text):
    with pytest.raises(LawError):
        parse_law(text)


def test_a_law_prints_as_it_is_written():
    for text in (
        "uniform, w[0,1]=range:1, v=range:2",
        "uniform",
        "normal:0.1",
        "range:0.5@1",
        "uniform, w*=range:0.5, b=normal:0.1@2",
        "range:0.1, a=range:0.1@pi, b=range:0.1@-pi/2, c=normal:0.1@3*pi/4, d=range:1@-2*pi",
    ):
        assert str(parse_init(text)) == text


def test_only_what_is_exactly_a_fraction_of_pi_prints_as_one():
    for mean in (math.pi, -math.pi / 2, 3 * math.pi / 4):
        law = Law(Shape.RANGE, 0.1, mean)
        assert "pi" in str(law)
        assert parse_law(str(law)) == law
    assert str(Law(Shape.RANGE, 0.1, 3.1416)) == "range:0.1@3.1416"
    assert str(Law(Shape.RANGE, 0.1, 100 * math.pi)) == "range:0.1@314.159"


def test_two_defaults_are_refused():
    with pytest.raises(LawError, match="one law"):
        parse_init("normal:0.1, uniform")


def test_the_first_matching_name_wins_and_data_is_uniform_unless_named():
    init = parse_init("normal:0.1, w*=range:1, w0=uniform, x=range:2")
    assert init.law(Parameter("w0", Role.TRAINABLE)) == Law(Shape.RANGE, 1.0)
    assert init.law(Parameter("v", Role.TRAINABLE)) == Law(Shape.NORMAL, 0.1)
    assert init.law(Parameter("y", Role.DATA)) == UNIFORM
    assert init.law(Parameter("x", Role.DATA)) == Law(Shape.RANGE, 2.0)
    assert init.law(Parameter("w*t", Role.TRAINABLE, sources=("w1", "t"))) == Law(Shape.RANGE, 1.0)
    assert not init.is_uniform
    assert Init().is_uniform


@pytest.mark.parametrize("frequency", [0.0, 0.3, 1.0, 2.5, 7.0])
def test_characteristic_functions_are_the_integrals(frequency):
    width, x = 0.7, np.linspace(-1, 1, 200_001)
    assert Law(Shape.RANGE, width).characteristic(frequency) == pytest.approx(
        np.cos(frequency * width * x).mean(), abs=1e-4
    )
    z = 10 * x
    weights = np.exp(-(z**2) / 2)
    normal = (np.cos(frequency * width * z) * weights).sum() / weights.sum()
    assert Law(Shape.NORMAL, width).characteristic(frequency) == pytest.approx(normal, abs=1e-4)
    assert UNIFORM.characteristic(frequency) == (frequency == 0)
    assert Law(Shape.RANGE, 0.0).characteristic(frequency) == 1.0


@pytest.mark.parametrize("law", [UNIFORM, Law(Shape.RANGE, 0.7), Law(Shape.NORMAL, 0.7), Law(Shape.RANGE, 0.0)])
def test_many_characteristic_values_are_those_of_each(law):
    frequencies = np.array([[0.0, 0.3], [-2.5, 1e-9]])
    expected = [[law.characteristic(f) for f in row] for row in frequencies.tolist()]
    assert law.characteristics(frequencies) == pytest.approx(np.array(expected), abs=1e-15)


@pytest.mark.parametrize("text", ["normal:1e300", "range:2e9", "normal:0.1@-1e12"])
def test_an_angle_beyond_a_thousand_million_is_refused(text):
    with pytest.raises(LawError, match="want at most 1,000,000,000 radians"):
        parse_law(text)


@pytest.mark.parametrize("shape", [Shape.NORMAL, Shape.RANGE])
def test_a_law_that_is_very_wide_beside_a_frequency_averages_to_nothing(shape):
    assert abs(Law(shape, 1e9).characteristic(1e200)) < 1e-200


def test_a_width_whose_square_is_no_number_is_refused():
    for text in ("normal:1e-300", "range:1e-60"):
        with pytest.raises(LawError, match="want a width of zero or at least 1e-50"):
            parse_law(text)
    assert parse_law("normal:0").width == 0
