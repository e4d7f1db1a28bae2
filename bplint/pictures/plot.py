"""Figures of circuits and families, drawn by matplotlib, the extra ``plot``; no window and no global state of it is touched."""

from __future__ import annotations

import io
import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import BoundaryNorm, ListedColormap
from matplotlib.figure import Figure
from matplotlib.patches import Patch
from matplotlib.ticker import MaxNLocator

from bplint.analyses.gradients.gradient import Gradient
from bplint.ir.context import Case
from bplint.number_format import number, plural
from bplint.pictures.curves import Curves
from bplint.pictures.heat_map import Spot, heat_map, turned
from bplint.pictures.shades import COLOURS, edges, shade

SIGNAL = "signal E[(∂C)²]/(R² N(O))"

LARGEST = 300
"""Power of ten up to which doubles are drawn."""

DEAD, FIXED, OPEN = "#8b939d", "#e6eaee", "#ffffff"


class DrawnFigure(Figure):
    """A figure that a notebook shows where it is the value of a cell."""

    def _repr_png_(self) -> bytes:
        written = io.BytesIO()
        FigureCanvasAgg(self).print_png(written)
        return written.getvalue()


def plot_circuits(circuits: Sequence[tuple[Case, Gradient | None]]) -> DrawnFigure:
    """The heat map of each circuit, one below the other."""
    rows = [min(max(case.circuit.n_qubits, 4), 32) * 0.16 + 1.3 for case, _ in circuits]
    figure = DrawnFigure(figsize=(9, sum(rows)), layout="constrained")
    axes = figure.subplots(len(circuits), 1, squeeze=False, height_ratios=rows)[:, 0]
    for axis, (case, gradient) in zip(axes, circuits, strict=True):
        _heat_map(figure, axis, case, gradient)
    return figure


def plot_families(families: Sequence[tuple[str, Curves]]) -> DrawnFigure:
    """The largest signal and the dimension of the algebra over the sizes of each family, one below the other."""
    figure = DrawnFigure(figsize=(9, 3.4 * len(families)), layout="constrained")
    axes = figure.subplots(len(families), 2, squeeze=False)
    for (left, right), (name, curves) in zip(axes, families, strict=True):
        told = dict(curves.sentences())
        _signal(left, curves)
        left.set_title(f"{name}\n{told['signal'].partition('  (')[0]}", fontsize=9, loc="left", parse_math=False)
        _dimension(right, curves)
        right.set_title(f"\n{told['dimension'].partition('  (')[0]}", fontsize=9, loc="left", parse_math=False)
        for axis in (left, right):
            axis.set_xlabel(f"size {curves.axis}")
            axis.xaxis.set_major_locator(MaxNLocator(integer=True))
            axis.grid(alpha=0.3)
    return figure


def _heat_map(figure: Any, axis: Any, case: Case, gradient: Gradient | None) -> None:
    noise = 1 / case.context.shots
    grid = heat_map(case.circuit, turned(case.circuit, gradient))
    x = np.minimum(np.arange(grid.spot.shape[1] + 1) * grid.moments_each, grid.n_moments) - 0.5
    y = np.minimum(np.arange(grid.spot.shape[0] + 1) * grid.qubits_each, grid.n_qubits) - 0.5
    shades = np.array([[shade(s, noise) for s in row] for row in np.nan_to_num(grid.signal).tolist()], float)
    colours, norm = ListedColormap(COLOURS), BoundaryNorm(np.arange(len(COLOURS) + 1) - 0.5, len(COLOURS))
    handles = []
    for spot, colour, hatch, told in (
        (Spot.FIXED, FIXED, None, "fixed or data"),
        (Spot.OPEN, OPEN, "..", "not measured"),
        (Spot.DEAD, FIXED, "////", "dead"),
    ):
        if (there := grid.spot == spot).any():
            axis.pcolor(
                x,
                y,
                np.ma.masked_where(~there, there),
                cmap=ListedColormap([colour]),
                hatch=hatch,
                edgecolor=DEAD,
                linewidth=0,
            )
            handles.append(Patch(facecolor=colour, edgecolor=DEAD, hatch=hatch, label=told))
    shown = np.ma.masked_where(grid.spot != Spot.LIVE, shades.reshape(grid.spot.shape))
    drawn = axis.pcolormesh(x, y, shown, cmap=colours, norm=norm)
    bar = figure.colorbar(drawn, ax=axis, ticks=np.arange(1, len(COLOURS)) - 0.5, pad=0.01)
    at_noise = len(COLOURS) // 2 - 1
    labels = [f"{number(e)}{' noise' if k == at_noise else ''}" for k, e in enumerate(edges(noise))]
    bar.ax.set_yticklabels(labels, fontsize=8)
    bar.set_label(SIGNAL, fontsize=8)
    axis.set(xlabel="moment", ylabel="qubit", xlim=(x[0], x[-1]), ylim=(y[-1], y[0]), facecolor="none")
    axis.yaxis.set_major_locator(MaxNLocator(integer=True))
    axis.xaxis.set_major_locator(MaxNLocator(integer=True))
    circuit = case.circuit
    if circuit.ancillas:
        axis.yaxis.set_major_formatter(lambda y, _: circuit.wire_name(int(y)) if 0 <= y < circuit.n_qubits else "")
    binned = f"; a cell is {grid.cell}" if grid.is_binned else ""
    ancillas = f", {plural(circuit.ancillas, 'ancilla')}" if circuit.ancillas else ""
    title = f"{case.id}: {plural(circuit.n_declared, 'qubit')}{ancillas}, {case.context.shots:,} shots{binned}"
    axis.set_title(title, fontsize=9, loc="left", parse_math=False)
    if handles:
        axis.legend(
            handles=handles, fontsize=7, loc="lower right", bbox_to_anchor=(1, 1), frameon=False, ncols=len(handles)
        )


def _signal(axis: Any, curves: Curves) -> None:
    points = [(point, point.signal) for point in curves.points if point.signal and point.signal.value > 0]
    if points:
        values = np.array([signal.value for _, signal in points])
        low, high = np.array([signal.interval for _, signal in points]).T
        down, up = np.maximum(values - np.maximum(low, values * 1e-3), 0), np.maximum(high - values, 0)
        axis.errorbar([p.size for p, _ in points], values, (down, up), marker="o", capsize=3, color=COLOURS[-2])
    sizes = [point.size for point in curves.points]
    axis.plot(sizes, [point.noise for point in curves.points], "--", color=COLOURS[1], label="noise 1/shots")
    axis.set_yscale("log")
    axis.set_ylabel(f"largest {SIGNAL}", fontsize=8)
    axis.legend(fontsize=8)


def _dimension(axis: Any, curves: Curves) -> None:
    """On a logarithmic scale; as powers of ten where no double holds a dimension."""
    known = [(p.size, *map(math.log10, p.dimension)) for p in curves.points if p.dimension and p.dimension[0] > 0]
    beyond = any(high > LARGEST for _, _, high in known)
    if known:
        sizes, low, high = (np.array(column) for column in zip(*known, strict=True))
        low, high = (low, high) if beyond else (10**low, 10**high)
        axis.errorbar(sizes, high, (high - low, np.zeros(len(sizes))), marker="o", capsize=3, color=COLOURS[-2])
    axis.set_yscale("linear" if beyond else "log")
    axis.set_ylabel("dimension of the algebra" + (", as a power of ten" if beyond else ""), fontsize=8)
