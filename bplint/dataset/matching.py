"""From a table to the rows of a circuit: which column is which parameter, what products of them are, and what labels mean."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from bplint.dataset.table import DataTable, TableError
from bplint.dataset.weighted import weighted_features
from bplint.ir.circuit import Circuit, Floats, Role
from bplint.ir.formula import Formula
from bplint.ir.loss_function import LossFunction, LossKind
from bplint.ir.naming import listed, selects
from bplint.ir.rows import Rows, data_columns, data_names

MOST = 256
"""Rows that are looked at; of more, so many are drawn."""

LABELS = ("y", "label")
"""Names of the column that has the labels."""


class Matched(NamedTuple):
    """The rows of a circuit, and what was taken for granted on the way."""

    rows: Rows
    notes: tuple[str, ...] = ()


def features(circuit: Circuit, data: Sequence[str] = ()) -> tuple[str, ...]:
    """The symbols that carry data, in the order of the parameters; those that only stand in products come last.

    In products with weights they are those that the patterns ``data`` name.
    """
    own = [parameter for parameter in circuit.parameters if parameter.role is Role.DATA]
    names = [parameter.name for parameter in own if not parameter.sources]
    mixed = [source for p in circuit.parameters if p.role is not Role.DATA for source in p.sources]
    with_weights = [name for name in mixed if any(selects(pattern, name) for pattern in data)]
    return tuple(dict.fromkeys([*names, *(source for parameter in own for source in parameter.sources), *with_weights]))


def matched(
    table: DataTable,
    circuit: Circuit,
    formulas: Mapping[str, Formula],
    loss: LossFunction,
    seed: int,
    data: Sequence[str] = (),
) -> Matched:
    """The rows that a table gives to the data parameters of a circuit; ``data`` are the patterns of their names.

    ``TableError`` where it does not fit.
    """
    names, notes = features(circuit, data), list[str]()
    columns, labels_at = _columns(table, names, notes)
    labels = table.labels if labels_at is None else table.values[:, labels_at]
    if labels is not None:
        labels = _labels(labels, loss, table.origin, notes)
    elif loss.needs_labels:
        raise TableError(
            f"{table.origin}: {loss.kind} compares with labels, and there is no column {' or '.join(LABELS)}"
        )
    values, count = table.values[:, columns], len(table)
    if count > MOST:
        chosen = _chosen(count, seed)
        values, labels = values[chosen], None if labels is None else labels[chosen]
        notes.append(f"of {count:,} rows {MOST} are looked at, drawn with seed {seed}")
    points = evaluated(values, names, circuit, formulas, table.origin)
    weighted = weighted_features(values, names, circuit, formulas)
    return Matched(Rows(points, labels, names=data_names(circuit), weighted=weighted), tuple(notes))


def evaluated(
    values: Floats, names: Sequence[str], circuit: Circuit, formulas: Mapping[str, Formula], origin: str
) -> Floats:
    """The data parameters of a circuit, one column each, where its symbols ``names`` have the columns of ``values``.

    ``TableError`` for an expression that has no finite value in some row.
    """
    import numpy as np

    columns = np.empty((len(values), len(data_columns(circuit))))
    for index, column in data_columns(circuit).items():
        parameter = circuit.parameters[index]
        if not parameter.sources:
            columns[:, column] = values[:, names.index(parameter.name)]
            continue
        formula = formulas.get(parameter.name)
        if formula is None:
            raise TableError(f"{origin}: the circuit does not say how {parameter.name} is computed from its data")
        for row, point in enumerate(values.tolist()):
            try:
                columns[row, column] = formula(dict(zip(names, point, strict=True)))
            except (ArithmeticError, ValueError) as error:
                raise TableError(f"{origin}, row {row + 1}: {parameter.name} is not a finite real number") from error
    return columns


def _columns(table: DataTable, names: Sequence[str], notes: list[str]) -> tuple[list[int], int | None]:
    """The column of each symbol, and that of the labels: by name where a name of the table is one of a symbol, else by order."""
    if not names:
        raise TableError(f"{table.origin}: no parameter carries data; say which, as in  // bplint: data = x*")
    by_name = [column_of(table, name) for name in names]
    labels = next(
        (table.names.index(name) for name in table.names if name.lower() in LABELS and name not in names), None
    )
    if table.labels is not None and labels is not None:
        raise TableError(f"{table.origin}: labels are given twice, and in the column {table.names[labels]}")
    if any(column is not None for column in by_name):
        missing = [name for name, column in zip(names, by_name, strict=True) if column is None]
        if missing:
            there = listed([name for at, name in enumerate(table.names) if at != labels])
            raise TableError(f"{table.origin}: there is no column for {listed(missing)}; there is {there}")
        columns = [column for column in by_name if column is not None]
        unused = [name for at, name in enumerate(table.names) if at not in columns and at != labels]
        if unused:
            notes.append(f"columns of {table.origin} that no parameter has: {listed(unused)}")
        return columns, labels
    free = [at for at in range(table.values.shape[1]) if at != labels]
    if len(free) == len(names) + 1 and labels is None and table.labels is None:
        labels = free.pop()
        notes.append(f"the last column of {table.origin} is taken as the labels")
    if len(free) != len(names):
        raise TableError(f"{table.origin}: want {len(names)} columns, for {listed(names)}, got {len(free)}")
    return free, labels


def column_of(table: DataTable, name: str) -> int | None:
    """The column of this name, or else the only one whose name is the same but for brackets and the like."""
    if name in table.names:
        return table.names.index(name)
    close = [at for at, column in enumerate(table.names) if _bare(column) == _bare(name)]
    return close[0] if len(close) == 1 else None


def _bare(name: str) -> str:
    return re.sub(r"[\[\]_\s]", "", name)


def _labels(labels: Floats, loss: LossFunction, origin: str, notes: list[str]) -> Floats:
    """Labels as the losses have them, -1 and +1; of a squared loss they may be any numbers."""
    import numpy as np

    if np.isin(labels, (0.0, 1.0)).all() and (labels == 0).any():
        notes.append("labels 0 and 1 are taken as -1 and +1")
        return 2 * labels - 1
    if loss.kind is LossKind.MSE:
        return labels
    other = ~np.isin(labels, (-1.0, 1.0))
    if other.any():
        row = int(np.argmax(other))
        raise TableError(f"{origin}, row {row + 1}: want labels -1 and +1, or 0 and 1, got {labels[row]:g}")
    return labels


def _chosen(count: int, seed: int) -> list[int]:
    import numpy as np

    return sorted(np.random.default_rng(seed).choice(count, MOST, replace=False).tolist())
