"""Data sets and samples as text: numbers by commas, a line a row, the first line the names of the columns if it has any."""

from __future__ import annotations

import csv
import math

from bplint.dataset.table import LARGEST, DataTable, TableError


def read_csv(text: str, file: str = "") -> DataTable:
    """The table in the text of a file, or in rows that somebody wrote out.

    ``TableError`` with line and column: a row of another length, no number, not finite, no rows. Empty lines, and
    those that begin with ``#``, are passed over.
    """
    import numpy as np

    origin = file or "rows"
    lines = text.splitlines()
    if text.startswith("\ufeff"):
        lines[0] = lines[0][1:]
    names: tuple[str, ...] = ()
    rows: list[list[float]] = []
    first = 0
    for number, line in enumerate(lines, start=1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        fields = _fields(line, number, origin)
        if not first:
            first, width = number, len(fields)
            if any(_number(field) is None for field in fields) and all(fields):
                names = _names(fields, number, origin)
                continue
        if len(fields) != width:
            raise TableError(f"{origin}, line {number}: want {width} columns, as in line {first}, got {len(fields)}")
        rows.append([_value(field, number, column, origin) for column, field in enumerate(fields, start=1)])
    if not rows:
        raise TableError(f"{origin}: there are no rows")
    return DataTable(np.array(rows), names, file=file)


def _fields(line: str, number: int, origin: str) -> list[str]:
    try:
        (fields,) = csv.reader([line], strict=True)
    except (csv.Error, ValueError) as error:
        raise TableError(f"{origin}, line {number}: no line of a CSV file: {error}") from error
    return [field.strip() for field in fields]


def _names(fields: list[str], number: int, origin: str) -> tuple[str, ...]:
    for column, name in enumerate(fields, start=1):
        if name in fields[: column - 1]:
            raise TableError(f"{origin}, line {number}, column {column}: a second column is called {name[:40]!r}")
    return tuple(fields)


def _number(field: str) -> float | None:
    """The number in a field, None where it is none."""
    try:
        return None if "_" in field else float(field)
    except ValueError:
        return None


def _value(field: str, number: int, column: int, origin: str) -> float:
    value = _number(field)
    place = f"{origin}, line {number}, column {column}"
    if value is None:
        raise TableError(f"{place}: {'want a number, got ' + repr(field[:40]) if field else 'nothing stands here'}")
    if not abs(value) <= LARGEST:
        what = f"at most {LARGEST:g}" if math.isfinite(value) else "a finite number"
        raise TableError(f"{place}: want {what}, got {field[:40]}")
    return value
