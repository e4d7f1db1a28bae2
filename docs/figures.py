"""The figures of the manual, drawn from what ``bplint sweep --format csv`` prints: ``python docs/figures.py`` writes them.

Colours stand out on light and on dark pages. Hovering over a point shows its number.
"""

from __future__ import annotations

import csv
import math
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from click.testing import CliRunner

from bplint.cli import main

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "docs" / "figures"
SIZES = "n=4:12:2"
FAMILIES = {"hea": "hardware-efficient", "matchgates": "matchgates"}

WIDTH, HEIGHT = 640, 360
LEFT, RIGHT, TOP, BOTTOM = 70, 150, 20, 50
STYLE = (
    "text{font:14px sans-serif;fill:#787878}.axis{stroke:#888;fill:none}.noise{stroke:#888;stroke-dasharray:5 4}"
    ".hea{stroke:#d9480f;fill:#d9480f}.matchgates{stroke:#1c7ed6;fill:#1c7ed6}.line{fill:none;stroke-width:2}"
)


class Point(NamedTuple):
    """A value at a size, and what it lies between."""

    size: int
    low: float
    value: float
    high: float


class Axes(NamedTuple):
    """Sizes from left to right, values from bottom to top by their decimal logarithm."""

    sizes: tuple[int, int]
    decades: tuple[int, int]

    def x(self, size: float) -> float:
        first, last = self.sizes
        return LEFT + (size - first) / (last - first) * (WIDTH - LEFT - RIGHT)

    def y(self, value: float) -> float:
        low, high = self.decades
        return HEIGHT - BOTTOM - (math.log10(value) - low) / (high - low) * (HEIGHT - TOP - BOTTOM)


def figures() -> dict[str, str]:
    """The files of ``docs/figures``, by name."""
    rows = {family: measured(family) for family in FAMILIES}
    signals = {family: [_signal(row) for row in found] for family, found in rows.items()}
    dimensions = {family: [_dimension(row) for row in found] for family, found in rows.items()}
    return {
        "signal.svg": drawn(signals, (-5, 0), "largest signal", noise=1e-4),
        "dimension.svg": drawn(dimensions, (0, 8), "dimension of the algebra"),
    }


def measured(family: str) -> list[dict[str, str]]:
    """The rows that the command prints for a family of ``fixtures/families``."""
    path = ROOT / "fixtures" / "families" / f"{family}.qasm"
    result = CliRunner().invoke(main, ["sweep", str(path), "--set", SIZES, "--format", "csv", "--isolated"])
    return list(csv.DictReader(result.stdout.splitlines()))


def drawn(families: dict[str, list[Point]], decades: tuple[int, int], title: str, noise: float | None = None) -> str:
    """One figure: a line a family, with its intervals."""
    sizes = [point.size for points in families.values() for point in points]
    axes = Axes((min(sizes), max(sizes)), decades)
    told = "; ".join(f"{FAMILIES[name]}: {_spoken(points)}" for name, points in families.items())
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img">',
        f"<title>{title} by number of qubits</title><desc>{told}</desc><style>{STYLE}</style>",
        *_frame(axes, sorted(set(sizes)), title),
        *(_level(axes, noise) if noise else ()),
        *(line for name, points in families.items() for line in _family(axes, name, points)),
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def _signal(row: dict[str, str]) -> Point:
    return Point(int(row["n"]), *(float(row[key]) for key in ("signal_low", "signal", "signal_high")))


def _dimension(row: dict[str, str]) -> Point:
    low, high = (float(row[f"dimension_{end}"]) for end in ("lower", "upper"))
    return Point(int(row["n"]), low, low, high)


def _spoken(points: Sequence[Point]) -> str:
    return f"{points[0].value:.2g} at {points[0].size}, {points[-1].value:.2g} at {points[-1].size}"


def _frame(axes: Axes, sizes: Sequence[int], title: str) -> Iterator[str]:
    yield f'<path class="axis" d="M{LEFT} {TOP}V{HEIGHT - BOTTOM}H{WIDTH - RIGHT}"/>'
    for size in sizes:
        yield _text(axes.x(size), HEIGHT - BOTTOM + 20, str(size), "middle")
    low, high = axes.decades
    for decade in range(low, high + 1, 1 + (high - low) // 5):
        yield _text(LEFT - 8, axes.y(10.0**decade) + 5, f"10{_raised(decade)}", "end")
    yield _text((LEFT + WIDTH - RIGHT) / 2, HEIGHT - 10, "qubits", "middle")
    yield _text(LEFT + 8, TOP + 4, title, "start")


def _level(axes: Axes, noise: float) -> Iterator[str]:
    y = axes.y(noise)
    yield f'<path class="noise" d="M{LEFT} {y:.1f}H{WIDTH - RIGHT}"/>'
    yield _text(WIDTH - RIGHT + 8, y + 5, "noise of 10,000 shots", "start")


def _family(axes: Axes, name: str, points: Sequence[Point]) -> Iterator[str]:
    places = [(axes.x(point.size), axes.y(point.value)) for point in points]
    yield f'<path class="line {name}" d="M{"L".join(f"{x:.1f} {y:.1f}" for x, y in places)}"/>'
    for point, (x, y) in zip(points, places, strict=True):
        yield f'<path class="{name}" d="M{x:.1f} {axes.y(point.low):.1f}V{axes.y(point.high):.1f}"/>'
        yield f'<circle class="{name}" cx="{x:.1f}" cy="{y:.1f}" r="4"><title>{point.value:.4g}</title></circle>'
    x, y = places[-1]
    yield _text(x + 12, y + 5, FAMILIES[name], "start")


def _text(x: float, y: float, text: str, anchor: str) -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{text}</text>'


def _raised(number: int) -> str:
    return str(number).translate(str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"))


if __name__ == "__main__":
    for name, text in figures().items():
        (FOLDER / name).write_text(text, encoding="utf-8")
