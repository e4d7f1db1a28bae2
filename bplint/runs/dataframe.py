"""A report as a table of pandas: a row a circuit, a finding or a parameter."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from bplint.analyses.dla import Dla
from bplint.analyses.gradients.gradient import Gradient
from bplint.errors import UsageError
from bplint.finding import Severity
from bplint.ir.trainable import count_trainable
from bplint.runs.entries import CircuitReport, Entry, FamilyReport


def dataframe(rows: str, entries: Sequence[Entry | FamilyReport]) -> Any:
    """A ``pandas.DataFrame``. ``UsageError`` for rows that there are not, or where pandas is not installed."""
    if rows not in _COLUMNS:
        raise UsageError(f"rows: want {', '.join(_COLUMNS)}, got {rows!r}")
    try:
        import pandas as pd
    except ImportError as error:
        raise UsageError("a data frame needs pandas:  pip install pandas") from error
    columns, told = _COLUMNS[rows]
    return pd.DataFrame([row for entry in entries for row in told(entry)], columns=list(columns))


def _circuits(entry: Entry | FamilyReport) -> Iterator[tuple[object, ...]]:
    if not isinstance(entry, CircuitReport):
        return
    case, gradient, dla = entry.case, entry.analyses.get("gradient"), entry.analyses.get("dla")
    counts = [
        sum(f.severity is s and not f.hit.undecided for f in entry.findings) for s in sorted(Severity, reverse=True)
    ]
    signal: tuple[object, ...] = (None, None, None)
    if isinstance(gradient, Gradient) and gradient.components:
        signal = (gradient.signal, gradient.lower, gradient.upper)
    yield (
        case.id,
        case.circuit.n_declared,
        count_trainable(case.circuit),
        case.context.observable.text,
        str(case.context.init),
        case.context.shots,
        *signal,
        *((dla.lower, dla.upper) if isinstance(dla, Dla) else (None, None)),
        *counts,
        len(entry.unsettled) + sum(f.hit.undecided for f in entry.findings),
    )


def _findings(entry: Entry | FamilyReport) -> Iterator[tuple[object, ...]]:
    for finding in entry.findings:
        line = finding.span.line if finding.hit.span else None
        verified = [s.name for s in finding.suggestions if s.verdict == "verified"]
        yield (
            _id(entry), finding.code, finding.name, finding.severity.label, finding.hit.undecided, finding.path, line,
            finding.hit.message, ", ".join(verified),
        )  # fmt: skip


def _parameters(entry: Entry | FamilyReport) -> Iterator[tuple[object, ...]]:
    gradient = entry.analyses.get("gradient") if isinstance(entry, CircuitReport) else None
    if not isinstance(gradient, Gradient):
        return
    for name, line, component in zip(gradient.names, gradient.lines, gradient.components, strict=True):
        low, high = component.signal_interval
        yield _id(entry), name, line, component.signal, low, high, component.second_moment, component.dead


def _id(entry: Entry | FamilyReport) -> str:
    if isinstance(entry, CircuitReport):
        return entry.case.id
    return entry.family.id if isinstance(entry, FamilyReport) else entry.id


_COLUMNS: dict[str, tuple[tuple[str, ...], Callable[[Entry | FamilyReport], Iterator[tuple[object, ...]]]]] = {
    "circuits": (
        (
            "circuit", "n_qubits", "n_parameters", "observable", "init", "shots", "signal", "signal_lower", "signal_upper",
            "dimension_lower", "dimension_upper", "errors", "warnings", "notes", "open",
        ),
        _circuits,
    ),
    "findings": (
        ("circuit", "code", "name", "severity", "undecided", "path", "line", "message", "verified_suggestions"),
        _findings,
    ),
    "parameters": (
        ("circuit", "parameter", "line", "signal", "signal_low", "signal_high", "second_moment", "dead"),
        _parameters,
    ),
}  # fmt: skip
