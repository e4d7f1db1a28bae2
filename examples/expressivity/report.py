"""The tables and figures of the study, from its results; and the page of the manual that shows them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from circuits import KINDS
from embeddings import EMBEDDINGS
from tasks import TASKS

Result = dict[str, Any]
COLOURS = {"unstructured": "#d55e00", "symmetric": "#0072b2", "matchgates": "#009e73"}
_BEGIN, _END = "<!-- tables of examples/expressivity -->", "<!-- end of tables -->"
MARKS = {"unstructured": "o", "symmetric": "s", "matchgates": "^"}


def write(results: Sequence[Result], folder: Path) -> None:
    """``tables.md`` and the figures as SVG and PNG."""
    (folder / "tables.md").write_text("\n".join(tables(results)) + "\n", encoding="utf-8")
    import matplotlib

    matplotlib.use("Agg")
    matplotlib.rcParams.update({"svg.hashsalt": "bplint", "svg.fonttype": "none", "font.size": 10})
    for name, draw in FIGURES.items():
        figure = draw(results)
        for kind in ("svg", "png"):
            figure.savefig(folder / f"{name}.{kind}", dpi=150, metadata={"Date": None} if kind == "svg" else {})


def into_manual(folder: Path, docs: Path) -> None:
    """Put the tables of a folder into the page of the manual, between its marks, and the pictures beside it."""
    page = docs / "expressivity.md"
    before, _, rest = page.read_text(encoding="utf-8").partition(_BEGIN)
    after = rest.partition(_END)[2]
    found = (folder / "tables.md").read_text(encoding="utf-8")
    page.write_text(f"{before}{_BEGIN}\n\n{found}\n{_END}{after}", encoding="utf-8")
    pictures = docs / "expressivity"
    pictures.mkdir(exist_ok=True)
    for name in FIGURES:
        (pictures / f"{name}.svg").write_bytes((folder / f"{name}.svg").read_bytes())


def tables(results: Sequence[Result]) -> Iterator[str]:
    """Markdown."""
    yield "### Gradient and algebra\n"
    yield "| circuit | qubits | layers | dimension of the algebra | row signal by bplint | status | measured |"
    yield "| --- | --- | --- | --- | --- | --- | --- |"
    for r in sorted(_of(results, "signal"), key=lambda r: (list(KINDS).index(r["kind"]), r["n"])):
        dimension = f"{int(r['dimension']):,}" if r["dimension"] is not None else "not known"
        measured = f"{r['measured']:.2g} ± {r['error']:.1g}"
        yield f"| {r['kind']} | {r['n']} | {r['layers']} | {dimension} | {_number(r['signal'])} | {r['status']} | {measured} |"
    for again in (False, True):
        found = [r for r in _of(results, "training") if r["again"] is again]
        if found:
            yield from _accuracies(found, again)
    yield "\n### Embeddings\n"
    depths = sorted({r["layers"] for r in _of(results, "embedding")})
    yield "| embedding | qubits | " + " | ".join(f"L = {depth}" for depth in depths) + " |"
    yield "| --- | --- |" + " --- |" * len(depths)
    for kind in EMBEDDINGS:
        for n in sorted({r["n"] for r in _of(results, "embedding")}):
            row = {r["layers"]: r for r in _of(results, "embedding") if (r["kind"], r["n"]) == (kind, n)}
            cells = " | ".join(_number(row[d]["signal"]) if d in row else "" for d in depths)
            yield f"| {kind} | {n} | {cells} |"


def _accuracies(found: Sequence[Result], again: bool) -> Iterator[str]:
    yield f"\n### Training and test accuracy{', features again in every layer' if again else ', features first'}\n"
    yield "| task | qubits | layers | " + " | ".join(f"{kind}: train | test" for kind in KINDS) + " |"
    yield "| --- | --- | --- |" + " --- | --- |" * len(KINDS)
    for name in TASKS:
        for n, layers in sorted({(r["n"], r["layers"]) for r in found if r["task"] == name}):
            row = {r["kind"]: r for r in found if (r["task"], r["n"], r["layers"]) == (name, n, layers)}
            cells = [f"{_mean(row[kind][part])}" if kind in row else "" for kind in KINDS for part in ("train", "test")]
            yield f"| {name} | {n} | {layers} | " + " | ".join(cells) + " |"


def _number(value: float | None) -> str:
    return "inconclusive" if value is None else f"{value:.2g}"


def _mean(values: Sequence[float]) -> str:
    error = np.std(values, ddof=1) / np.sqrt(len(values)) if len(values) > 1 else 0.0
    return f"{np.mean(values):.3f} ± {error:.3f}"


def _of(results: Sequence[Result], what: str) -> list[Result]:
    return [r for r in results if r["what"] == what]


def _signals(results: Sequence[Result]) -> Any:
    """Row signal against qubits: bplint's as lines, measured as marks with two standard errors."""
    figure, axes = _figure(1, 1)
    for kind in KINDS:
        found = sorted((r for r in _of(results, "signal") if r["kind"] == kind and r["signal"]), key=lambda r: r["n"])
        sizes = [r["n"] for r in found]
        axes[0].plot(sizes, [r["signal"] for r in found], color=COLOURS[kind], label=f"{kind}, by bplint")
        axes[0].errorbar(
            sizes, [r["measured"] for r in found], [2 * r["error"] for r in found],
            fmt=MARKS[kind], color=COLOURS[kind], capsize=3, label=f"{kind}, measured",
        )  # fmt: skip
    axes[0].set(xlabel="qubits n, 3n layers", ylabel="row signal, mean over parameters", yscale="log")
    axes[0].legend(fontsize=8)
    return figure


def _fits(results: Sequence[Result]) -> Any:
    """Test against training accuracy, a mark a depth, a panel a task."""
    figure, axes = _figure(1, len(TASKS))
    for panel, name in zip(axes, TASKS, strict=True):
        for kind in KINDS:
            found = [r for r in _of(results, "training") if (r["task"], r["kind"], r["again"]) == (name, kind, False)]
            panel.errorbar(
                [np.mean(r["train"]) for r in found], [np.mean(r["test"]) for r in found],
                xerr=[_error(r["train"]) for r in found], yerr=[_error(r["test"]) for r in found],
                fmt=MARKS[kind], color=COLOURS[kind], markersize=4, elinewidth=0.6, label=kind,
            )  # fmt: skip
        panel.plot([0.4, 1], [0.4, 1], color="0.7", linewidth=0.8, zorder=0)
        panel.set(title=name, xlabel="training accuracy", xlim=(0.45, 1.02), ylim=(0.4, 1.0))
    axes[0].set_ylabel("test accuracy")
    axes[0].legend(fontsize=8)
    return figure


def _along(results: Sequence[Result]) -> Any:
    """The mean square of the loss's derivatives along training on the moons, a panel a size, at the largest depth."""
    found = [r for r in _of(results, "training") if r["task"] == "moons" and not r["again"]]
    sizes = sorted({r["n"] for r in found})
    figure, axes = _figure(1, max(len(sizes), 1))
    for panel, n in zip(axes, sizes, strict=False):
        depth = max(r["layers"] for r in found if r["n"] == n)
        for r in found:
            if (r["n"], r["layers"]) != (n, depth):
                continue
            slopes = np.array(r["slopes"])
            steps = 10 * np.arange(slopes.shape[1])
            low, middle, high = np.quantile(slopes, [0.25, 0.5, 0.75], axis=0)
            panel.plot(steps, middle, color=COLOURS[r["kind"]], label=r["kind"])
            panel.fill_between(steps, low, high, color=COLOURS[r["kind"]], alpha=0.2, linewidth=0)
        panel.set(title=f"{n} qubits, {depth} layers", xlabel="step", yscale="log")
    axes[0].set_ylabel("mean of (∂L)² over parameters")
    axes[0].legend(fontsize=8)
    return figure


def _embeddings(results: Sequence[Result]) -> Any:
    """Signal against qubits, a line a depth, a panel an embedding."""
    figure, axes = _figure(1, len(EMBEDDINGS))
    found = [r for r in _of(results, "embedding") if r["signal"]]
    depths = sorted({r["layers"] for r in found})
    shades = [str(0.75 - 0.75 * k / max(len(depths) - 1, 1)) for k in range(len(depths))]
    for panel, kind in zip(axes, EMBEDDINGS, strict=True):
        for depth, shade in zip(depths, shades, strict=True):
            row = sorted((r["n"], r["signal"]) for r in found if (r["kind"], r["layers"]) == (kind, depth))
            panel.plot([n for n, _ in row], [s for _, s in row], color=shade, marker=".", label=f"L = {depth}")
        panel.set(title=kind, xlabel="qubits", yscale="log", ylim=(1e-5, 1))
    axes[0].set_ylabel("largest row signal")
    axes[0].legend(fontsize=8)
    return figure


def _error(values: Sequence[float]) -> float:
    return float(np.std(values, ddof=1) / np.sqrt(len(values))) if len(values) > 1 else 0.0


def _figure(rows: int, columns: int) -> Any:
    from matplotlib.figure import Figure

    figure = Figure(figsize=(3.2 * max(columns, 1.8), 3.4 * rows), layout="constrained")
    axes = figure.subplots(rows, columns, squeeze=False, sharey=columns > 1)
    return figure, list(axes.flat)


FIGURES: dict[str, Callable[[Sequence[Result]], Any]] = {
    "signals": _signals,
    "accuracies": _fits,
    "along-training": _along,
    "embeddings": _embeddings,
}
