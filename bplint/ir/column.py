"""Columns of numbers: kept as arrays of Python's, and seen as arrays of NumPy's by those who compute with whole columns.

NumPy takes longer to load than a small circuit takes to read and to lint by its structure, so it is loaded when somebody first
looks at a column.
"""

from __future__ import annotations

from typing import Any, Generic, TypeVar

A = TypeVar("A")


class Column(Generic[A]):
    """The field of the same name of a table's ``columns`` as an array that cannot be written to; the numbers are not copied."""

    def __set_name__(self, owner: type, name: str) -> None:
        self._name = name

    def __get__(self, table: Any, owner: type) -> A:
        import numpy as np

        seen: Any = np.asarray(getattr(table.columns, self._name))
        seen.flags.writeable = False
        vars(table)[self._name] = seen  # found before this descriptor from now on
        return seen  # type: ignore[no-any-return]
