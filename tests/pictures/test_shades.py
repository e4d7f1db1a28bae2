"""The scale: whole decades from the noise, the noise itself above it; colours that greyscale and the colour-blind tell apart."""

import pytest

from bplint.pictures.shades import COLOURS, DECADES, INK, edges, shade
from paths import ROOT


@pytest.mark.parametrize("noise", [1e-3, 1e-4, 1 / 3000, 1.0])
def test_shades_change_at_the_edges(noise):
    for k, edge in enumerate(edges(noise)):
        assert (shade(edge * 0.999, noise), shade(edge * 1.001, noise)) == (k, k + 1)
    assert shade(noise, noise) == DECADES, "a signal at the noise is not below it"
    assert [shade(signal, noise) for signal in (0.0, 1e-300, 1e300)] == [0, 0, 7]


def luminance(colour):
    """Relative luminance as WCAG 2 defines it."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_both_sides_are_palest_at_the_noise():
    bright = [luminance(colour) for colour in COLOURS]
    assert bright[:DECADES] == sorted(bright[:DECADES])
    assert bright[DECADES:] == sorted(bright[DECADES:], reverse=True)


def test_names_can_be_read_on_every_shade():
    for colour, ink in zip(COLOURS, INK, strict=True):
        high, low = sorted((luminance(colour), luminance(ink)), reverse=True)
        assert (high + 0.05) / (low + 0.05) >= 4.5, (colour, ink)


def test_orange_is_below_and_blue_above():
    """Told apart by the difference of red and blue, which no common colour blindness loses."""
    for k, colour in enumerate(COLOURS):
        red, blue = int(colour[1:3], 16), int(colour[5:7], 16)
        assert (red > blue) == (k < DECADES)


def test_the_style_sheet_has_the_same_colours():
    style = (ROOT / "bplint/report/html/templates/report.css").read_text(encoding="utf-8")
    for k, (colour, ink) in enumerate(zip(COLOURS, INK, strict=True)):
        assert f".s{k} {{ fill: {colour}; stroke: {colour}; }}" in style
        (white,) = [line for line in style.splitlines() if ".tile.s0 text" in line]
        assert (f".tile.s{k} text" in white) == (ink == "#ffffff")
